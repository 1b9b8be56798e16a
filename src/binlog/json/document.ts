import { Cursor } from '../../bytes/index.ts';
import { RowlockError } from '../../errors/index.ts';
import { decodeJson } from './decode.ts';
import { encodeJson } from './encode.ts';
import type { JsonNode } from './node.ts';
import { parseJson } from './parse.ts';
import { printJson } from './print.ts';

const cursor = new Cursor();

/** One JSON column value: MySQL's binary document, decoded when asked. */
export class JsonDocument {
  /** As stored. */
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Makes a document of JSON text. @throws UsageError where it is none */
  static parse(text: string): JsonDocument {
    return new JsonDocument(encodeJson(parseJson(text)));
  }

  /** Makes a document of JSON text that MySQL printed, which prints alike. @throws UsageError where it is none */
  static parsePrinted(text: string): JsonDocument {
    return new JsonDocument(encodeJson(parseJson(text, { decimals: true })));
  }

  /** Makes a document of nodes. */
  static of(node: JsonNode): JsonDocument {
    return new JsonDocument(encodeJson(node));
  }

  /** The document as MySQL tells its values apart. @throws FormatError where the bytes are no legal document */
  get node(): JsonNode {
    return decodeJson(cursor.aim(this.bytes, 0, this.bytes.length));
  }

  /** JSON text as MySQL prints it, exact: `{"a": 1.0, "b": [true, null]}`. */
  get text(): string {
    return printJson(this.node);
  }

  /** The document as JavaScript values; numbers beyond 2^53 lose digits, as with any `JSON.parse`. */
  get value(): unknown {
    return JSON.parse(this.text);
  }

  toString(): string {
    return this.text;
  }

  /** A document inside `JSON.stringify` is its value. */
  toJSON(): unknown {
    return this.value;
  }

  /** What `console.log` shows (`util.inspect.custom`): the value, or the bytes where they are no legal document. */
  [Symbol.for('nodejs.util.inspect.custom')](): unknown {
    try {
      return this.value;
    } catch (error) {
      if (!(error instanceof RowlockError)) throw error;
      return this.bytes;
    }
  }
}

/** A binary document as text; `quoted: false` as `mysqlbinlog -v` prints it, a lone string without its quotes. */
export function jsonText(bytes: Buffer, options: { quoted: boolean } = { quoted: true }): string {
  return printJson(decodeJson(cursor.aim(bytes, 0, bytes.length)), options.quoted);
}
