import { dayNumber } from './civil-date.ts';

/** Rules of a POSIX time zone string, `CET-1CEST,M3.5.0,M10.5.0/3`: the `TZ` variable's, or the footer of a zone file. */
export interface PosixZone {
  readonly standard: ZoneOffset;
  readonly summer: ZoneOffset | undefined;
  /** When summer time starts, by the standard clock, and ends, by the summer clock. */
  readonly start: YearlyMoment;
  readonly end: YearlyMoment;
}

export interface ZoneOffset {
  readonly name: string;
  /** Seconds to add to UTC. */
  readonly seconds: number;
}

/** A day of every year and the seconds after its midnight. */
type YearlyMoment =
  | { readonly kind: 'month'; month: number; week: number; weekday: number; seconds: number }
  /** Day 1 to 365; 29 February is never counted. */
  | { readonly kind: 'julian'; day: number; seconds: number }
  /** Day 0 to 365. */
  | { readonly kind: 'ordinal'; day: number; seconds: number };

const TWO_O_CLOCK = 7200;
const DAY_SECONDS = 86_400;

/** The rule of the United States: what the C library takes for a summer time without rules. */
const defaultStart: YearlyMoment = { kind: 'month', month: 3, week: 2, weekday: 0, seconds: TWO_O_CLOCK };
const defaultEnd: YearlyMoment = { kind: 'month', month: 11, week: 1, weekday: 0, seconds: TWO_O_CLOCK };

const NAME = String.raw`([A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)`;
const CLOCK = String.raw`([+-]?)(\d{1,3})(?::(\d{1,2}))?(?::(\d{1,2}))?`;
const shape = new RegExp(`^${NAME}${CLOCK}(?:${NAME}(?:${CLOCK})?(?:,(.*))?)?$`);
const day = /^(?:M(\d{1,2})\.(\d)\.(\d)|(J?)(\d{1,3}))(?:\/(.+))?$/;
const clock = new RegExp(`^${CLOCK}$`);

function clockSeconds(sign = '', hours = '0', minutes = '0', seconds = '0'): number {
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -size : size;
}

function plainName(name: string): string {
  return name.startsWith('<') ? name.slice(1, -1) : name;
}

function parseMoment(text: string): YearlyMoment | undefined {
  const match = day.exec(text);
  if (match === null) return undefined;
  const [, month, week, weekday, julian, number, time] = match;
  const at = time === undefined ? undefined : clock.exec(time);
  if (at === null) return undefined;
  const seconds = at === undefined ? TWO_O_CLOCK : clockSeconds(at[1], at[2], at[3], at[4]);
  if (month !== undefined) {
    return { kind: 'month', month: Number(month), week: Number(week), weekday: Number(weekday), seconds };
  }
  return { kind: julian === 'J' ? 'julian' : 'ordinal', day: Number(number), seconds };
}

/** Undefined where the text is no such string. Offsets in it count westwards; {@link ZoneOffset} turns them around. */
export function parsePosixZone(text: string): PosixZone | undefined {
  const match = shape.exec(text);
  if (match === null) return undefined;
  const [
    ,
    name = '',
    sign,
    hours,
    minutes,
    seconds,
    summerName,
    summerSign,
    summerHours,
    summerMinutes,
    summerSeconds,
  ] = match;
  const standard = { name: plainName(name), seconds: -clockSeconds(sign, hours, minutes, seconds) };
  if (summerName === undefined) {
    return { standard, summer: undefined, start: defaultStart, end: defaultEnd };
  }
  const summer = {
    name: plainName(summerName),
    seconds:
      summerHours === undefined
        ? standard.seconds + 3600
        : -clockSeconds(summerSign, summerHours, summerMinutes, summerSeconds),
  };
  const rules = match[11];
  if (rules === undefined || rules === '') return { standard, summer, start: defaultStart, end: defaultEnd };
  const [first = '', second = '', ...more] = rules.split(',');
  const start = parseMoment(first);
  const end = parseMoment(second);
  if (start === undefined || end === undefined || more.length > 0) return undefined;
  return { standard, summer, start, end };
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Seconds since 1970 by the local clock of the moment in a year. */
function momentOf(rule: YearlyMoment, year: number): number {
  let days: number;
  if (rule.kind === 'month') {
    const first = dayNumber(year, rule.month, 1);
    // 1 January 1970 was a Thursday.
    const weekdayOfFirst = (((first + 4) % 7) + 7) % 7;
    const next = rule.month === 12 ? dayNumber(year + 1, 1, 1) : dayNumber(year, rule.month + 1, 1);
    days = first + ((rule.weekday - weekdayOfFirst + 7) % 7) + (rule.week - 1) * 7;
    while (days >= next) days -= 7;
  } else {
    days = dayNumber(year, 1, 1);
    if (rule.kind === 'ordinal') days += rule.day;
    else days += rule.day - 1 + (isLeap(year) && rule.day >= 60 ? 1 : 0);
  }
  return days * DAY_SECONDS + rule.seconds;
}

/** The offset in force, in the year that UTC counts; and how long it is known to hold: `[from, until)` in seconds. */
export interface ZoneSpan {
  offset: ZoneOffset;
  from: number;
  until: number;
}

/** What the rules say of a moment of `year`, which is the moment's year in UTC. */
export function spanOf(zone: PosixZone, year: number, seconds: number): ZoneSpan {
  const yearStart = dayNumber(year, 1, 1) * DAY_SECONDS;
  const yearEnd = dayNumber(year + 1, 1, 1) * DAY_SECONDS;
  const { standard, summer } = zone;
  if (summer === undefined) return { offset: standard, from: yearStart, until: yearEnd };
  // The C library knows no rule before 1970: such times are compared with the changes of that year.
  const ruleYear = Math.max(year, 1970);
  const start = momentOf(zone.start, ruleYear) - standard.seconds;
  const end = momentOf(zone.end, ruleYear) - summer.seconds;
  const northern = start <= end;
  const inSummer = northern ? seconds >= start && seconds < end : seconds < end || seconds >= start;
  let from = yearStart;
  let until = yearEnd;
  for (const change of [start, end]) {
    if (change <= seconds) from = Math.max(from, change);
    else until = Math.min(until, change);
  }
  return { offset: inSummer ? summer : standard, from, until };
}
