import type { TextOutput } from './text-output.ts';

/** The log does not say what is unsigned: behind a negative number both tools show what it would be if it were. */

const MINUS = 0x2d;
const OPEN = ' (';
const CLOSE = 0x29;
const TWO_32 = 0x1_0000_0000;

/** `-1 (255)`; `range` is how many values the type has. */
export function writeInteger(out: TextOutput, value: number, range: number): void {
  out.integer(value);
  if (value >= 0) return;
  out.text(OPEN);
  out.integer(value + range);
  out.byte(CLOSE);
}

/** A 64-bit integer by its unsigned halves. */
export function writeInteger64(out: TextOutput, high: number, low: number): void {
  if (high < 0x8000_0000) {
    if (high === 0) out.integer(low);
    else out.unsigned64(high, low);
    return;
  }
  out.byte(MINUS);
  if (low === 0) out.unsigned64(TWO_32 - high, 0);
  else out.unsigned64(TWO_32 - 1 - high, TWO_32 - low);
  out.text(OPEN);
  out.unsigned64(high, low);
  out.byte(CLOSE);
}
