import type { TextOutput } from '../text-output.ts';

const QUOTE = 0x27;
const BACKSLASH = 0x5c;
const HEX = Buffer.from('0123456789abcdef', 'latin1');

/** 0: the byte stands for itself; else what follows the backslash, `x` for two hexadecimal digits. */
const escapes = new Uint8Array(256);
escapes.fill(0x78, 0, 0x20);
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

/** `bytes[start, end)` in single quotes, with quotes, backslashes and control characters escaped. */
export function writeQuoted(out: TextOutput, bytes: Uint8Array, start: number, end: number): void {
  out.byte(QUOTE);
  for (let from = start; from < end; ) {
    const stop = Math.min(end, from + PIECE_BYTES);
    let at = out.reserve((stop - from) * LONGEST_ESCAPE + 1);
    const { buffer } = out;
    for (; from < stop; from += 1) {
      const byte = bytes[from]!;
      const escape = escapes[byte]!;
      if (escape === 0) {
        buffer[at++] = byte;
        continue;
      }
      buffer[at++] = BACKSLASH;
      buffer[at++] = escape;
      if (escape === 0x78) {
        buffer[at++] = HEX[byte >> 4]!;
        buffer[at++] = HEX[byte & 15]!;
      }
    }
    out.length = at;
  }
  out.byte(QUOTE);
}
