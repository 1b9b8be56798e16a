/** Capability flags of the handshake, as the servers name them (`CLIENT_…`). Values are unsigned 32-bit. */
export const Capability = {
  /** Also CLIENT_MYSQL: when clear, the peer is MariaDB and speaks extended capabilities. */
  LONG_PASSWORD: 0x1,
  FOUND_ROWS: 0x2,
  LONG_FLAG: 0x4,
  CONNECT_WITH_DB: 0x8,
  NO_SCHEMA: 0x10,
  COMPRESS: 0x20,
  ODBC: 0x40,
  LOCAL_FILES: 0x80,
  IGNORE_SPACE: 0x100,
  PROTOCOL_41: 0x200,
  INTERACTIVE: 0x400,
  SSL: 0x800,
  IGNORE_SIGPIPE: 0x1000,
  TRANSACTIONS: 0x2000,
  RESERVED: 0x4000,
  SECURE_CONNECTION: 0x8000,
  MULTI_STATEMENTS: 0x1_0000,
  MULTI_RESULTS: 0x2_0000,
  PS_MULTI_RESULTS: 0x4_0000,
  PLUGIN_AUTH: 0x8_0000,
  CONNECT_ATTRS: 0x10_0000,
  PLUGIN_AUTH_LENENC: 0x20_0000,
  CAN_HANDLE_EXPIRED_PASSWORDS: 0x40_0000,
  SESSION_TRACK: 0x80_0000,
  DEPRECATE_EOF: 0x100_0000,
  OPTIONAL_RESULTSET_METADATA: 0x200_0000,
  ZSTD_COMPRESSION: 0x400_0000,
  QUERY_ATTRIBUTES: 0x800_0000,
  MULTI_FACTOR_AUTHENTICATION: 0x1000_0000,
  CAPABILITY_EXTENSION: 0x2000_0000,
  SSL_VERIFY_SERVER_CERT: 0x4000_0000,
  REMEMBER_OPTIONS: 0x8000_0000,
} as const;

/** MariaDB's extended capabilities (`MARIADB_CLIENT_…`), bits 32 and up, here from bit 0. */
export const ExtendedCapability = {
  PROGRESS: 0x1,
  RESERVED: 0x2,
  STMT_BULK_OPERATIONS: 0x4,
  EXTENDED_METADATA: 0x8,
  CACHE_METADATA: 0x10,
  BULK_UNIT_RESULTS: 0x20,
} as const;

/** What two peers agreed on: packets are laid out by it. Both numbers are unsigned 32-bit. */
export interface Agreement {
  readonly capabilities: number;
  /** MariaDB only; 0 otherwise. */
  readonly extended: number;
  /** The server's side: what the client's names come in, where it is not UTF-8. */
  readonly clientCharset?: string | undefined;
  /** The server's side: what names and messages go out in, where it is not UTF-8. */
  readonly resultsCharset?: string | undefined;
}

/** Nothing but what every server since 4.1 speaks. */
export const BARE_AGREEMENT: Agreement = { capabilities: 0x8200, extended: 0 };

/** Whether every bit of `flag` is in `capabilities`. */
export function has(capabilities: number, flag: number): boolean {
  return (capabilities & flag) >>> 0 === flag;
}

/** `SERVER_STATUS_…` and `SERVER_…` flags in OK and EOF packets. */
export const ServerStatus = {
  IN_TRANS: 0x1,
  AUTOCOMMIT: 0x2,
  MORE_RESULTS_EXISTS: 0x8,
  NO_GOOD_INDEX_USED: 0x10,
  NO_INDEX_USED: 0x20,
  CURSOR_EXISTS: 0x40,
  LAST_ROW_SENT: 0x80,
  DB_DROPPED: 0x100,
  NO_BACKSLASH_ESCAPES: 0x200,
  METADATA_CHANGED: 0x400,
  QUERY_WAS_SLOW: 0x800,
  PS_OUT_PARAMS: 0x1000,
  IN_TRANS_READONLY: 0x2000,
  SESSION_STATE_CHANGED: 0x4000,
} as const;
