import type { Cursor, Writer } from '../../bytes/index.ts';
import { FormatError, UsageError } from '../../errors/index.ts';
import { JsonDocument } from '../json/index.ts';
import type { Column } from './column.ts';
import { ColumnCode } from './column-code.ts';
import type { ColumnType, ColumnValue } from './definition.ts';
import { givenText } from './given-text.ts';
import { oneByteMeta } from './meta.ts';
import { bytesOfText, readText } from './text-value.ts';

/** Reads the length of a blob; metadata says in how many bytes, 1 to 4. */
export function readBlobLength(cursor: Cursor, { meta }: Column): number {
  if (meta === 1) return cursor.u8();
  if (meta === 2) return cursor.u16();
  if (meta === 3) return cursor.u24();
  if (meta === 4) return cursor.u32();
  throw new FormatError(`blob with a length of ${meta} bytes`);
}

export function writeBlob(writer: Writer, bytes: Uint8Array, { meta }: Column): void {
  if (bytes.length >= 256 ** meta)
    throw new UsageError(`value of ${bytes.length} bytes has no ${meta}-byte length`);
  if (meta === 1) writer.u8(bytes.length);
  else if (meta === 2) writer.u16(bytes.length);
  else if (meta === 3) writer.u24(bytes.length);
  else writer.u32(bytes.length);
  writer.bytes(bytes);
}

function blobType(
  code: number,
  name: string,
  read: (cursor: Cursor, length: number, column: Column) => ColumnValue,
  bytesOf: (value: unknown, column: Column) => Uint8Array,
): ColumnType {
  return {
    code,
    name,
    ...oneByteMeta,
    skip: (cursor, column) => cursor.skip(readBlobLength(cursor, column)),
    read: (cursor: Cursor, column: Column): ColumnValue =>
      read(cursor, readBlobLength(cursor, column), column),
    write: (writer, value, column) => writeBlob(writer, bytesOf(value, column), column),
  };
}

const text: (cursor: Cursor, length: number, column: Column) => ColumnValue = readText;
const textBytes: (value: unknown, column: Column) => Uint8Array = bytesOfText;

/** Every BLOB and TEXT travels as BLOB; the other three codes stand only in old table definitions. */
export const blob: ColumnType = blobType(ColumnCode.BLOB, 'MYSQL_TYPE_BLOB', text, textBytes);
export const tinyBlob: ColumnType = blobType(ColumnCode.TINY_BLOB, 'MYSQL_TYPE_TINY_BLOB', text, textBytes);
export const mediumBlob: ColumnType = blobType(
  ColumnCode.MEDIUM_BLOB,
  'MYSQL_TYPE_MEDIUM_BLOB',
  text,
  textBytes,
);
export const longBlob: ColumnType = blobType(ColumnCode.LONG_BLOB, 'MYSQL_TYPE_LONG_BLOB', text, textBytes);

/** SRID in four bytes, then well-known binary. */
export const geometry: ColumnType = blobType(
  ColumnCode.GEOMETRY,
  'MYSQL_TYPE_GEOMETRY',
  (cursor, length) => cursor.copy(length),
  (value) => bytesOfText(value, { charset: 'binary' }),
);

export const json: ColumnType = blobType(
  ColumnCode.JSON,
  'MYSQL_TYPE_JSON',
  (cursor, length) => new JsonDocument(cursor.copy(length)),
  (value) => (value instanceof JsonDocument ? value : JsonDocument.parse(givenText(value))).bytes,
);

/** MySQL 9: 32-bit floats, little-endian. */
export const vector: ColumnType = blobType(
  ColumnCode.VECTOR,
  'MYSQL_TYPE_VECTOR',
  (cursor, length) => {
    if (length % 4 !== 0) throw new FormatError(`vector of ${length} bytes is not made of 4-byte numbers`);
    const at = cursor.take(length);
    // A slice of the memory itself keeps the bits of every NaN, and is aligned.
    const start = cursor.bytes.byteOffset + at;
    return new Float32Array(cursor.bytes.buffer.slice(start, start + length) as ArrayBuffer);
  },
  (value) => {
    const floats = value instanceof Float32Array ? value : Float32Array.from(value as unknown as number[]);
    return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
  },
);
