import type { Dialect } from '../../../options/index.ts';
import type { Expiry } from './expiry.ts';
import type { RewriteRule } from './rewrite-rules.ts';

/** Everything the binlog command was asked to do, checked. */
export interface BinlogOptions {
  readonly dialect: Dialect;
  /** Files, names of a server's logs, or `-` for standard input. At least one. */
  readonly logs: readonly string[];
  readonly selection: Selection;
  readonly output: Output;
  readonly checks: Checks;
  /** Undefined: the logs are files. */
  readonly remote: Remote | undefined;
  readonly flavor: 'auto' | 'mysql' | 'mariadb';
  readonly compat: 'better' | 'exact';
  /** File with the keys of encrypted logs. */
  readonly decryptKeyFile: string | undefined;
}

export interface Selection {
  /** Byte of the first log. */
  readonly startPosition: number;
  /** MariaDB: print what comes after these, `0-1-5,1-1-7`. */
  readonly startGtids: string | undefined;
  /** Byte of the last log; undefined: to its end. */
  readonly stopPosition: number | undefined;
  /** MariaDB: print up to these, included. */
  readonly stopGtids: string | undefined;
  /** GTIDs were given for a position at some time, even where a number took their place. */
  readonly hasGtidPositions: boolean;
  /** Seconds since 1970. */
  readonly startTimestamp: number | undefined;
  readonly stopTimestamp: number | undefined;
  /** --stop-datetime as written, for messages. */
  readonly stopDatetimeText: string | undefined;
  /** Events to leave out first. */
  readonly offset: number;
  readonly database: string | undefined;
  readonly table: string | undefined;
  /** Undefined: every server. */
  readonly serverIds: ReadonlySet<number> | undefined;
  readonly ignoreServerIds: ReadonlySet<number> | undefined;
  /** Low bits of a server id that count, as a mask of 32 bits. */
  readonly serverIdMask: number;
  readonly domainIds: ReadonlySet<number> | undefined;
  readonly ignoreDomainIds: ReadonlySet<number> | undefined;
  /** MySQL GTID sets as written. */
  readonly includeGtids: string | undefined;
  readonly excludeGtids: string | undefined;
  readonly gtidStrictMode: boolean;
}

export interface Output {
  readonly base64: 'auto' | 'never' | 'decode-rows';
  /** How often -v was given. */
  readonly verbose: number;
  readonly hexdump: boolean;
  readonly shortForm: boolean;
  readonly json: 'events' | 'rows' | undefined;
  readonly raw: boolean;
  /** A file; with `raw`, what stands before the names of the copies. */
  readonly resultFile: string | undefined;
  readonly printTableMetadata: boolean;
  readonly printRowCount: boolean;
  readonly printRowEventPositions: boolean;
  readonly skipAnnotateRowEvents: boolean;
  readonly skipGtids: boolean;
  readonly setCharset: string | undefined;
  readonly disableLogBin: boolean;
  readonly idempotent: boolean;
  readonly flashback: boolean;
  readonly rewrites: readonly RewriteRule[];
  /** Folder for the files of LOAD DATA. */
  readonly localLoad: string | undefined;
  /** Bytes. */
  readonly rowEventMaxSize: number;
}

export interface Checks {
  readonly verifyChecksum: boolean;
  /** `basic`: what mysqlbinlog checks. `strict`: everything that is not a row change. */
  readonly requireRowFormat: 'off' | 'basic' | 'strict';
  readonly forceIfOpen: boolean;
  readonly forceRead: boolean;
}

export interface Remote {
  readonly dump: 'COM_BINLOG_DUMP' | 'COM_BINLOG_DUMP_GTID';
  readonly toLastLog: boolean;
  readonly stopNever: boolean;
  /** With raw copies: go on where those on disk end. */
  readonly resume: boolean;
  /** With raw copies: attempts in a row to go on after a broken link; undefined: none. */
  readonly reconnect: number | undefined;
  readonly expireLogs: Expiry | undefined;
  /** To introduce ourselves with. */
  readonly serverId: number;
  readonly host: string | undefined;
  /** 0: the usual one. */
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** A password was asked for without giving one: read it from the terminal. */
  readonly askPassword: boolean;
  readonly socket: string | undefined;
  readonly protocol: 'TCP' | 'SOCKET' | 'PIPE' | 'MEMORY' | undefined;
  readonly bindAddress: string | undefined;
  readonly defaultAuth: string | undefined;
  readonly enableCleartextPlugin: boolean;
  readonly serverPublicKeyPath: string | undefined;
  readonly getServerPublicKey: boolean;
  readonly compress: boolean;
  readonly compressionAlgorithms: string | undefined;
  readonly zstdCompressionLevel: number;
  readonly tls: TlsOptionValues;
}

/** TLS options as given; what they mean together is decided elsewhere. Undefined: not given. */
export interface TlsOptionValues {
  readonly sslMode: 'DISABLED' | 'PREFERRED' | 'REQUIRED' | 'VERIFY_CA' | 'VERIFY_IDENTITY' | undefined;
  /** MariaDB's --ssl and --ssl-verify-server-cert; undefined: not given (both are then on in MariaDB 11.8). */
  readonly ssl: boolean | undefined;
  readonly verifyServerCert: boolean | undefined;
  readonly ca: string | undefined;
  readonly capath: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly cipher: string | undefined;
  readonly crl: string | undefined;
  readonly crlpath: string | undefined;
  readonly tlsVersion: string | undefined;
  readonly tlsCiphersuites: string | undefined;
  readonly fipsMode: 'OFF' | 'ON' | 'STRICT' | undefined;
  readonly sessionData: string | undefined;
  readonly continueOnFailedReuse: boolean;
  readonly sniServername: string | undefined;
  readonly fingerprint: string | undefined;
  readonly fingerprintList: string | undefined;
}
