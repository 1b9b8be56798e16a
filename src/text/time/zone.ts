import { Cursor } from '../../bytes/index.ts';
import { FormatError } from '../../errors/index.ts';
import { dayNumber, setCivilDate } from './civil-date.ts';
import type { LocalMoment, LocalTime } from './local-time.ts';
import { type PosixZone, parsePosixZone, spanOf, type ZoneOffset } from './posix-zone.ts';

const DAY_SECONDS = 86_400;
const MAGIC = 0x545a_6966;
const HEADER_RESERVED_BYTES = 15;
/** The largest zone file of the database has some 300; a count above this is damage. */
const MAX_ENTRIES = 100_000;

/** Changes of offset in ascending order, and what holds before the first and after the last. */
interface ZoneHistory {
  readonly times: readonly number[];
  /** What holds from each of `times` on. */
  readonly offsets: readonly ZoneOffset[];
  readonly before: ZoneOffset;
  readonly after: PosixZone | undefined;
}

/** A date from Unix seconds, as the C library breaks it down: whatever the year, negative times too. */
class ZonedTime implements LocalTime {
  readonly #history: ZoneHistory;
  readonly #moment: LocalMoment = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, zone: '' };
  /** The offset in force for `[#from, #until)`: times of a log lie close together. */
  #offset: ZoneOffset;
  #from = Infinity;
  #until = -Infinity;
  /** The day that `#moment` stands at. */
  #day = NaN;

  constructor(history: ZoneHistory) {
    this.#history = history;
    this.#offset = history.before;
  }

  at(time: number): LocalMoment {
    const seconds = Math.floor(time);
    if (seconds < this.#from || seconds >= this.#until) this.#find(seconds);
    const local = seconds + this.#offset.seconds;
    const day = Math.floor(local / DAY_SECONDS);
    const moment = this.#moment;
    if (day !== this.#day) {
      this.#day = day;
      setCivilDate(moment, day);
    }
    const ofDay = local - day * DAY_SECONDS;
    moment.hour = Math.floor(ofDay / 3600);
    moment.minute = Math.floor((ofDay - moment.hour * 3600) / 60);
    moment.second = ofDay % 60;
    moment.zone = this.#offset.name;
    return moment;
  }

  #find(seconds: number): void {
    const { times, offsets, before, after } = this.#history;
    let low = 0;
    for (let high = times.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (times[middle]! <= seconds) low = middle + 1;
      else high = middle;
    }
    if (low === times.length && after !== undefined) {
      const date = { year: 0, month: 0, day: 0 };
      setCivilDate(date, Math.floor(seconds / DAY_SECONDS));
      const span = spanOf(after, date.year, seconds);
      this.#offset = span.offset;
      this.#from = Math.max(span.from, times.at(-1) ?? -Infinity);
      this.#until = span.until;
      return;
    }
    this.#offset = low === 0 ? before : offsets[low - 1]!;
    this.#from = times[low - 1] ?? -Infinity;
    this.#until = times[low] ?? Infinity;
  }
}

/**
 * A zone file, versions 1 to 4:
 *
 *   bytes  field
 *   4      `TZif`
 *   1      version: 0, `2`, `3`, `4`
 *   15     reserved
 *   4 each, big-endian: UTC marks, standard marks, leap seconds, transitions, types, characters
 *   block  transitions of 4 bytes; their types; types of 6 bytes; characters; leap seconds; marks
 *
 * From version 2 on a second header and block with 8-byte times follow, and a POSIX string between newlines for later times.
 */
function readHistory(bytes: Uint8Array): ZoneHistory {
  const cursor = new Cursor(bytes);
  let counts = readHeader(cursor);
  let timeBytes: 4 | 8 = 4;
  if (counts.version > 0) {
    cursor.skip(blockBytes(counts, 4));
    counts = readHeader(cursor);
    timeBytes = 8;
  }
  const blockStart = cursor.position;
  const times: number[] = [];
  for (let i = 0; i < counts.transitions; i += 1) {
    const high = timeBytes === 8 ? cursor.u32be() | 0 : 0;
    const low = cursor.u32be();
    times.push(timeBytes === 8 ? high * 0x1_0000_0000 + low : low | 0);
  }
  const indexes = Array.from({ length: counts.transitions }, () => cursor.u8());
  const records = Array.from({ length: counts.types }, () => ({
    seconds: cursor.u32be() | 0,
    isSummer: cursor.u8() !== 0,
    nameAt: cursor.u8(),
  }));
  const names = cursor.latin1(counts.characters);
  const types = records.map(({ seconds, isSummer, nameAt }) => {
    const stop = names.indexOf('\0', nameAt);
    return { seconds, isSummer, name: names.slice(nameAt, stop < 0 ? names.length : stop) };
  });
  // The C library: before the first change, the first type that is not summer time, or the first of all.
  const before = types.find(({ isSummer }) => !isSummer) ?? types[0];
  const offsets = indexes.map((index) => types[index]);
  if (before === undefined || offsets.includes(undefined)) {
    throw new FormatError('zone file names a type that it does not have');
  }
  let after: PosixZone | undefined;
  if (timeBytes === 8) {
    cursor.position = blockStart;
    cursor.skip(blockBytes(counts, timeBytes));
    const footer = cursor.latin1(cursor.remaining);
    after = parsePosixZone(footer.slice(1, footer.indexOf('\n', 1)));
  }
  return { times, offsets: offsets as ZoneOffset[], before, after };
}

interface Counts {
  version: number;
  utcMarks: number;
  standardMarks: number;
  leapSeconds: number;
  transitions: number;
  types: number;
  characters: number;
}

function readHeader(cursor: Cursor): Counts {
  if (cursor.u32be() !== MAGIC) throw new FormatError('zone file does not start with TZif');
  const version = cursor.u8();
  cursor.skip(HEADER_RESERVED_BYTES);
  const count = (): number => {
    const value = cursor.u32be();
    if (value > MAX_ENTRIES) throw new FormatError(`zone file claims ${value} entries`);
    return value;
  };
  return {
    version,
    utcMarks: count(),
    standardMarks: count(),
    leapSeconds: count(),
    transitions: count(),
    types: count(),
    characters: count(),
  };
}

function blockBytes(counts: Counts, timeBytes: number): number {
  return (
    counts.transitions * (timeBytes + 1) +
    counts.types * 6 +
    counts.characters +
    counts.leapSeconds * (timeBytes + 4) +
    counts.standardMarks +
    counts.utcMarks
  );
}

/** Local time by a zone file's bytes, as the C library reads it. @throws FormatError on other bytes */
export function zoneFromFile(bytes: Uint8Array): LocalTime {
  return new ZonedTime(readHistory(bytes));
}

/**
 * Local time by the text of the `TZ` variable where it names no zone file: a POSIX string, or else UTC, under the name that
 * the text starts with, as the C library does.
 */
export function zoneFromText(text: string): LocalTime {
  const zone = parsePosixZone(text);
  const name = /^[A-Za-z]{3,}/.exec(text)?.[0] ?? (text === '' ? 'UTC' : '');
  const utc = { name, seconds: 0 };
  const after = zone ?? { standard: utc, summer: undefined, start: never, end: never };
  return new ZonedTime({ times: [], offsets: [], before: after.standard, after });
}

const never = { kind: 'ordinal', day: 0, seconds: 0 } as const;

/** Local time as JavaScript knows it, for systems without zone files. Its abbreviations are not the C library's everywhere. */
export function zoneFromRuntime(): LocalTime {
  const format = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' });
  return {
    at(seconds) {
      const date = new Date(seconds * 1000);
      return {
        year: date.getFullYear(),
        month: date.getMonth() + 1,
        day: date.getDate(),
        hour: date.getHours(),
        minute: date.getMinutes(),
        second: date.getSeconds(),
        zone: format.formatToParts(date).find(({ type }) => type === 'timeZoneName')?.value ?? '',
      };
    },
  };
}

/**
 * Seconds since 1970 of a local date and time: the inverse of `at`, the earlier of two where clocks are put back. Where they
 * are put forward, a time that never was counts on from before the change.
 */
export function secondsOfLocal(zone: LocalTime, moment: Omit<LocalMoment, 'zone'>): number {
  const wanted =
    dayNumber(moment.year, moment.month, moment.day) * DAY_SECONDS +
    moment.hour * 3600 +
    moment.minute * 60 +
    moment.second;
  const localOf = (seconds: number): number => {
    const at = zone.at(seconds);
    return dayNumber(at.year, at.month, at.day) * DAY_SECONDS + at.hour * 3600 + at.minute * 60 + at.second;
  };
  // A day either side shows both offsets that can matter; the larger one gives the earlier moment.
  const before = wanted - DAY_SECONDS;
  const early = wanted - (localOf(before) - before);
  const later = wanted + DAY_SECONDS;
  const late = wanted - (localOf(later) - later);
  const [first, second] = early <= late ? [early, late] : [late, early];
  if (localOf(first) === wanted) return first;
  if (localOf(second) === wanted) return second;
  return early;
}
