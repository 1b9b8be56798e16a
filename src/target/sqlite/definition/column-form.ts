import { type ColumnValue, JsonDocument } from '../../../binlog/index.ts';
import { bindableReal, type SqliteValue } from '../../../store/index.ts';
import { documentText } from '../../../text/index.ts';
import type { TableColumn } from '../../schema/index.ts';

/** How values of a column are kept: the type SQLite is told, and the value itself. Nothing is lost on the way. */
export interface ColumnForm {
  /** Decides the affinity; empty: values stay as they are given. */
  readonly declared: string;
  readonly store: (value: Exclude<ColumnValue, null>) => SqliteValue;
}

const INT64_MAX = 2n ** 63n - 1n;

/** 64-bit integers: as integers where SQLite has room for them, else as their digits. */
function storeBigint(value: Exclude<ColumnValue, null>): SqliteValue {
  return typeof value === 'bigint' && value > INT64_MAX ? String(value) : (value as SqliteValue);
}

/**
 * Texts in no known character set stay bytes; ENUM and SET without members stay numbers. A text with a NUL in it is kept as its bytes:
 * given as text, SQLite's bindings would end it there.
 */
function storePlain(value: Exclude<ColumnValue, null>): SqliteValue {
  if (typeof value === 'string') return value.includes('\0') ? Buffer.from(value) : value;
  if (typeof value !== 'object') return value;
  if (value instanceof Float32Array) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof JsonDocument) return documentText(value.bytes);
  throw new TypeError('steps of a JSON update are no value: they must have been carried out');
}

const storeReal = (value: Exclude<ColumnValue, null>): SqliteValue =>
  typeof value === 'number' ? bindableReal(value) : storePlain(value);

const INTEGER: ColumnForm = { declared: 'INTEGER', store: storePlain };
const REAL: ColumnForm = { declared: 'REAL', store: storeReal };
const TEXT: ColumnForm = { declared: 'TEXT', store: storePlain };
const BLOB: ColumnForm = { declared: 'BLOB', store: storePlain };
/** Any declared type that means numbers would turn large digits into a floating-point number. */
const UNSIGNED_64: ColumnForm = { declared: '', store: storeBigint };

const FORMS: Readonly<Record<string, ColumnForm>> = {
  tinyint: INTEGER,
  smallint: INTEGER,
  mediumint: INTEGER,
  int: INTEGER,
  bigint: INTEGER,
  year: INTEGER,
  bit: INTEGER,
  float: REAL,
  double: REAL,
  decimal: TEXT,
  date: TEXT,
  time: TEXT,
  datetime: TEXT,
  timestamp: TEXT,
  char: TEXT,
  varchar: TEXT,
  tinytext: TEXT,
  text: TEXT,
  mediumtext: TEXT,
  longtext: TEXT,
  enum: TEXT,
  set: TEXT,
  json: TEXT,
  xmltype: TEXT,
  varbinary: BLOB,
  tinyblob: BLOB,
  blob: BLOB,
  mediumblob: BLOB,
  longblob: BLOB,
  vector: BLOB,
  geometry: BLOB,
};

/** BINARY(n) travels without its trailing zero bytes. */
function padded(length: number): ColumnForm {
  const store = (value: Exclude<ColumnValue, null>): SqliteValue => {
    if (!Buffer.isBuffer(value) || value.length >= length) return storePlain(value);
    return Buffer.concat([value, Buffer.alloc(length - value.length)]);
  };
  return { declared: 'BLOB', store };
}

const FIXED_BYTES: Readonly<Record<string, number>> = { uuid: 16, inet6: 16, inet4: 4 };

export function formOf({ type }: TableColumn): ColumnForm {
  const isUnsigned64 =
    (type.name === 'bigint' && type.unsigned) || (type.name === 'bit' && type.length === 64);
  if (isUnsigned64) return UNSIGNED_64;
  const fixed = type.name === 'binary' ? type.length : FIXED_BYTES[type.name];
  return fixed === undefined ? (FORMS[type.name] ?? BLOB) : padded(fixed);
}
