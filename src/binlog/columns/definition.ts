import type { Cursor, Writer } from '../../bytes/index.ts';
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
 * | CHAR, VARCHAR, TEXT | string, where the log says the character set, else Buffer |
 * | BINARY, VARBINARY, BLOB, GEOMETRY | Buffer |
 * | ENUM, SET | string where the log lists the members, else number and bigint |
 * | JSON | the document's JSON text; partial updates: {@link JsonDiff} list |
 * | VECTOR | Float32Array |
 */
export type ColumnValue = null | number | bigint | string | Buffer | Float32Array | readonly JsonDiff[];

/** One step of a partial JSON update. */
export interface JsonDiff {
  readonly operation: 'replace' | 'insert' | 'remove';
  /** JSON path, `$.a[1]`. */
  readonly path: string;
  /** JSON text; undefined for `remove`. */
  readonly value: string | undefined;
}

/** One type of column: its metadata in the table map, and its value in a row, both directions. */
export interface ColumnType {
  readonly code: number;
  /** The server's name of the type: `MYSQL_TYPE_LONG`. */
  readonly name: string;
  /** Bytes of metadata in the table map: 0, 1 or 2. */
  readonly metaBytes: 0 | 1 | 2;
  /** Metadata as one number; two-byte forms are documented at each type. */
  readMeta(cursor: Cursor): number;
  writeMeta(writer: Writer, meta: number): void;
  /** Moves past a value without looking at it. */
  skip(cursor: Cursor, column: Column): void;
  read(cursor: Cursor, column: Column): ColumnValue;
  /** The mirror of `read`: accepts what it returns. */
  write(writer: Writer, value: Exclude<ColumnValue, null>, column: Column): void;
}
