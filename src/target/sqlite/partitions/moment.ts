/** A date, with a time of day where it has one. Months and days may be zero, as the servers keep them. */
export interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Digits behind the second; empty: none. */
  readonly fraction: string;
}

const MOMENT = /^(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?$/;

/** Reads `YYYY-MM-DD` and `YYYY-MM-DD hh:mm:ss`, as rows are kept; undefined: it is something else. */
export function momentOf(text: string): Moment | undefined {
  const found = MOMENT.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = ''] = found;
  return {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    fraction,
  };
}

/** Whether a day is one of the calendar, which the servers extend to the year 0. */
export function isOfCalendar({ year, month, day }: Moment): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** `0000-00-00` */
const isZero = ({ year, month, day }: Moment): boolean => year === 0 && month === 0 && day === 0;

/** Days since the year 0, as the servers count them: also days that no calendar has, like the 31st of February. */
export function dayNumber({ year, month, day }: Pick<Moment, 'year' | 'month' | 'day'>): number {
  if (year === 0 && month === 0) return 0;
  const days = 365 * year + 31 * (month - 1) + day;
  const isEarly = month <= 2;
  const past = isEarly ? year - 1 : year;
  const shorter = isEarly ? 0 : Math.trunc((month * 4 + 23) / 10);
  const centuries = Math.trunc(((Math.trunc(past / 100) + 1) * 3) / 4);
  return days - shorter + Math.trunc(past / 4) - centuries;
}

/** Monday is 0. */
export const weekdayOf = (moment: Moment): number => (dayNumber(moment) + 5) % 7;

export const SECONDS_A_DAY = 86_400;

export const secondOfDay = ({ hour, minute, second }: Moment): number => hour * 3600 + minute * 60 + second;

/** Seconds since the year 0. */
export const secondNumber = (moment: Moment): number =>
  dayNumber(moment) * SECONDS_A_DAY + secondOfDay(moment);

/** 1970-01-01, as {@link dayNumber} counts. */
export const EPOCH_DAY = 719_528;

/** The last days of the years 1 and 9999, between which dates have four digits and count as in a calendar. */
const [FIRST_DAY, LAST_DAY] = [731, 3_652_424];

/** `YYYY-MM-DD` of a day, as {@link dayNumber} counts; undefined: it is too early or too late. */
export function dateOfDay(number: number): string | undefined {
  if (!(number >= FIRST_DAY && number <= LAST_DAY)) return undefined;
  return new Date((number - EPOCH_DAY) * SECONDS_A_DAY * 1000).toISOString().slice(0, 10);
}

/** Seconds since 1970 of a moment in UTC; 0 for the zero date, which the servers have for no time at all. */
export const unixSeconds = (moment: Moment): number =>
  isZero(moment) ? 0 : secondNumber(moment) - EPOCH_DAY * SECONDS_A_DAY;

/** Year and week of YEARWEEK without a mode: weeks begin with Sunday, and the first of a year is the one with its first Sunday. */
export function yearWeek(moment: Moment): number {
  const day = dayNumber(moment);
  const first = dayNumber({ year: moment.year, month: 1, day: 1 });
  // Sunday is 0.
  const weekdayOfFirst = (first + 6) % 7;
  const firstSunday = first + ((7 - weekdayOfFirst) % 7);
  if (day >= firstSunday) return moment.year * 100 + Math.floor((day - firstSunday) / 7) + 1;
  const year = moment.year - 1;
  const firstBefore = dayNumber({ year, month: 1, day: 1 });
  const sundayBefore = firstBefore + ((7 - ((firstBefore + 6) % 7)) % 7);
  return year * 100 + Math.floor((day - sundayBefore) / 7) + 1;
}
