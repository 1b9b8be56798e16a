import type { Cursor, Writer } from '../../bytes/index.ts';
import type { JsonDiff, JsonDocument } from '../json/index.ts';
import type { Column } from './column.ts';

/**
 * What a column's value is in JavaScript; `null` is SQL NULL.
 *
 * | column | value |
 * |---|---|
 * | TINY, SHORT, INT24, LONG, YEAR, FLOAT, DOUBLE | number |
 * | LONGLONG, BIT | bigint |
 * | DECIMAL, DATE, TIME, DATETIME | string, as MySQL prints it |
 * | TIMESTAMP | string, UTC: `2026-01-01 00:00:00.123456` |
 * | CHAR, VARCHAR, TEXT | string, where the log says the character set and the bytes are legal in it, else Buffer |
 * | BINARY, VARBINARY, BLOB, GEOMETRY | Buffer |
 * | ENUM, SET | string where the log lists the members, else number and bigint |
 * | JSON (MySQL) | {@link JsonDocument}: `String(document)` is its text; partial updates: {@link JsonDiff} list |
 * | VECTOR | Float32Array |
 *
 * Buffers and documents are copies: they stay valid after the event is gone.
 */
export type ColumnValue =
  | null
  | number
  | bigint
  | string
  | Buffer
  | Float32Array
  | JsonDocument
  | readonly JsonDiff[];

/** One type of column: its metadata in the table map, and its value in a row, both directions. */
export interface ColumnType {
  readonly code: number;
  /** The server's name of the type: `MYSQL_TYPE_LONG`. */
  readonly name: string;
  /** Metadata as one number; two-byte forms are documented at each type. */
  readMeta(cursor: Cursor): number;
  writeMeta(writer: Writer, meta: number): void;
  /** Moves past a value without looking at it. */
  skip(cursor: Cursor, column: Column): void;
  readonly read: (cursor: Cursor, column: Column) => ColumnValue;
  /** The mirror of `read`: accepts what it returns. */
  write(writer: Writer, value: Exclude<ColumnValue, null>, column: Column): void;
}
