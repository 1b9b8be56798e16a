import { writeClock, writeDate } from '../../calendar-text.ts';
import type { TextOutput } from '../../text-output.ts';
import type { ColumnText } from './definition.ts';
import { writeFractionDigits } from './time.ts';

/**
 * TIME, DATETIME and TIMESTAMP with fractions as MariaDB stores them where `mysql56_temporal_format` is OFF, which before 10.1.2 was
 * always so: a big-endian number that counts units of the last digit. The log does not say how many digits there are.
 */

const powers = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000] as const;

/** Bytes of a value by number of digits (Field_time_hires, Field_datetime_hires, Field_timestamp_hires); 0 is the type without. */
export const OLD_TIME_BYTES = [3, 4, 4, 5, 5, 5, 6] as const;
export const OLD_DATETIME_BYTES = [8, 6, 6, 7, 7, 7, 8] as const;
export const OLD_TIMESTAMP_BYTES = [4, 5, 5, 6, 6, 7, 7] as const;

/** One second more than the longest time, 838:59:59: values are stored with it added, so that none is negative. */
export const TIME_HALF_SECONDS = 3_020_400;

/** A number of whole seconds and units below. Reused. */
export interface Units {
  seconds: number;
  fraction: number;
}

const units: Units = { seconds: 0, fraction: 0 };

/** Splits a big-endian number of up to 8 bytes, which may be beyond 2^53, at a power of ten. The result is reused. */
export function splitUnits(bytes: Buffer, at: number, size: number, digits: number): Units {
  let high = 0;
  for (let i = 0; i < size - 4; i += 1) high = high * 256 + bytes[at + i]!;
  const low = bytes.readUInt32BE(at + size - 4);
  const power = powers[digits]!;
  const rest = (0x1_0000_0000 % power) * high + low;
  units.seconds = Math.floor(0x1_0000_0000 / power) * high + Math.floor(rest / power);
  units.fraction = rest % power;
  return units;
}

function fractional(
  name: string,
  sizes: readonly number[],
  digits: number,
  write: (out: TextOutput, bytes: Buffer, at: number, size: number) => void,
): ColumnText {
  const size = sizes[digits]!;
  return {
    type: `${name}(${digits})`,
    size,
    write(out, bytes, at, end) {
      if (at + size <= end) write(out, bytes, at, size);
      return at + size;
    },
  };
}

const QUOTE = 0x27;
const MINUS = 0x2d;
const SPACE = 0x20;

export function oldTime(digits: number): ColumnText {
  return fractional('TIME', OLD_TIME_BYTES, digits, (out, bytes, at, size) => {
    const power = powers[digits]!;
    const { seconds, fraction } = splitUnits(bytes, at, size, digits);
    const value = (seconds - TIME_HALF_SECONDS) * power + fraction;
    const absolute = Math.abs(value);
    const whole = Math.floor(absolute / power);
    out.byte(QUOTE);
    if (value < 0) out.byte(MINUS);
    writeClock(out, Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60);
    writeFractionDigits(out, absolute % power, digits);
    out.byte(QUOTE);
  });
}

/** The parts of a date and time, each a digit of a number in mixed base. Reused. */
export interface Moment {
  year: number;
  month: number;
  day: number;
  clock: number;
}

const moment: Moment = { year: 0, month: 0, day: 0, clock: 0 };

/** Months to a base of 13 and days to a base of 32: both may be 0. */
export function momentOf(seconds: number): Moment {
  const days = Math.floor(seconds / 86_400);
  moment.clock = seconds - days * 86_400;
  moment.day = days % 32;
  const months = Math.floor(days / 32);
  moment.month = months % 13;
  moment.year = Math.floor(months / 13);
  return moment;
}

export function oldDatetime(digits: number): ColumnText {
  return fractional('DATETIME', OLD_DATETIME_BYTES, digits, (out, bytes, at, size) => {
    const { seconds, fraction } = splitUnits(bytes, at, size, digits);
    const { year, month, day, clock } = momentOf(seconds);
    out.byte(QUOTE);
    writeDate(out, year, month, day, MINUS);
    out.byte(SPACE);
    writeClock(out, Math.floor(clock / 3600), Math.floor(clock / 60) % 60, clock % 60);
    writeFractionDigits(out, fraction, digits);
    out.byte(QUOTE);
  });
}

export function oldTimestamp(digits: number): ColumnText {
  return fractional('TIMESTAMP', OLD_TIMESTAMP_BYTES, digits, (out, bytes, at, size) => {
    out.integer(bytes.readUInt32BE(at));
    writeFractionDigits(out, bytes.readUIntBE(at + 4, size - 4), digits);
  });
}
