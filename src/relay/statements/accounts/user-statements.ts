import type { AccountStatement } from '../../../sql/index.ts';
import { DEFAULT_PLUGIN, newAccount } from '../../accounts/account-record.ts';
import { accountText } from '../../accounts/accounts.ts';
import { type Answer, DONE } from '../answer.ts';
import type { Context } from '../context.ts';
import { set } from '../settings/settings.ts';
import { generated, madeUp, withAuthentication } from './authentication.ts';
import {
  checkLengths,
  demandCreateUser,
  existing,
  failed,
  named,
  noMatch,
  noteTaken,
} from './named-accounts.ts';
import { saveAccounts } from './save-accounts.ts';
import { withClauses } from './user-clauses.ts';

type Of<K extends AccountStatement['kind']> = Extract<AccountStatement, { kind: K }>;

export function createUser(statement: Of<'createUser'>, context: Context): Answer {
  demandCreateUser(context);
  const { relay } = context;
  const now = relay.now();
  const wanted = statement.users.map((user) => ({ ...user, account: named(user.account, context) }));
  const before = new Set<string>();
  const taken = wanted.filter(({ account }) => {
    const isTwice = before.has(accountText(account));
    before.add(accountText(account));
    return isTwice || relay.accounts.exists(account.user, account.host);
  });
  // Who asks, named so, is no account to be made anew.
  const isOwn = statement.users.some(({ account }) => account.current === true);
  if (taken.length > 0 && !statement.ifNotExists && (isOwn || !statement.replace)) {
    throw failed(
      'CREATE USER',
      taken.map(({ account }) => account),
      'User account already exists',
      context,
    );
  }
  if (statement.ifNotExists) {
    for (const { account } of taken) noteTaken(account, context);
  }
  const users = statement.ifNotExists ? wanted.filter((user) => !taken.includes(user)) : wanted;
  const made = users.map(({ account: { user, host }, authentication: given }) => {
    const proof = madeUp(given);
    checkLengths({ user, host });
    const fresh = newAccount(user, host, DEFAULT_PLUGIN[relay.flavor], now);
    return {
      given,
      proof,
      record: withClauses(withAuthentication('CREATE USER', fresh, proof, context), statement.clauses),
    };
  });
  saveAccounts(
    'CREATE USER',
    made.map(({ record }) => record),
    context,
  );
  return generated(made);
}

export function alterUser(statement: Of<'alterUser'>, context: Context): Answer {
  const { relay, session } = context;
  const own =
    Object.keys(statement.clauses).length === 0 &&
    statement.users.every(
      ({ account }) => accountText(named(account, context)) === accountText(session.account),
    );
  if (!own) demandCreateUser(context);
  const made = existing('ALTER USER', statement.users, statement.ifExists, context).map(
    ({ record, user: { authentication: given } }) => {
      const proof = madeUp(given);
      const changed = withAuthentication('ALTER USER', record, proof, context);
      return { given, proof, record: withClauses(changed, statement.clauses) };
    },
  );
  const records = made.map(({ record }) => record);
  saveAccounts('ALTER USER', records, context);
  for (const record of records) relay.logins.forgive(record);
  return generated(made);
}

export function dropUser(statement: Of<'dropUser'>, context: Context): Answer {
  demandCreateUser(context);
  const { relay } = context;
  const users = statement.accounts.map((account) => ({ account, authentication: undefined }));
  const found = existing('DROP USER', users, statement.ifExists, context);
  relay.accounts.together(relay.state, () => {
    for (const { record } of found) relay.accounts.remove(record.user, record.host);
  });
  relay.audit.record('change', {
    what: 'DROP USER',
    accounts: found.map(({ record }) => accountText(record)).join(','),
    by: accountText(context.session.account),
  });
  return DONE;
}

export function renameUser(statement: Of<'renameUser'>, context: Context): Answer {
  demandCreateUser(context);
  const { relay } = context;
  const { accounts } = relay;
  const pairs = statement.pairs.map(({ from, to }) => ({
    from: named(from, context),
    to: named(to, context),
  }));
  const bad = pairs.filter(
    ({ from, to }) => !accounts.exists(from.user, from.host) || accounts.exists(to.user, to.host),
  );
  if (bad.length > 0)
    throw failed(
      'RENAME USER',
      bad.map(({ from }) => from),
      '',
      context,
    );
  relay.accounts.together(relay.state, () => {
    for (const { from, to } of pairs) {
      const record = accounts.get(from.user, from.host);
      if (record === undefined) continue;
      accounts.remove(from.user, from.host);
      accounts.save({ ...record, user: to.user, host: to.host });
    }
  });
  relay.audit.record('change', {
    what: 'RENAME USER',
    accounts: pairs.map(({ from, to }) => `${accountText(from)} TO ${accountText(to)}`).join(','),
  });
  return DONE;
}

export async function setPassword(statement: Of<'setPassword'>, context: Context): Promise<Answer> {
  const { relay, session } = context;
  const account = statement.account === undefined ? session.account : named(statement.account, context);
  if (accountText(account) !== accountText(session.account)) demandCreateUser(context);
  const record = relay.accounts.get(account.user, account.host);
  if (record === undefined) throw noMatch(context);
  const given = statement.authentication;
  const proof = madeUp(given);
  saveAccounts('SET PASSWORD', [withAuthentication('SET PASSWORD', record, proof, context)], context);
  relay.logins.forgive(record);
  await set({ kind: 'set', assignments: statement.assignments }, context);
  return generated([{ given, proof, record }]);
}
