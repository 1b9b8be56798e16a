import type { Dialect } from '../../../options/index.ts';
import {
  dayNumber,
  LAST_TIMESTAMP,
  type LocalTime,
  secondsOfLocal,
  setCivilDate,
} from '../../../text/index.ts';

/** Fields as written; month and day may be 0. */
interface WrittenTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const DAY_FIELD = 2;
const SECOND_FIELD = 5;
const FRACTION_FIELD = 6;
/** Largest number a date can hold before the server calls it impossible. */
const LARGEST_FIELD = 999_999;
/** Two-digit years below this are 20xx (YY_PART_YEAR). */
const FIRST_YEAR_OF_1900 = 70;

const isDigit = (character: string): boolean =>
  character >= '0' && character <= '9' && character.length === 1;
const isSpace = (character: string): boolean => /^[ \t-\r]$/.test(character);
const isPunctuation = (character: string): boolean => /^[!-/:-@[-`{-~]$/.test(character);

/**
 * Splits a date and time as the server's str_to_datetime does. Two notations: digits only (`20260401093000`, a `T` may
 * follow the day), with fixed widths; or fields of any width with any punctuation between, blanks or a `T` only after the
 * day. A fraction of a second is read and dropped.
 */
function readFields(text: string, dialect: Dialect): readonly number[] | undefined {
  const trimmed = text.replace(/^[ \t-\r]+/, '');
  if (!isDigit(trimmed.charAt(0))) return undefined;
  const compact = (/^[\dT]*/.exec(trimmed) ?? [''])[0];
  const after = trimmed.charAt(compact.length);
  const fixed = after === '' || after === '.';
  const yearWidth = compact.length === 4 || compact.length === 8 || compact.length >= 14 ? 4 : 2;

  const fields: number[] = [];
  let at = 0;
  let width = yearWidth;
  let fieldEnd = 0;
  let spaceSeen = false;
  let delimiterSeen = false;
  for (let field = 0; field <= FRACTION_FIELD && isDigit(trimmed.charAt(at)); field++) {
    const start = at;
    const bounded = fixed || field === FRACTION_FIELD;
    while (isDigit(trimmed.charAt(at)) && (!bounded || at - start < width)) at++;
    const value = Number(trimmed.slice(start, at));
    if (value > LARGEST_FIELD) return undefined;
    fields.push(value);
    width = 2;
    fieldEnd = at;
    if (at === trimmed.length) break;
    if (field === DAY_FIELD && trimmed.charAt(at) === 'T') {
      at++;
      continue;
    }
    if (field === SECOND_FIELD) {
      if (trimmed.charAt(at) !== '.') break;
      at++;
      fieldEnd = at;
      width = 6;
      continue;
    }
    let delimiters = 0;
    while (isPunctuation(trimmed.charAt(at)) || isSpace(trimmed.charAt(at))) {
      if (isSpace(trimmed.charAt(at))) {
        if (field !== DAY_FIELD && field !== FRACTION_FIELD) return undefined;
        spaceSeen = true;
      } else delimiters++;
      delimiterSeen = true;
      at++;
    }
    if (dialect === 'mariadb' && delimiters > 1) return undefined;
    fieldEnd = at;
  }
  if (delimiterSeen && !spaceSeen && fields.length === 0) return undefined;
  let rest = trimmed.slice(fieldEnd);
  // MySQL drops digits beyond microseconds; MariaDB warns of them, which refuses the argument.
  if (dialect === 'mysql' && fields.length > FRACTION_FIELD) rest = rest.replace(/^\d+/, '');
  if (/[^ \t-\r]/.test(rest)) return undefined;
  const twoDigitYear = fixed ? yearWidth === 2 : (/^\d*/.exec(trimmed) ?? [''])[0].length === 2;
  const [year = 0] = fields;
  const nonZero = fields.some((value) => value !== 0);
  if (twoDigitYear && nonZero) fields[0] = year + (year < FIRST_YEAR_OF_1900 ? 2000 : 1900);
  return fields;
}

/** A full date and time, or undefined for what the real program calls incorrect. */
function readTime(text: string, dialect: Dialect): WrittenTime | undefined {
  const fields = readFields(text, dialect);
  if (fields === undefined || fields.length < 4) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  if (year > 9999 || month > 12 || day > 31 || hour > 23 || minute > 59 || second > 59) return undefined;
  if (dialect === 'mariadb' && month > 0 && day > new Date(Date.UTC(year, month, 0)).getUTCDate())
    return undefined;
  return { year, month, day, hour, minute, second };
}

/** Long enough after any moment for a change of the clocks to be over. */
const SIX_HOURS = 6 * 3600;

/**
 * Seconds since 1970 of a date and time of `zone`, as --start-datetime and --stop-datetime take it.
 * Undefined: not a date and time. 0: outside what a TIMESTAMP holds. Days and months that do not exist count on from the
 * last one, or back from the first: in MySQL February 30th is March 1st, in both May 0th is April 30th.
 */
export function readDatetime(text: string, dialect: Dialect, zone: LocalTime): number | undefined {
  const time = readTime(text, dialect);
  if (time === undefined) return undefined;
  const { year, hour, minute, second } = time;
  if (year < 1969 || year > 3001) return 0;
  const seconds = secondsOfLocal(zone, { ...realDate(time), hour, minute, second });
  // In the hour that summer time leaves out, the servers answer with the first second after it.
  if (zone.at(seconds).hour === hour + 1) return Math.max(0, seconds - minute * 60 - second);
  // The hour that comes twice is, to them, the second one.
  const again = seconds + Math.max(0, offsetAt(zone, seconds) - offsetAt(zone, seconds + SIX_HOURS));
  const { hour: hourAgain, minute: minuteAgain } = zone.at(again);
  const found = hourAgain === hour && minuteAgain === minute ? again : seconds;
  return found > LAST_TIMESTAMP[dialect] ? 0 : Math.max(0, found);
}

/** The date that one with too many days, or with day or month 0, counts to. */
function realDate({ year, month, day }: WrittenTime): { year: number; month: number; day: number } {
  const date = { year: 0, month: 0, day: 0 };
  const first = month === 0 ? dayNumber(year - 1, 12, 1) : dayNumber(year, month, 1);
  setCivilDate(date, first + day - 1);
  return date;
}

/** Seconds that local time is ahead of UTC. */
function offsetAt(zone: LocalTime, seconds: number): number {
  const { year, month, day, hour, minute, second } = zone.at(seconds);
  return dayNumber(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - seconds;
}
