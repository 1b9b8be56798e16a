import type { Finding } from '../../certificates/index.ts';
import { type Account, isLocal, requireStatement } from '../certs/accounts.ts';
import type { ServerFacts } from './facts.ts';

/** Changes a setting for now and for the next start. SET PERSIST came with MySQL 8.0. */
function setting({ mariadb, number: [major] }: ServerFacts, name: string, value: string): string {
  return mariadb || major < 8
    ? `SET GLOBAL ${name} = ${value}; and in [mysqld]: ${name} = ${value}`
    : `SET PERSIST ${name} = ${value};`;
}

/** Versions whose TLS is known to be broken, or that get no fixes any more. */
export function checkVersion({ version, mariadb, number: [major, minor, patch] }: ServerFacts): Finding[] {
  const broken =
    !mariadb &&
    (major < 5 ||
      (major === 5 && (minor < 5 || (minor === 5 && patch <= 40) || (minor === 6 && patch <= 22))));
  if (broken) {
    return [
      {
        severity: 'critical',
        code: 'TLS_BROKEN_VERSION',
        message: `${version}: clients of this version can be talked out of TLS, and it has only TLS 1.0`,
        mend: 'Upgrade the server.',
      },
    ];
  }
  // In care at the end of 2026: MySQL 8.4 and later, MariaDB 10.11 and later.
  const old = mariadb ? major < 10 || (major === 10 && minor < 11) : major < 8 || (major === 8 && minor < 4);
  return old
    ? [
        {
          severity: 'warning',
          code: 'OLD_VERSION',
          message: `${version} gets no security fixes any more`,
          mend: 'Upgrade the server.',
        },
      ]
    : [];
}

/** Whether plain connections over the network are refused. */
export function checkTransport(facts: ServerFacts): Finding[] {
  const { variables, look } = facts;
  if (
    variables === undefined ||
    look.served.length === 0 ||
    variables.get('require_secure_transport') === 'ON'
  )
    return [];
  if (!variables.has('require_secure_transport')) return [];
  const mend = setting(facts, 'require_secure_transport', 'ON');
  return [
    { severity: 'warning', code: 'PLAIN_ALLOWED', message: 'connections without TLS are accepted', mend },
  ];
}

/** Accounts that can log in over the network without TLS. */
export function checkAccounts({ accounts, variables, version, look }: ServerFacts): Finding[] {
  if (accounts === undefined || look.served.length === 0) return [];
  const enforced = variables?.get('require_secure_transport') === 'ON';
  return accounts
    .filter((account) => account.sslType === '' && !isLocal(account) && !enforced)
    .map((account) => ({
      severity: account.replicates ? ('critical' as const) : ('warning' as const),
      code: account.replicates ? 'REPLICATION_ACCOUNT_WITHOUT_TLS' : 'ACCOUNT_WITHOUT_TLS',
      message: `${account.quoted}${account.replicates ? ', which replicates,' : ''} can log in without TLS`,
      mend: requireStatement(version, account.quoted, 'SSL'),
    }));
}

// Plugins that newer versions do not have: mysql_native_password left with MySQL 9.0, mysql_old_password with 5.7.5.
const leaving: Readonly<Record<string, string>> = {
  mysql_native_password: 'is gone in MySQL 9.0',
  sha256_password: 'is deprecated since MySQL 8.0.16',
  mysql_old_password: 'is gone since MySQL 5.7.5',
};

/** Password plugins that newer versions do not have. */
export function checkPlugins({ accounts, mariadb }: ServerFacts): Finding[] {
  if (accounts === undefined) return [];
  const matters = ({ plugin }: Account): boolean =>
    plugin in leaving && (!mariadb || plugin === 'mysql_old_password');
  return accounts.filter(matters).map(({ quoted, plugin }) => ({
    severity: 'warning' as const,
    code: 'PLUGIN_LEAVING',
    message: `${quoted} uses ${plugin}, which ${leaving[plugin]}`,
    mend: mariadb
      ? `SET PASSWORD FOR ${quoted} = PASSWORD('…');`
      : `ALTER USER ${quoted} IDENTIFIED WITH caching_sha2_password BY '…';`,
  }));
}

/** What the binary log carries. */
export function checkBinlog(facts: ServerFacts): Finding[] {
  const { variables } = facts;
  if (variables?.get('log_bin') !== 'ON') return [];
  const found: Finding[] = [];
  const format = variables.get('binlog_format');
  if (format !== undefined && format !== 'ROW') {
    found.push({
      severity: 'warning',
      code: 'NOT_ROW_FORMAT',
      message: `binlog_format is ${format}: statements reach replicas, which REQUIRE_ROW_FORMAT refuses`,
      mend: setting(facts, 'binlog_format', 'ROW'),
    });
  }
  const metadata = variables.get('binlog_row_metadata');
  if (metadata !== undefined && metadata !== 'FULL') {
    found.push({
      severity: 'ok',
      code: 'ROW_METADATA',
      message: `binlog_row_metadata is ${metadata}: column names are not in the log`,
      mend: setting(facts, 'binlog_row_metadata', 'FULL'),
    });
  }
  return found;
}
