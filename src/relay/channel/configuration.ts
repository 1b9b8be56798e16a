import { NO_FILTERS, type ReplicationFilters } from '../../replication/index.ts';
import type { ConflictRule, PrimaryKeyCheck } from '../../target/index.ts';

/** How a channel knows where it stands. */
export type Positioning =
  /** SOURCE_LOG_FILE and SOURCE_LOG_POS. */
  | 'position'
  /** SOURCE_AUTO_POSITION = 1: MySQL's GTID sets. */
  | 'auto'
  /** MASTER_USE_GTID = slave_pos: MariaDB's GTIDs, of what was applied. */
  | 'slave_pos'
  /** MASTER_USE_GTID = current_pos: the same, and what the relay itself wrote. */
  | 'current_pos';

/** Where a secret comes from: kept encrypted by the relay, or named and looked up each time the channel connects. */
export type SecretSource =
  | { readonly kind: 'stored'; readonly sealed: Uint8Array }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string };

/**
 * What CHANGE REPLICATION SOURCE TO (or CHANGE MASTER TO) set for one channel, with the server's defaults filled in.
 *
 * Empty strings stand for "not set", as in the server's own tables. The TLS settings say what was written, not what follows from
 * it: `sourceSslMode` says that.
 */
/** CHANGE REPLICATION TARGET TO: where the rows go; an empty text is an option that was not given. */
export interface ChannelTarget {
  /** Without a password; empty: what `rowlock_target` says. */
  readonly url: string;
  readonly user: string;
  readonly password: SecretSource | undefined;
  readonly sslMode: string;
  readonly sslCa: string;
  readonly sslCapath: string;
  readonly sslCert: string;
  readonly sslKey: string;
  readonly sslCipher: string;
  readonly sslVerifyServerCert: boolean;
  readonly tlsVersion: string;
  readonly onConflict: ConflictRule;
}

export const NO_TARGET: ChannelTarget = {
  url: '',
  user: '',
  password: undefined,
  sslMode: '',
  sslCa: '',
  sslCapath: '',
  sslCert: '',
  sslKey: '',
  sslCipher: '',
  sslVerifyServerCert: false,
  tlsVersion: '',
  onConflict: 'stop',
};

export interface ChannelConfiguration {
  /** Empty: the default channel. */
  readonly channel: string;
  readonly sourceHost: string;
  readonly sourcePort: number;
  readonly sourceUser: string;
  readonly sourcePassword: SecretSource | undefined;
  /** Local address to connect from. */
  readonly sourceBind: string;
  readonly networkNamespace: string;
  /** Seconds. */
  readonly sourceConnectRetry: number;
  /** 0: for ever. */
  readonly sourceRetryCount: number;
  /** Seconds, with fractions; 0: none. */
  readonly sourceHeartbeatPeriod: number;
  /** `uncompressed`, or a list as SOURCE_COMPRESSION_ALGORITHMS takes it. */
  readonly sourceCompressionAlgorithms: string;
  readonly sourceZstdCompressionLevel: number;
  readonly positioning: Positioning;
  /** Where reading begins; with GTIDs, unused. */
  readonly sourceLogFile: string;
  readonly sourceLogPos: number;
  /** Seconds. */
  readonly sourceDelay: number;
  readonly ignoreServerIds: readonly number[];
  /** MariaDB's DO_DOMAIN_IDS and IGNORE_DOMAIN_IDS. */
  readonly doDomainIds: readonly number[];
  readonly ignoreDomainIds: readonly number[];

  readonly sourceSsl: boolean;
  readonly sourceSslCa: string;
  readonly sourceSslCapath: string;
  readonly sourceSslCert: string;
  readonly sourceSslKey: string;
  readonly sourceSslCipher: string;
  readonly sourceSslCrl: string;
  readonly sourceSslCrlpath: string;
  readonly sourceSslVerifyServerCert: boolean;
  readonly sourceTlsVersion: string;
  /** Null: the library's default. */
  readonly sourceTlsCiphersuites: string | null;
  readonly sourcePublicKeyPath: string;
  readonly getSourcePublicKey: boolean;

  readonly requireRowFormat: boolean;
  /** `user@host`, or undefined: changes are applied with all rights. */
  readonly privilegeChecksUser: { readonly user: string; readonly host: string } | undefined;
  readonly requireTablePrimaryKeyCheck: PrimaryKeyCheck;
  /** OFF, LOCAL, or a UUID to make GTIDs from. */
  readonly assignGtidsToAnonymousTransactions: string;
  readonly gtidOnly: boolean;
  readonly sourceConnectionAutoFailover: boolean;
  /** CHANGE REPLICATION FILTER, as written: what each rule holds. */
  readonly filters: ReplicationFilters;
  readonly target: ChannelTarget;
}

/** What a MySQL 9.7 channel starts with; heartbeats come at half of replica_net_timeout. */
export function defaultConfiguration(channel: string, replicaNetTimeout: number): ChannelConfiguration {
  return {
    channel,
    sourceHost: '',
    sourcePort: 3306,
    sourceUser: '',
    sourcePassword: undefined,
    sourceBind: '',
    networkNamespace: '',
    sourceConnectRetry: 60,
    sourceRetryCount: 10,
    sourceHeartbeatPeriod: replicaNetTimeout / 2,
    sourceCompressionAlgorithms: 'uncompressed',
    sourceZstdCompressionLevel: 3,
    positioning: 'position',
    sourceLogFile: '',
    sourceLogPos: 4,
    sourceDelay: 0,
    ignoreServerIds: [],
    doDomainIds: [],
    ignoreDomainIds: [],
    sourceSsl: false,
    sourceSslCa: '',
    sourceSslCapath: '',
    sourceSslCert: '',
    sourceSslKey: '',
    sourceSslCipher: '',
    sourceSslCrl: '',
    sourceSslCrlpath: '',
    sourceSslVerifyServerCert: false,
    sourceTlsVersion: '',
    sourceTlsCiphersuites: null,
    sourcePublicKeyPath: '',
    getSourcePublicKey: false,
    requireRowFormat: false,
    privilegeChecksUser: undefined,
    requireTablePrimaryKeyCheck: 'STREAM',
    assignGtidsToAnonymousTransactions: 'OFF',
    gtidOnly: false,
    sourceConnectionAutoFailover: false,
    filters: NO_FILTERS,
    target: NO_TARGET,
  };
}
