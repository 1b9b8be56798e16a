import { accountName } from '../../certificates/index.ts';
import { isFrom, parseVersion } from './reload.ts';
import type { ServerVisit } from './visit.ts';

/** An account as far as TLS is concerned; nothing secret is read. */
export interface Account {
  readonly user: string;
  readonly host: string;
  /** `'user'@'host'` */
  readonly quoted: string;
  /** What the account must show: '', ANY, X509 or SPECIFIED, as mysql.user has it. */
  readonly sslType: string;
  readonly plugin: string;
  /** May read the binary log as a replica. */
  readonly replicates: boolean;
  /** Nobody logs in with it, as with MySQL's roles. MariaDB does not say so in mysql.user. */
  readonly locked: boolean;
}

/** Accounts the servers make for themselves; nobody logs in with them. */
const internal = new Set(['mysql.sys', 'mysql.session', 'mysql.infoschema', 'mariadb.sys']);

/** Accounts of a server, those that replicate first. */
export async function readAccounts(visit: ServerVisit): Promise<Account[]> {
  const { mariadb, number } = parseVersion(visit.version);
  // Roles are rows of the same table in MariaDB since 10.0.5.
  const onlyUsers =
    mariadb && (number[0] > 10 || (number[0] === 10 && number[1] > 0)) ? " WHERE is_role = 'N'" : '';
  const locked = !mariadb && isFrom(number, [5, 7, 6]) ? ', account_locked AS locked' : '';
  const rows = await visit.query(
    `SELECT user AS user, host AS host, ssl_type AS ssl_type, plugin AS plugin, repl_slave_priv AS replicates${locked} FROM mysql.user${onlyUsers}`,
  );
  const accounts = rows.flatMap((row): Account[] => {
    const { user, host } = { user: row['user'] ?? '', host: row['host'] ?? '' };
    if (internal.has(user)) return [];
    return [
      {
        user,
        host,
        quoted: accountName(user, host),
        sslType: row['ssl_type'] ?? '',
        plugin: row['plugin'] ?? '',
        replicates: row['replicates'] === 'Y',
        locked: row['locked'] === 'Y',
      },
    ];
  });
  return accounts.toSorted(
    (a, b) => Number(b.replicates) - Number(a.replicates) || a.quoted.localeCompare(b.quoted),
  );
}

/** True when only programs on the server's own machine can use the account. */
export function isLocal({ host }: Account): boolean {
  return ['localhost', '127.0.0.1', '::1'].includes(host);
}

/** The requirement in words of the REQUIRE clause. */
export function requirementOf({ sslType }: Account): string {
  const words: Readonly<Record<string, string>> = {
    '': 'NONE',
    ANY: 'SSL',
    X509: 'X509',
    SPECIFIED: 'SUBJECT, ISSUER or CIPHER',
  };
  return words[sslType] ?? sslType;
}

// First versions whose ALTER USER takes REQUIRE: MySQL 5.7.6, MariaDB 10.2.0.
const altering = { mysql: [5, 7, 6], mariadb: [10, 2, 0] } as const;

/** The statement that changes what an account must show. */
export function requireStatement(
  version: string,
  account: string,
  requirement: 'SSL' | 'X509' | 'NONE',
): string {
  const { mariadb, number } = parseVersion(version);
  const verb = isFrom(number, altering[mariadb ? 'mariadb' : 'mysql'])
    ? 'ALTER USER'
    : 'GRANT USAGE ON *.* TO';
  return `${verb} ${account} REQUIRE ${requirement};`;
}
