import { writePlain } from './plain-text.ts';
import type { TextOutput } from './text-output.ts';

const QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const BACKSLASH = 0x5c;

const letters: Readonly<Record<number, string>> = { 8: 'b', 9: 't', 10: 'n', 12: 'f', 13: 'r' };

/** Every quote inside the quotes of a value is `\\"` in its text: escaped once as JSON, once for the quotes around. */
function escapeInQuotes(byte: number): Uint8Array | undefined {
  if (byte === QUOTE) return Buffer.from("\\'");
  if (byte === DOUBLE_QUOTE) return Buffer.from('\\\\"');
  if (byte === BACKSLASH) return Buffer.from('\\\\\\\\');
  const short = letters[byte];
  if (short !== undefined) return Buffer.from(`\\\\${short}`);
  return byte < 0x20 ? Buffer.from(`\\\\u${byte.toString(16).padStart(4, '0')}`) : undefined;
}

/** Outside of SQL: JSON's own escapes alone. */
function escapePlain(byte: number): Uint8Array | undefined {
  if (byte === DOUBLE_QUOTE || byte === BACKSLASH) return Buffer.of(BACKSLASH, byte);
  const short = letters[byte];
  if (short !== undefined) return Buffer.from(`\\${short}`);
  return byte < 0x20 ? Buffer.from(`\\u${byte.toString(16).padStart(4, '0')}`) : undefined;
}

/** What stands for a byte inside a JSON string, and which bytes need that. */
export interface Escapes {
  readonly texts: readonly (Uint8Array | undefined)[];
  readonly needed: Uint8Array;
}

function escaping(escape: (byte: number) => Uint8Array | undefined): Escapes {
  const texts = Array.from({ length: 256 }, (_, byte) => escape(byte));
  return { texts, needed: Uint8Array.from(texts, (text) => (text === undefined ? 0 : 1)) };
}

/** Made when they are first wanted: that is half a millisecond of a start. */
let quoted: Escapes | undefined;
let plain: Escapes | undefined;

/** Of strings in a document that stands in single quotes. */
export function escapesInQuotes(): Escapes {
  quoted ??= escaping(escapeInQuotes);
  return quoted;
}

/** Of strings in a document by itself. */
export function plainEscapes(): Escapes {
  plain ??= escaping(escapePlain);
  return plain;
}

const LONGEST_ESCAPE = 7;
const PIECE_BYTES = 1 << 12;

/** A string or key inside a document, in double quotes. */
export function writeJsonString(
  out: TextOutput,
  bytes: Uint8Array,
  start: number,
  end: number,
  { texts, needed }: Escapes,
): void {
  if (writePlain(out, bytes, start, end, DOUBLE_QUOTE, needed)) return;
  out.byte(DOUBLE_QUOTE);
  for (let from = start; from < end; ) {
    const stop = Math.min(end, from + PIECE_BYTES);
    let at = out.reserve((stop - from) * LONGEST_ESCAPE);
    const { buffer } = out;
    for (; from < stop; from += 1) {
      const byte = bytes[from]!;
      if (needed[byte] === 0) {
        buffer[at++] = byte;
        continue;
      }
      const escape = texts[byte]!;
      for (let i = 0; i < escape.length; i += 1) buffer[at++] = escape[i]!;
    }
    out.length = at;
  }
  out.byte(DOUBLE_QUOTE);
}
