import { ColumnCode } from './column-code.ts';
import type { ColumnType } from './definition.ts';
import { noMeta, oneByteMeta } from './meta.ts';

/** Metadata is the size of the value, 4. */
export const float: ColumnType = {
  code: ColumnCode.FLOAT,
  name: 'MYSQL_TYPE_FLOAT',
  ...oneByteMeta,
  skip: (cursor) => cursor.skip(4),
  read: (cursor) => cursor.f32(),
  write: (writer, value) => writer.f32(Number(value)),
};

/** Metadata is the size of the value, 8. */
export const double: ColumnType = {
  code: ColumnCode.DOUBLE,
  name: 'MYSQL_TYPE_DOUBLE',
  ...oneByteMeta,
  skip: (cursor) => cursor.skip(8),
  read: (cursor) => cursor.f64(),
  write: (writer, value) => writer.f64(Number(value)),
};

/** A column that is always NULL, as in `CREATE TABLE t AS SELECT NULL`; it has no bytes. */
export const nullType: ColumnType = {
  code: ColumnCode.NULL,
  name: 'MYSQL_TYPE_NULL',
  ...noMeta,
  skip: () => undefined,
  read: () => null,
  write: () => undefined,
};
