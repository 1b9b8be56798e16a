import { ServerError } from '../../../errors/index.ts';
import type { AccountStatement, UserSpecification } from '../../../sql/index.ts';
import { type AccountRecord, DEFAULT_PLUGIN, newAccount } from '../../accounts/account-record.ts';
import { isDynamic } from '../../accounts/privileges.ts';
import { type Answer, DONE } from '../answer.ts';
import type { Context } from '../context.ts';
import { withAuthentication } from './authentication.ts';
import { ALL, type GrantChange, grantChange, granted, revoked } from './grant-change.ts';
import { demandCreateUser, named, noMatch, noSuchGrant } from './named-accounts.ts';
import { saveAccounts } from './save-accounts.ts';
import { withClauses } from './user-clauses.ts';

type Of<K extends AccountStatement['kind']> = Extract<AccountStatement, { kind: K }>;

/** Who grants must have the grant option, and what is granted. */
function demandGrantOption({ privileges, place }: GrantChange, { relay, session }: Context): void {
  const own = relay.accounts.get(session.account.user, session.account.host);
  const global =
    own?.grantOption === true && [...privileges].every((privilege) => own.privileges.includes(privilege));
  const local =
    place !== undefined &&
    own?.grants.some(
      (grant) =>
        grant.grantOption &&
        grant.schema === place.schema &&
        (grant.table === '' || grant.table === place.table) &&
        [...privileges].every((privilege) => grant.privileges.includes(privilege)),
    ) === true;
  if (global || local) return;
  if ([...privileges].some(isDynamic)) {
    throw new ServerError(
      1227,
      '42000',
      'Access denied; you need (at least one of) the GRANT OPTION privilege(s) for this operation',
    );
  }
  const { user, host } = session.account;
  if (place !== undefined)
    throw new ServerError(
      1044,
      '42000',
      `Access denied for user '${user}'@'${host}' to database '${place.schema}'`,
    );
  throw new ServerError(1045, '28000', `Access denied for user '${user}'@'${host}' (using password: YES)`);
}

export function grant(statement: Of<'grant' | 'revoke'>, context: Context): Answer {
  const { relay } = context;
  const { kind, privileges, level, grantOption } = statement;
  const tellsMore =
    Object.keys(statement.clauses).length > 0 ||
    statement.accounts.some(({ authentication }) => authentication !== undefined);
  // MariaDB's GRANT may say how an account logs in, and make it.
  if (tellsMore && relay.flavor === 'mariadb') demandCreateUser(context);
  else if (tellsMore) {
    throw new ServerError(1410, '42000', 'You are not allowed to create a user with GRANT', {
      hint: 'Use CREATE USER or ALTER USER for the password.',
    });
  }
  const change = grantChange(privileges, level, grantOption, context.session.schema);
  demandGrantOption(change, context);
  if (kind === 'grant' && privileges.includes('SUPER') && relay.flavor === 'mysql')
    context.session.warn(1287, 'The SUPER privilege identifier is deprecated');
  const everything = relay.flavor === 'mysql' && level.kind === 'global' && privileges.join() === 'ALL';
  const records = statement.accounts.flatMap((one) => {
    const record = recordOf(one, statement, context);
    if (record === undefined) {
      if (kind === 'revoke' && statement.ignoreUnknown) return unknownUser(one.account, context);
      if (kind === 'revoke') throw noSuchGrant(named(one.account, context));
      if (relay.flavor === 'mariadb') throw noMatch(context);
      throw new ServerError(1410, '42000', 'You are not allowed to create a user with GRANT');
    }
    if (kind === 'grant') return granted(record, change);
    // MySQL's REVOKE ALL ON *.* takes what was granted on schemas and tables, too.
    if (everything) return { ...record, privileges: [], grants: [] };
    if (!statement.ifExists) return revoked(record, change);
    return withWarning(context, () => revoked(record, change));
  });
  const what = kind === 'grant' ? 'GRANT' : 'REVOKE';
  saveAccounts(what, records, context, { privileges: privileges.join(', ') });
  return DONE;
}

/** The account of a GRANT or REVOKE, with what the statement says of how it logs in; undefined: there is none, and none is made. */
function recordOf(
  { account, authentication }: UserSpecification,
  { kind, clauses }: Of<'grant' | 'revoke'>,
  context: Context,
): AccountRecord | undefined {
  const { relay } = context;
  const { user, host } = named(account, context);
  const isMade = authentication !== undefined && kind === 'grant';
  const fresh = isMade ? newAccount(user, host, DEFAULT_PLUGIN[relay.flavor], relay.now()) : undefined;
  const record = relay.accounts.get(user, host) ?? fresh;
  return record && withClauses(withAuthentication('GRANT', record, authentication, context), clauses);
}

/** REVOKE IF EXISTS: what would be refused is said, and nothing changes. */
function withWarning({ session }: Context, change: () => AccountRecord): readonly AccountRecord[] {
  try {
    return [change()];
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    session.warn(error.errno, error.message);
    return [];
  }
}

/** IGNORE UNKNOWN USER */
function unknownUser({ user }: { readonly user: string }, { session }: Context): readonly never[] {
  session.warn(3162, `Authorization ID ${user} does not exist.`);
  return [];
}

/** REVOKE ALL, GRANT OPTION FROM … */
export function revokeAll(statement: Of<'revokeAll'>, context: Context): Answer {
  const { relay } = context;
  if (!relay.accounts.has(context.session.account, 'CREATE USER')) demandGrantOption(ALL, context);
  const records = statement.accounts.flatMap((one) => {
    const account = named(one, context);
    const record = relay.accounts.get(account.user, account.host);
    if (record === undefined && statement.ignoreUnknown) return unknownUser(account, context);
    if (record === undefined)
      throw new ServerError(
        1269,
        'HY000',
        "Can't revoke all privileges for one or more of the requested users",
      );
    return { ...record, privileges: [], grantOption: false, grants: [] };
  });
  saveAccounts('REVOKE', records, context, { privileges: 'ALL' });
  return DONE;
}
