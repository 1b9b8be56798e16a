import type { Flavor } from '../../../binlog/index.ts';
import { SecurityError } from '../../../errors/index.ts';
import { TlsText } from '../../../tls/index.ts';
import type { ChannelConfiguration } from '../configuration.ts';

/** A link to a source that did not come about, or was lost. */
export interface LostLink {
  readonly configuration: ChannelConfiguration;
  readonly attempt: number;
  readonly wasConnected: boolean;
  /** What the client library says. */
  readonly message: string;
}

/** How the replicas of each family report what their client library says. */
export const LOST_LINK: Readonly<Record<Flavor, (link: LostLink) => string>> = {
  mysql: ({ configuration, attempt, wasConnected, message }) => {
    const { sourceUser, sourceHost, sourcePort, sourceConnectRetry, sourceRetryCount } = configuration;
    const attempts = sourceRetryCount === 0 ? 'unlimited' : sourceRetryCount;
    return (
      `Error ${wasConnected ? 'reconnecting' : 'connecting'} to source '${sourceUser}@${sourceHost}:${sourcePort}'. This was ` +
      `attempt ${attempt}/${attempts}, with a delay of ${sourceConnectRetry} seconds between attempts. Message: ${message}`
    );
  },
  mariadb: ({ configuration, wasConnected, message }) => {
    const { sourceUser, sourceHost, sourcePort, sourceConnectRetry, sourceRetryCount } = configuration;
    return (
      `error ${wasConnected ? 'reconnecting' : 'connecting'} to master '${sourceUser}@${sourceHost}:${sourcePort}' - retry-time: ` +
      `${sourceConnectRetry}  maximum-retries: ${sourceRetryCount}  message: ${message}`
    );
  },
};

/** The command that a source refuses from who is no replica to it, with the replica's error number for that. */
export const REGISTRATION = {
  mysql: [13_120, 'Source command COM_REGISTER_REPLICA failed'],
  mariadb: [1597, 'Master command COM_REGISTER_SLAVE failed'],
} as const satisfies Record<Flavor, readonly [errno: number, what: string]>;

export const NO_USER = {
  mysql:
    'Fatal error: Invalid (empty) username when attempting to connect to the source server. Connection attempt terminated.',
  mariadb:
    'Fatal error: Invalid (empty) username when attempting to connect to the master server. Connection attempt terminated.',
} as const satisfies Record<Flavor, string>;

/** MariaDB's server has a client library of its own, with MySQL's older words for TLS: ours, by the code of the error. */
const SERVER_WORDS: Readonly<Record<string, string>> = {
  TLS_CA_UNREADABLE: TlsText.verifyPaths.mysql,
  TLS_SETTINGS: TlsText.verifyPaths.mysql,
  TLS_CERT_UNREADABLE: TlsText.certificate.mysql,
  TLS_KEY_UNREADABLE: TlsText.privateKey.mysql,
  TLS_KEY_MISMATCH: TlsText.keyMismatch.mysql,
  TLS_KEY_KIND: TlsText.keyKind.mysql,
  TLS_CIPHERS: TlsText.ciphers.mysql,
  TLS_UNPROVED: 'SSL certificate is self-signed',
};

/** What the C library calls the errors a connection meets; MariaDB shows it beside the number. */
const SYSTEM_WORDS: Readonly<Record<string, string>> = {
  0: 'Internal error/check (Not system error)',
  32: 'Broken pipe',
  101: 'Network is unreachable',
  104: 'Connection reset by peer',
  110: 'Connection timed out',
  111: 'Connection refused',
  113: 'No route to host',
};

/** What the client library of the family's server says; ours speaks as MySQL's, and in TLS as the family's tools. */
export function replicaWords(error: Error, flavor: Flavor): string {
  const { message } = error;
  if (flavor === 'mysql') return message;
  if (error instanceof SecurityError && message.startsWith(TOOL_PREFIX)) {
    return `SSL connection error: ${SERVER_WORDS[error.code] ?? message.slice(TOOL_PREFIX.length)}`;
  }
  return message
    .replace(/^Unknown MySQL server host/, 'Unknown server host')
    .replace(/^Lost connection to MySQL server/, 'Lost connection to server')
    .replace(/(system error: )(\d+)$/, (_, words: string, errno: string) => words + named(errno))
    .replace(
      /^Can't connect to MySQL server on '(.*):\d+' \((\d+)\)$/,
      (_, host: string, errno: string) => `Can't connect to server on '${host}' (${named(errno)})`,
    );
}

const TOOL_PREFIX = 'TLS/SSL error: ';

const named = (errno: string): string => {
  const words = SYSTEM_WORDS[errno];
  return words === undefined ? errno : `${errno} "${words}"`;
};
