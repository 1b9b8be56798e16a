import { ColumnCode } from '../columns/index.ts';
import {
  momentOf,
  OLD_DATETIME_BYTES,
  OLD_TIME_BYTES,
  OLD_TIMESTAMP_BYTES,
  splitUnits,
  TIME_HALF_SECONDS,
} from '../columns/temporal/old-temporal-units.ts';

/** How unlikely it is that bytes are a value with so many digits: none of what servers store, or not what people store. */
export const IMPOSSIBLE = 1_000_000;
export const ODD = 10;
/** A fraction that needs fewer digits than it could have: one in ten is so by chance. */
const SHORT = Math.LN10;
/** Microseconds and milliseconds are what people choose, 5 and 4 digits they seldom do. */
const UNUSUAL_DIGITS = 2 * SHORT;

/** What people store: the years around ours, up to a day, and timestamps of the years 1990 to 2038. */
const FIRST_YEAR = 1900;
const USUAL_YEARS = 200;
const LAST_YEAR = 9999;
const DAY_SECONDS = 86_400;
const FIRST_TIMESTAMP = 631_152_000;
const LAST_TIMESTAMP = 0x7fff_ffff;

type Doubt = (bytes: Buffer, at: number, digits: number) => number;

interface OldType {
  /** Bytes of a value by number of digits. */
  readonly sizes: readonly number[];
  /** 0 for a usual value. */
  readonly doubt: Doubt;
}

function doubtClock(hours: number, minutes: number, seconds: number): boolean {
  return hours > 23 || minutes > 59 || seconds > 59;
}

function doubtDate(year: number, month: number, day: number): number {
  if (year > LAST_YEAR || month > 12 || day > 31) return IMPOSSIBLE;
  const isUsual = year >= FIRST_YEAR && year < FIRST_YEAR + USUAL_YEARS && month > 0 && day > 0;
  return isUsual ? 0 : ODD;
}

function doubtTime(bytes: Buffer, at: number, digits: number): number {
  if (digits === 0) {
    const number = Math.abs(bytes.readIntLE(at, 3));
    const [hours, minutes, seconds] = [
      Math.floor(number / 10_000),
      Math.floor(number / 100) % 100,
      number % 100,
    ];
    if (hours > 838 || minutes > 59 || seconds > 59) return IMPOSSIBLE;
    return hours > 24 ? ODD : 0;
  }
  const { seconds } = splitUnits(bytes, at, OLD_TIME_BYTES[digits]!, digits);
  const distance = Math.abs(seconds - TIME_HALF_SECONDS);
  if (distance > TIME_HALF_SECONDS) return IMPOSSIBLE;
  return distance > DAY_SECONDS ? ODD : 0;
}

function doubtDatetime(bytes: Buffer, at: number, digits: number): number {
  if (digits > 0) {
    const { seconds, fraction } = splitUnits(bytes, at, OLD_DATETIME_BYTES[digits]!, digits);
    if (seconds === 0 && fraction === 0) return 0;
    const { year, month, day } = momentOf(seconds);
    return doubtDate(year, month, day);
  }
  const number = bytes.readUInt32LE(at + 4) * 0x1_0000_0000 + bytes.readUInt32LE(at);
  if (number === 0) return 0;
  const day = Math.floor(number / 1_000_000);
  const clock = number % 1_000_000;
  if (doubtClock(Math.floor(clock / 10_000), Math.floor(clock / 100) % 100, clock % 100)) return IMPOSSIBLE;
  return doubtDate(Math.floor(day / 10_000), Math.floor(day / 100) % 100, day % 100);
}

function doubtTimestamp(bytes: Buffer, at: number, digits: number): number {
  const seconds = digits === 0 ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  let doubt = seconds !== 0 && (seconds < FIRST_TIMESTAMP || seconds > LAST_TIMESTAMP) ? ODD : 0;
  if (digits === 0) return doubt;
  const fraction = bytes.readUIntBE(at + 4, OLD_TIMESTAMP_BYTES[digits]! - 4);
  if (fraction >= 10 ** digits) return IMPOSSIBLE;
  // Pairs of digits share a width: 1 and 2, 3 and 4, 5 and 6. A fraction of 0 says nothing.
  if (digits % 2 === 0 && fraction !== 0 && fraction < 10 ** (digits - 1)) doubt += SHORT;
  return doubt;
}

/** How seldom columns have so many digits, before any value was seen. */
export const digitDoubts = [0, 0, 0, 0, UNUSUAL_DIGITS, UNUSUAL_DIGITS, 0] as const;

/** By column code. */
export const oldTypes: Readonly<Record<number, OldType>> = {
  [ColumnCode.TIME]: { sizes: OLD_TIME_BYTES, doubt: doubtTime },
  [ColumnCode.DATETIME]: { sizes: OLD_DATETIME_BYTES, doubt: doubtDatetime },
  [ColumnCode.TIMESTAMP]: { sizes: OLD_TIMESTAMP_BYTES, doubt: doubtTimestamp },
};
