import type { SqliteValue } from '../../../store/index.ts';
import { dayNumber, LAST_TIMESTAMP } from '../../../text/index.ts';
import type { Body } from '../function-body.ts';
import { numberOf, whole } from '../numbers.ts';
import { calendarFunctions, DAY_OF_1970 } from './calendar.ts';
import { DAYS, formatDate, formatTimeBy, MONTHS, namedFormat } from './date-format.ts';
import { dateParts } from './date-parts.ts';
import { dateFields } from './fields.ts';
import { addInterval, DAY, difference, formatMoment, type Moment, momentOf, SECOND } from './moments.ts';
import { strToDate } from './str-to-date.ts';
import { formatTime, LONGEST_TIME, timeFunctions, timeOf } from './times.ts';
import { zoneFunctions } from './zone-functions.ts';

const dateOf = ({ micros }: Moment): Date => new Date(Math.floor(micros / 1000));

/** Of a date; NULL for what is none. */
const ofMoment =
  (compute: (moment: Moment, date: Date) => number | string | null): Body =>
  (value = null) => {
    const moment = momentOf(value);
    if (moment === undefined) return null;
    const result = compute(moment, dateOf(moment));
    return typeof result === 'number' ? whole(result) : result;
  };

const add =
  (sign: 1 | -1): Body =>
  (value = null, amount = null, unit = 'DAY') => {
    const moment = momentOf(value);
    const result = moment === undefined ? undefined : addInterval(moment, amount, String(unit), sign);
    return result === undefined ? null : formatMoment(result);
  };

/** To a time alone, which is NULL where it would be too long. */
const addToTime =
  (sign: 1 | -1): Body =>
  (value = null, amount = null, unit = 'DAY') => {
    const time = timeOf(value);
    const isOfTime = !/MONTH|YEAR|QUARTER/.test(String(unit));
    if (time === undefined || !isOfTime) return null;
    const sum = addInterval({ micros: time, hasTime: true }, amount, String(unit), sign)?.micros;
    return sum === undefined || Math.abs(sum) > LONGEST_TIME ? null : formatTime(sum);
  };

const dayOfYear = ({ micros }: Moment, date: Date): number =>
  Math.floor(micros / DAY) - dayNumber(date.getUTCFullYear(), 1, 1) + 1;

/** Seconds since 1970, with a fraction where there is one. What is no such moment is 0 in MySQL. */
function unixTime(flavor: SqliteValue, value: SqliteValue): SqliteValue {
  if (value === null) return null;
  const moment = momentOf(value);
  const isMariadb = flavor === 'mariadb';
  const seconds = (moment?.micros ?? -1) / SECOND;
  if (seconds < 0 || seconds >= LAST_TIMESTAMP[isMariadb ? 'mariadb' : 'mysql'] + 1)
    return isMariadb ? null : 0n;
  return Number.isInteger(seconds) ? whole(seconds) : seconds;
}

/** The moment so many seconds after 1970. */
function fromUnixTime(flavor: SqliteValue, value: SqliteValue): string | null {
  const seconds = numberOf(value);
  const isMariadb = flavor === 'mariadb';
  const least = isMariadb ? 1 : 0;
  if (!(seconds >= least && seconds < LAST_TIMESTAMP[isMariadb ? 'mariadb' : 'mysql'] + 1)) return null;
  return formatMoment({ micros: Math.round(seconds * SECOND), hasTime: true });
}

/** MySQL's functions of dates and times, by the name they have inside. */
export const dateFunctions: Readonly<Record<string, Body>> = {
  mysql_date_add: add(1),
  mysql_date_sub: add(-1),
  mysql_time_add: addToTime(1),
  mysql_time_sub: addToTime(-1),
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
  ...calendarFunctions,
  ...dateParts,
  ...timeFunctions,
  ...zoneFunctions,
  mysql_dayofweek: ofMoment((_moment, date) => date.getUTCDay() + 1),
  mysql_weekday: ofMoment((_moment, date) => (date.getUTCDay() + 6) % 7),
  mysql_dayofyear: ofMoment(dayOfYear),
  mysql_dayname: ofMoment((_moment, date) => DAYS[date.getUTCDay()] ?? null),
  mysql_monthname: (value = null) => MONTHS[(dateFields(value)?.date?.month ?? 0) - 1] ?? null,
  // Dates may have zeros.
  mysql_date: (value = null) => {
    const date = dateFields(value)?.date;
    return date === undefined ? null : formatDate(value, '%Y-%m-%d');
  },
  mysql_timestamp: (value = null, time) => {
    if (time === undefined) return timestampOf(value);
    const [moment, added] = [momentOf(value), timeOf(time)];
    if (moment === undefined || added === undefined) return null;
    return formatMoment({ micros: moment.micros + added, hasTime: true });
  },
  mysql_last_day: ofMoment((_moment, date) => {
    const micros = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0) * 1000;
    return formatMoment({ micros, hasTime: false });
  }),
  mysql_to_days: ofMoment(({ micros }) => Math.floor(micros / DAY) + DAY_OF_1970),
  mysql_to_seconds: ofMoment(({ micros }) => Math.floor(micros / SECOND) + DAY_OF_1970 * 86_400),
  mysql_get_format: (what = null, name = null) => namedFormat(what, name),
  mysql_date_format: (value = null, format = null) => formatDate(value, format),
  mysql_time_format: (flavor = null, value = null, format = null) => formatTimeBy(flavor, value, format),
  mysql_str_to_date: (flavor = null, value = null, format = null, allowsZero = null) =>
    strToDate(flavor, value, format, Number(allowsZero) !== 0),
  mysql_unix_timestamp: (flavor = null, value = null) => unixTime(flavor, value),
  mysql_from_unixtime: (flavor = null, value = null) => (value === null ? null : fromUnixTime(flavor, value)),
};

function timestampOf(value: SqliteValue): SqliteValue {
  const fields = dateFields(value);
  if (fields === undefined) return null;
  return formatDate(value, fields.micro === 0 ? '%Y-%m-%d %T' : '%Y-%m-%d %T.%f');
}
