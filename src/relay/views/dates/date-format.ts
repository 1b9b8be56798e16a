import type { SqliteValue } from '../../../store/index.ts';
import { dayNumber } from '../../../text/index.ts';
import { textOf } from '../numbers.ts';
import { dateFields, type Fields, timeFields, two } from './fields.ts';
import { weekOf } from './weeks.ts';

export const DAYS: readonly string[] = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
export const MONTHS: readonly string[] =
  'January February March April May June July August September October November December'.split(' ');

const twelve = ({ hour }: Fields): number => hour % 12 || 12;
const noon = ({ hour }: Fields): string => (hour % 24 < 12 ? 'AM' : 'PM');
const clock = ({ minute, second }: Fields): string => `${two(minute)}:${two(second)}`;

/** `1st`, `2nd`, `3rd`, `4th` … `11th`. */
export function ordinal(day: number): string {
  const ending = Math.floor(day / 10) === 1 ? undefined : ['th', 'st', 'nd', 'rd'][day % 10];
  return `${day}${ending ?? 'th'}`;
}

type Letter = (fields: Fields, date: NonNullable<Fields['date']>) => string | undefined;

/** Of a date without a month or a day there are no days of weeks. */
const ofDay =
  (write: (day: number, year: number) => string): Letter =>
  (_fields, { year, month, day }) =>
    month === 0 || day === 0 ? undefined : write(dayNumber(year, month, day), year);
const weekday = (day: number): number => (((day + 4) % 7) + 7) % 7;
const week = (mode: number): Letter => ofDay((day, year) => two(weekOf(day, year, mode).week));
const weekYear = (mode: number): Letter =>
  ofDay((day, year) => String(weekOf(day, year, mode).year).padStart(4, '0'));

/** What each letter of DATE_FORMAT stands for; undefined: there is no such thing of that date, and no answer. */
const LETTERS: Readonly<Record<string, Letter>> = {
  a: ofDay((day) => DAYS[weekday(day)]!.slice(0, 3)),
  b: (_fields, { month }) => MONTHS[month - 1]?.slice(0, 3),
  c: (_fields, { month }) => String(month),
  D: (_fields, { day }) => ordinal(day),
  d: (_fields, { day }) => two(day),
  e: (_fields, { day }) => String(day),
  f: ({ micro }) => String(micro).padStart(6, '0'),
  H: ({ hour }) => two(hour),
  h: (fields) => two(twelve(fields)),
  I: (fields) => two(twelve(fields)),
  i: ({ minute }) => two(minute),
  j: ofDay((day, year) => String(day - dayNumber(year, 1, 1) + 1).padStart(3, '0')),
  k: ({ hour }) => String(hour),
  l: (fields) => String(twelve(fields)),
  M: (_fields, { month }) => MONTHS[month - 1],
  m: (_fields, { month }) => two(month),
  p: noon,
  r: (fields) => `${two(twelve(fields))}:${clock(fields)} ${noon(fields)}`,
  S: ({ second }) => two(second),
  s: ({ second }) => two(second),
  T: (fields) => `${two(fields.hour)}:${clock(fields)}`,
  U: week(0),
  u: week(1),
  V: week(2),
  v: week(3),
  W: ofDay((day) => DAYS[weekday(day)]!),
  w: ofDay((day) => String(weekday(day))),
  X: weekYear(2),
  x: weekYear(3),
  Y: (_fields, { year }) => String(year).padStart(4, '0'),
  y: (_fields, { year }) => two(year % 100),
};

const NO_DATE = { year: 0, month: 0, day: 0 };

function formatted(fields: Fields, format: string): string | null {
  let isKnown = true;
  const text = format.replaceAll(/%(.)/gsu, (_, letter: string) => {
    const write = Object.hasOwn(LETTERS, letter) ? LETTERS[letter]! : (): string => letter;
    const written = write(fields, fields.date ?? NO_DATE);
    isKnown &&= written !== undefined;
    return written ?? '';
  });
  return isKnown ? (fields.isNegative ? '-' : '') + text : null;
}

/** GET_FORMAT, of MySQL's manual. */
const FORMATS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  DATE: { USA: '%m.%d.%Y', JIS: '%Y-%m-%d', ISO: '%Y-%m-%d', EUR: '%d.%m.%Y', INTERNAL: '%Y%m%d' },
  DATETIME: {
    USA: '%Y-%m-%d %H.%i.%s',
    JIS: '%Y-%m-%d %H:%i:%s',
    ISO: '%Y-%m-%d %H:%i:%s',
    EUR: '%Y-%m-%d %H.%i.%s',
    INTERNAL: '%Y%m%d%H%i%s',
  },
  TIME: { USA: '%h:%i:%s %p', JIS: '%H:%i:%s', ISO: '%H:%i:%s', EUR: '%H.%i.%s', INTERNAL: '%H%i%s' },
};

export function namedFormat(what: SqliteValue, name: SqliteValue): SqliteValue {
  if (what === null || name === null) return null;
  const formats = FORMATS[textOf(what) === 'TIMESTAMP' ? 'DATETIME' : textOf(what)];
  return formats?.[textOf(name).toUpperCase()] ?? null;
}

/** DATE_FORMAT: NULL for what is no date. */
export function formatDate(value: SqliteValue, format: SqliteValue): SqliteValue {
  const fields = dateFields(value);
  return fields === undefined || format === null ? null : formatted(fields, textOf(format));
}

/** TIME_FORMAT: of the time of a date, or a time, whose hours go beyond a day. */
export function formatTimeBy(flavor: SqliteValue, value: SqliteValue, format: SqliteValue): SqliteValue {
  const fields = timeFields(value);
  if (fields === undefined || format === null) return null;
  // MariaDB's knows nothing of dates.
  if (flavor === 'mariadb' && /%[abcDdejMmUuVvWwXxYy]/.test(textOf(format).replaceAll('%%', ''))) return null;
  // Days and weeks are not those of a time.
  if (/%[aDjUuVvWwXx]/.test(textOf(format).replaceAll('%%', ''))) return null;
  return formatted(fields, textOf(format));
}
