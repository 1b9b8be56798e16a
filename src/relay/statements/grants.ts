import { ServerError } from '../../errors/index.ts';
import { type AccountStatement, type GrantLevel, notSupported } from '../../sql/index.ts';
import {
  type AccountRecord,
  DEFAULT_PLUGIN,
  type LocalGrant,
  newAccount,
} from '../accounts/account-record.ts';
import { accountText } from '../accounts/accounts.ts';
import {
  allOf,
  DYNAMIC_PRIVILEGES,
  fits,
  isDynamic,
  type Privilege,
  privilegeNamed,
  STATIC_PRIVILEGES,
} from '../accounts/privileges.ts';
import { demandCreateUser, noSuchGrant, withAuthentication, withClauses } from './accounts.ts';
import { type Answer, DONE } from './answer.ts';
import type { Context } from './context.ts';

type Of<K extends AccountStatement['kind']> = Extract<AccountStatement, { kind: K }>;

/** MySQL 9.7's and MariaDB 11.8's privileges for what a relay has not. */
const OTHER_PRIVILEGES: ReadonlySet<string> = new Set([
  ...(
    'ALLOW_NONEXISTENT_DEFINER APPLICATION_PASSWORD_ADMIN AUDIT_ABORT_EXEMPT AUDIT_ADMIN AUTHENTICATION_POLICY_ADMIN BACKUP_ADMIN ' +
    'BINLOG_ENCRYPTION_ADMIN CLONE_ADMIN CREATE_SPATIAL_REFERENCE_SYSTEM ENCRYPTION_KEY_ADMIN FIREWALL_EXEMPT FLUSH_OPTIMIZER_COSTS ' +
    'FLUSH_PRIVILEGES FLUSH_STATUS FLUSH_TABLES FLUSH_USER_RESOURCES GROUP_REPLICATION_ADMIN GROUP_REPLICATION_STREAM ' +
    'INNODB_REDO_LOG_ARCHIVE INNODB_REDO_LOG_ENABLE OPTIMIZE_LOCAL_TABLE PASSWORDLESS_USER_ADMIN RESOURCE_GROUP_ADMIN ' +
    'RESOURCE_GROUP_USER ROLE_ADMIN SENSITIVE_VARIABLES_OBSERVER SERVICE_CONNECTION_ADMIN SET_ANY_DEFINER SET_USER_ID ' +
    'SHOW_ROUTINE TABLE_ENCRYPTION_ADMIN TELEMETRY_LOG_ADMIN TRANSACTION_GTID_TAG VERSION_TOKEN_ADMIN XA_RECOVER_ADMIN'
  ).split(' '),
  'DELETE HISTORY',
  'FEDERATED ADMIN',
  'READ_ONLY ADMIN',
  'REPLICATION MASTER ADMIN',
  'SET USER',
  'SHOW CREATE ROUTINE',
]);

/** A GRANT or REVOKE, resolved. */
interface Change {
  readonly privileges: ReadonlySet<Privilege>;
  readonly grantOption: boolean;
  /** Undefined: global. */
  readonly place: { readonly schema: string; readonly table: string } | undefined;
}

function resolve(
  words: readonly string[],
  level: GrantLevel,
  withGrantOption: boolean,
  { session }: Context,
): Change {
  const place = placeOf(level, session.schema);
  const scope = place === undefined ? 'global' : place.table === '' ? 'schema' : 'table';
  const privileges = new Set<Privilege>();
  let grantOption = withGrantOption;
  for (const word of words) {
    if (word === 'USAGE') continue;
    if (word === 'GRANT OPTION') {
      grantOption = true;
      continue;
    }
    if (word === 'ALL') {
      const all = scope === 'global' ? [...STATIC_PRIVILEGES, ...DYNAMIC_PRIVILEGES] : allOf(scope);
      for (const privilege of all) privileges.add(privilege);
      continue;
    }
    const privilege = privilegeNamed(word);
    if (privilege === undefined && OTHER_PRIVILEGES.has(word))
      throw notSupported(`the privilege ${word}`, 'Leave it out: there is nothing it would be for');
    if (privilege === undefined) {
      throw new ServerError(
        1149,
        '42000',
        'You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use',
        { hint: `${word} is no privilege of a relay.` },
      );
    }
    if (scope !== 'global' && !fits(privilege, scope)) throw misplaced(privilege, scope);
    privileges.add(privilege);
  }
  return { privileges, grantOption, place };
}

function misplaced(privilege: Privilege, scope: 'schema' | 'table'): ServerError {
  if (isDynamic(privilege))
    return new ServerError(3619, 'HY000', `Illegal privilege level specified for ${privilege}`);
  if (scope === 'schema')
    return new ServerError(1221, 'HY000', 'Incorrect usage of DB GRANT and GLOBAL PRIVILEGES');
  return new ServerError(
    1144,
    '42000',
    'Illegal GRANT/REVOKE command; please consult the manual to see which privileges can be used',
  );
}

function placeOf(level: GrantLevel, current: string | undefined): Change['place'] {
  if (level.kind === 'global') return undefined;
  const schema = level.schema ?? current;
  if (schema === undefined) throw new ServerError(1046, '3D000', 'No database selected');
  return { schema, table: level.kind === 'table' ? level.table : '' };
}

/** Who grants must have the grant option, and what is granted. */
function demandGrantOption({ privileges, place }: Change, { relay, session }: Context): void {
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
  const change = resolve(privileges, level, grantOption, context);
  demandGrantOption(change, context);
  if (kind === 'grant' && privileges.includes('SUPER') && relay.flavor === 'mysql')
    context.session.warn(1287, 'The SUPER privilege identifier is deprecated');
  const everything = relay.flavor === 'mysql' && level.kind === 'global' && privileges.join() === 'ALL';
  const records = statement.accounts.flatMap(({ account, authentication }) => {
    const { user, host } = account.current === true ? context.session.account : account;
    const known = relay.accounts.get(user, host);
    const now = relay.now();
    const made =
      known === undefined && authentication !== undefined && kind === 'grant'
        ? newAccount(user, host, DEFAULT_PLUGIN[relay.flavor], now)
        : known;
    const record =
      made === undefined || !tellsMore
        ? made
        : withClauses(withAuthentication(made, authentication, now), statement.clauses);
    if (record !== undefined && kind === 'grant') return granted(record, change);
    if (record !== undefined) {
      // MySQL's REVOKE ALL ON *.* takes what was granted on schemas and tables, too.
      if (everything) return { ...record, privileges: [], grants: [] };
      if (!statement.ifExists) return revoked(record, change);
      return withWarning(context, () => revoked(record, change));
    }
    if (kind === 'revoke' && statement.ignoreUnknown) return unknownUser(account, context);
    if (kind === 'revoke') throw noSuchGrant(account);
    throw new ServerError(1410, '42000', 'You are not allowed to create a user with GRANT');
  });
  saveGrants(kind === 'grant' ? 'GRANT' : 'REVOKE', records, privileges.join(', '), context);
  return DONE;
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

function saveGrants(
  what: string,
  records: readonly AccountRecord[],
  privileges: string,
  { relay, session }: Context,
): void {
  relay.accounts.together(relay.state, () => {
    for (const record of records) relay.accounts.save(record);
  });
  relay.audit.record('change', {
    what,
    privileges,
    accounts: records.map(accountText).join(','),
    by: accountText(session.account),
  });
}

const isAt =
  ({ place }: Change) =>
  ({ schema, table }: LocalGrant): boolean =>
    place !== undefined && schema === place.schema && table === place.table;

function granted(record: AccountRecord, change: Change): AccountRecord {
  const { privileges, grantOption, place } = change;
  if (place === undefined) {
    return {
      ...record,
      privileges: [...new Set([...record.privileges, ...privileges])],
      grantOption: record.grantOption || grantOption,
    };
  }
  const before = record.grants.find(isAt(change));
  const merged: LocalGrant = {
    ...place,
    privileges: [...new Set([...(before?.privileges ?? []), ...privileges])],
    grantOption: before?.grantOption === true || grantOption,
  };
  return { ...record, grants: [...record.grants.filter((each) => each !== before), merged] };
}

function revoked(record: AccountRecord, change: Change): AccountRecord {
  const { privileges, grantOption, place } = change;
  const left = (from: readonly Privilege[]): Privilege[] =>
    from.filter((privilege) => !privileges.has(privilege));
  if (place === undefined) {
    return {
      ...record,
      privileges: left(record.privileges),
      grantOption: record.grantOption && !grantOption,
    };
  }
  const before = record.grants.find(isAt(change));
  if (before === undefined) throw noSuchGrant(record);
  const rest = {
    ...before,
    privileges: left(before.privileges),
    grantOption: before.grantOption && !grantOption,
  };
  const others = record.grants.filter((each) => each !== before);
  return {
    ...record,
    grants: rest.privileges.length === 0 && !rest.grantOption ? others : [...others, rest],
  };
}

/** REVOKE ALL, GRANT OPTION FROM … */
export function revokeAll(statement: Of<'revokeAll'>, context: Context): Answer {
  const { relay } = context;
  const all: Change = {
    privileges: new Set<Privilege>([...STATIC_PRIVILEGES, ...DYNAMIC_PRIVILEGES]),
    grantOption: true,
    place: undefined,
  };
  if (!relay.accounts.has(context.session.account, 'CREATE USER')) demandGrantOption(all, context);
  const records = statement.accounts.flatMap((account) => {
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
  saveGrants('REVOKE', records, 'ALL', context);
  return DONE;
}
