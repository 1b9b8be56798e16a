import {
  dayNumber,
  isOfCalendar,
  type Moment,
  secondNumber,
  secondOfDay,
  weekdayOf,
  yearWeek,
} from './moment.ts';
import { Untold } from './untold.ts';

/** Works a number out of a date; null: NULL. */
type OfMoment = (moment: Moment) => number | null;

/**
 * NULL of what is no day, because its month or day is zero. What the servers make of days that no calendar has hangs on the function, and on the
 * session that wrote the row.
 */
const ofDay =
  (of: (moment: Moment) => number): OfMoment =>
  (moment) => {
    if (moment.month === 0 || moment.day === 0) return null;
    if (moment.day > 28 && !isOfCalendar(moment)) throw new Untold('a row has a date that is in no calendar');
    return of(moment);
  };

const quarter: OfMoment = ({ month }) => Math.trunc((month + 2) / 3);

/** Functions of a DATE or DATETIME. */
export const ofMoment: Readonly<Record<string, OfMoment>> = {
  YEAR: ({ year }) => year,
  MONTH: ({ month }) => month,
  DAY: ({ day }) => day,
  DAYOFMONTH: ({ day }) => day,
  QUARTER: quarter,
  TO_DAYS: ofDay(dayNumber),
  TO_SECONDS: ofDay(secondNumber),
  DAYOFYEAR: ofDay((moment) => dayNumber(moment) - dayNumber({ year: moment.year, month: 1, day: 1 }) + 1),
  WEEKDAY: ofDay(weekdayOf),
  DAYOFWEEK: ofDay((moment) => ((weekdayOf(moment) + 1) % 7) + 1),
  YEARWEEK: ofDay(yearWeek),
};

/** Functions of the time of day of a DATETIME. */
export const ofClock: Readonly<Record<string, (moment: Moment) => number>> = {
  HOUR: ({ hour }) => hour,
  MINUTE: ({ minute }) => minute,
  SECOND: ({ second }) => second,
  TIME_TO_SEC: secondOfDay,
};

/** EXTRACT, by its unit. */
export const extracted: Readonly<Record<string, OfMoment>> = {
  YEAR: ({ year }) => year,
  QUARTER: quarter,
  MONTH: ({ month }) => month,
  DAY: ({ day }) => day,
  YEAR_MONTH: ({ year, month }) => year * 100 + month,
};
