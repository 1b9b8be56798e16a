import { type Column, ColumnCode } from '../../../binlog/index.ts';
import type { Cursor } from '../../../bytes/index.ts';
import { TruncatedError } from '../../../errors/index.ts';
import { writeScientific } from '../../output/c-format.ts';
import type { TextOutput } from '../../output/text-output.ts';
import { writeQuoted } from '../quoted.ts';
import type { ColumnText, ColumnTextMaker, ValueWriter } from './value-text.ts';

/** Reads a length of one to four bytes. */
function lengthReader(bytes: number): ((cursor: Cursor) => number) | undefined {
  if (bytes === 1) return (cursor) => cursor.u8();
  if (bytes === 2) return (cursor) => cursor.u16();
  if (bytes === 3) return (cursor) => cursor.u24();
  if (bytes === 4) return (cursor) => cursor.u32();
  return undefined;
}

function writeShort(cursor: Cursor, out: TextOutput): void {
  const length = cursor.u8();
  const at = cursor.take(length);
  writeQuoted(out, cursor.bytes, at, at + length);
}

function writeLong(cursor: Cursor, out: TextOutput): void {
  const length = cursor.u16();
  const at = cursor.take(length);
  writeQuoted(out, cursor.bytes, at, at + length);
}

/**
 * A CHAR whose metadata holds no type, as damage leaves it: the original takes the two highest bits of its length for set when it asks
 * whether the value is whole, and for none when it prints.
 */
function writeUntyped(cursor: Cursor, out: TextOutput): void {
  const { position } = cursor;
  cursor.take(cursor.u16());
  cursor.position = position;
  writeShort(cursor, out);
}

/** A length in one byte where no value is longer than 255, else in two. */
function stringWriter(most: number): ValueWriter {
  return most < 256 ? writeShort : writeLong;
}

export const varcharText: ColumnTextMaker = ({ length }) => ({
  typeName: `VARSTRING(${length})`,
  write: stringWriter(length),
});

/** The original knows its name and not its length: no server writes it. */
export const varStringText: ColumnTextMaker = ({ length }) => ({
  typeName: `VARSTRING(${length})`,
  write: () => {
    throw new TruncatedError('a value of no known length');
  },
});

const enumTypeNames: Readonly<Record<number, string>> = { 1: 'ENUM(1 byte)', 2: 'ENUM(2 bytes)' };

function enumText(length: number): ColumnText | undefined {
  const typeName = enumTypeNames[length];
  if (typeName === undefined) return undefined;
  return {
    typeName,
    write:
      length === 1 ? (cursor, out) => out.integer(cursor.u8()) : (cursor, out) => out.integer(cursor.u16()),
  };
}

/** A SET prints as bits, its lowest byte first, each byte with its highest bit first. */
function setText(length: number): ColumnText {
  return {
    typeName: `SET(${length} bytes)`,
    write(cursor, out) {
      const from = cursor.take(length);
      let at = out.reserve(length * 8 + 3);
      const { buffer } = out;
      const { bytes } = cursor;
      buffer[at++] = 0x62;
      buffer[at++] = 0x27;
      for (let i = 0; i < length; i += 1) {
        for (let bit = 7; bit >= 0; bit -= 1) buffer[at++] = 0x30 | ((bytes[from + i]! >> bit) & 1);
      }
      buffer[at++] = 0x27;
      out.length = at;
    },
  };
}

/** Metadata below it holds no type in its first byte. */
const TYPED_META = 0x100;

export const stringText: ColumnTextMaker = ({ realCode, length, meta }: Column) => {
  if (realCode === ColumnCode.ENUM) return enumText(length);
  if (realCode === ColumnCode.SET) return setText(length);
  if (realCode !== ColumnCode.STRING) return undefined;
  return { typeName: `STRING(${length})`, write: meta < TYPED_META ? writeUntyped : stringWriter(length) };
};

const blobTypeNames: Readonly<Record<number, string>> = {
  1: 'TINYBLOB/TINYTEXT',
  2: 'BLOB/TEXT',
  3: 'MEDIUMBLOB/MEDIUMTEXT',
  4: 'LONGBLOB/LONGTEXT',
};

function quotedBlob(typeName: string, lengthBytes: number): ColumnText | undefined {
  const readLength = lengthReader(lengthBytes);
  if (readLength === undefined) return undefined;
  return {
    typeName,
    write(cursor, out) {
      const length = readLength(cursor);
      const at = cursor.take(length);
      writeQuoted(out, cursor.bytes, at, at + length);
    },
  };
}

export const blobText: ColumnTextMaker = ({ meta }) => quotedBlob(blobTypeNames[meta] ?? '', meta);

/** SRID and well-known binary, quoted as any other bytes: the original has no form for it and gives up on the row. */
export const geometryText: ColumnTextMaker = ({ meta }) => quotedBlob('GEOMETRY', meta);

const FLOAT_BYTES = 4;
const VECTOR_PRECISION = 5;
/** Numbers of a vector where the log does not say. */
const UNKNOWN_DIMENSION = 0;

export const vectorText: ColumnTextMaker = ({ meta, vectorDimension }) => {
  const readLength = lengthReader(meta);
  if (readLength === undefined) return undefined;
  return {
    typeName: `VECTOR(${vectorDimension ?? UNKNOWN_DIMENSION})`,
    write(cursor, out) {
      const length = readLength(cursor);
      const count = Math.floor(length / FLOAT_BYTES);
      const at = cursor.take(length);
      const { bytes } = cursor;
      out.byte(0x5b);
      for (let i = 0; i < count; i += 1) {
        if (i > 0) out.byte(0x2c);
        writeScientific(out, bytes.readFloatLE(at + i * FLOAT_BYTES), VECTOR_PRECISION);
      }
      out.byte(0x5d);
    },
  };
};
