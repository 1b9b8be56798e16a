import { ServerError } from '../../../errors/index.ts';
import type { SqliteValue } from '../../../store/index.ts';
import { dayNumber } from '../../../text/index.ts';
import { type Body, strict } from '../function-body.ts';
import { integerOf, whole } from '../numbers.ts';
import { DAY, formatMoment, momentOf } from './moments.ts';
import { ISO_WEEKS, WHOLE_WEEKS, weekOf } from './weeks.ts';

/** Day number of 1970-01-01, as TO_DAYS counts. */
export const DAY_OF_1970 = 719_528;
/** Of 9999-12-31. */
const LAST_DAY = 3_652_424;

/** Years of two digits are those of 1970 to 2069. */
const fullYear = (year: number): number => (year >= 100 ? year : year + (year < 70 ? 2000 : 1900));

function week(value: SqliteValue, mode: SqliteValue, more = 0): { week: number; year: number } | null {
  const moment = momentOf(value);
  if (moment === undefined) return null;
  const year = new Date(Math.floor(moment.micros / 1000)).getUTCFullYear();
  // A mode that is NULL is none.
  const counted = mode === null ? 0 : Number(integerOf(mode)) & 7;
  return weekOf(Math.floor(moment.micros / DAY), year, counted | more);
}

/** Months since the year 0 of `202511`, and of `2511`. */
function monthsOf(flavor: SqliteValue, period: bigint, call: string): bigint {
  const month = period % 100n;
  const year = period / 100n;
  // ER_WRONG_ARGUMENTS
  if (flavor !== 'mariadb' && (period < 0n || month < 1n || month > 12n))
    throw new ServerError(1210, 'HY000', `Incorrect arguments to ${call}`);
  if (period === 0n) return 0n;
  return BigInt(fullYear(Number(year))) * 12n + month - 1n;
}

const periodOf = (months: bigint): bigint => {
  if (months === 0n) return 0n;
  const year = months / 12n;
  return BigInt(fullYear(Number(year))) * 100n + (months % 12n) + 1n;
};

/** Functions of weeks, days and months, by the name they have inside. */
export const calendarFunctions: Readonly<Record<string, Body>> = {
  mysql_week: (value = null, mode = 0n) => {
    const found = week(value, mode);
    return found === null ? null : whole(found.week);
  },
  mysql_weekofyear: (value = null) => {
    const found = week(value, ISO_WEEKS);
    return found === null ? null : whole(found.week);
  },
  mysql_yearweek: (value = null, mode = 0n) => {
    const found = week(value, mode, WHOLE_WEEKS);
    return found === null ? null : whole(found.year * 100 + found.week);
  },
  mysql_makedate: strict(2, (year = null, day = null) => {
    const [years, days] = [Number(integerOf(year)), Number(integerOf(day))];
    if (days <= 0 || years < 0 || years > 9999) return null;
    const number = dayNumber(fullYear(years), 1, 1) + days - 1;
    return formatMoment({ micros: number * DAY, hasTime: false });
  }),
  mysql_from_days: strict(2, (flavor = null, value = null) => {
    const day = Number(integerOf(value));
    const isMysql = flavor !== 'mariadb';
    if (day <= 0 || day > LAST_DAY || (day <= 365 && !isMysql)) return isMysql ? null : '0000-00-00';
    // The year 0 has 365 days.
    if (day <= 365)
      return `0000${formatMoment({ micros: Date.UTC(2001, 0, day) * 1000, hasTime: false })!.slice(4)}`;
    return formatMoment({ micros: (day - DAY_OF_1970) * DAY, hasTime: false });
  }),
  mysql_period_add: strict(3, (flavor = null, period = null, months = null) => {
    const from = monthsOf(flavor, integerOf(period), 'period_add');
    return integerOf(period) === 0n ? 0n : periodOf(from + integerOf(months));
  }),
  mysql_period_diff: strict(
    3,
    (flavor = null, a = null, b = null) =>
      monthsOf(flavor, integerOf(a), 'period_diff') - monthsOf(flavor, integerOf(b), 'period_diff'),
  ),
};
