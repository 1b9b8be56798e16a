import type { Cursor, Writer } from '../../../bytes/index.ts';
import { FormatError, UsageError } from '../../../errors/index.ts';
import { TextInBytes } from './digits.ts';

/** Digits of a whole group, and the bytes it takes. */
export const GROUP_DIGITS = 9;
const GROUP_BYTES = 4;
/** Bytes of a group of 0 to 9 digits (MySQL `dig2bytes`). */
const bytesOfDigits = [0, 1, 1, 2, 2, 3, 3, 4, 4, 4] as const;
/** The servers' DECIMAL_MAX_PRECISION is 65; a user variable may carry up to 9 words, 81 digits. */
const MAX_DIGITS = 81;

function check(precision: number, scale: number): void {
  if (precision > MAX_DIGITS || scale > precision || precision === 0) {
    throw new FormatError(`DECIMAL(${precision},${scale}) is not a legal type`);
  }
}

/** Bytes of a packed DECIMAL(precision, scale). */
export function decimalBytes(precision: number, scale: number): number {
  check(precision, scale);
  const integer = precision - scale;
  return (
    Math.floor(integer / GROUP_DIGITS) * GROUP_BYTES +
    bytesOfDigits[integer % GROUP_DIGITS]! +
    Math.floor(scale / GROUP_DIGITS) * GROUP_BYTES +
    bytesOfDigits[scale % GROUP_DIGITS]!
  );
}

/** Up to here a run of groups is summed up as one exact number. */
const EXACT_DIGITS = 15;

/** One group of digits, as a number. `flip` inverts the bits of negative numbers. */
function readGroup(bytes: Uint8Array, start: number, length: number, flip: number): number {
  let value = 0;
  for (let at = start; at < start + length; at += 1) value = value * 256 + (bytes[at]! ^ flip);
  return value;
}

/** What the sign adds to a first group of 0 to 4 bytes, once a negative number's bits are inverted. */
export const signOfLength: readonly number[] = [0, 0x80, 0x8000, 0x80_0000, 0x8000_0000];

const zeros = '000000000';

/** A group's digits, with the zeros in front. */
export function groupText(value: number, digits: number): string {
  const text = String(value);
  return text.length < digits ? zeros.slice(text.length, digits) + text : text;
}

/**
 * Reads a packed decimal as its exact text, `-12.50`.
 *
 * Integer digits come first, the odd group leading; then the fraction, its odd group last. Every group is big-endian. The
 * first bit of all is set for numbers that are not negative; a negative number has all bits inverted.
 */
export function readDecimal(cursor: Cursor, precision: number, scale: number): string {
  const start = cursor.take(decimalBytes(precision, scale));
  return decimalText(cursor.bytes, start, precision, scale);
}

/** As {@link readDecimal}, of the {@link decimalBytes} at `start`. */
export function decimalText(bytes: Uint8Array, start: number, precision: number, scale: number): string {
  const flip = (bytes[start]! & 0x80) === 0 ? 0xff : 0;
  const end = putDigits(bytes, start, precision, scale, flip);
  if (end > 0) return scratch.text(flip === 0 ? 1 : 0, end);
  const text = digitsOf(bytes, start, precision, scale, flip);
  return flip === 0 ? text : `-${text}`;
}

/** A sign, a point, and the groups of both sides. */
const scratch = new TextInBytes(2 + 2 * MAX_DIGITS);
const POINT = 0x2e;
scratch.put(0, 0x2d);

/** 10 to the power of 0 to 9. */
const groupEnd = [
  1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
] as const;

/** Writes the number behind a minus sign; returns where its text ends, 0 where a group has more digits than it may. */
function putDigits(bytes: Uint8Array, start: number, precision: number, scale: number, flip: number): number {
  let from = start;
  let at = 1;
  for (let left = precision - scale; left > 0; ) {
    const count = left % GROUP_DIGITS || GROUP_DIGITS;
    const length = bytesOfDigits[count]!;
    const group = readGroup(bytes, from, length, flip) - (from === start ? signOfLength[length]! : 0);
    if (group >= groupEnd[count]!) return 0;
    if (at > 1) at = scratch.putPadded(at, group, count);
    else if (group > 0) at = scratch.putNumber(at, group);
    from += length;
    left -= count;
  }
  if (at === 1) at = scratch.putPadded(at, 0, 1);
  if (scale > 0) at = scratch.put(at, POINT);
  for (let left = scale; left > 0; left -= GROUP_DIGITS) {
    const count = left < GROUP_DIGITS ? left : GROUP_DIGITS;
    const length = bytesOfDigits[count]!;
    const group = readGroup(bytes, from, length, flip) - (from === start ? signOfLength[length]! : 0);
    if (group >= groupEnd[count]!) return 0;
    at = scratch.putPadded(at, group, count);
    from += length;
  }
  return at;
}

/** As {@link putDigits}, whatever the groups hold. */
function digitsOf(bytes: Uint8Array, start: number, precision: number, scale: number, flip: number): string {
  const integerDigits = precision - scale;
  let at = start;
  let digits = integerDigits % GROUP_DIGITS;
  let text = '';
  let value = 0;
  for (let left = integerDigits; left > 0; left -= digits, digits = GROUP_DIGITS) {
    if (digits === 0) digits = GROUP_DIGITS;
    const length = bytesOfDigits[digits]!;
    const group = readGroup(bytes, at, length, flip) - (at === start ? signOfLength[length]! : 0);
    at += length;
    if (integerDigits <= EXACT_DIGITS) value = value * 1_000_000_000 + group;
    else if (text !== '') text += groupText(group, digits);
    else if (group !== 0) text = String(group);
  }
  if (text === '') text = String(value);
  if (scale === 0) return text;
  text += '.';
  for (let left = scale; left > 0; left -= GROUP_DIGITS) {
    digits = left < GROUP_DIGITS ? left : GROUP_DIGITS;
    const length = bytesOfDigits[digits]!;
    const group = readGroup(bytes, at, length, flip) - (at === start ? signOfLength[length]! : 0);
    text += groupText(group, digits);
    at += length;
  }
  return text;
}

/**
 * Writes decimal text packed. Missing fraction digits are zeros.
 *
 * @throws UsageError when the text is not a decimal number or does not fit
 */
export function writeDecimal(writer: Writer, text: string, precision: number, scale: number): void {
  check(precision, scale);
  const match = /^([+-]?)0*(?!0)(\d*)(?:\.(\d*))?$/.exec(text);
  if (match === null || text === '') throw new UsageError(`'${text}' is not a decimal number`);
  const integerDigits = precision - scale;
  const whole = match[2]!;
  const part = match[3] ?? '';
  if (whole.length > integerDigits || part.length > scale) {
    throw new UsageError(`'${text}' does not fit DECIMAL(${precision},${scale})`);
  }
  const integer = whole.padStart(integerDigits, '0');
  const fraction = part.padEnd(scale, '0');
  const start = writer.length;
  const flip = match[1] === '-' ? 0xff : 0;
  const group = (digits: string): void => {
    const bytes = bytesOfDigits[digits.length]!;
    const value = Number(digits);
    for (let shift = (bytes - 1) * 8; shift >= 0; shift -= 8) writer.u8(((value >>> shift) & 0xff) ^ flip);
  };
  const odd = integerDigits % GROUP_DIGITS;
  if (odd > 0) group(integer.slice(0, odd));
  for (let at = odd; at < integerDigits; at += GROUP_DIGITS) group(integer.slice(at, at + GROUP_DIGITS));
  for (let at = 0; at < scale; at += GROUP_DIGITS) group(fraction.slice(at, at + GROUP_DIGITS));
  writer.view()[start]! ^= 0x80;
}
