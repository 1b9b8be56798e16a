/**
 * TIME, DATETIME and TIMESTAMP with fractions as MariaDB stores them where `mysql56_temporal_format` is OFF, which before 10.1.2 was
 * always so: a big-endian number that counts units of the last digit. The log does not say how many digits there are.
 */

/** By number of digits. */
export const UNITS_A_SECOND = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000] as const;

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
  const power = UNITS_A_SECOND[digits]!;
  const rest = (0x1_0000_0000 % power) * high + low;
  units.seconds = Math.floor(0x1_0000_0000 / power) * high + Math.floor(rest / power);
  units.fraction = rest % power;
  return units;
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
