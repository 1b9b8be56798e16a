import type { Cursor, Writer } from '../../bytes/index.ts';
import { FormatError, UsageError } from '../../errors/index.ts';
import type { Column } from './column.ts';
import { ColumnCode } from './column-code.ts';
import type { ColumnType, ColumnValue } from './definition.ts';
import { givenText } from './given-text.ts';
import { twoByteMeta } from './meta.ts';

/** Digits of a whole group, and the bytes it takes. */
const GROUP_DIGITS = 9;
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

function readGroup(cursor: Cursor, digits: number, flip: number, firstFlip: number): string {
  const bytes = bytesOfDigits[digits]!;
  let at = cursor.take(bytes);
  let value = cursor.bytes[at]! ^ firstFlip;
  for (const end = at + bytes; ++at < end; ) value = value * 256 + (cursor.bytes[at]! ^ flip);
  return String(value).padStart(digits, '0');
}

/**
 * Reads a packed decimal as its exact text, `-12.50`.
 *
 * Integer digits come first, the odd group leading; then the fraction, its odd group last. Every group is big-endian. The
 * first bit of all is set for numbers that are not negative; a negative number has all bits inverted.
 */
export function readDecimal(cursor: Cursor, precision: number, scale: number): string {
  const bytes = decimalBytes(precision, scale);
  if (cursor.remaining < bytes) cursor.skip(bytes);
  const negative = (cursor.bytes[cursor.position]! & 0x80) === 0;
  const flip = negative ? 0xff : 0;
  let firstFlip = flip ^ 0x80;
  let integer = '';
  let left = precision - scale;
  if (left % GROUP_DIGITS > 0) {
    integer = readGroup(cursor, left % GROUP_DIGITS, flip, firstFlip);
    firstFlip = flip;
  }
  for (left -= left % GROUP_DIGITS; left > 0; left -= GROUP_DIGITS) {
    integer += readGroup(cursor, GROUP_DIGITS, flip, firstFlip);
    firstFlip = flip;
  }
  let zeros = 0;
  while (zeros < integer.length - 1 && integer.charCodeAt(zeros) === 0x30) zeros += 1;
  let text = (negative ? '-' : '') + (integer === '' ? '0' : integer.slice(zeros));
  if (scale === 0) return text;
  text += '.';
  for (left = scale; left > 0; left -= GROUP_DIGITS) {
    text += readGroup(cursor, Math.min(left, GROUP_DIGITS), flip, firstFlip);
    firstFlip = flip;
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
  const match = /^([+-]?)0*(\d*)(?:\.(\d*))?$/.exec(text);
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

/** Metadata is precision, then scale. */
export const newDecimal: ColumnType = {
  code: ColumnCode.NEWDECIMAL,
  name: 'MYSQL_TYPE_NEWDECIMAL',
  ...twoByteMeta,
  skip: (cursor, { meta }) => cursor.skip(decimalBytes(meta >> 8, meta & 0xff)),
  read: (cursor: Cursor, { meta }: Column): ColumnValue => readDecimal(cursor, meta >> 8, meta & 0xff),
  write: (writer, value, { meta }) => writeDecimal(writer, givenText(value), meta >> 8, meta & 0xff),
};
