import { notSupported } from '../../../sql/index.ts';
import type { SqliteValue } from '../../../store/index.ts';
import { textOf } from '../numbers.ts';
import { DAYS, MONTHS } from './date-format.ts';
import { daysIn, two } from './fields.ts';

/** What has been read of a text. */
interface Read {
  year: number;
  month: number;
  day: number;
  dayOfYear: number | undefined;
  hour: number;
  minute: number;
  second: number;
  micro: number;
  isTwelve: boolean;
  isAfternoon: boolean;
}

/** Reads a part at the begin of a text: how many characters it took, undefined where there is none. */
type Reader = (text: string, read: Read) => number | undefined;

const number =
  (digits: number, put: (read: Read, value: number, length: number) => void): Reader =>
  (text, read) => {
    const found = new RegExp(`^\\d{1,${digits}}`).exec(text)?.[0];
    if (found === undefined) return undefined;
    put(read, Number(found), found.length);
    return found.length;
  };

const name =
  (names: readonly string[], length: number | undefined, put: (read: Read, index: number) => void): Reader =>
  (text, read) => {
    const index = names.findIndex((each) =>
      text.toLowerCase().startsWith(each.slice(0, length).toLowerCase()),
    );
    if (index < 0) return undefined;
    put(read, index);
    return names[index]!.slice(0, length).length;
  };

const month = number(2, (read, value) => (read.month = value));
const day = number(2, (read, value) => (read.day = value));
const hour = number(2, (read, value) => (read.hour = value));
const second = number(2, (read, value) => (read.second = value));
const twelve = number(2, (read, value) => {
  read.hour = value;
  read.isTwelve = true;
});
const noon: Reader = (text, read) => {
  const found = /^[ap]m/i.exec(text)?.[0];
  if (found === undefined) return undefined;
  read.isAfternoon = /^p/i.test(found);
  // AM and PM are of twelve hours.
  read.isTwelve = true;
  return 2;
};

const READERS: Readonly<Record<string, Reader>> = {
  a: name(DAYS, 3, () => undefined),
  b: name(MONTHS, 3, (read, index) => (read.month = index + 1)),
  c: month,
  D: (text, read) => {
    const length = day(text, read);
    return length === undefined ? undefined : length + Math.min(2, text.length - length);
  },
  d: day,
  e: day,
  f: (text, read) => {
    const found = /^\d{1,6}/.exec(text)?.[0];
    if (found === undefined) return undefined;
    read.micro = Number(found.padEnd(6, '0'));
    return found.length;
  },
  H: hour,
  h: twelve,
  I: twelve,
  i: number(2, (read, value) => (read.minute = value)),
  j: number(3, (read, value) => (read.dayOfYear = value)),
  k: hour,
  l: twelve,
  M: name(MONTHS, undefined, (read, index) => (read.month = index + 1)),
  m: month,
  p: noon,
  S: second,
  s: second,
  W: name(DAYS, undefined, () => undefined),
  w: number(1, () => undefined),
  Y: number(
    4,
    (read, value, length) => (read.year = length > 2 ? value : value + (value < 70 ? 2000 : 1900)),
  ),
  y: number(2, (read, value) => (read.year = value + (value < 70 ? 2000 : 1900))),
};
const PARTS: Readonly<Record<string, string>> = { r: '%I:%i:%S %p', T: '%H:%i:%S' };
const OF_DATES = /%[abcDdejMmWwYy]/;
const OF_TIMES = /%[fHhIiklprSsT]/;

/** Reads the text by the format. Undefined: it is not of this form. */
function parse(value: string, format: string): Read | undefined {
  const read: Read = {
    year: 0,
    month: 0,
    day: 0,
    dayOfYear: undefined,
    hour: 0,
    minute: 0,
    second: 0,
    micro: 0,
    isTwelve: false,
    isAfternoon: false,
  };
  let rest = value;
  const pieces =
    format.replaceAll(/%([rT])/g, (_, letter: string) => PARTS[letter]!).match(/%.|[^%]/gsu) ?? [];
  for (const piece of pieces) {
    rest = rest.trimStart();
    if (rest === '') break;
    const letter = piece[1];
    if (letter === undefined || letter === '%') {
      if (piece.trim() === '') continue;
      if (!rest.startsWith(piece[0]!)) return undefined;
      rest = rest.slice(1);
      continue;
    }
    if (!Object.hasOwn(READERS, letter)) throw notSupported(`%${letter} in STR_TO_DATE`);
    const length = READERS[letter]!(rest, read);
    if (length === undefined) return undefined;
    rest = rest.slice(length);
  }
  return read;
}

/** STR_TO_DATE. `allowsZero`: months and days may be 0 (`sql_mode` without NO_ZERO_IN_DATE). */
export function strToDate(
  flavor: SqliteValue,
  value: SqliteValue,
  format: SqliteValue,
  allowsZero: boolean,
): SqliteValue {
  if (value === null || format === null) return null;
  const wanted = textOf(format);
  const read = parse(textOf(value), wanted);
  if (read === undefined) return null;
  if (read.isTwelve) {
    if (read.hour < 1 || read.hour > 12) return null;
    read.hour = (read.hour % 12) + (read.isAfternoon ? 12 : 0);
  }
  if (read.dayOfYear !== undefined && read.dayOfYear > 0) {
    const date = new Date(0);
    date.setUTCFullYear(read.year, 0, read.dayOfYear);
    [read.month, read.day] = [date.getUTCMonth() + 1, date.getUTCDate()];
  }
  const { year, hour: hours, minute, second: seconds, micro } = read;
  if (read.month > 12 || read.day > 31 || hours > 23 || minute > 59 || seconds > 59) return null;
  // To MariaDB every month may have 31 days here.
  if (flavor !== 'mariadb' && read.month > 0 && read.day > daysIn(year, read.month)) return null;
  const hasDate = OF_DATES.test(wanted);
  if (hasDate && !allowsZero && (read.month === 0 || read.day === 0)) return null;
  const date = `${String(year).padStart(4, '0')}-${two(read.month)}-${two(read.day)}`;
  if (!OF_TIMES.test(wanted)) return date;
  const fraction = /%f/.test(wanted) ? `.${String(micro).padStart(6, '0')}` : '';
  const time = `${two(hours)}:${two(minute)}:${two(seconds)}${fraction}`;
  return hasDate ? `${date} ${time}` : time;
}
