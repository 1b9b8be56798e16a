import { quoteName, quoteString } from '../../../sql/index.ts';
import type { AccountRecord, LocalGrant, Requirement } from '../../accounts/account-record.ts';
import { allOf, inOrder, isDynamic } from '../../accounts/privileges.ts';

export const accountName = ({ user, host }: AccountRecord): string => `${quoteName(user)}@${quoteName(host)}`;
export const withGrant = (yes: boolean): string => (yes ? ' WITH GRANT OPTION' : '');

/** The lines of SHOW GRANTS. */
export function grantLines(record: AccountRecord): string[] {
  const to = ` TO ${accountName(record)}`;
  const fixed = inOrder(record.privileges.filter((privilege) => !isDynamic(privilege)));
  const dynamic = inOrder(record.privileges.filter(isDynamic));
  const lines = [
    `GRANT ${fixed.length === 0 ? 'USAGE' : fixed.join(', ')} ON *.*${to}${withGrant(record.grantOption)}`,
  ];
  if (dynamic.length > 0)
    lines.push(`GRANT ${dynamic.join(',')} ON *.*${to}${withGrant(record.grantOption)}`);
  for (const grant of sortedGrants(record)) {
    const place = `${quoteName(grant.schema)}.${grant.table === '' ? '*' : quoteName(grant.table)}`;
    lines.push(`GRANT ${localPrivileges(grant)} ON ${place}${to}${withGrant(grant.grantOption)}`);
  }
  return lines;
}

export const sortedGrants = ({ grants }: AccountRecord): LocalGrant[] => [...grants].sort(byPlace);

/** Schemas before tables, each by name. */
function byPlace(a: LocalGrant, b: LocalGrant): number {
  const [one, other] = [a, b].map(({ schema, table }) => `${table === '' ? 0 : 1}${schema}.${table}`);
  return one! < other! ? -1 : 1;
}

export function localPrivileges({ privileges, table }: LocalGrant): string {
  const all = allOf(table === '' ? 'schema' : 'table');
  if (privileges.length === 0) return 'USAGE';
  return privileges.length === all.length ? 'ALL PRIVILEGES' : inOrder(privileges).join(', ');
}

function requireText({ type, cipher, issuer, subject }: Requirement): string {
  if (type === '') return 'NONE';
  if (type === 'ANY') return 'SSL';
  if (type === 'X509') return 'X509';
  const parts: string[] = [];
  if (subject !== '') parts.push(`SUBJECT ${quoteString(subject)}`);
  if (issuer !== '') parts.push(`ISSUER ${quoteString(issuer)}`);
  if (cipher !== '') parts.push(`CIPHER ${quoteString(cipher)}`);
  return parts.join(' ');
}

/** A stored value as a statement takes it back: in hexadecimal where it is not printable. */
function credentialText(credential: string): string {
  return /^[\x20-\x7e]*$/.test(credential)
    ? quoteString(credential)
    : `0x${Buffer.from(credential, 'latin1').toString('hex').toUpperCase()}`;
}

/** The line of SHOW CREATE USER, as MySQL 9.7 prints it. */
export function createUserText(record: AccountRecord): string {
  const stored = record.credential === '' ? '' : ` AS ${credentialText(record.credential)}`;
  const attempts =
    record.failedLoginAttempts === 0 && record.passwordLockTime === 0
      ? ''
      : ` FAILED_LOGIN_ATTEMPTS ${record.failedLoginAttempts} PASSWORD_LOCK_TIME ` +
        (record.passwordLockTime < 0 ? 'UNBOUNDED' : String(record.passwordLockTime));
  return (
    `CREATE USER ${accountName(record)} IDENTIFIED WITH ${quoteString(record.plugin)}${stored} ` +
    `REQUIRE ${requireText(record.require)} PASSWORD EXPIRE DEFAULT ACCOUNT ${record.locked ? 'LOCK' : 'UNLOCK'} ` +
    `PASSWORD HISTORY DEFAULT PASSWORD REUSE INTERVAL DEFAULT PASSWORD REQUIRE CURRENT DEFAULT${attempts}`
  );
}
