import { quoteName, quoteString } from '../../../sql/index.ts';
import type { AccountRecord, LocalGrant, Requirement } from '../../accounts/account-record.ts';
import { DYNAMIC_PRIVILEGES, inOrder, type Privilege, STATIC_PRIVILEGES } from '../../accounts/privileges.ts';
import { accountName, localPrivileges, sortedGrants, withGrant } from './grant-text.ts';

/** MariaDB's names of privileges that have others in MySQL. */
const NAMES: Readonly<Partial<Record<Privilege, string>>> = {
  'REPLICATION CLIENT': 'BINLOG MONITOR',
  BINLOG_ADMIN: 'BINLOG ADMIN',
  CONNECTION_ADMIN: 'CONNECTION ADMIN',
  REPLICATION_APPLIER: 'BINLOG REPLAY',
  REPLICATION_SLAVE_ADMIN: 'REPLICATION SLAVE ADMIN',
};
const PLUGINS: Readonly<Record<string, string>> = { client_ed25519: 'ed25519' };

function proof({ plugin, credential }: AccountRecord): string {
  if (plugin !== 'mysql_native_password')
    return ` IDENTIFIED VIA ${PLUGINS[plugin] ?? plugin}${credential === '' ? '' : ` USING ${quoteString(credential)}`}`;
  return credential === '' ? '' : ` IDENTIFIED BY PASSWORD ${quoteString(credential)}`;
}

function requirement({ type, cipher, issuer, subject }: Requirement): string {
  if (type === '') return '';
  if (type === 'ANY') return ' REQUIRE SSL';
  if (type === 'X509') return ' REQUIRE X509';
  const parts: string[] = [];
  if (issuer !== '') parts.push(`ISSUER ${quoteString(issuer)}`);
  if (subject !== '') parts.push(`SUBJECT ${quoteString(subject)}`);
  if (cipher !== '') parts.push(`CIPHER ${quoteString(cipher)}`);
  return ` REQUIRE ${parts.join(' ')}`;
}

function globalPrivileges({ privileges }: AccountRecord): string {
  if (privileges.length === 0) return 'USAGE';
  if (privileges.length === STATIC_PRIVILEGES.length + DYNAMIC_PRIVILEGES.length) return 'ALL PRIVILEGES';
  return inOrder(privileges)
    .map((privilege) => NAMES[privilege] ?? privilege)
    .join(', ');
}

/** The lines of SHOW GRANTS, as MariaDB 11.8 prints them. */
export function mariadbGrantLines(record: AccountRecord): string[] {
  const to = ` TO ${accountName(record)}`;
  const local = ({ schema, table, grantOption, ...grant }: LocalGrant): string => {
    const place = `${quoteName(schema)}.${table === '' ? '*' : quoteName(table)}`;
    const what = localPrivileges({ schema, table, grantOption, ...grant });
    return `GRANT ${what} ON ${place}${to}${withGrant(grantOption)}`;
  };
  return [
    `GRANT ${globalPrivileges(record)} ON *.*${to}${proof(record)}${requirement(record.require)}${withGrant(record.grantOption)}`,
    ...sortedGrants(record).map(local),
  ];
}

/** The line of SHOW CREATE USER, as MariaDB 11.8 prints it. */
export const mariadbCreateUserText = (record: AccountRecord): string =>
  `CREATE USER ${accountName(record)}${proof(record)}${requirement(record.require)}${record.locked ? ' ACCOUNT LOCK' : ''}`;
