import { quoteText } from '../../../certificates/index.ts';
import { type Account, isLocal, requireStatement } from '../../certs/accounts.ts';
import type { ServerFacts } from '../facts/server-facts.ts';
import { isMysqlFrom } from '../facts/server-version.ts';
import { type Diagnosis, type Step, setting, sql } from '../mends/mend.ts';

/** Names a report has room for. */
const SHOWN = 5;

function names(accounts: readonly Account[]): string {
  const shown = accounts.slice(0, SHOWN).map(({ quoted }) => quoted);
  const more = accounts.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** Accounts that can log in over the network without TLS. */
export function checkAccounts({ accounts, variables, version, look }: ServerFacts): Diagnosis[] {
  // Without TLS the first thing to mend is that; and where it is demanded of everybody, nobody is left.
  if (accounts === undefined || look.served.length === 0) return [];
  if (variables?.get('require_secure_transport') === 'ON') return [];
  const open = accounts.filter((account) => account.sslType === '' && !isLocal(account) && !account.locked);
  const group = (replicates: boolean): Diagnosis[] => {
    const some = open.filter((account) => account.replicates === replicates);
    if (some.length === 0) return [];
    return [
      {
        severity: replicates ? 'critical' : 'warning',
        code: replicates ? 'REPLICATION_ACCOUNT_WITHOUT_TLS' : 'ACCOUNT_WITHOUT_TLS',
        message: `${replicates ? 'accounts that may replicate' : 'accounts'} can log in without TLS: ${names(some)}`,
        steps: [sql(requireStatement(version, some.map(({ quoted }) => quoted).join(', '), 'SSL'))],
      },
    ];
  };
  return [...group(true), ...group(false)];
}

/** What a person puts in its place. */
const NEW_PASSWORD = "'NEW-PASSWORD'";

/** Gives an account the password plugin of today, by what its server has. */
function newPlugin(facts: ServerFacts, { quoted, user, host }: Account): Step[] {
  if (facts.mariadb) return [sql(`SET PASSWORD FOR ${quoted} = PASSWORD(${NEW_PASSWORD});`)];
  // The server makes the password up and shows it, since 8.0.18.
  if (isMysqlFrom(facts, [8, 0, 18]))
    return [sql(`ALTER USER ${quoted} IDENTIFIED WITH caching_sha2_password BY RANDOM PASSWORD;`)];
  if (isMysqlFrom(facts, [8, 0, 0]))
    return [sql(`ALTER USER ${quoted} IDENTIFIED WITH caching_sha2_password BY ${NEW_PASSWORD};`)];
  // SET PASSWORD keeps to the plugin an account has: the manual's way before ALTER USER could change it.
  return [
    sql(
      `SET old_passwords = 0; UPDATE mysql.user SET plugin = 'mysql_native_password', Password = PASSWORD(${NEW_PASSWORD}) ` +
        `WHERE User = ${quoteText(user)} AND Host = ${quoteText(host)}; FLUSH PRIVILEGES;`,
    ),
  ];
}

interface Leaving {
  readonly why: (facts: ServerFacts) => string | undefined;
}

/** Plugins that are going away, by the server they are found on; undefined where there is nothing better yet. */
const leaving: Readonly<Record<string, Leaving>> = {
  mysql_native_password: {
    // MariaDB keeps it, and MySQL before 8.0 has nothing better.
    why: (facts) => (isMysqlFrom(facts, [8, 0, 0]) ? 'is gone in MySQL 9.0' : undefined),
  },
  sha256_password: {
    why: (facts) => (isMysqlFrom(facts, [8, 0, 0]) ? 'is deprecated since MySQL 8.0.16' : undefined),
  },
  mysql_old_password: {
    why: ({ mariadb }) =>
      mariadb ? 'keeps a hash that can be guessed in minutes' : 'is gone since MySQL 5.7.5',
  },
};

/** Accounts with password plugins that newer versions do not have. */
export function checkPlugins(facts: ServerFacts): Diagnosis[] {
  return Object.entries(leaving).flatMap(([plugin, { why }]) => {
    const some = (facts.accounts ?? []).filter((account) => account.plugin === plugin);
    const reason = why(facts);
    if (some.length === 0 || reason === undefined) return [];
    const locked = plugin === 'mysql_native_password' && isMysqlFrom(facts, [9, 0, 0]);
    return [
      {
        severity: locked ? ('critical' as const) : ('warning' as const),
        code: 'PLUGIN_LEAVING',
        message: `${plugin} ${reason}${locked ? ', so nobody can log in with it' : ''}: ${names(some)}`,
        steps: some.flatMap((account) => newPlugin(facts, account)),
      },
    ];
  });
}

/** New passwords get the hash of MySQL 4.0, which can be guessed in minutes. */
export function checkOldPasswords(facts: ServerFacts): Diagnosis[] {
  const value = facts.variables?.get('old_passwords');
  if (value !== '1' && value !== 'ON') return [];
  return [
    {
      severity: 'critical',
      code: 'OLD_PASSWORDS',
      message: `old_passwords is ${value}: new passwords get a hash that can be guessed in minutes`,
      steps: setting(facts, 'old_passwords', facts.mariadb ? 'OFF' : '0'),
    },
  ];
}
