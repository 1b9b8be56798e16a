import { ServerError } from '../../../errors/index.ts';
import type { AccountName, StatementCursor } from '../statement-cursor.ts';

/** A password as CHANGE … TO names it: itself, or where to find it. */
export type PasswordValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string };

/**
 * What CHANGE REPLICATION SOURCE TO set, under the option's MySQL name in camel case. Absent: not mentioned. Numbers are as written:
 * their bounds are the statement's matter, not the grammar's.
 */
export interface SourceOptions {
  readonly sourceHost?: string;
  readonly sourcePort?: number;
  readonly sourceUser?: string;
  readonly sourcePassword?: PasswordValue;
  readonly sourceBind?: string;
  readonly networkNamespace?: string;
  readonly sourceConnectRetry?: number;
  readonly sourceRetryCount?: number;
  readonly sourceDelay?: number;
  readonly sourceHeartbeatPeriod?: number;
  readonly sourceCompressionAlgorithms?: string;
  readonly sourceZstdCompressionLevel?: number;
  readonly sourceLogFile?: string;
  readonly sourceLogPos?: number;
  readonly relayLogFile?: string;
  readonly relayLogPos?: number;
  readonly sourceAutoPosition?: boolean;
  /** MariaDB's MASTER_USE_GTID. */
  readonly masterUseGtid?: 'no' | 'slave_pos' | 'current_pos' | 'default';
  readonly masterDemoteToSlave?: boolean;
  readonly sourceSsl?: boolean;
  readonly sourceSslCa?: string;
  readonly sourceSslCapath?: string;
  readonly sourceSslCert?: string;
  readonly sourceSslKey?: string;
  readonly sourceSslCipher?: string;
  readonly sourceSslCrl?: string;
  readonly sourceSslCrlpath?: string;
  readonly sourceSslVerifyServerCert?: boolean;
  readonly sourceTlsVersion?: string;
  readonly sourceTlsCiphersuites?: string | null;
  readonly sourcePublicKeyPath?: string;
  readonly getSourcePublicKey?: boolean;
  readonly ignoreServerIds?: readonly number[];
  readonly doDomainIds?: readonly number[];
  readonly ignoreDomainIds?: readonly number[];
  /** Null: nobody. */
  readonly privilegeChecksUser?: AccountName | null;
  readonly requireRowFormat?: number;
  readonly requireTablePrimaryKeyCheck?: 'STREAM' | 'ON' | 'OFF' | 'GENERATE';
  /** OFF, LOCAL, or a text that should be a UUID. */
  readonly assignGtidsToAnonymousTransactions?:
    | { readonly kind: 'OFF' | 'LOCAL' }
    | { readonly kind: 'UUID'; readonly uuid: string };
  readonly gtidOnly?: boolean;
  readonly sourceConnectionAutoFailover?: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Reader = (cursor: StatementCursor, into: Mutable<SourceOptions>) => void;

type KeysOf<V> = {
  [K in keyof SourceOptions]-?: V extends NonNullable<SourceOptions[K]> ? K : never;
}[keyof SourceOptions];

const text =
  (key: KeysOf<string>): Reader =>
  (cursor, into) => {
    Object.assign(into, { [key]: cursor.line() });
  };
const count =
  (key: KeysOf<number>): Reader =>
  (cursor, into) => {
    Object.assign(into, { [key]: cursor.integer() });
  };
/** A number too: everything but 0 is true. */
const yesNo =
  (key: KeysOf<boolean>): Reader =>
  (cursor, into) => {
    Object.assign(into, { [key]: cursor.integer() !== 0 });
  };
const numbers =
  (key: 'ignoreServerIds' | 'doDomainIds' | 'ignoreDomainIds'): Reader =>
  (cursor, into) => {
    cursor.expectSymbol('(');
    into[key] = cursor.isSymbol(')') ? [] : cursor.list(() => cursor.integer());
    cursor.expectSymbol(')');
  };

/** A password, or where to find it. */
export function readPassword(cursor: StatementCursor): PasswordValue {
  const where = cursor.acceptOne('ENVIRONMENT', 'FILE');
  if (where === undefined) return { kind: 'text', text: cursor.line() };
  const value = cursor.line();
  return where === 'FILE' ? { kind: 'file', path: value } : { kind: 'environment', name: value };
}

/** Every option by its newest name; the older spelling of each is found by {@link sourceName}. */
const readers: Readonly<Record<string, Reader>> = {
  SOURCE_HOST: text('sourceHost'),
  SOURCE_PORT: count('sourcePort'),
  SOURCE_USER: text('sourceUser'),
  SOURCE_PASSWORD: (cursor, into) => {
    into.sourcePassword = readPassword(cursor);
  },
  SOURCE_BIND: text('sourceBind'),
  NETWORK_NAMESPACE: text('networkNamespace'),
  SOURCE_CONNECT_RETRY: count('sourceConnectRetry'),
  SOURCE_RETRY_COUNT: count('sourceRetryCount'),
  SOURCE_DELAY: count('sourceDelay'),
  SOURCE_HEARTBEAT_PERIOD: (cursor, into) => {
    into.sourceHeartbeatPeriod = cursor.decimal();
  },
  SOURCE_COMPRESSION_ALGORITHMS: text('sourceCompressionAlgorithms'),
  SOURCE_ZSTD_COMPRESSION_LEVEL: count('sourceZstdCompressionLevel'),
  SOURCE_LOG_FILE: text('sourceLogFile'),
  SOURCE_LOG_POS: count('sourceLogPos'),
  RELAY_LOG_FILE: text('relayLogFile'),
  RELAY_LOG_POS: count('relayLogPos'),
  SOURCE_AUTO_POSITION: yesNo('sourceAutoPosition'),
  MASTER_USE_GTID: (cursor, into) => {
    const mode = cursor.expectOne('NO', 'SLAVE_POS', 'REPLICA_POS', 'CURRENT_POS', 'DEFAULT');
    const spelled = mode === 'REPLICA_POS' ? 'slave_pos' : mode.toLowerCase();
    into.masterUseGtid = spelled as NonNullable<SourceOptions['masterUseGtid']>;
  },
  MASTER_DEMOTE_TO_SLAVE: yesNo('masterDemoteToSlave'),
  SOURCE_SSL: yesNo('sourceSsl'),
  SOURCE_SSL_CA: text('sourceSslCa'),
  SOURCE_SSL_CAPATH: text('sourceSslCapath'),
  SOURCE_SSL_CERT: text('sourceSslCert'),
  SOURCE_SSL_KEY: text('sourceSslKey'),
  SOURCE_SSL_CIPHER: text('sourceSslCipher'),
  SOURCE_SSL_CRL: text('sourceSslCrl'),
  SOURCE_SSL_CRLPATH: text('sourceSslCrlpath'),
  SOURCE_SSL_VERIFY_SERVER_CERT: yesNo('sourceSslVerifyServerCert'),
  SOURCE_TLS_VERSION: text('sourceTlsVersion'),
  SOURCE_TLS_CIPHERSUITES: (cursor, into) => {
    into.sourceTlsCiphersuites = cursor.accept('NULL') ? null : cursor.line();
  },
  SOURCE_PUBLIC_KEY_PATH: text('sourcePublicKeyPath'),
  GET_SOURCE_PUBLIC_KEY: yesNo('getSourcePublicKey'),
  IGNORE_SERVER_IDS: numbers('ignoreServerIds'),
  DO_DOMAIN_IDS: numbers('doDomainIds'),
  IGNORE_DOMAIN_IDS: numbers('ignoreDomainIds'),
  PRIVILEGE_CHECKS_USER: (cursor, into) => {
    if (cursor.is('CURRENT_USER')) throw cursor.fail();
    into.privilegeChecksUser = cursor.accept('NULL') ? null : cursor.account();
  },
  REQUIRE_ROW_FORMAT: count('requireRowFormat'),
  REQUIRE_TABLE_PRIMARY_KEY_CHECK: (cursor, into) => {
    into.requireTablePrimaryKeyCheck = cursor.expectOne('STREAM', 'ON', 'OFF', 'GENERATE');
  },
  ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS: (cursor, into) => {
    const kind = cursor.acceptOne('OFF', 'LOCAL');
    into.assignGtidsToAnonymousTransactions =
      kind === undefined ? { kind: 'UUID', uuid: cursor.line() } : { kind };
  },
  GTID_ONLY: (cursor, into) => {
    const { start } = cursor;
    const value = cursor.integer();
    // The server has a text of its own here.
    if (value > 1) throw gtidOnlyError(cursor.slice(start, cursor.lexer.bytes.length));
    into.gtidOnly = value === 1;
  },
  SOURCE_CONNECTION_AUTO_FAILOVER: (cursor, into) => {
    const { start } = cursor;
    const value = cursor.integer();
    if (value > 1) throw cursor.fail(start);
    into.sourceConnectionAutoFailover = value === 1;
  },
};

/** ER_PARSE_ERROR in the words of the grammar's own check. */
const gtidOnlyError = (near: string): ServerError =>
  new ServerError(
    1064,
    '42000',
    `You have an error in your CHANGE REPLICATION SOURCE syntax; GTID_ONLY only accepts values 0 or 1 near '${near.slice(0, 80)}' at line 1`,
    { code: 'SQL_SYNTAX' },
  );

/** MariaDB's own options keep their name. */
const MARIADB_ONLY: ReadonlySet<string> = new Set(['MASTER_USE_GTID', 'MASTER_DEMOTE_TO_SLAVE']);

function sourceName(word: string): string {
  if (MARIADB_ONLY.has(word)) return word;
  return word.replace(/^MASTER_/, 'SOURCE_').replace(/^GET_MASTER_/, 'GET_SOURCE_');
}

/** Reads `OPTION = value, …`. A repeated option is allowed: the last one wins, as with the servers. */
export function readSourceOptions(cursor: StatementCursor): SourceOptions {
  const options: Mutable<SourceOptions> = {};
  cursor.list(() => {
    const read = readers[sourceName(cursor.word)];
    if (read === undefined || !Object.hasOwn(readers, sourceName(cursor.word))) throw cursor.fail();
    cursor.advance();
    cursor.expectSymbol('=');
    read(cursor, options);
  });
  return options;
}
