import { ColumnCode, jsonText, limits, JsonType as Type } from '../../../binlog/index.ts';
import { FormatError, LimitError } from '../../../errors/index.ts';
import { type Escapes, escapesInQuotes, plainEscapes, writeJsonString } from '../../output/json-string.ts';
import type { TextOutput } from '../../output/text-output.ts';
import { writePackedDecimal } from '../packed-decimal.ts';
import { writeQuoted, writeQuotedInner } from '../quoted.ts';

/**
 * Binary JSON straight to text, quoted or plain, without the tree in between: documents are read as often as rows are.
 * The layout is described where the binlog room decodes it.
 */

const literals = ['null', 'true', 'false'] as const;

const QUOTE = 0x27;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
const BLANK = 0x20;

/** Of the document that is being written. */
let current: Escapes = { texts: [], needed: new Uint8Array(0) };

/** Where the length just read ends, and what it was: two results without an object. */
let lengthEnd = 0;

/** 7 bits a byte, lowest first, at most 5 bytes. */
function readLength(bytes: Uint8Array, at: number, end: number): number {
  let length = 0;
  for (let scale = 1, i = 0; i < 5; i += 1, scale *= 128) {
    if (at + i >= end) throw new FormatError('JSON length leaves its document');
    const byte = bytes[at + i]!;
    length += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      lengthEnd = at + i + 1;
      if (length > end - lengthEnd)
        throw new FormatError(`JSON value of ${length} bytes leaves its document`);
      return length;
    }
  }
  throw new FormatError('JSON length has more than 5 bytes');
}

function need(bytes: number, at: number, end: number): void {
  if (at + bytes > end) throw new FormatError('JSON value leaves its document');
}

/** Bytes of the document that may still be visited: parts that overlap could make a short document endless. */
let left = 0;

function visit(bytes: number): void {
  left -= bytes;
  if (left < 0) throw new FormatError('parts of a JSON document overlap');
}

/** The value at `[at, end)` whose type byte stands before it, as JSON. */
function writeValue(
  out: TextOutput,
  bytes: Buffer,
  type: number,
  at: number,
  end: number,
  depth: number,
): void {
  switch (type) {
    case Type.SMALL_OBJECT:
    case Type.LARGE_OBJECT:
    case Type.SMALL_ARRAY:
    case Type.LARGE_ARRAY:
      writeContainer(out, bytes, type, at, end, depth);
      return;
    case Type.LITERAL: {
      need(1, at, end);
      const text = literals[bytes[at]!];
      if (text === undefined) throw new FormatError(`JSON literal ${bytes[at]} is unknown`);
      out.text(text);
      return;
    }
    case Type.INT16:
      need(2, at, end);
      out.integer(((bytes[at]! | (bytes[at + 1]! << 8)) << 16) >> 16);
      return;
    case Type.UINT16:
      need(2, at, end);
      out.integer(bytes[at]! | (bytes[at + 1]! << 8));
      return;
    case Type.INT32:
      need(4, at, end);
      out.integer(bytes.readInt32LE(at));
      return;
    case Type.UINT32:
      need(4, at, end);
      out.integer(bytes.readUInt32LE(at));
      return;
    case Type.INT64:
      need(8, at, end);
      out.bigint(bytes.readBigInt64LE(at));
      return;
    case Type.UINT64:
      need(8, at, end);
      out.unsigned64(bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at));
      return;
    case Type.DOUBLE:
      need(8, at, end);
      writeDouble(out, bytes, at);
      return;
    case Type.STRING: {
      const length = readLength(bytes, at, end);
      visit(length);
      writeJsonString(out, bytes, lengthEnd, lengthEnd + length, current);
      return;
    }
    case Type.OPAQUE: {
      need(2, at, end);
      const length = readLength(bytes, at + 1, end);
      visit(length);
      if (bytes[at] === ColumnCode.NEWDECIMAL && length > 2) {
        writePackedDecimal(out, bytes, lengthEnd + 2, bytes[lengthEnd]!, bytes[lengthEnd + 1]!);
      } else {
        // Dates and bytes: rare, and their text holds nothing to escape.
        out.text(jsonText(withType(Type.OPAQUE, bytes, at, lengthEnd + length)));
      }
      return;
    }
    default:
      throw new FormatError(`JSON value of unknown type ${type}`);
  }
}

function withType(type: number, bytes: Buffer, start: number, end: number): Buffer {
  const value = Buffer.allocUnsafe(1 + end - start);
  value[0] = type;
  bytes.copy(value, 1, start, end);
  return value;
}

/** JavaScript and MySQL agree on doubles of everyday size but for whole ones, which MySQL keeps apart from integers. */
const SMALLEST_PLAIN = 1e-6;
const LARGEST_PLAIN = 1e15;

function writeDouble(out: TextOutput, bytes: Buffer, at: number): void {
  const value = bytes.readDoubleLE(at);
  const size = Math.abs(value);
  if (size >= SMALLEST_PLAIN && size < LARGEST_PLAIN) {
    out.text(String(value));
    if (Number.isInteger(value)) out.text('.0');
    return;
  }
  out.text(jsonText(withType(Type.DOUBLE, bytes, at, at + 8)));
}

/** Types whose value stands in the entry itself. */
function isInline(type: number, large: boolean): boolean {
  return (
    type === Type.LITERAL ||
    type === Type.INT16 ||
    type === Type.UINT16 ||
    (large && (type === Type.INT32 || type === Type.UINT32))
  );
}

/** A byte and a blank. */
function writePair(out: TextOutput, byte: number): void {
  const at = out.reserve(2);
  const { buffer } = out;
  buffer[at] = byte;
  buffer[at + 1] = BLANK;
  out.length = at + 2;
}

function readOffset(bytes: Buffer, at: number, large: boolean): number {
  return large ? bytes.readUInt32LE(at) : bytes[at]! | (bytes[at + 1]! << 8);
}

function writeContainer(
  out: TextOutput,
  bytes: Buffer,
  type: number,
  start: number,
  outerEnd: number,
  depth: number,
): void {
  if (depth > limits.jsonDepth) throw new LimitError(`JSON document is deeper than ${limits.jsonDepth}`);
  const large = type === Type.LARGE_OBJECT || type === Type.LARGE_ARRAY;
  const isObject = type === Type.SMALL_OBJECT || type === Type.LARGE_OBJECT;
  const width = large ? 4 : 2;
  need(2 * width, start, outerEnd);
  const count = readOffset(bytes, start, large);
  const size = readOffset(bytes, start + width, large);
  const keysSize = isObject ? count * (width + 2) : 0;
  const entriesSize = 2 * width + keysSize + count * (width + 1);
  if (size > outerEnd - start || entriesSize > size) {
    throw new FormatError(`JSON container of ${count} members and ${size} bytes leaves its document`);
  }
  visit(entriesSize);
  const end = start + size;
  out.byte(isObject ? OPEN_OBJECT : OPEN_ARRAY);
  let key = start + 2 * width;
  let value = key + keysSize;
  for (let i = 0; i < count; i += 1) {
    if (i > 0) writePair(out, COMMA);
    if (isObject) {
      const keyAt = start + readOffset(bytes, key, large);
      const keyLength = bytes[key + width]! | (bytes[key + width + 1]! << 8);
      need(keyLength, keyAt, end);
      visit(keyLength);
      writeJsonString(out, bytes, keyAt, keyAt + keyLength, current);
      writePair(out, COLON);
      key += width + 2;
    }
    const valueType = bytes[value]!;
    const valueAt = isInline(valueType, large) ? value + 1 : start + readOffset(bytes, value + 1, large);
    writeValue(out, bytes, valueType, valueAt, end, depth + 1);
    value += 1 + width;
  }
  out.byte(isObject ? CLOSE_OBJECT : CLOSE_ARRAY);
}

/** The document `bytes[start, end)` in single quotes. One that is a string or date alone has no quotes of its own. */
export function writeQuotedJson(out: TextOutput, bytes: Buffer, start: number, end: number): void {
  if (start === end) {
    out.text("'null'");
    return;
  }
  const type = bytes[start]!;
  left = end - start;
  current = escapesInQuotes();
  if (type === Type.STRING) {
    const length = readLength(bytes, start + 1, end);
    writeQuoted(out, bytes, lengthEnd, lengthEnd + length);
    return;
  }
  out.byte(QUOTE);
  if (type === Type.OPAQUE) {
    const text = Buffer.from(jsonText(bytes.subarray(start, end), { quoted: false }), 'latin1');
    writeQuotedInner(out, text, 0, text.length);
  } else {
    writeValue(out, bytes, type, start + 1, end, 1);
  }
  out.byte(QUOTE);
}

/** The document `bytes[start, end)` as JSON text. */
export function writePlainJson(out: TextOutput, bytes: Buffer, start: number, end: number): void {
  if (start === end) {
    out.text('null');
    return;
  }
  left = end - start;
  current = plainEscapes();
  writeValue(out, bytes, bytes[start]!, start + 1, end, 1);
}
