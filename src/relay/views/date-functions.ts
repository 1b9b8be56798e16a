import type { SqliteValue } from '../../store/index.ts';
import {
  addInterval,
  difference,
  formatMoment,
  fractionOf,
  LENGTHS,
  type Moment,
  momentOf,
} from './moments.ts';
import { numberOf, textOf, whole } from './numbers.ts';

type Body = (...values: SqliteValue[]) => SqliteValue;

const SECOND = 1_000_000;
const DAY = LENGTHS['DAY']!;
/** Day number of 1970-01-01, as TO_DAYS counts. */
const DAY_OF_1970 = 719_528;

const dateOf = ({ micros }: Moment): Date => new Date(Math.floor(micros / 1000));
const two = (value: number): string => String(value).padStart(2, '0');

/** Of a date; NULL for what is none. */
const ofMoment =
  (compute: (moment: Moment, date: Date) => number | string | null): Body =>
  (value = null) => {
    const moment = momentOf(value);
    if (moment === undefined) return null;
    const result = compute(moment, dateOf(moment));
    return typeof result === 'number' ? whole(result) : result;
  };

/** `-12:30:00`, `12:30`, or the time of day of a date: in microseconds. */
function timeOf(value: SqliteValue): number | undefined {
  if (value === null) return undefined;
  const moment = momentOf(value);
  if (moment !== undefined && /[-T]\d/.test(textOf(value))) return ((moment.micros % DAY) + DAY) % DAY;
  const [, sign, hours, minutes, seconds = '0', fraction = ''] =
    /^\s*(-?)(\d{1,3}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{0,6})\d*)?)?\s*$/.exec(textOf(value)) ?? [];
  if (hours === undefined || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return (sign === '-' ? -1 : 1) * (whole * SECOND + Number(fraction.padEnd(6, '0')));
}

/** The longest TIME. */
const LONGEST_TIME = (838 * 3600 + 59 * 60 + 59) * SECOND;

function formatTime(micros: number): string {
  const rest = Math.min(Math.abs(micros), LONGEST_TIME);
  const seconds = Math.floor(rest / SECOND);
  const fraction = rest % SECOND;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${micros < 0 ? '-' : ''}${parts}${fraction === 0 ? '' : `.${String(fraction).padStart(6, '0')}`}`;
}

const add =
  (sign: 1 | -1): Body =>
  (value = null, amount = null, unit = 'DAY') => {
    const moment = momentOf(value);
    const result = moment === undefined ? undefined : addInterval(moment, amount, String(unit), sign);
    return result === undefined ? null : formatMoment(result);
  };

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

const dayOfYear = ({ micros }: Moment, date: Date): number =>
  Math.floor(micros / DAY) - Math.floor(Date.UTC(date.getUTCFullYear(), 0) / 86_400_000) + 1;
const twelve = (date: Date): number => date.getUTCHours() % 12 || 12;

/** What each letter of DATE_FORMAT stands for. */
const LETTERS: Readonly<Record<string, (date: Date, moment: Moment) => string>> = {
  a: (date) => DAYS[date.getUTCDay()]!.slice(0, 3),
  b: (date) => MONTHS[date.getUTCMonth()]!.slice(0, 3),
  c: (date) => String(date.getUTCMonth() + 1),
  d: (date) => two(date.getUTCDate()),
  e: (date) => String(date.getUTCDate()),
  f: (_date, { micros }) => String(fractionOf(micros)).padStart(6, '0'),
  H: (date) => two(date.getUTCHours()),
  h: (date) => two(twelve(date)),
  I: (date) => two(twelve(date)),
  i: (date) => two(date.getUTCMinutes()),
  j: (date, moment) => String(dayOfYear(moment, date)).padStart(3, '0'),
  k: (date) => String(date.getUTCHours()),
  l: (date) => String(twelve(date)),
  M: (date) => MONTHS[date.getUTCMonth()]!,
  m: (date) => two(date.getUTCMonth() + 1),
  p: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  r: (date) =>
    `${two(twelve(date))}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${date.getUTCHours() < 12 ? 'AM' : 'PM'}`,
  S: (date) => two(date.getUTCSeconds()),
  s: (date) => two(date.getUTCSeconds()),
  T: (date) => `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`,
  W: (date) => DAYS[date.getUTCDay()]!,
  w: (date) => String(date.getUTCDay()),
  Y: (date) => String(date.getUTCFullYear()).padStart(4, '0'),
  y: (date) => two(date.getUTCFullYear() % 100),
};

function formatDate(moment: Moment, format: string): string {
  const date = dateOf(moment);
  return format.replaceAll(/%(.)/gs, (_, letter: string) => LETTERS[letter]?.(date, moment) ?? letter);
}

const PARTS: Readonly<Record<string, (date: Date, moment: Moment) => number>> = {
  MICROSECOND: (_date, { micros }) => fractionOf(micros),
  SECOND: (date) => date.getUTCSeconds(),
  MINUTE: (date) => date.getUTCMinutes(),
  HOUR: (date) => date.getUTCHours(),
  DAY: (date) => date.getUTCDate(),
  MONTH: (date) => date.getUTCMonth() + 1,
  QUARTER: (date) => Math.floor(date.getUTCMonth() / 3) + 1,
  YEAR: (date) => date.getUTCFullYear(),
  YEAR_MONTH: (date) => date.getUTCFullYear() * 100 + date.getUTCMonth() + 1,
  DAY_HOUR: (date) => date.getUTCDate() * 100 + date.getUTCHours(),
  HOUR_MINUTE: (date) => date.getUTCHours() * 100 + date.getUTCMinutes(),
};

/** A part of a date, or of a time alone. */
const part =
  (unit: string): Body =>
  (value = null) => {
    const moment = momentOf(value);
    const time = moment === undefined ? timeOf(value) : undefined;
    if (moment === undefined && time === undefined) return null;
    const isTime = ['MICROSECOND', 'SECOND', 'MINUTE', 'HOUR', 'HOUR_MINUTE'].includes(unit);
    if (moment === undefined && !isTime) return null;
    const at = moment ?? { micros: Math.abs(time!), hasTime: true };
    if (moment === undefined && unit === 'HOUR') return whole(Math.floor(Math.abs(time!) / LENGTHS['HOUR']!));
    return whole(PARTS[unit]!(dateOf(at), at));
  };

/** Seconds since 1970, with a fraction where there is one. */
function unixTime(value: SqliteValue): SqliteValue {
  const moment = momentOf(value);
  if (moment === undefined) return null;
  return moment.micros % SECOND === 0 ? whole(moment.micros / SECOND) : moment.micros / SECOND;
}

/** MySQL's functions of dates and times, by the name they have inside. */
export const dateFunctions: Readonly<Record<string, Body>> = {
  mysql_date_add: add(1),
  mysql_date_sub: add(-1),
  mysql_timestampadd: (unit = null, amount = null, value = null) => add(1)(value, amount, unit),
  mysql_timestampdiff: (unit = null, from = null, to = null) => {
    const [a, b] = [momentOf(from), momentOf(to)];
    const count = a === undefined || b === undefined ? undefined : difference(String(unit), a, b);
    return count === undefined ? null : whole(count);
  },
  mysql_datediff: (a = null, b = null) => {
    const [to, from] = [momentOf(a), momentOf(b)];
    if (to === undefined || from === undefined) return null;
    return whole(Math.floor(to.micros / DAY) - Math.floor(from.micros / DAY));
  },
  mysql_timediff: (a = null, b = null) => {
    const isDate = (value: SqliteValue): boolean => momentOf(value)?.hasTime === true;
    if (isDate(a) !== isDate(b)) return null;
    if (isDate(a)) return formatTime(momentOf(a)!.micros - momentOf(b)!.micros);
    const [to, from] = [timeOf(a), timeOf(b)];
    return to === undefined || from === undefined ? null : formatTime(to - from);
  },
  mysql_extract: (unit = null, value = null) => {
    const name = String(unit);
    return Object.hasOwn(PARTS, name) ? part(name)(value) : null;
  },
  mysql_year: part('YEAR'),
  mysql_quarter: part('QUARTER'),
  mysql_month: part('MONTH'),
  mysql_day: part('DAY'),
  mysql_hour: part('HOUR'),
  mysql_minute: part('MINUTE'),
  mysql_second: part('SECOND'),
  mysql_microsecond: part('MICROSECOND'),
  mysql_dayofweek: ofMoment((_moment, date) => date.getUTCDay() + 1),
  mysql_weekday: ofMoment((_moment, date) => (date.getUTCDay() + 6) % 7),
  mysql_dayofyear: ofMoment(dayOfYear),
  mysql_dayname: ofMoment((_moment, date) => DAYS[date.getUTCDay()]!),
  mysql_monthname: ofMoment((_moment, date) => MONTHS[date.getUTCMonth()]!),
  mysql_date: ofMoment(({ micros }) => formatMoment({ micros, hasTime: false })),
  mysql_timestamp: ofMoment(({ micros }) => formatMoment({ micros, hasTime: true })),
  mysql_time: (value = null) => {
    const time = timeOf(value);
    return time === undefined ? null : formatTime(time);
  },
  mysql_last_day: ofMoment((_moment, date) => {
    const micros = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0) * 1000;
    return formatMoment({ micros, hasTime: false });
  }),
  mysql_to_days: ofMoment(({ micros }) => Math.floor(micros / DAY) + DAY_OF_1970),
  mysql_to_seconds: ofMoment(({ micros }) => Math.floor(micros / SECOND) + DAY_OF_1970 * 86_400),
  mysql_time_to_sec: (value = null) => {
    const time = timeOf(value);
    return time === undefined ? null : whole(Math.trunc(time / SECOND));
  },
  mysql_sec_to_time: (value = null) =>
    value === null ? null : formatTime(Math.round(numberOf(value) * SECOND)),
  mysql_date_format: (value = null, format = null) => {
    const moment = momentOf(value);
    return moment === undefined || format === null ? null : formatDate(moment, textOf(format));
  },
  mysql_unix_timestamp: (value = null) => unixTime(value),
  mysql_from_unixtime: (value = null, format) => {
    if (value === null || format === null) return null;
    const micros = Math.round(numberOf(value) * SECOND);
    if (micros < 0) return null;
    const moment = { micros, hasTime: true };
    return format === undefined ? formatMoment(moment) : formatDate(moment, textOf(format));
  },
};
