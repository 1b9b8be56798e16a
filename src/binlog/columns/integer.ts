import type { Cursor, Writer } from '../../bytes/index.ts';
import type { Column } from './column.ts';
import { ColumnCode } from './column-code.ts';
import type { ColumnType, ColumnValue } from './definition.ts';
import { noMeta } from './meta.ts';

/** The signed and unsigned readers of a width. A log without signedness reads as signed, as the real tools do. */
function integer(
  code: number,
  name: string,
  bytes: number,
  signed: (cursor: Cursor) => number,
  unsigned: (cursor: Cursor) => number,
  write: (writer: Writer, value: number) => void,
): ColumnType {
  return {
    code,
    name,
    ...noMeta,
    skip: (cursor) => cursor.skip(bytes),
    read: (cursor: Cursor, column: Column): ColumnValue =>
      column.unsigned ? unsigned(cursor) : signed(cursor),
    write: (writer, value) => write(writer, Number(value)),
  };
}

export const tiny: ColumnType = integer(
  ColumnCode.TINY,
  'MYSQL_TYPE_TINY',
  1,
  (cursor) => cursor.i8(),
  (cursor) => cursor.u8(),
  (writer, value) => writer.u8(value & 0xff),
);

export const short: ColumnType = integer(
  ColumnCode.SHORT,
  'MYSQL_TYPE_SHORT',
  2,
  (cursor) => cursor.i16(),
  (cursor) => cursor.u16(),
  (writer, value) => writer.u16(value & 0xffff),
);

export const int24: ColumnType = integer(
  ColumnCode.INT24,
  'MYSQL_TYPE_INT24',
  3,
  (cursor) => cursor.i24(),
  (cursor) => cursor.u24(),
  (writer, value) => writer.u24(value & 0xff_ffff),
);

export const long: ColumnType = integer(
  ColumnCode.LONG,
  'MYSQL_TYPE_LONG',
  4,
  (cursor) => cursor.i32(),
  (cursor) => cursor.u32(),
  (writer, value) => writer.u32(value >>> 0),
);

export const longlong: ColumnType = {
  code: ColumnCode.LONGLONG,
  name: 'MYSQL_TYPE_LONGLONG',
  ...noMeta,
  skip: (cursor) => cursor.skip(8),
  read: (cursor, column) => (column.unsigned ? cursor.u64() : cursor.i64()),
  write: (writer, value) => writer.u64(BigInt.asUintN(64, BigInt(value as bigint))),
};
