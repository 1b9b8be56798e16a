import type { Cursor, Writer } from '../../bytes/index.ts';
import { FormatError, UsageError } from '../../errors/index.ts';
import type { Column } from './column.ts';
import { ColumnCode } from './column-code.ts';
import type { ColumnType, ColumnValue } from './definition.ts';
import { enumeration, set } from './enumeration.ts';
import { lengthMeta, twoByteMeta } from './meta.ts';
import { bytesOfText, readText } from './text-value.ts';

/** One byte of length where no value can be longer than 255 bytes, else two. */
export function readLength(cursor: Cursor, most: number): number {
  return most < 256 ? cursor.u8() : cursor.u16();
}

export function writeLength(writer: Writer, length: number, most: number): void {
  const limit = most < 256 ? 0xff : 0xffff;
  if (length > limit) throw new UsageError(`value of ${length} bytes exceeds ${limit}`);
  if (most < 256) writer.u8(length);
  else writer.u16(length);
}

function skipString(cursor: Cursor, { length }: Column): void {
  cursor.skip(readLength(cursor, length));
}

function readString(cursor: Cursor, column: Column): ColumnValue {
  return readText(cursor, readLength(cursor, column.length), column);
}

function writeString(writer: Writer, value: unknown, column: Column): void {
  const bytes = bytesOfText(value, column);
  writeLength(writer, bytes.length, column.length);
  writer.bytes(bytes);
}

/** VARCHAR and VARBINARY. Metadata is the most bytes a value may have. */
export const varchar: ColumnType = {
  code: ColumnCode.VARCHAR,
  name: 'MYSQL_TYPE_VARCHAR',
  ...lengthMeta,
  skip: skipString,
  read: readString,
  write: writeString,
};

export const varString: ColumnType = {
  ...varchar,
  code: ColumnCode.VAR_STRING,
  name: 'MYSQL_TYPE_VAR_STRING',
};

/** What a STRING column really holds; CHAR and BINARY come without the spaces or zeros that pad them. */
const behindString: ReadonlyMap<number, ColumnType> = new Map<number, ColumnType>([
  [
    ColumnCode.STRING,
    {
      code: ColumnCode.STRING,
      name: 'MYSQL_TYPE_STRING',
      ...twoByteMeta,
      skip: skipString,
      read: readString,
      write: writeString,
    },
  ],
  [ColumnCode.ENUM, enumeration],
  [ColumnCode.SET, set],
]);

/** The type that a STRING column's values really have. */
export function typeBehindString(column: Column): ColumnType {
  const type = behindString.get(column.realCode);
  if (type === undefined) throw new FormatError(`STRING column hides unknown type ${column.realCode}`);
  return type;
}

/** CHAR, BINARY, ENUM and SET. Metadata is the real type and the length, interleaved: see {@link Column}. */
export const string: ColumnType = {
  code: ColumnCode.STRING,
  name: 'MYSQL_TYPE_STRING',
  ...twoByteMeta,
  skip: (cursor, column) => typeBehindString(column).skip(cursor, column),
  read: (cursor, column) => typeBehindString(column).read(cursor, column),
  write: (writer, value, column) => typeBehindString(column).write(writer, value, column),
};
