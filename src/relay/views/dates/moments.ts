import type { SqliteValue } from '../../../store/index.ts';
import { textOf } from '../numbers.ts';
import { dateFields, two } from './fields.ts';

/** A DATE or DATETIME of MySQL's, in UTC, which is the time of a relay. */
export interface Moment {
  /** Since 1970. Whole, and exact: the year 9999 is well under 2 ** 53. */
  readonly micros: number;
  /** Whether it has a time of day: a DATE has none. */
  readonly hasTime: boolean;
}

/** Microseconds. */
export const SECOND = 1_000_000;
export const DAY: number = 86_400 * SECOND;

export const LENGTHS: Readonly<Record<string, number>> = {
  MICROSECOND: 1,
  SECOND,
  MINUTE: 60 * SECOND,
  HOUR: 3600 * SECOND,
  DAY,
  WEEK: 7 * DAY,
};
const MONTHS: Readonly<Record<string, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12 };

/** Units of two parts: the smaller one, and how many parts there are. */
const COMPOUND: Readonly<Record<string, readonly string[]>> = {
  SECOND_MICROSECOND: ['SECOND', 'MICROSECOND'],
  MINUTE_MICROSECOND: ['MINUTE', 'SECOND', 'MICROSECOND'],
  MINUTE_SECOND: ['MINUTE', 'SECOND'],
  HOUR_MICROSECOND: ['HOUR', 'MINUTE', 'SECOND', 'MICROSECOND'],
  HOUR_SECOND: ['HOUR', 'MINUTE', 'SECOND'],
  HOUR_MINUTE: ['HOUR', 'MINUTE'],
  DAY_MICROSECOND: ['DAY', 'HOUR', 'MINUTE', 'SECOND', 'MICROSECOND'],
  DAY_SECOND: ['DAY', 'HOUR', 'MINUTE', 'SECOND'],
  DAY_MINUTE: ['DAY', 'HOUR', 'MINUTE'],
  DAY_HOUR: ['DAY', 'HOUR'],
  YEAR_MONTH: ['YEAR', 'MONTH'],
};

/** Reads a date, with a time or without; undefined: it is none, `0000-00-00` included. */
export function momentOf(value: SqliteValue): Moment | undefined {
  const fields = dateFields(value);
  if (fields?.date === undefined) return undefined;
  const { year, month, day } = fields.date;
  if (month === 0 || day === 0) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(fields.hour, fields.minute, fields.second);
  return { micros: date.getTime() * 1000 + fields.micro, hasTime: fields.hasTime };
}

/** The fraction of a second, as microseconds. */
const fractionOf = (micros: number): number => ((micros % SECOND) + SECOND) % SECOND;
const dateOf = (micros: number): Date => new Date(Math.floor(micros / 1000));

/** `2026-11-21`, `2026-11-21 05:45:04`, with six digits more where it is not a whole second. NULL beyond the years 0 to 9999. */
export function formatMoment({ micros, hasTime }: Moment): string | null {
  const date = dateOf(micros);
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) return null;
  const text = `${String(year).padStart(4, '0')}-${date.toISOString().slice(-19, -14)}`;
  if (!hasTime) return text;
  const fraction = fractionOf(micros);
  const digits = fraction === 0 ? '' : `.${String(fraction).padStart(6, '0')}`;
  return `${text} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}${digits}`;
}

/** Months later; a day that the month has not is its last. */
function addMonths({ micros, hasTime }: Moment, months: number): Moment {
  const date = dateOf(micros);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return { micros: date.getTime() * 1000 + (((micros % 1000) + 1000) % 1000), hasTime };
}

/** Adds `amount` of the unit, times `sign`. Undefined: no such amount. */
export function addInterval(
  moment: Moment,
  amount: SqliteValue,
  unit: string,
  sign: 1 | -1,
): Moment | undefined {
  if (amount === null) return undefined;
  const parts = COMPOUND[unit];
  if (parts !== undefined) return addParts(moment, textOf(amount), parts, sign);
  const number = Number.parseFloat(textOf(amount));
  if (Number.isNaN(number)) return addInterval(moment, 0, unit, sign);
  const months = MONTHS[unit];
  if (months !== undefined) return addMonths(moment, sign * months * Math.round(number));
  const length = LENGTHS[unit];
  if (length === undefined) return undefined;
  const isDay = length >= DAY;
  // Seconds alone have fractions; other units are rounded.
  const steps = unit === 'SECOND' ? Math.round(number * SECOND) : Math.round(number) * length;
  return { micros: moment.micros + sign * steps, hasTime: moment.hasTime || !isDay };
}

/** `1:30` HOUR_MINUTE: numbers between whatever, the last of them for the smallest part. */
function addParts(moment: Moment, text: string, parts: readonly string[], sign: 1 | -1): Moment {
  const numbers = text.match(/\d+/g) ?? [];
  const negative = /^\s*-/.test(text) ? -1 : 1;
  const used = parts.slice(-Math.max(1, numbers.length));
  let result = moment;
  for (const [i, part] of used.entries()) {
    const digits = numbers[i + Math.max(0, numbers.length - parts.length)] ?? '0';
    // A fraction of a second counts from the left.
    const amount = part === 'MICROSECOND' ? Number(digits.padEnd(6, '0').slice(0, 6)) : Number(digits);
    result = addInterval(result, negative * amount, part, sign) ?? result;
  }
  return result;
}

/** Whole units between two moments, as TIMESTAMPDIFF counts. */
export function difference(unit: string, from: Moment, to: Moment): number | undefined {
  const months = MONTHS[unit];
  if (months === undefined) {
    const length = LENGTHS[unit];
    return length === undefined ? undefined : Math.trunc((to.micros - from.micros) / length);
  }
  const [early, late] = from.micros <= to.micros ? [from, to] : [to, from];
  const [a, b] = [dateOf(early.micros), dateOf(late.micros)];
  let count = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
  const inMonth = (date: Date, { micros }: Moment): number =>
    micros - Date.UTC(date.getUTCFullYear(), date.getUTCMonth()) * 1000;
  if (inMonth(b, late) < inMonth(a, early)) count -= 1;
  const units = Math.trunc(count / months);
  return early === from ? units : -units || 0;
}
