import type { TextOutput } from '../../output/text-output.ts';
import { writeClock, writeDate } from '../../time/calendar-text.ts';
import type { ColumnText } from './definition.ts';

const QUOTE = 0x27;
const MINUS = 0x2d;
const COLON = 0x3a;
const SPACE = 0x20;
const POINT = 0x2e;

/** Most digits behind the point. */
const MAX_FRACTION_DIGITS = 6;

/** A big-endian fraction of 0 to 3 bytes, and its first `digits` digits; an odd last digit is stored as a pair ending in 0. */
function writeFraction(out: TextOutput, fraction: number, digits: number): void {
  if (digits === 0) return;
  out.byte(POINT);
  if ((digits & 1) === 0) out.padded(fraction, digits);
  else out.padded(Math.floor(fraction / 10), digits);
}

/** A fraction of so many digits, none of which is left out. */
export function writeFractionDigits(out: TextOutput, fraction: number, digits: number): void {
  out.byte(POINT);
  out.padded(fraction, digits);
}

function bigEndian(bytes: Buffer, at: number, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i += 1) value = value * 256 + bytes[at + i]!;
  return value;
}

/** DATE and NEWDATE: 5 bits day, 4 month, the rest year. With colons, as the original prints it. */
export const date: ColumnText = {
  type: 'DATE',
  size: 3,
  write(out, bytes, at) {
    const packed = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
    out.byte(QUOTE);
    writeDate(out, packed >> 9, (packed >> 5) & 15, packed & 31, COLON);
    out.byte(QUOTE);
    return at + 3;
  },
};

/** Before 5.6, and `mysql56_temporal_format=OFF`: the number HHMMSS. */
export const time: ColumnText = {
  type: 'TIME',
  size: 3,
  write(out, bytes, at) {
    const value = ((bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)) << 8) >> 8;
    const size = Math.abs(value);
    out.byte(QUOTE);
    if (value < 0) out.byte(MINUS);
    writeClock(out, Math.floor(size / 10_000), Math.floor(size / 100) % 100, size % 100);
    out.byte(QUOTE);
    return at + 3;
  },
};

const LAST_DATETIME = 99_991_231_235_959;

/** Bytes that are no date: the original prints whatever C's conversions to `int` leave. */
function writeWildDatetime(out: TextOutput, value: bigint): void {
  const day = value / 1_000_000n;
  const clock = Number(value % 1_000_000n);
  const padded = (number: number, width: number): string => String(number).padStart(width, '0');
  const year = padded(Number(BigInt.asIntN(32, day / 10_000n)), 4);
  const month = padded(Math.floor(Number(day % 10_000n) / 100), 2);
  out.text(`'${year}-${month}-${padded(Number(day % 100n), 2)} `);
  writeClock(out, Math.floor(clock / 10_000), Math.floor(clock / 100) % 100, clock % 100);
  out.byte(QUOTE);
}

/** The number YYYYMMDDHHMMSS. */
export const datetime: ColumnText = {
  type: 'DATETIME',
  size: 8,
  write(out, bytes, at) {
    let value = 0;
    for (let i = 7; i >= 0; i -= 1) value = value * 256 + bytes[at + i]!;
    if (value > LAST_DATETIME) {
      if (at + 8 <= bytes.length) writeWildDatetime(out, bytes.readBigUInt64LE(at));
      return at + 8;
    }
    const day = Math.floor(value / 1_000_000);
    const clock = value - day * 1_000_000;
    out.byte(QUOTE);
    writeDate(out, Math.floor(day / 10_000), Math.floor(day / 100) % 100, day % 100, MINUS);
    out.byte(SPACE);
    writeClock(out, Math.floor(clock / 10_000), Math.floor(clock / 100) % 100, clock % 100);
    out.byte(QUOTE);
    return at + 8;
  },
};

export const timestamp: ColumnText = {
  type: 'TIMESTAMP',
  size: 4,
  write(out, bytes, at) {
    out.integer(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    return at + 4;
  },
};

/** Seconds since 1970, big-endian, and the fraction. Unquoted. */
export function timestamp2(digits: number): ColumnText | undefined {
  if (digits > MAX_FRACTION_DIGITS) return undefined;
  const fractionBytes = (digits + 1) >> 1;
  const largest = 100 ** fractionBytes - 1;
  return {
    type: `TIMESTAMP(${digits})`,
    size: 4 + fractionBytes,
    write(out, bytes, at) {
      out.integer(
        bytes[at]! * 0x100_0000 + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!),
      );
      // Bytes that are no fraction print as the largest there is.
      const fraction = bigEndian(bytes, at + 4, fractionBytes);
      writeFraction(out, fraction > largest ? largest : fraction, digits);
      return at + 4 + fractionBytes;
    },
  };
}

const LAST_YEAR = 9999;
/** Half the range of the 40 bits, which is added so that values sort as bytes. */
const DATETIME_HALF = 0x80_0000_0000;

/** The original has a table of two digits for each half of a year: a hundred is in it as XX. */
function writeWideDate(out: TextOutput, year: number, month: number, day: number): void {
  out.text('XX');
  out.padded(year % 100, 2);
  out.byte(MINUS);
  out.padded(month, 2);
  out.byte(MINUS);
  out.padded(day, 2);
}

/** 40 bits: year · 13 + month in 17, day 5, hour 5, minute 6, second 6; then the fraction. */
export function datetime2(digits: number): ColumnText | undefined {
  if (digits > MAX_FRACTION_DIGITS) return undefined;
  const fractionBytes = (digits + 1) >> 1;
  return {
    type: `DATETIME(${digits})`,
    size: 5 + fractionBytes,
    write(out, bytes, at) {
      const packed = bigEndian(bytes, at, 5) - DATETIME_HALF;
      out.byte(QUOTE);
      const date = Math.floor(Math.abs(packed) / 0x2_0000);
      const clock = Math.abs(packed) - date * 0x2_0000;
      const month = date >>> 5;
      const year = Math.floor(month / 13);
      if (year > LAST_YEAR) writeWideDate(out, year, month % 13, date & 31);
      else writeDate(out, year, month % 13, date & 31, MINUS);
      out.byte(SPACE);
      writeClock(out, clock >>> 12, (clock >>> 6) & 63, clock & 63);
      writeFraction(out, bigEndian(bytes, at + 5, fractionBytes), digits);
      out.byte(QUOTE);
      return at + 5 + fractionBytes;
    },
  };
}

/** Half the range of the 24 bits. */
const TIME_HALF = 0x80_0000;

/** 24 bits: sign, unused, hours 10, minutes 6, seconds 6; then the fraction. A negative time is negated as a whole. */
export function time2(digits: number): ColumnText | undefined {
  if (digits > MAX_FRACTION_DIGITS) return undefined;
  const fractionBytes = (digits + 1) >> 1;
  const scale = 256 ** fractionBytes;
  return {
    type: `TIME(${digits})`,
    size: 3 + fractionBytes,
    write(out, bytes, at) {
      const packed = bigEndian(bytes, at, 3 + fractionBytes) - TIME_HALF * scale;
      const size = Math.abs(packed);
      const clock = Math.floor(size / scale);
      out.byte(QUOTE);
      if (packed < 0) out.byte(MINUS);
      writeClock(out, clock >>> 12, (clock >>> 6) & 63, clock & 63);
      writeFraction(out, size - clock * scale, digits);
      out.byte(QUOTE);
      return at + 3 + fractionBytes;
    },
  };
}
