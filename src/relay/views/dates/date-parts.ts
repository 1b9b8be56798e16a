import type { SqliteValue } from '../../../store/index.ts';
import type { Body } from '../function-body.ts';
import { whole } from '../numbers.ts';
import { calendarFunctions } from './calendar.ts';
import { dateFields, type Fields, timeFields } from './fields.ts';

const MILLION = 1_000_000;
type Part = (fields: Fields) => number;

const dateOf = ({ date }: Fields): { readonly year: number; readonly month: number; readonly day: number } =>
  date ?? { year: 0, month: 0, day: 0 };
const dayOf: Part = (fields) => dateOf(fields).day;
const minutes: Part = ({ hour, minute }) => hour * 100 + minute;
const seconds: Part = (fields) => minutes(fields) * 100 + fields.second;
const dayHours: Part = (fields) => dayOf(fields) * 100 + fields.hour;

/** Parts of a date: a time alone has none. */
const OF_DATES: Readonly<Record<string, Part>> = {
  YEAR: (fields) => dateOf(fields).year,
  QUARTER: (fields) => Math.floor((dateOf(fields).month + 2) / 3),
  MONTH: (fields) => dateOf(fields).month,
  DAY: dayOf,
  YEAR_MONTH: (fields) => dateOf(fields).year * 100 + dateOf(fields).month,
};

/** Parts of a time, with the day of a date where there is one. */
const OF_TIMES: Readonly<Record<string, Part>> = {
  HOUR: ({ hour }) => hour,
  MINUTE: ({ minute }) => minute,
  SECOND: ({ second }) => second,
  MICROSECOND: ({ micro }) => micro,
  HOUR_MINUTE: minutes,
  HOUR_SECOND: seconds,
  HOUR_MICROSECOND: (fields) => seconds(fields) * MILLION + fields.micro,
  MINUTE_SECOND: ({ minute, second }) => minute * 100 + second,
  MINUTE_MICROSECOND: ({ minute, second, micro }) => (minute * 100 + second) * MILLION + micro,
  SECOND_MICROSECOND: ({ second, micro }) => second * MILLION + micro,
  DAY_HOUR: dayHours,
  DAY_MINUTE: (fields) => dayHours(fields) * 100 + fields.minute,
  DAY_SECOND: (fields) => (dayHours(fields) * 100 + fields.minute) * 100 + fields.second,
  DAY_MICROSECOND: (fields) =>
    ((dayHours(fields) * 100 + fields.minute) * 100 + fields.second) * MILLION + fields.micro,
};

/** To MariaDB, a long time has days. */
const withDays = (fields: Fields | undefined): Fields | undefined =>
  fields && {
    ...fields,
    date: { year: 0, month: 0, day: Math.floor(fields.hour / 24) },
    hour: fields.hour % 24,
  };

/** Of a date, or of the time that it or a text has; without the sign of a time. */
function partOf(
  unit: string,
  value: SqliteValue,
  inDays = false,
): { readonly part: number; readonly isNegative: boolean } | undefined {
  const part = OF_DATES[unit] ?? OF_TIMES[unit];
  const read = unit in OF_DATES ? dateFields(value) : timeFields(value);
  const fields = inDays && read?.date === undefined ? withDays(read) : read;
  return part === undefined || fields === undefined
    ? undefined
    : { part: part(fields), isNegative: fields.isNegative };
}

const part =
  (unit: string): Body =>
  (value = null) => {
    const found = partOf(unit, value);
    return found === undefined ? null : whole(found.part);
  };

/** Parts of dates and times, by the name these functions have inside. */
export const dateParts: Readonly<Record<string, Body>> = {
  mysql_extract: (flavor = null, unit = null, value = null) => {
    const name = String(unit);
    if (name === 'WEEK') return calendarFunctions['mysql_week']!(value);
    const found = partOf(name, value, flavor === 'mariadb');
    return found === undefined ? null : whole(found.isNegative ? -found.part || 0 : found.part);
  },
  mysql_year: part('YEAR'),
  mysql_quarter: part('QUARTER'),
  mysql_month: part('MONTH'),
  mysql_day: part('DAY'),
  mysql_hour: part('HOUR'),
  mysql_minute: part('MINUTE'),
  mysql_second: part('SECOND'),
  mysql_microsecond: part('MICROSECOND'),
};
