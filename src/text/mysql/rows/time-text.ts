import { TruncatedError } from '../../../errors/index.ts';
import type { TextOutput } from '../../output/text-output.ts';
import { writeAtLeast, writeClock, writeDate } from '../../time/calendar-text.ts';
import type { ColumnText, ColumnTextMaker } from './value-text.ts';

const QUOTE = 0x27;
const COLON = 0x3a;
const DASH = 0x2d;
const POINT = 0x2e;
const BLANK = 0x20;

const tens: readonly number[] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];

/** `.` and so many digits, or nothing for none. Odd counts are logged with one digit more than they have. */
function writeFraction(out: TextOutput, microseconds: number, digits: number): void {
  if (digits === 0) return;
  out.byte(POINT);
  // Only a damaged value has more digits than there is room for: the lowest are those that print.
  out.padded(Math.floor(microseconds / tens[6 - digits]!) % tens[digits]!, digits);
}

const LAST_YEAR = 9999;
const ZERO = 0x30;

/** The original has four places for a year: what is too large for the first goes on behind the nine, as characters do. */
function writeWideYear(out: TextOutput, year: number): void {
  out.byte(ZERO + Math.floor(year / 1000));
  out.padded(year % 1000, 3);
}

const date: ColumnText = {
  typeName: 'DATE',
  write(cursor, out) {
    const packed = cursor.u24();
    out.byte(QUOTE);
    const year = packed >>> 9;
    if (year > LAST_YEAR) {
      writeWideYear(out, year);
      out.byte(COLON);
      out.padded((packed >>> 5) & 15, 2);
      out.byte(COLON);
      out.padded(packed & 31, 2);
    } else writeDate(out, year, (packed >>> 5) & 15, packed & 31, COLON);
    out.byte(QUOTE);
  },
};
export const dateText: ColumnTextMaker = () => date;

const year: ColumnText = {
  typeName: 'YEAR',
  write: (cursor, out) => writeAtLeast(out, cursor.u8() + 1900, 4),
};
export const yearText: ColumnTextMaker = () => year;

const oldTimestamp: ColumnText = { typeName: 'TIMESTAMP', write: (cursor, out) => out.integer(cursor.i32()) };
export const oldTimestampText: ColumnTextMaker = () => oldTimestamp;

const oldTime: ColumnText = {
  typeName: 'TIME',
  write(cursor, out) {
    const packed = cursor.u24();
    out.byte(QUOTE);
    writeClock(out, Math.floor(packed / 10_000), Math.floor((packed % 10_000) / 100), packed % 100);
    out.byte(QUOTE);
  },
};
export const oldTimeText: ColumnTextMaker = () => oldTime;

const oldDatetime: ColumnText = {
  typeName: 'DATETIME',
  write(cursor, out) {
    const low = cursor.u32();
    const packed = cursor.u32() * 0x1_0000_0000 + low;
    const day = Math.floor(packed / 1_000_000);
    const clock = packed - day * 1_000_000;
    writeDate(out, Math.floor(day / 10_000), Math.floor(day / 100) % 100, day % 100, DASH);
    out.byte(BLANK);
    writeClock(out, Math.floor(clock / 10_000), Math.floor(clock / 100) % 100, clock % 100);
  },
};
export const oldDatetimeText: ColumnTextMaker = () => oldDatetime;

const MAX_DIGITS = 6;

/** More digits than there are: a damaged log has such a type, and NULL is all that can be said of its values. */
const unreadable = (typeName: string): ColumnText => ({
  typeName,
  write: () => {
    throw new TruncatedError('a value of no known length');
  },
});

/** Bytes of a fraction of 0 to 6 digits, and what one unit of it is in microseconds. */
const fractionBytes = [0, 1, 1, 2, 2, 3, 3] as const;
const fractionUnit = [0, 10_000, 10_000, 100, 100, 1, 1] as const;

function readFraction(bytes: Uint8Array, start: number, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i += 1) value = value * 256 + bytes[start + i]!;
  return value;
}

const SIGNED_FROM = [0, 0x80, 0x8000, 0x80_0000] as const;
const FRACTION_RANGE = 0x100_0000;
const UNSIGNED_RANGE = 0x1_0000_0000;

/** A fraction of one byte in a TIMESTAMP has no sign, all others have. */
function readMicroseconds(bytes: Uint8Array, start: number, size: number, unit: number): number {
  const value = readFraction(bytes, start, size);
  return (value >= SIGNED_FROM[size as 0 | 1 | 2 | 3] ? value - 256 ** size : value) * unit;
}

/** Seconds since 1970 as they are: the text belongs to no time zone. */
export const timestampText: ColumnTextMaker = ({ meta: digits }) => {
  if (digits > MAX_DIGITS) return unreadable(`TIMESTAMP(${digits})`);
  const bytes = fractionBytes[digits]!;
  const unit = fractionUnit[digits]!;
  return {
    typeName: `TIMESTAMP(${digits})`,
    write(cursor, out) {
      const at = cursor.take(4 + bytes);
      out.integer(readFraction(cursor.bytes, at, 4));
      const fraction =
        bytes === 1 ? cursor.bytes[at + 4]! * unit : readMicroseconds(cursor.bytes, at + 4, bytes, unit);
      writeFraction(out, fraction < 0 ? fraction + UNSIGNED_RANGE : fraction, digits);
    },
  };
};

/** Added to what is logged, so that negative values sort first. */
const DATETIME_OFFSET = 0x80_0000_0000;
const MONTHS = 13;

export const datetimeText: ColumnTextMaker = ({ meta: digits }) => {
  if (digits > MAX_DIGITS) return unreadable(`DATETIME(${digits})`);
  const bytes = fractionBytes[digits]!;
  const unit = fractionUnit[digits]!;
  return {
    typeName: `DATETIME(${digits})`,
    write(cursor, out) {
      const at = cursor.take(5 + bytes);
      let whole = readFraction(cursor.bytes, at, 5) - DATETIME_OFFSET;
      let microseconds = readMicroseconds(cursor.bytes, at + 5, bytes, unit);
      if (microseconds < 0) {
        whole -= 1;
        microseconds += FRACTION_RANGE;
      }
      // A damaged value may be negative: it is negated as one number, its fraction with it.
      if (whole < 0 && microseconds > 0) {
        whole += 1;
        microseconds = FRACTION_RANGE - microseconds;
      }
      const packed = Math.abs(whole);
      // Year and month take the upper 18 bits, day 5, hour 5, minute 6, second 6.
      const yearMonth = Math.floor(packed / 0x40_0000);
      const rest = packed - yearMonth * 0x40_0000;
      // The original's table of two digits begins anew behind 99.
      const year = Math.floor(yearMonth / MONTHS) % (LAST_YEAR + 1);
      out.byte(QUOTE);
      writeDate(out, year, yearMonth % MONTHS, rest >>> 17, DASH);
      out.byte(BLANK);
      writeClock(out, (rest >>> 12) & 31, (rest >>> 6) & 63, rest & 63);
      writeFraction(out, microseconds, digits);
      out.byte(QUOTE);
    },
  };
};

/** A TIME as one integer: hour 10 bits, minute 6, second 6, and the fraction's bytes below, offset as a whole. */
export const timeText: ColumnTextMaker = ({ meta: digits }) => {
  if (digits > MAX_DIGITS) return unreadable(`TIME(${digits})`);
  const bytes = fractionBytes[digits]!;
  const unit = fractionUnit[digits]!;
  const one = 256 ** bytes;
  const offset = 0x80_0000 * one;
  return {
    typeName: `TIME(${digits})`,
    write(cursor, out) {
      const at = cursor.take(3 + bytes);
      const value = readFraction(cursor.bytes, at, 3 + bytes) - offset;
      const size = Math.abs(value);
      const packed = Math.floor(size / one);
      out.byte(QUOTE);
      if (value < 0) out.byte(DASH);
      writeClock(out, packed >>> 12, (packed >>> 6) & 63, packed & 63);
      writeFraction(out, (size - packed * one) * unit, digits);
      out.byte(QUOTE);
    },
  };
};
