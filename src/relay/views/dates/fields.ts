import type { SqliteValue } from '../../../store/index.ts';
import { dayNumber } from '../../../text/index.ts';
import { textOf } from '../numbers.ts';

/** What a date or a time is made of. Months and days may be 0 in a date, hours beyond a day in a time. */
export interface Fields {
  /** Undefined: a time alone. */
  readonly date: { readonly year: number; readonly month: number; readonly day: number } | undefined;
  /** Whether a date has a time of day. */
  readonly hasTime: boolean;
  readonly isNegative: boolean;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micro: number;
}

const DATE =
  /^\s*(\d{4}|\d{2})[^\w\s:](\d{1,2})[^\w\s:](\d{1,2})(?:[ T]+(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{0,6})\d*)?)?)?)?\s*$/;
const DIGITS = /^\s*(\d{4}|\d{2})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)(?:\.(\d{0,6})\d*)?)?\s*$/;
const TIME = /^\s*(-?)(?:(\d{1,2}) )?(\d{1,3}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{0,6})\d*)?)?\s*$/;

const micros = (fraction = ''): number => Number(fraction.padEnd(6, '0'));

export const two = (value: number): string => String(value).padStart(2, '0');

/** How many days the month has. */
export const daysIn = (year: number, month: number): number =>
  (month === 12 ? dayNumber(year + 1, 1, 1) : dayNumber(year, month + 1, 1)) - dayNumber(year, month, 1);

/** A date, with a time or without; undefined: it is none. */
export function dateFields(value: SqliteValue): Fields | undefined {
  if (value === null) return undefined;
  const text = textOf(value);
  const found = DATE.exec(text) ?? DIGITS.exec(text);
  if (found === null) return undefined;
  const [given = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const year = found[1]!.length > 2 ? given : given + (given < 70 ? 2000 : 1900);
  if (month > 12 || day > 31 || hour > 23 || minute > 59 || second > 59) return undefined;
  if (month > 0 && day > daysIn(year, month)) return undefined;
  return {
    date: { year, month, day },
    hasTime: found[4] !== undefined,
    isNegative: false,
    hour,
    minute,
    second,
    micro: micros(found[7]),
  };
}

/** The time of a date, or a time alone. */
export function timeFields(value: SqliteValue): Fields | undefined {
  const dated = dateFields(value);
  if (dated !== undefined && /\d[^\d.:\s]\d|\d{14}/.test(textOf(value))) return dated;
  if (value === null) return undefined;
  const text = typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(6) : textOf(value);
  const found = TIME.exec(text);
  if (found !== null) {
    const [, sign, days = '0', hours, minute, second = '0', fraction] = found;
    return timeOf(sign, Number(days) * 24 + Number(hours), Number(minute), Number(second), fraction);
  }
  const [, sign, digits, fraction] = /^\s*(-?)(\d{1,7})(?:\.(\d{0,6})\d*)?(?![\d:-])/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const count = Number(digits);
  return timeOf(sign, Math.floor(count / 10_000), Math.floor(count / 100) % 100, count % 100, fraction);
}

function timeOf(
  sign: string | undefined,
  hour: number,
  minute: number,
  second: number,
  fraction: string | undefined,
): Fields | undefined {
  if (minute > 59 || second > 59) return undefined;
  const isNegative = sign === '-';
  if (hour > 838)
    return { date: undefined, hasTime: true, isNegative, hour: 838, minute: 59, second: 59, micro: 0 };
  return { date: undefined, hasTime: true, isNegative, hour, minute, second, micro: micros(fraction) };
}
