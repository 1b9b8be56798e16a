import type { TextOutput } from '../output/text-output.ts';

const COLON = 0x3a;
const tens: readonly number[] = [1, 10, 100, 1000, 10_000];

function two(buffer: Uint8Array, at: number, value: number): number {
  const high = (value / 10) | 0;
  buffer[at] = 0x30 + high;
  buffer[at + 1] = 0x30 + value - high * 10;
  return at + 2;
}

/** Years and hours may have more digits than are asked for. */
export function writeAtLeast(out: TextOutput, value: number, digits: number): void {
  if (value >= tens[digits]!) out.integer(value);
  else out.padded(value, digits);
}

/** `12:34:56`; hours of TIME may have three digits. */
export function writeClock(out: TextOutput, hour: number, minute: number, second: number): void {
  writeAtLeast(out, hour, 2);
  let at = out.reserve(6);
  const { buffer } = out;
  buffer[at++] = COLON;
  at = two(buffer, at, minute);
  buffer[at++] = COLON;
  out.length = two(buffer, at, second);
}

/** `2026-11-21`, or with another byte between its parts. */
export function writeDate(
  out: TextOutput,
  year: number,
  month: number,
  day: number,
  separator: number,
): void {
  writeAtLeast(out, year, 4);
  let at = out.reserve(6);
  const { buffer } = out;
  buffer[at++] = separator;
  at = two(buffer, at, month);
  buffer[at++] = separator;
  out.length = two(buffer, at, day);
}
