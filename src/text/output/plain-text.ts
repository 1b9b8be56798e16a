import { memoryView } from './memory-view.ts';
import type { TextOutput } from './text-output.ts';

/** Longer strings are worth a closer look. */
const MOST_BYTES = 256;
const EVERY_BYTE = 0x01010101;

/** Whether one of four bytes may need an escape: below 0x20, a quote or a backslash. Errs on the safe side. */
export function mayNeedEscape(word: number): boolean {
  const quote = word ^ 0x27272727;
  const backslash = word ^ 0x5c5c5c5c;
  return (
    ((((word - 0x20202020) & ~word) |
      ((quote - 0x01010101) & ~quote) |
      ((backslash - 0x01010101) & ~backslash)) &
      0x80808080) !==
    0
  );
}

/**
 * Writes `bytes[start, end)` between two of these quotes; false, and nothing is written, where it is long or a byte of it may need an
 * escape: most strings are short and need none.
 *
 * @param escapes not 0 for each byte that needs one
 */
export function writePlain(
  out: TextOutput,
  bytes: Uint8Array,
  start: number,
  end: number,
  quote: number,
  escapes: Uint8Array,
): boolean {
  const size = end - start;
  if (size > MOST_BYTES) return false;
  const at = out.reserve(size + 2);
  const source = memoryView(bytes);
  const { buffer, view: target } = out;
  const quotes = quote * EVERY_BYTE;
  const shift = at + 1 - start;
  const lastWord = end - 4;
  let from = start;
  for (; from <= lastWord; from += 4) {
    const word = source.getInt32(from, true);
    const other = word ^ quotes;
    if (mayNeedEscape(word) || ((other - EVERY_BYTE) & ~other & 0x80808080) !== 0) return false;
    target.setInt32(from + shift, word, true);
  }
  for (; from < end; from += 1) {
    const byte = bytes[from]!;
    if (escapes[byte] !== 0) return false;
    buffer[from + shift] = byte;
  }
  buffer[at] = quote;
  buffer[at + size + 1] = quote;
  out.length = at + size + 2;
  return true;
}
