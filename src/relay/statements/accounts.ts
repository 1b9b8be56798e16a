import { randomBytes } from 'node:crypto';
import { ServerError } from '../../errors/index.ts';
import type {
  AccountName,
  AccountStatement,
  Authentication,
  RequireClause,
  ShowStatement,
  UserClauses,
  UserSpecification,
} from '../../sql/index.ts';
import { authPlugin } from '../../wire/index.ts';
import {
  type AccountRecord,
  DEFAULT_PLUGIN,
  NO_REQUIREMENT,
  newAccount,
  type Requirement,
} from '../accounts/account-record.ts';
import { accountText } from '../accounts/accounts.ts';
import { type Answer, columns, DONE, rows } from './answer.ts';
import { type Context, demand } from './context.ts';
import { createUserText, grantLines } from './grant-text.ts';
import { mariadbCreateUserText, mariadbGrantLines } from './mariadb-grant-text.ts';

type Of<K extends AccountStatement['kind']> = Extract<AccountStatement, { kind: K }>;

/** What a stored value of each plugin looks like; a value of another shape would lock the account for good. */
const STORED: Readonly<Record<string, RegExp>> = {
  caching_sha2_password: /^\$A\$[\da-f]{3}\$[\s\S]{20}[./\dA-Za-z]{43}$/i,
  mysql_native_password: /^\*[\da-f]{40}$/i,
  client_ed25519: /^[+/\dA-Za-z]{43}$/,
  parsec: /^P[0-3]:[+/\dA-Za-z]+=*:[+/\dA-Za-z]+=*$/,
};
/** MariaDB's name of the server half. */
const PLUGIN_NAMES: Readonly<Record<string, string>> = { ed25519: 'client_ed25519' };

/** ER_CANNOT_USER */
const failed = (operation: string, accounts: readonly string[]): ServerError =>
  new ServerError(1396, 'HY000', `Operation ${operation} failed for ${accounts.join(',')}`);

const unknown = (account: AccountName): string => `${accountText(account)} (User account does not exist)`;

/** CURRENT_USER is whoever asks. */
function named(account: AccountName, { session }: Context): { readonly user: string; readonly host: string } {
  return account.current === true ? session.account : account;
}

function credentials({ plugin: written, ...value }: Omit<Authentication, 'random'>, fallback: string) {
  const name = (written ?? fallback).toLowerCase();
  const plugin = PLUGIN_NAMES[name] ?? name;
  const shape = STORED[plugin];
  const known = authPlugin(plugin);
  if (known === undefined || shape === undefined)
    throw new ServerError(1524, 'HY000', `Plugin '${written ?? name}' is not loaded`);
  if (value.stored === undefined || value.stored === '') {
    return { plugin, credential: known.credential(Buffer.from(value.password ?? '')) };
  }
  if (!shape.test(value.stored))
    throw new ServerError(1827, 'HY000', "The password hash doesn't have the expected format.");
  return { plugin, credential: value.stored };
}

function requirementOf(clause: RequireClause): Requirement {
  switch (clause.kind) {
    case 'NONE':
      return NO_REQUIREMENT;
    case 'SSL':
      return { ...NO_REQUIREMENT, type: 'ANY' };
    case 'X509':
      return { ...NO_REQUIREMENT, type: 'X509' };
    case 'SPECIFIED':
      return { type: 'SPECIFIED', cipher: clause.cipher, issuer: clause.issuer, subject: clause.subject };
  }
}

export function withClauses(record: AccountRecord, clauses: UserClauses): AccountRecord {
  const { require, locked, failedLoginAttempts, passwordLockTime } = clauses;
  return {
    ...record,
    ...(require === undefined ? {} : { require: requirementOf(require) }),
    ...(locked === undefined ? {} : { locked }),
    ...(failedLoginAttempts === undefined ? {} : { failedLoginAttempts }),
    ...(passwordLockTime === undefined ? {} : { passwordLockTime }),
  };
}

export function withAuthentication(
  record: AccountRecord,
  authentication: Authentication | undefined,
  now: number,
): AccountRecord {
  if (authentication === undefined) return record;
  return { ...record, ...credentials(authentication, record.plugin), passwordChangedAt: now };
}

/** Characters of a password that a relay makes up: 120 bits, and none that has to be escaped anywhere. */
const RANDOM_LENGTH = 20;

/** IDENTIFIED BY RANDOM PASSWORD: one is made up for it. */
function madeUp(authentication: Authentication | undefined): Authentication | undefined {
  if (authentication?.random !== true) return authentication;
  return {
    plugin: authentication.plugin,
    password: randomBytes(15).toString('base64url').slice(0, RANDOM_LENGTH),
  };
}

const GENERATED = [...columns('user host'), ...columns('x'), ...columns('auth_factor:u')].map((column) =>
  column.name === 'x' ? { ...column, name: 'generated password' } : column,
);

/** What was made up, told this once; nothing if nothing was. */
function generated(
  users: readonly {
    readonly given: Authentication | undefined;
    readonly record: AccountRecord;
    readonly proof: Authentication | undefined;
  }[],
): Answer {
  const told = users.filter(({ given }) => given?.random === true);
  if (told.length === 0) return DONE;
  return rows(
    GENERATED,
    told.map(({ record, proof }) => [record.user, record.host, proof?.password ?? '', 1]),
  );
}

/** Saves all or none, and says so to the log. */
function saveAll(what: string, records: readonly AccountRecord[], { relay, session }: Context): void {
  relay.accounts.together(relay.state, () => {
    for (const record of records) relay.accounts.save(record);
  });
  relay.audit.record('change', {
    what,
    accounts: records.map(accountText).join(','),
    by: accountText(session.account),
  });
}

export const demandCreateUser = (context: Context): void => demand(context, 'CREATE USER', 'CREATE USER');

export function createUser(statement: Of<'createUser'>, context: Context): Answer {
  demandCreateUser(context);
  const { relay, session } = context;
  const now = relay.now();
  const taken = statement.users.filter(({ account }) => relay.accounts.exists(account.user, account.host));
  if (taken.length > 0 && !statement.ifNotExists && !statement.replace) {
    throw failed(
      'CREATE USER',
      taken.map(({ account }) => `${accountText(account)} (User account already exists)`),
    );
  }
  if (statement.ifNotExists) {
    for (const { account } of taken)
      session.warn(3163, `Authorization ID ${accountText(account)} already exists.`, 'Note');
  }
  const users = statement.ifNotExists
    ? statement.users.filter((user) => !taken.includes(user))
    : statement.users;
  const made = users.map(({ account, authentication: given }) => {
    const { user, host } = named(account, context);
    const proof = madeUp(given);
    if (user.length > 32)
      throw new ServerError(
        1470,
        'HY000',
        `String '${user.slice(0, 60)}' is too long for user name (should be no longer than 32)`,
      );
    if (host.length > 255)
      throw new ServerError(
        1470,
        'HY000',
        `String '${host.slice(0, 70)}' is too long for host name (should be no longer than 255)`,
      );
    const fresh = newAccount(user, host, DEFAULT_PLUGIN[relay.flavor], now);
    return { given, proof, record: withClauses(withAuthentication(fresh, proof, now), statement.clauses) };
  });
  saveAll(
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
      const changed = withAuthentication(record, proof, relay.now());
      return { given, proof, record: withClauses(changed, statement.clauses) };
    },
  );
  const records = made.map(({ record }) => record);
  saveAll('ALTER USER', records, context);
  for (const record of records) relay.logins.forgive(record);
  return generated(made);
}

/** The records of the accounts. @throws ServerError 1396 names those that are not there */
function existing(
  operation: string,
  users: readonly UserSpecification[],
  ifExists: boolean,
  context: Context,
): { readonly record: AccountRecord; readonly user: UserSpecification }[] {
  const { relay, session } = context;
  const found: { record: AccountRecord; user: UserSpecification }[] = [];
  const missing: AccountName[] = [];
  for (const user of users) {
    const account = named(user.account, context);
    const record = relay.accounts.get(account.user, account.host);
    if (record === undefined) missing.push(account);
    else found.push({ record, user });
  }
  if (missing.length > 0 && !ifExists) throw failed(operation, missing.map(unknown));
  for (const account of missing)
    session.warn(3162, `Authorization ID ${accountText(account)} does not exist.`, 'Note');
  return found;
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
  const bad = statement.pairs.filter(
    ({ from, to }) => !accounts.exists(from.user, from.host) || accounts.exists(to.user, to.host),
  );
  if (bad.length > 0)
    throw failed(
      'RENAME USER',
      bad.map(({ from }) => accountText(from)),
    );
  relay.accounts.together(relay.state, () => {
    for (const { from, to } of statement.pairs) {
      const record = accounts.get(from.user, from.host);
      if (record === undefined) continue;
      accounts.remove(from.user, from.host);
      accounts.save({ ...record, user: to.user, host: to.host });
    }
  });
  relay.audit.record('change', {
    what: 'RENAME USER',
    accounts: statement.pairs.map(({ from, to }) => `${accountText(from)} TO ${accountText(to)}`).join(','),
  });
  return DONE;
}

export function setPassword(statement: Of<'setPassword'>, context: Context): Answer {
  const { relay, session } = context;
  const account = statement.account === undefined ? session.account : named(statement.account, context);
  if (accountText(account) !== accountText(session.account)) demandCreateUser(context);
  const record = relay.accounts.get(account.user, account.host);
  if (record === undefined)
    throw new ServerError(1133, '42000', "Can't find any matching row in the user table");
  const given = statement.authentication;
  const proof = madeUp(given);
  saveAll('SET PASSWORD', [withAuthentication(record, proof, relay.now())], context);
  relay.logins.forgive(record);
  return generated([{ given, proof, record }]);
}

/** The account a SHOW means. What others may do is shown to who may look into mysql.user. */
function shownAccount(account: AccountName | undefined, context: Context): AccountRecord | undefined {
  const { relay, session } = context;
  const { user, host } = account === undefined ? session.account : named(account, context);
  const own = accountText({ user, host }) === accountText(session.account);
  if (!own && !relay.accounts.mayRead(session.account, 'mysql', 'user')) {
    throw new ServerError(
      1142,
      '42000',
      `SELECT command denied to user ${accountText(session.account)} for table 'user'`,
    );
  }
  return relay.accounts.get(user, host);
}

export function showGrants(
  { account }: Extract<ShowStatement, { kind: 'showGrants' }>,
  context: Context,
): Answer {
  const record = shownAccount(account, context);
  if (record === undefined) throw noSuchGrant(account ?? context.session.account);
  const shape = columns('x').map((column) => ({
    ...column,
    name: `Grants for ${record.user}@${record.host}`,
  }));
  return rows(
    shape,
    (context.relay.flavor === 'mariadb' ? mariadbGrantLines : grantLines)(record).map((line) => [line]),
  );
}

export const noSuchGrant = ({ user, host }: { readonly user: string; readonly host: string }): ServerError =>
  new ServerError(1141, '42000', `There is no such grant defined for user '${user}' on host '${host}'`);

export function showCreateUser(
  { account }: Extract<ShowStatement, { kind: 'showCreateUser' }>,
  context: Context,
): Answer {
  const record = shownAccount(account, context);
  if (record === undefined) throw failed('SHOW CREATE USER', [unknown(account)]);
  const name = `CREATE USER for ${record.user}@${record.host}`;
  const line = context.relay.flavor === 'mariadb' ? mariadbCreateUserText : createUserText;
  return rows([{ name, kind: 'text' }], [[line(record)]]);
}
