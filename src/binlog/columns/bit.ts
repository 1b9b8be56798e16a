import type { Cursor } from '../../bytes/index.ts';
import { FormatError } from '../../errors/index.ts';
import type { Column } from './column.ts';
import { ColumnCode } from './column-code.ts';
import type { ColumnType, ColumnValue } from './definition.ts';
import { twoByteMeta } from './meta.ts';

/** BIT(n) of at most 64 bits. */
const MAX_BITS = 64;

/** Width of a BIT column: metadata is the bits beyond whole bytes, then the whole bytes. */
export function bitsOf(column: Column): number {
  return (column.meta & 0xff) * 8 + (column.meta >> 8);
}

function bytesOf(column: Column): number {
  const bits = bitsOf(column);
  if (bits > MAX_BITS) throw new FormatError(`BIT column of ${bits} bits exceeds ${MAX_BITS}`);
  return (bits + 7) >> 3;
}

/** Big-endian, in as few bytes as the width needs. */
export const bit: ColumnType = {
  code: ColumnCode.BIT,
  name: 'MYSQL_TYPE_BIT',
  ...twoByteMeta,
  skip: (cursor, column) => cursor.skip(bytesOf(column)),
  read: (cursor: Cursor, column: Column): ColumnValue => cursor.uintBe(bytesOf(column)),
  write: (writer, value, column) => writer.uintBe(BigInt(value as bigint), bytesOf(column)),
};
