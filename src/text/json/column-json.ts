import { type Column, ColumnCode, type ColumnValue, JsonDocument, valueTypeOf } from '../../binlog/index.ts';
import type { Cursor } from '../../bytes/index.ts';
import { packedDecimalBytes, writePackedDecimal } from '../mysql/packed-decimal.ts';
import { writePlainJson } from '../mysql/rows/json-binary-text.ts';
import { datetimeText, timeText } from '../mysql/rows/time-text.ts';
import type { ColumnTextMaker } from '../mysql/rows/value-text.ts';
import { Literal } from '../output/literal.ts';
import { TextOutput } from '../output/text-output.ts';
import { writeBinary, writeRawJson, writeString, writeUtf8OrBinary } from './json-text.ts';

/** Reads one value and writes it as JSON. */
export type JsonWriter = (cursor: Cursor, out: TextOutput) => void;

const QUOTE = 0x22;
const MINUS = 0x2d;
/** Integers from 2^53 on are strings: most readers of JSON would round them. */
const UNSAFE_HIGH = 0x20_0000;

function writeUnsigned(out: TextOutput, high: number, low: number, negative: boolean): void {
  const unsafe = high >= UNSAFE_HIGH;
  if (unsafe) out.byte(QUOTE);
  if (negative) out.byte(MINUS);
  out.unsigned64(high, low);
  if (unsafe) out.byte(QUOTE);
}

const longlong =
  (unsigned: boolean): JsonWriter =>
  (cursor, out) => {
    const low = cursor.u32();
    const high = cursor.u32();
    if (unsigned || high < 0x8000_0000) {
      writeUnsigned(out, high, low, false);
      return;
    }
    const negativeLow = (~low + 1) >>> 0;
    writeUnsigned(out, (~high + (negativeLow === 0 ? 1 : 0)) >>> 0, negativeLow, true);
  };

const integer =
  (signed: (cursor: Cursor) => number, unsigned: (cursor: Cursor) => number) =>
  (column: Column): JsonWriter => {
    const read = column.unsigned === true ? unsigned : signed;
    return (cursor, out) => out.integer(read(cursor));
  };

/** The shortest decimal that is this 4-byte float again. */
function floatText(value: number): string {
  for (let digits = 6; digits < 9; digits += 1) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

const decimal = ({ meta }: Column): JsonWriter => {
  const precision = meta >> 8;
  const scale = meta & 0xff;
  const bytes = packedDecimalBytes(precision, scale);
  return (cursor, out) => {
    out.byte(QUOTE);
    writePackedDecimal(out, cursor.bytes, cursor.take(bytes), precision, scale);
    out.byte(QUOTE);
  };
};

const utf8Charsets: ReadonlySet<string | undefined> = new Set(['utf8mb4', 'utf8mb3']);

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at]! >= 0x80) return false;
  return true;
}

/** Text in UTF-8, or of unknown character set but legal UTF-8, is copied; other text is converted; the rest is base64. */
function bytesWriter(column: Column, readLength: (cursor: Cursor) => number): JsonWriter {
  const { charset } = column;
  if (charset === undefined || utf8Charsets.has(charset)) {
    return (cursor, out) => {
      const length = readLength(cursor);
      const at = cursor.take(length);
      writeUtf8OrBinary(out, cursor.bytes, at, at + length);
    };
  }
  if (charset === 'ascii') {
    return (cursor, out) => {
      const length = readLength(cursor);
      const at = cursor.take(length);
      const write = isAscii(cursor.bytes, at, at + length) ? writeUtf8OrBinary : writeBinary;
      write(out, cursor.bytes, at, at + length);
    };
  }
  if (charset === 'binary') {
    return (cursor, out) => {
      const length = readLength(cursor);
      const at = cursor.take(length);
      writeBinary(out, cursor.bytes, at, at + length);
    };
  }
  return anyWriter(column);
}

const lengthReaders: Readonly<Record<number, (cursor: Cursor) => number>> = {
  1: (cursor) => cursor.u8(),
  2: (cursor) => cursor.u16(),
  3: (cursor) => cursor.u24(),
  4: (cursor) => cursor.u32(),
};

function stringWriter(column: Column): JsonWriter {
  return bytesWriter(column, lengthReaders[column.length < 256 ? 1 : 2]!);
}

function blobWriter(column: Column): JsonWriter {
  const readLength = lengthReaders[column.meta];
  return readLength === undefined ? anyWriter(column) : bytesWriter(column, readLength);
}

const json: JsonWriter = (cursor, out) => {
  const length = cursor.u32();
  const at = cursor.take(length);
  writePlainJson(out, cursor.bytes, at, at + length);
};

/** A value as the library gives it, as JSON. */
export function writeValue(out: TextOutput, value: ColumnValue): void {
  if (value === null) out.text('null');
  else if (typeof value === 'number') writeNumber(out, value);
  else if (typeof value === 'bigint') writeBigint(out, value);
  else if (typeof value === 'string') writeString(out, value);
  else if (Buffer.isBuffer(value)) writeBinary(out, value, 0, value.length);
  else if (value instanceof JsonDocument) writeRawJson(out, String(value));
  else if (value instanceof Float32Array) out.text(`[${Array.from(value, floatText).join(',')}]`);
  else {
    out.text('{"diff":[');
    value.forEach((diff, index) => {
      out.text(`${index > 0 ? ',' : ''}{"operation":"${diff.operation}","path":`);
      writeString(out, diff.path);
      if (diff.value !== undefined) {
        out.text(',"value":');
        writeRawJson(out, String(diff.value));
      }
      out.text('}');
    });
    out.text(']}');
  }
}

function writeNumber(out: TextOutput, value: number): void {
  out.text(Number.isFinite(value) ? String(value) : 'null');
}

function writeBigint(out: TextOutput, value: bigint): void {
  const safe = value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER;
  out.text(safe ? String(value) : `"${value}"`);
}

/** No text of a date or time is longer. */
const LONGEST_TIME = 64;

/** Dates and times that both forms of text spell alike; only the quotes differ. */
function quotedTime(maker: ColumnTextMaker): (column: Column) => JsonWriter {
  return (column) => {
    const text = maker(column);
    if (text === undefined) return anyWriter(column);
    return (cursor, out) => {
      // Room for all of it, so that it stands in one piece.
      const at = out.reserve(LONGEST_TIME);
      text.write(cursor, out);
      out.buffer[at] = QUOTE;
      out.buffer[out.length - 1] = QUOTE;
    };
  };
}

/** Types without a form of their own here go through the library's value. */
function anyWriter(column: Column): JsonWriter {
  const type = valueTypeOf(column);
  return (cursor, out) => writeValue(out, type.read(cursor, column));
}

/** Most columns of few bytes hold few different values. */
const REMEMBERED_VALUES = 1 << 12;
/** Bytes of the longest value that is remembered: as a number it is exact. */
const LONGEST_REMEMBERED = 6;

/** Remembers what values look like; for types of so many bytes that are dear to decode. */
function rememberingWriter(column: Column, bytes: number): JsonWriter {
  const write = anyWriter(column);
  if (bytes < 1 || bytes > LONGEST_REMEMBERED) return write;
  const known = new Map<number, Literal>();
  return (cursor, out) => {
    const at = cursor.take(bytes);
    const value = cursor.bytes.readUIntLE(at, bytes);
    let text = known.get(value);
    if (text === undefined) {
      const scratch = new TextOutput(undefined, 64);
      cursor.position = at;
      write(cursor, scratch);
      text = new Literal(scratch.take());
      if (known.size < REMEMBERED_VALUES) known.set(value, text);
    }
    out.literal(text);
  };
}

const makers: Readonly<Partial<Record<number, (column: Column) => JsonWriter>>> = {
  [ColumnCode.TINY]: integer(
    (cursor) => cursor.i8(),
    (cursor) => cursor.u8(),
  ),
  [ColumnCode.SHORT]: integer(
    (cursor) => cursor.i16(),
    (cursor) => cursor.u16(),
  ),
  [ColumnCode.INT24]: integer(
    (cursor) => cursor.i24(),
    (cursor) => cursor.u24(),
  ),
  [ColumnCode.LONG]: integer(
    (cursor) => cursor.i32(),
    (cursor) => cursor.u32(),
  ),
  [ColumnCode.LONGLONG]: (column) => longlong(column.unsigned === true),
  [ColumnCode.FLOAT]: () => (cursor, out) => out.text(floatText(cursor.f32())),
  [ColumnCode.NEWDECIMAL]: decimal,
  [ColumnCode.VARCHAR]: stringWriter,
  [ColumnCode.VAR_STRING]: stringWriter,
  // ENUM and SET are the others.
  [ColumnCode.STRING]: (column) =>
    column.realCode === ColumnCode.STRING ? stringWriter(column) : rememberingWriter(column, column.length),
  [ColumnCode.DOUBLE]: () => (cursor, out) => writeNumber(out, cursor.f64()),
  [ColumnCode.DATE]: (column) => rememberingWriter(column, 3),
  [ColumnCode.BLOB]: blobWriter,
  [ColumnCode.DATETIME2]: quotedTime(datetimeText),
  [ColumnCode.TIME2]: quotedTime(timeText),
  [ColumnCode.JSON]: () => json,
};

/** How values of a column become JSON; docs/json.md describes each. */
export function jsonWriterOf(column: Column): JsonWriter {
  return makers[column.code]?.(column) ?? anyWriter(column);
}
