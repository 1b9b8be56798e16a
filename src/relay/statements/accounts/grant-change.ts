import { ServerError } from '../../../errors/index.ts';
import { type GrantLevel, notSupported } from '../../../sql/index.ts';
import type { AccountRecord, LocalGrant } from '../../accounts/account-record.ts';
import {
  allOf,
  DYNAMIC_PRIVILEGES,
  fits,
  isDynamic,
  type Privilege,
  privilegeNamed,
  STATIC_PRIVILEGES,
} from '../../accounts/privileges.ts';
import { noSuchGrant } from './named-accounts.ts';

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

/** What a GRANT or REVOKE gives or takes. */
export interface GrantChange {
  readonly privileges: ReadonlySet<Privilege>;
  readonly grantOption: boolean;
  /** Undefined: global. */
  readonly place: { readonly schema: string; readonly table: string } | undefined;
}

/** Everything: REVOKE ALL, GRANT OPTION. */
export const ALL: GrantChange = {
  privileges: new Set<Privilege>([...STATIC_PRIVILEGES, ...DYNAMIC_PRIVILEGES]),
  grantOption: true,
  place: undefined,
};

/** Reads what a statement names. `current`: the session's schema. @throws ServerError 1046, 1144, 1149, 1221, 3619 */
export function grantChange(
  words: readonly string[],
  level: GrantLevel,
  withGrantOption: boolean,
  current: string | undefined,
): GrantChange {
  const place = placeOf(level, current);
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

function placeOf(level: GrantLevel, current: string | undefined): GrantChange['place'] {
  if (level.kind === 'global') return undefined;
  const schema = level.schema ?? current;
  if (schema === undefined) throw new ServerError(1046, '3D000', 'No database selected');
  return { schema, table: level.kind === 'table' ? level.table : '' };
}

const isAt =
  ({ place }: GrantChange) =>
  ({ schema, table }: LocalGrant): boolean =>
    place !== undefined && schema === place.schema && table === place.table;

/** An account with what is granted. */
export function granted(record: AccountRecord, change: GrantChange): AccountRecord {
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

/** … and without what is taken. @throws ServerError 1141 nothing is granted there */
export function revoked(record: AccountRecord, change: GrantChange): AccountRecord {
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
