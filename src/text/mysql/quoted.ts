import { memoryView } from '../output/memory-view.ts';
import { mayNeedEscape, writePlain } from '../output/plain-text.ts';
import type { TextOutput } from '../output/text-output.ts';

const QUOTE = 0x27;
const BACKSLASH = 0x5c;
const HEX_ESCAPE = 0x78;
const hexDigits: Uint8Array = Buffer.from('0123456789abcdef', 'latin1');

/** 0: the byte stands for itself; else what follows the backslash, `x` for two hexadecimal digits. */
const escapes = new Uint8Array(256);
escapes.fill(HEX_ESCAPE, 0, 0x20);
for (const [byte, letter] of [
  ['\b', 'b'],
  ['\f', 'f'],
  ['\n', 'n'],
  ['\r', 'r'],
  ['\t', 't'],
  ['\\', '\\'],
  ["'", "'"],
] as const) {
  escapes[byte.charCodeAt(0)] = letter.charCodeAt(0);
}

/** Bytes handled with one look at the room that is left. */
const PIECE_BYTES = 1 << 13;
const LONGEST_ESCAPE = 4;

/** `bytes[start, end)` with quotes, backslashes and control characters escaped. `view` looks at the same memory. */
function writeInner(out: TextOutput, bytes: Uint8Array, view: DataView, start: number, end: number): void {
  for (let from = start; from < end; ) {
    const stop = Math.min(end, from + PIECE_BYTES);
    let at = out.reserve((stop - from) * LONGEST_ESCAPE);
    const { buffer, view: target } = out;
    const lastWord = stop - 4;
    while (from < stop) {
      while (from <= lastWord) {
        const word = view.getInt32(from, true);
        if (mayNeedEscape(word)) break;
        target.setInt32(at, word, true);
        from += 4;
        at += 4;
      }
      for (const wordEnd = Math.min(stop, from + 4); from < wordEnd; from += 1) {
        const byte = bytes[from]!;
        const escape = escapes[byte]!;
        if (escape === 0) {
          buffer[at++] = byte;
          continue;
        }
        buffer[at++] = BACKSLASH;
        buffer[at++] = escape;
        if (escape === HEX_ESCAPE) {
          buffer[at++] = hexDigits[byte >> 4]!;
          buffer[at++] = hexDigits[byte & 15]!;
        }
      }
    }
    out.length = at;
  }
}

/** `bytes[start, end)` in single quotes, with quotes, backslashes and control characters escaped. */
export function writeQuoted(out: TextOutput, bytes: Uint8Array, start: number, end: number): void {
  if (writePlain(out, bytes, start, end, QUOTE, escapes)) return;
  out.byte(QUOTE);
  writeInner(out, bytes, memoryView(bytes), start, end);
  out.byte(QUOTE);
}

/** As {@link writeQuoted}, without the quotes around. */
export function writeQuotedInner(out: TextOutput, bytes: Uint8Array, start: number, end: number): void {
  writeInner(out, bytes, memoryView(bytes), start, end);
}
