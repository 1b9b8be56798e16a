import { ServerError } from '../../../errors/index.ts';
import type { AccountName, ShowStatement } from '../../../sql/index.ts';
import type { AccountRecord } from '../../accounts/account-record.ts';
import { accountText } from '../../accounts/accounts.ts';
import { type Answer, columns, rows } from '../answer.ts';
import type { Context } from '../context.ts';
import { createUserText, grantLines } from './grant-text.ts';
import { mariadbCreateUserText, mariadbGrantLines } from './mariadb-grant-text.ts';
import { failed, named, noMatch, noSuchGrant } from './named-accounts.ts';

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

export function showCreateUser(
  { account }: Extract<ShowStatement, { kind: 'showCreateUser' }>,
  context: Context,
): Answer {
  const record = shownAccount(account, context);
  if (record === undefined) {
    throw context.relay.flavor === 'mariadb'
      ? noMatch(context)
      : failed('SHOW CREATE USER', [account], 'User account does not exist', context);
  }
  const name = `CREATE USER for ${record.user}@${record.host}`;
  const line = context.relay.flavor === 'mariadb' ? mariadbCreateUserText : createUserText;
  return rows([{ name, kind: 'text' }], [[line(record)]]);
}
