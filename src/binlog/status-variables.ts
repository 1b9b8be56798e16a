import { Cursor } from '../bytes/index.ts';
import { FormatError, RowlockError } from '../errors/index.ts';

/** Codes of a Query event's status variables (MySQL `Query_event_post_header`'s Q_…_CODE; MariaDB's own from 128). */
export const StatusVariable = {
  FLAGS2: 0,
  SQL_MODE: 1,
  CATALOG: 2,
  AUTO_INCREMENT: 3,
  CHARSET: 4,
  TIME_ZONE: 5,
  CATALOG_NZ: 6,
  LC_TIME_NAMES: 7,
  CHARSET_DATABASE: 8,
  TABLE_MAP_FOR_UPDATE: 9,
  MASTER_DATA_WRITTEN: 10,
  INVOKER: 11,
  UPDATED_DB_NAMES: 12,
  MICROSECONDS: 13,
  EXPLICIT_DEFAULTS_FOR_TIMESTAMP: 16,
  DDL_LOGGED_WITH_XID: 17,
  DEFAULT_COLLATION_FOR_UTF8MB4: 18,
  SQL_REQUIRE_PRIMARY_KEY: 19,
  DEFAULT_TABLE_ENCRYPTION: 20,
  ENABLE_CASCADE_TRIGGERS: 21,
  HRNOW: 128,
  XID: 129,
  GTID_FLAGS3: 130,
  CHARACTER_SET_COLLATIONS: 131,
} as const;

/** Bits of `flags2`: session options in force. */
export const Flags2 = {
  AUTO_IS_NULL: 0x4000,
  NOT_AUTOCOMMIT: 0x8_0000,
  NO_CHECK_CONSTRAINT_CHECKS: 0x8000,
  EXPLICIT_DEFAULTS_FOR_TIMESTAMP: 0x100_0000,
  NO_FOREIGN_KEY_CHECKS: 0x400_0000,
  RELAXED_UNIQUE_CHECKS: 0x800_0000,
  IF_EXISTS: 0x1000_0000,
  SYSTEM_VERSIONING_INSERT_HISTORY: 0x4000_0000,
} as const;

/**
 * The session settings that a statement was run under. What the log does not say is undefined. `bytes` is the block as
 * logged: the codes describe themselves only when known, so what follows an unknown code can be carried but not read.
 */
export interface StatusVariables {
  readonly bytes: Buffer;
  flags2?: number;
  /** 64 bits. */
  sqlMode?: bigint;
  catalog?: Buffer;
  autoIncrement?: { readonly increment: number; readonly offset: number };
  /** Collation ids. */
  charset?: { readonly client: number; readonly connection: number; readonly server: number };
  timeZone?: Buffer;
  lcTimeNames?: number;
  charsetDatabase?: number;
  tableMapForUpdate?: bigint;
  masterDataWritten?: number;
  invoker?: { readonly user: Buffer; readonly host: Buffer };
  /** Undefined when more than 16 databases were touched and the server gave up naming them. */
  updatedSchemas?: readonly Buffer[];
  microseconds?: number;
  explicitDefaultsForTimestamp?: number;
  ddlXid?: bigint;
  defaultCollationForUtf8mb4?: number;
  sqlRequirePrimaryKey?: number;
  defaultTableEncryption?: number;
  enableCascadeTriggers?: number;
  /** MariaDB. */
  xid?: bigint;
  gtidFlags3?: number;
  startAlterSeqNo?: bigint;
  characterSetCollations?: readonly { readonly charset: number; readonly collation: number }[];
}

/** MAX_DBS_IN_EVENT_MTS: with more databases than this the server writes 254 and no names. */
const MAX_SCHEMAS = 16;

type Reader = (cursor: Cursor, into: StatusVariables) => void;

function string8(cursor: Cursor): Buffer {
  return cursor.view(cursor.u8());
}

const readers: readonly (readonly [code: number, reader: Reader])[] = [
  [StatusVariable.FLAGS2, (cursor, into) => void (into.flags2 = cursor.u32())],
  [StatusVariable.SQL_MODE, (cursor, into) => void (into.sqlMode = cursor.u64())],
  [
    StatusVariable.CATALOG,
    (cursor, into) => {
      into.catalog = string8(cursor);
      if (into.catalog.length > 0) cursor.skip(1);
    },
  ],
  [
    StatusVariable.AUTO_INCREMENT,
    (cursor, into) => void (into.autoIncrement = { increment: cursor.u16(), offset: cursor.u16() }),
  ],
  [
    StatusVariable.CHARSET,
    (cursor, into) =>
      void (into.charset = { client: cursor.u16(), connection: cursor.u16(), server: cursor.u16() }),
  ],
  [StatusVariable.TIME_ZONE, (cursor, into) => void (into.timeZone = string8(cursor))],
  [StatusVariable.CATALOG_NZ, (cursor, into) => void (into.catalog = string8(cursor))],
  [StatusVariable.LC_TIME_NAMES, (cursor, into) => void (into.lcTimeNames = cursor.u16())],
  [StatusVariable.CHARSET_DATABASE, (cursor, into) => void (into.charsetDatabase = cursor.u16())],
  [StatusVariable.TABLE_MAP_FOR_UPDATE, (cursor, into) => void (into.tableMapForUpdate = cursor.u64())],
  [StatusVariable.MASTER_DATA_WRITTEN, (cursor, into) => void (into.masterDataWritten = cursor.u32())],
  [
    StatusVariable.INVOKER,
    (cursor, into) => void (into.invoker = { user: string8(cursor), host: string8(cursor) }),
  ],
  [
    StatusVariable.UPDATED_DB_NAMES,
    (cursor, into) => {
      const count = cursor.u8();
      if (count > MAX_SCHEMAS) return;
      if (count === 0) throw new FormatError('a list of no databases');
      into.updatedSchemas = Array.from({ length: count }, () => Buffer.from(cursor.latin1ToNul(), 'latin1'));
    },
  ],
  [StatusVariable.MICROSECONDS, (cursor, into) => void (into.microseconds = cursor.u24())],
  [
    StatusVariable.EXPLICIT_DEFAULTS_FOR_TIMESTAMP,
    (cursor, into) => void (into.explicitDefaultsForTimestamp = cursor.u8()),
  ],
  [StatusVariable.DDL_LOGGED_WITH_XID, (cursor, into) => void (into.ddlXid = cursor.u64())],
  [
    StatusVariable.DEFAULT_COLLATION_FOR_UTF8MB4,
    (cursor, into) => void (into.defaultCollationForUtf8mb4 = cursor.u16()),
  ],
  [StatusVariable.SQL_REQUIRE_PRIMARY_KEY, (cursor, into) => void (into.sqlRequirePrimaryKey = cursor.u8())],
  [
    StatusVariable.DEFAULT_TABLE_ENCRYPTION,
    (cursor, into) => void (into.defaultTableEncryption = cursor.u8()),
  ],
  [StatusVariable.ENABLE_CASCADE_TRIGGERS, (cursor, into) => void (into.enableCascadeTriggers = cursor.u8())],
  [StatusVariable.HRNOW, (cursor, into) => void (into.microseconds = cursor.u24())],
  [StatusVariable.XID, (cursor, into) => void (into.xid = cursor.u64())],
  [
    StatusVariable.GTID_FLAGS3,
    (cursor, into) => {
      into.gtidFlags3 = cursor.u8();
      // COMMIT ALTER and ROLLBACK ALTER name the START ALTER they end.
      if ((into.gtidFlags3 & 0x0c) !== 0) into.startAlterSeqNo = cursor.u64();
    },
  ],
  [
    StatusVariable.CHARACTER_SET_COLLATIONS,
    (cursor, into) => {
      const count = cursor.u8();
      into.characterSetCollations = Array.from({ length: count }, () => ({
        charset: cursor.u16(),
        collation: cursor.u16(),
      }));
    },
  ],
];

const readerByCode: (Reader | undefined)[] = Array.from({ length: 256 });
for (const [code, read] of readers) readerByCode[code] = read;

/**
 * Reads the block, which is the next `length` bytes; stops without an error at a code nobody knows, as the servers do.
 *
 * @throws FormatError where a value is cut off
 */
export function readStatusVariables(cursor: Cursor, length: number): StatusVariables {
  const { position, end } = cursor;
  const status: StatusVariables = { bytes: cursor.view(length) };
  const behind = cursor.position;
  cursor.frame(position, behind);
  while (cursor.remaining > 0) {
    const reader = readerByCode[cursor.u8()];
    if (reader === undefined) break;
    reader(cursor, status);
  }
  cursor.frame(behind, end);
  return status;
}

/** Shows the variables of the block in their order, as far as {@link readStatusVariables} reads it. */
function forEachVariable(bytes: Buffer, visit: (code: number, valueAt: number) => void): void {
  const scratch: StatusVariables = { bytes };
  const cursor = new Cursor(bytes);
  while (cursor.remaining > 0) {
    const code = cursor.u8();
    const valueAt = cursor.position;
    const reader = readerByCode[code];
    if (reader === undefined) break;
    try {
      reader(cursor, scratch);
    } catch (error) {
      if (error instanceof RowlockError) break;
      throw error;
    }
    visit(code, valueAt);
  }
}

/** The codes of the block in their order. */
export function statusVariableCodes(bytes: Buffer): number[] {
  const codes: number[] = [];
  forEachVariable(bytes, (code) => codes.push(code));
  return codes;
}

/** Where in the block the microseconds of the statement's time stand, as far as they are what is read as such; -1 where there are none. */
export function microsecondsAt(bytes: Buffer): number {
  let found = -1;
  forEachVariable(bytes, (code, valueAt) => {
    if (code === StatusVariable.MICROSECONDS || code === StatusVariable.HRNOW) found = valueAt;
  });
  return found;
}
