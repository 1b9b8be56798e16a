import type { Cursor } from '../../bytes/index.ts';
import { FormatError, LimitError } from '../../errors/index.ts';
import { limits } from '../limits.ts';
import { JsonInteger, JsonLiteral, type JsonNode, JsonObject, JsonOpaque, JsonType } from './node.ts';

/**
 * Decodes one binary document, within the cursor's window.
 *
 *   bytes   field
 *   1       type
 *   rest    scalar, or container:
 *     W       number of members (W is 2 bytes in small containers, 4 in large ones)
 *     W       bytes of the container, this header included; offsets count from the header
 *     n · …   objects: key entries, offset W and length 2
 *     n · …   value entries: type 1, then the value itself where it fits W bytes, else its offset W
 *     rest    keys, values
 *
 * Parts of a container may not overlap in documents that servers write. A total of what was visited is kept against the
 * document's length, so that bytes which point at one part a thousand times cannot make a thousand copies of it.
 */
export function decodeJson(cursor: Cursor): JsonNode {
  if (cursor.remaining === 0) return null;
  return new Decoder(cursor).value(cursor.u8(), 1);
}

class Decoder {
  readonly #cursor: Cursor;
  #left: number;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
    this.#left = cursor.remaining;
  }

  #visit(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw new FormatError('parts of a JSON document overlap');
  }

  /** The value at the cursor, whose type byte has been read. */
  value(type: number, depth: number): JsonNode {
    const cursor = this.#cursor;
    switch (type) {
      case JsonType.SMALL_OBJECT:
      case JsonType.LARGE_OBJECT:
      case JsonType.SMALL_ARRAY:
      case JsonType.LARGE_ARRAY:
        return this.#container(type, depth);
      case JsonType.LITERAL:
        return literal(cursor.u8());
      case JsonType.INT16:
        return new JsonInteger(cursor.i16(), false);
      case JsonType.UINT16:
        return new JsonInteger(cursor.u16(), true);
      case JsonType.INT32:
        return new JsonInteger(cursor.i32(), false);
      case JsonType.UINT32:
        return new JsonInteger(cursor.u32(), true);
      case JsonType.INT64:
        return new JsonInteger(cursor.i64(), false);
      case JsonType.UINT64:
        return new JsonInteger(cursor.u64(), true);
      case JsonType.DOUBLE:
        return cursor.f64();
      case JsonType.STRING: {
        const length = this.#length();
        this.#visit(length);
        return cursor.utf8(length);
      }
      case JsonType.OPAQUE: {
        const opaqueType = cursor.u8();
        const length = this.#length();
        this.#visit(length);
        return new JsonOpaque(opaqueType, cursor.copy(length));
      }
      default:
        throw new FormatError(`JSON value of unknown type ${type}`);
    }
  }

  #container(type: number, depth: number): JsonNode {
    if (depth > limits.jsonDepth) throw new LimitError(`JSON document is deeper than ${limits.jsonDepth}`);
    const cursor = this.#cursor;
    const large = type === JsonType.LARGE_OBJECT || type === JsonType.LARGE_ARRAY;
    const isObject = type === JsonType.SMALL_OBJECT || type === JsonType.LARGE_OBJECT;
    const width = large ? 4 : 2;
    const outerEnd = cursor.end;
    const start = cursor.position;
    const count = large ? cursor.u32() : cursor.u16();
    const size = large ? cursor.u32() : cursor.u16();
    const entriesSize = 2 * width + count * (isObject ? 2 * width + 3 : width + 1);
    if (size > outerEnd - start || entriesSize > size) {
      throw new FormatError(`JSON container of ${count} members and ${size} bytes leaves its document`);
    }
    this.#visit(entriesSize);
    cursor.end = start + size;

    const keys: string[] = [];
    if (isObject) {
      let entry = cursor.position;
      for (let index = 0; index < count; index += 1) {
        cursor.position = entry;
        const offset = large ? cursor.u32() : cursor.u16();
        const length = cursor.u16();
        entry = cursor.position;
        this.#visit(length);
        this.#seek(start, offset);
        keys.push(cursor.utf8(length));
      }
      cursor.position = entry;
    }
    const values: JsonNode[] = [];
    let entry = cursor.position;
    for (let index = 0; index < count; index += 1) {
      cursor.position = entry;
      const valueType = cursor.u8();
      if (!isInline(valueType, large)) this.#seek(start, large ? cursor.u32() : cursor.u16());
      values.push(this.value(valueType, depth + 1));
      entry += 1 + width;
    }
    cursor.position = start + size;
    cursor.end = outerEnd;
    return isObject ? new JsonObject(keys.map((key, index) => [key, values[index]!] as const)) : values;
  }

  #seek(start: number, offset: number): void {
    const position = start + offset;
    if (position > this.#cursor.end) throw new FormatError(`JSON offset ${offset} leaves its container`);
    this.#cursor.position = position;
  }

  /** 7 bits a byte, lowest first, at most 5 bytes. */
  #length(): number {
    let length = 0;
    for (let scale = 1, index = 0; index < 5; index += 1, scale *= 128) {
      const byte = this.#cursor.u8();
      length += (byte & 0x7f) * scale;
      if (byte < 0x80) return length;
    }
    throw new FormatError('JSON length has more than 5 bytes');
  }
}

function literal(code: number): JsonNode {
  if (code === JsonLiteral.NULL) return null;
  if (code === JsonLiteral.TRUE) return true;
  if (code === JsonLiteral.FALSE) return false;
  throw new FormatError(`JSON literal ${code} is unknown`);
}

/** Whether a value of this type stands in its value entry rather than behind an offset. */
export function isInline(type: number, large: boolean): boolean {
  return (
    type === JsonType.LITERAL ||
    type === JsonType.INT16 ||
    type === JsonType.UINT16 ||
    (large && (type === JsonType.INT32 || type === JsonType.UINT32))
  );
}
