import type { OptionDefinition, OptionType } from '../../options/index.ts';

const SECTIONS = {
  general: 'General',
  listen: 'Listening',
  tls: 'TLS',
  logs: 'Logs',
  limits: 'Limits',
} as const;
type Section = keyof typeof SECTIONS;

function option(
  section: Section,
  name: string,
  type: OptionType,
  placeholder: string,
  help: string,
  short?: string,
): OptionDefinition {
  return {
    name,
    argument: type.kind === 'bool' ? 'optional' : 'required',
    type,
    owner: 'both',
    section: SECTIONS[section],
    placeholder,
    help,
    ...(short === undefined ? {} : { short }),
  };
}

const text: OptionType = { kind: 'string' };
const bool = (value: boolean): OptionType => ({ kind: 'bool', default: value });
const count = (value: number, min: number, max: number): OptionType => ({
  kind: 'unsigned',
  bits: 64,
  default: BigInt(value),
  min: BigInt(min),
  max: BigInt(max),
});

const flag = (name: string, short: string, help: string): OptionDefinition => ({
  name,
  short,
  argument: 'none',
  type: { kind: 'flag' },
  owner: 'both',
  section: SECTIONS.general,
  help,
});

const definitions: readonly OptionDefinition[] = [
  flag('help', '?', 'Print this and exit.'),
  flag('version', 'V', 'Print the version and exit.'),
  option(
    'general',
    'datadir',
    text,
    'DIR',
    'Folder of everything the relay keeps; made on the first start.',
    'h',
  ),
  option(
    'general',
    'flavor',
    { kind: 'choice', values: ['mysql', 'mariadb'], default: 'mysql' },
    'FLAVOR',
    'Whose binary logs it takes and serves: a relay carries one kind.',
  ),
  option(
    'general',
    'server-id',
    count(0, 0, 4_294_967_295),
    'N',
    'Its id among all servers; 0 makes one from its UUID.',
  ),
  option(
    'general',
    'gtid-mode',
    { kind: 'choice', values: ['OFF', 'OFF_PERMISSIVE', 'ON_PERMISSIVE', 'ON'], default: 'ON' },
    'MODE',
    'OFF: for sources and replicas without GTIDs; the permissive ones take transactions of both kinds.',
  ),
  option('general', 'skip-replica-start', bool(false), '', 'Leave the channels stopped.'),
  option('general', 'report-host', text, 'HOST', 'The name it gives itself to its sources.'),
  option('general', 'report-port', count(0, 0, 65_535), 'PORT', 'The port it gives itself to its sources.'),
  option('listen', 'port', count(3307, 0, 65_535), 'PORT', 'TCP port; 0 takes any free one.', 'P'),
  option(
    'listen',
    'bind-address',
    { kind: 'string', default: '127.0.0.1' },
    'ADDRESS',
    'Address to listen on, or several with commas between; * for all.',
  ),
  option(
    'listen',
    'socket',
    { kind: 'string', default: 'relay.sock' },
    'PATH',
    'Local socket, relative to the data folder.',
    'S',
  ),
  option(
    'listen',
    'http-port',
    count(0, 0, 65_535),
    'PORT',
    'Port of /healthz, /readyz and /metrics, on the same address; 0: none.',
  ),
  option('tls', 'require-secure-transport', bool(true), '', 'Refuse plain TCP.'),
  option('tls', 'ssl-ca', text, 'FILE', 'Authorities of clients (PEM).'),
  option('tls', 'ssl-capath', text, 'FOLDER', 'A folder of such certificates.'),
  option('tls', 'ssl-cert', text, 'FILE', 'Certificate of the relay (PEM); without one it makes its own.'),
  option('tls', 'ssl-key', text, 'FILE', 'Key of that certificate (PEM).'),
  option('tls', 'ssl-cipher', text, 'LIST', 'Ciphers up to TLS 1.2.'),
  option('tls', 'ssl-crl', text, 'FILE', 'Revoked certificates (PEM).'),
  option('tls', 'ssl-crlpath', text, 'FOLDER', 'A folder of revocation lists.'),
  option('tls', 'tls-version', text, 'LIST', 'Versions to allow: TLSv1.2,TLSv1.3.'),
  option('tls', 'tls-ciphersuites', text, 'LIST', 'Ciphers of TLS 1.3.'),
  option(
    'logs',
    'log-bin',
    { kind: 'string', default: 'binlog' },
    'NAME',
    'What its binary logs are called.',
  ),
  option(
    'logs',
    'max-binlog-size',
    count(1_073_741_824, 4096, 1_073_741_824),
    'BYTES',
    'Size at which the binary log rotates.',
  ),
  option(
    'logs',
    'binlog-expire-logs-seconds',
    count(2_592_000, 0, 4_294_967_295),
    'SECONDS',
    'Age at which binary logs go; 0: never.',
  ),
  option(
    'logs',
    'max-binlog-total-size',
    count(0, 0, Number.MAX_SAFE_INTEGER),
    'BYTES',
    'Most that all binary logs together may take: the oldest go, unless a replica reads them; 0: any.',
  ),
  option(
    'logs',
    'binlog-checksum',
    { kind: 'choice', values: ['NONE', 'CRC32'], default: 'CRC32' },
    'KIND',
    'Checksums of its own events: CRC32, nothing else.',
  ),
  option(
    'logs',
    'sync-binlog',
    count(1, 0, 4_294_967_295),
    'N',
    'Commits between two syncs of the binary log: 1, nothing else; transactions that come together share one.',
  ),
  option('logs', 'sync-relay-log', count(1, 0, 4_294_967_295), 'N', 'The same for relay logs.'),
  option(
    'logs',
    'relay-log-space-limit',
    count(0, 0, Number.MAX_SAFE_INTEGER),
    'BYTES',
    'Most that relay logs of a channel may take; 0: any.',
  ),
  option(
    'logs',
    'rpl-semi-sync-source-enabled',
    bool(false),
    '',
    'Offer semi-synchronous replication to replicas.',
  ),
  option('logs', 'rpl-semi-sync-replica-enabled', bool(false), '', 'Acknowledge to sources.'),
  option('limits', 'max-connections', count(151, 1, 100_000), 'N', 'Sessions at a time.'),
  option(
    'limits',
    'max-allowed-packet',
    count(67_108_864, 1024, 1_073_741_824),
    'BYTES',
    'Longest packet taken from a client.',
  ),
  option('limits', 'connect-timeout', count(10, 2, 31_536_000), 'SECONDS', 'Time for a login.'),
  option(
    'limits',
    'wait-timeout',
    count(28_800, 1, 31_536_000),
    'SECONDS',
    'Silence after which a session ends.',
  ),
  option(
    'limits',
    'replica-net-timeout',
    count(60, 1, 31_536_000),
    'SECONDS',
    'Silence of a source after which it counts as lost.',
  ),
  option('general', 'log-error', text, 'FILE', 'Where the log goes; standard error otherwise.'),
  option('general', 'audit-log', text, 'FILE', 'Where logins, refusals and changes go; the log otherwise.'),
  option(
    'general',
    'log-level',
    { kind: 'choice', values: ['error', 'warn', 'info', 'debug'], default: 'info' },
    'LEVEL',
    'How much the log says.',
  ),
];

/** What MariaDB calls some of them, and MySQL called them before 8.0.26. */
const olderNames: Readonly<Record<string, string>> = {
  'skip-slave-start': 'skip-replica-start',
  'slave-net-timeout': 'replica-net-timeout',
  'rpl-semi-sync-master-enabled': 'rpl-semi-sync-source-enabled',
  'rpl-semi-sync-slave-enabled': 'rpl-semi-sync-replica-enabled',
  'binlog-space-limit': 'max-binlog-total-size',
};

/** The name under which an option is known. */
export const knownName = (name: string): string => olderNames[name] ?? name;

/** Options of `rowlock relay`, named as mysqld names them. */
export const relayOptionTable: readonly OptionDefinition[] = definitions.flatMap((definition) => {
  const older = Object.keys(olderNames).find((name) => olderNames[name] === definition.name);
  if (older === undefined) return [definition];
  return [definition, { ...definition, name: older, help: `The older name of --${definition.name}.` }];
});

/** Options that are not system variables. */
export const notVariables: ReadonlySet<string> = new Set([
  'help',
  'version',
  'datadir',
  'flavor',
  'port',
  'bind-address',
  'socket',
  'http-port',
  'log-bin',
  'log-error',
  'audit-log',
  'log-level',
]);

/** Groups of option files that are read. */
export const relayOptionGroups: readonly string[] = ['rowlock'];
