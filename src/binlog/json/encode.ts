import { Writer } from '../../bytes/index.ts';
import { LimitError, UsageError } from '../../errors/index.ts';
import { limits } from '../limits.ts';
import { isInline } from './decode.ts';
import { JsonInteger, JsonLiteral, type JsonNode, JsonObject, JsonOpaque, JsonType } from './node.ts';

const SMALL_LIMIT = 0xffff;

/** Encodes a document as the server does: every number in its smallest form, every container small where it fits 65535 bytes. */
export function encodeJson(node: JsonNode): Buffer {
  const writer = new Writer(64);
  writer.u8(0);
  const type = writeValue(writer, node, 1, false);
  writer.view()[0] = type;
  return writer.take();
}

/** Writes a value without its type byte, which is returned. A container that may not be large where it must is -1. */
function writeValue(writer: Writer, node: JsonNode, depth: number, smallOnly: boolean): number {
  if (node === null) return writeLiteral(writer, JsonLiteral.NULL);
  if (node === true) return writeLiteral(writer, JsonLiteral.TRUE);
  if (node === false) return writeLiteral(writer, JsonLiteral.FALSE);
  if (typeof node === 'number') {
    writer.f64(node);
    return JsonType.DOUBLE;
  }
  if (typeof node === 'string') {
    writeLength(writer, Buffer.byteLength(node));
    writer.utf8(node);
    return JsonType.STRING;
  }
  if (node instanceof JsonInteger) return writeInteger(writer, node);
  if (node instanceof JsonOpaque) {
    writer.u8(node.type);
    writeLength(writer, node.bytes.length);
    writer.bytes(node.bytes);
    return JsonType.OPAQUE;
  }
  if (depth > limits.jsonDepth) throw new LimitError(`JSON document is deeper than ${limits.jsonDepth}`);
  const isObject = node instanceof JsonObject;
  const start = writer.length;
  if (writeContainer(writer, node as JsonObject | readonly JsonNode[], depth, false)) {
    return isObject ? JsonType.SMALL_OBJECT : JsonType.SMALL_ARRAY;
  }
  writer.length = start;
  // A parent that tries to be small cannot hold a large child: it gives up at once.
  if (smallOnly) return -1;
  writeContainer(writer, node as JsonObject | readonly JsonNode[], depth, true);
  return isObject ? JsonType.LARGE_OBJECT : JsonType.LARGE_ARRAY;
}

/** Writes a container in one of the two forms; false when the small one is too small. */
function writeContainer(
  writer: Writer,
  node: JsonObject | readonly JsonNode[],
  depth: number,
  large: boolean,
): boolean {
  const keys = node instanceof JsonObject ? node.entries.map(([key]) => Buffer.from(key)) : undefined;
  const values = node instanceof JsonObject ? node.entries.map(([, value]) => value) : node;
  const count = values.length;
  const width = large ? 4 : 2;
  const start = writer.length;
  const word = (value: number): void => (large ? writer.u32(value) : writer.u16(value));
  if (!large && count > SMALL_LIMIT) return false;
  word(count);
  word(0);
  if (keys !== undefined) {
    let offset = 2 * width + count * (2 * width + 3);
    for (const key of keys) {
      if (key.length > SMALL_LIMIT)
        throw new UsageError(`JSON key of ${key.length} bytes exceeds ${SMALL_LIMIT}`);
      if (!large && offset > SMALL_LIMIT) return false;
      word(offset);
      writer.u16(key.length);
      offset += key.length;
    }
  }
  let entry = writer.length;
  writer.zeros(count * (1 + width));
  for (const key of keys ?? []) writer.bytes(key);
  for (const value of values) {
    const at = writer.length;
    const type = writeValue(writer, value, depth + 1, !large);
    if (type < 0) return false;
    let content = at - start;
    if (isInline(type, large)) {
      content = inlineContent(value);
      writer.length = at;
    }
    if (!large && writer.length - start > SMALL_LIMIT) return false;
    const bytes = writer.view();
    bytes[entry] = type;
    if (large) bytes.writeInt32LE(content | 0, entry + 1);
    else bytes.writeUInt16LE(content & 0xffff, entry + 1);
    entry += 1 + width;
  }
  const size = writer.length - start;
  if (!large && size > SMALL_LIMIT) return false;
  const bytes = writer.view();
  if (large) bytes.writeUInt32LE(size, start + width);
  else bytes.writeUInt16LE(size, start + width);
  return true;
}

/** What stands in the value entry of an inline value. */
function inlineContent(node: JsonNode): number {
  if (node === null) return JsonLiteral.NULL;
  if (node === true) return JsonLiteral.TRUE;
  if (node === false) return JsonLiteral.FALSE;
  return Number((node as JsonInteger).value);
}

function writeLiteral(writer: Writer, code: number): number {
  writer.u8(code);
  return JsonType.LITERAL;
}

/** The forms of an integer, smallest first: the largest value, and how it is written. */
const unsignedForms = [
  { most: 0xffff, type: JsonType.UINT16 },
  { most: 0xffff_ffff, type: JsonType.UINT32 },
] as const;
const signedForms = [
  { most: 0x7fff, type: JsonType.INT16 },
  { most: 0x7fff_ffff, type: JsonType.INT32 },
] as const;

function writeInteger(writer: Writer, { value, unsigned }: JsonInteger): number {
  if (unsigned) {
    for (const { most, type } of unsignedForms) {
      if (value > most) continue;
      if (type === JsonType.UINT16) writer.u16(Number(value));
      else writer.u32(Number(value));
      return type;
    }
    writer.u64(BigInt(value));
    return JsonType.UINT64;
  }
  for (const { most, type } of signedForms) {
    if (value > most || value < -most - 1) continue;
    if (type === JsonType.INT16) writer.u16(Number(value) & 0xffff);
    else writer.u32(Number(value) >>> 0);
    return type;
  }
  writer.i64(BigInt(value));
  return JsonType.INT64;
}

function writeLength(writer: Writer, length: number): void {
  let left = length;
  while (left >= 0x80) {
    writer.u8((left % 128) | 0x80);
    left = Math.floor(left / 128);
  }
  writer.u8(left);
}
