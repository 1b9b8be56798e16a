import type { ServerFacts } from '../facts/server-facts.ts';
import { isMysqlFrom } from '../facts/server-version.ts';
import { type Diagnosis, person, setting } from '../mends/mend.ts';

/** Versions whose TLS is known to be broken, or that get no fixes any more. */
export function checkVersion(facts: ServerFacts): Diagnosis[] {
  const {
    version,
    mariadb,
    number: [major, minor, patch],
  } = facts;
  // Clients of 5.5.40, 5.6.22 and before send what they have in clear when somebody in between denies TLS (CVE-2015-3152).
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
        steps: [person('Upgrade the server to MySQL 8.4 or later.')],
      },
    ];
  }
  // In care at the end of 2026: MySQL 8.4 and later, MariaDB 10.11 and later.
  const old = mariadb ? major < 10 || (major === 10 && minor < 11) : !isMysqlFrom(facts, [8, 4, 0]);
  if (!old) return [];
  return [
    {
      severity: 'warning',
      code: 'OLD_VERSION',
      message: `${version} gets no security fixes any more`,
      steps: [person(`Upgrade the server to ${mariadb ? 'MariaDB 10.11' : 'MySQL 8.4'} or later.`)],
    },
  ];
}

/** Whether plain connections over the network are refused. */
export function checkTransport(facts: ServerFacts): Diagnosis[] {
  const { variables, look } = facts;
  const demanded = variables?.get('require_secure_transport');
  if (look.served.length === 0 || demanded === undefined || demanded === 'ON') return [];
  return [
    {
      severity: 'warning',
      code: 'PLAIN_ALLOWED',
      message: 'connections without TLS are accepted',
      steps: setting(facts, 'require_secure_transport', 'ON'),
    },
  ];
}

/** What the binary log carries. */
export function checkBinlog(facts: ServerFacts): Diagnosis[] {
  const { variables } = facts;
  if (variables?.get('log_bin') !== 'ON') return [];
  const found: Diagnosis[] = [];
  const format = variables.get('binlog_format');
  if (format !== undefined && format !== 'ROW') {
    found.push({
      severity: 'warning',
      code: 'NOT_ROW_FORMAT',
      message: `binlog_format is ${format}: statements reach replicas, which REQUIRE_ROW_FORMAT refuses`,
      steps: setting(facts, 'binlog_format', 'ROW'),
    });
  }
  const metadata = variables.get('binlog_row_metadata');
  if (metadata !== undefined && metadata !== 'FULL') {
    found.push({
      severity: 'ok',
      code: 'ROW_METADATA',
      message: `binlog_row_metadata is ${metadata}: column names are not in the log`,
      steps: setting(facts, 'binlog_row_metadata', 'FULL'),
    });
  }
  return found;
}
