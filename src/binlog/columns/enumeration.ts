import type { Cursor } from '../../bytes/index.ts';
import { FormatError, UsageError } from '../../errors/index.ts';
import type { Column } from './column.ts';
import { ColumnCode } from './column-code.ts';
import type { ColumnType, ColumnValue } from './definition.ts';
import { twoByteMeta } from './meta.ts';

/** Bytes of an ENUM or SET value: metadata's second byte, also where the type is not hidden behind STRING. */
function bytesOf(column: Column, most: number): number {
  const bytes = column.code === ColumnCode.STRING ? column.length : column.meta & 0xff;
  if (bytes < 1 || bytes > most) throw new FormatError(`ENUM or SET value of ${bytes} bytes`);
  return bytes;
}

/** A member counted from 1; 0 is the error value `''`. */
export const enumeration: ColumnType = {
  code: ColumnCode.ENUM,
  name: 'MYSQL_TYPE_ENUM',
  ...twoByteMeta,
  skip: (cursor, column) => cursor.skip(bytesOf(column, 2)),
  read: (cursor: Cursor, column: Column): ColumnValue => {
    const value = bytesOf(column, 2) === 1 ? cursor.u8() : cursor.u16();
    const { texts, hasEmpty } = column.labels;
    if (texts === null) return value;
    if (value === 0) return hasEmpty ? 0 : '';
    return texts[value - 1] ?? value;
  },
  write: (writer, value, column) => {
    let number = value as number;
    if (typeof value === 'string') {
      number = 1 + (column.labels.texts?.indexOf(value) ?? -1);
      if (number === 0 && value !== '') throw new UsageError(`'${value}' is no member of the ENUM`);
    }
    if (bytesOf(column, 2) === 1) writer.u8(number);
    else writer.u16(number);
  },
};

function bitsOf(cursor: Cursor, bytes: number): bigint {
  let bits = 0n;
  for (let index = 0; index < bytes; index += 1) bits |= BigInt(cursor.u8()) << BigInt(8 * index);
  return bits;
}

/** A bit a member, the first member lowest. */
export const set: ColumnType = {
  code: ColumnCode.SET,
  name: 'MYSQL_TYPE_SET',
  ...twoByteMeta,
  skip: (cursor, column) => cursor.skip(bytesOf(column, 8)),
  read: (cursor: Cursor, column: Column): ColumnValue => {
    const bytes = bytesOf(column, 8);
    const { labels } = column;
    if (bytes > 4) return labels.joined(bitsOf(cursor, bytes));
    let small = 0;
    for (let shift = 0; shift < 8 * bytes; shift += 8) small |= cursor.u8() << shift;
    small >>>= 0;
    return labels.texts === null ? BigInt(small) : labels.joinedSmall(small);
  },
  write: (writer, value, column) => {
    let bits = 0n;
    if (typeof value === 'string') {
      const members = column.labels.texts ?? [];
      for (const member of value === '' ? [] : value.split(',')) {
        const index = members.indexOf(member);
        if (index < 0) throw new UsageError(`'${member}' is no member of the SET`);
        bits |= 1n << BigInt(index);
      }
    } else bits = BigInt(value as bigint);
    const bytes = bytesOf(column, 8);
    for (let index = 0; index < bytes; index += 1) writer.u8(Number((bits >> BigInt(8 * index)) & 0xffn));
  },
};
