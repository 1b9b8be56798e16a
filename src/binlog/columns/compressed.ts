import { deflateRawSync, inflateRawSync, inflateSync } from 'node:zlib';
import { Cursor, type Writer } from '../../bytes/index.ts';
import { FormatError, LimitError } from '../../errors/index.ts';
import { limits } from '../limits.ts';
import { readBlobLength, writeBlob } from './blob.ts';
import type { Column } from './column.ts';
import { ColumnCode } from './column-code.ts';
import type { ColumnType, ColumnValue } from './definition.ts';
import { lengthMeta, oneByteMeta } from './meta.ts';
import { readLength, writeLength } from './string.ts';
import { bytesOfText, readText } from './text-value.ts';

// MariaDB columns declared COMPRESSED. A value that is not empty starts with a head byte:
//   bits 4-7  0 stored, 8 zlib
//   bit 3     deflate without a zlib header
//   bits 0-2  bytes of the big-endian uncompressed length that follows
const RAW_DEFLATE = 0x8;
const ZLIB = 0x80;
/** MariaDB `column_compression_threshold`: shorter values are stored. */
const THRESHOLD = 100;

/** The bytes that a compressed column's stored content stands for. */
function inflateColumn(content: Buffer): Buffer {
  const head = content[0];
  if (head === undefined) return content;
  if ((head & 0xf0) === 0) return content.subarray(1);
  const lengthBytes = head & 0x7;
  if ((head & 0xf0) !== ZLIB || lengthBytes < 1 || lengthBytes > 4 || content.length <= lengthBytes) {
    throw new FormatError(`compressed column value starts with 0x${head.toString(16).padStart(2, '0')}`);
  }
  const length = content.readUIntBE(1, lengthBytes);
  if (length > limits.inflatedBytes) {
    throw new LimitError(`compressed column value claims ${length} bytes, above ${limits.inflatedBytes}`);
  }
  const stream = content.subarray(1 + lengthBytes);
  const options = { maxOutputLength: Math.max(1, length) };
  let inflated: Buffer;
  try {
    inflated = (head & RAW_DEFLATE) === 0 ? inflateSync(stream, options) : inflateRawSync(stream, options);
  } catch (cause) {
    throw new FormatError('compressed column value does not inflate', { cause });
  }
  if (inflated.length !== length) {
    throw new FormatError(`compressed column value holds ${inflated.length} bytes, claims ${length}`);
  }
  return inflated;
}

/** Stores bytes as a compressed column does: deflated where that is shorter, else as they are. */
function deflateColumn(bytes: Buffer): Buffer {
  if (bytes.length === 0) return bytes;
  if (bytes.length >= THRESHOLD) {
    const lengthBytes =
      bytes.length <= 0xff ? 1 : bytes.length <= 0xffff ? 2 : bytes.length <= 0xff_ffff ? 3 : 4;
    const head = Buffer.alloc(1 + lengthBytes);
    head[0] = ZLIB | RAW_DEFLATE | lengthBytes;
    head.writeUIntBE(bytes.length, 1, lengthBytes);
    const stored = Buffer.concat([head, deflateRawSync(bytes)]);
    if (stored.length <= bytes.length) return stored;
  }
  return Buffer.concat([Buffer.of(0), bytes]);
}

const inflated = new Cursor();

function readContent(cursor: Cursor, length: number, column: Column): ColumnValue {
  const bytes = inflateColumn(cursor.view(length));
  return readText(inflated.aim(bytes, 0, bytes.length), bytes.length, column);
}

function contentOf(value: unknown, column: Column): Buffer {
  return deflateColumn(bytesOfText(value, column));
}

export const blobCompressed: ColumnType = {
  code: ColumnCode.BLOB_COMPRESSED,
  name: 'MYSQL_TYPE_BLOB_COMPRESSED',
  ...oneByteMeta,
  skip: (cursor, column) => cursor.skip(readBlobLength(cursor, column)),
  read: (cursor, column) => readContent(cursor, readBlobLength(cursor, column), column),
  write: (writer, value, column) => writeBlob(writer, contentOf(value, column), column),
};

/** Metadata is the most bytes of the stored content: the declared length and its head byte. */
export const varcharCompressed: ColumnType = {
  code: ColumnCode.VARCHAR_COMPRESSED,
  name: 'MYSQL_TYPE_VARCHAR_COMPRESSED',
  ...lengthMeta,
  skip: (cursor, column) => cursor.skip(readLength(cursor, column.length)),
  read: (cursor, column) => readContent(cursor, readLength(cursor, column.length), column),
  write: (writer: Writer, value, column) => {
    const content = contentOf(value, column);
    writeLength(writer, content.length, column.length);
    writer.bytes(content);
  },
};
