import type { Flavor } from '../../../charset/index.ts';
import { DAY, SECOND } from './moments.ts';

/** A time zone: how far its clocks are from UTC. */
export interface Zone {
  /** Microseconds east of UTC at a moment. */
  offsetAt(micros: number): number;
}

const UTC: Zone = { offsetAt: () => 0 };
/** Names of UTC, which is the time of a relay. */
const NAMES_OF_UTC = /^(system|utc|etc\/utc)$/i;
const OFFSET = /^([+-])0*(\d{1,2}):(\d{1,2})$/;
const NAME = /^[A-Za-z][\w+/-]*$/;

/** Minutes that an offset may have: my_tz_find's bounds, which MySQL moved in 8.0.19. */
const BOUNDS: Readonly<Record<Flavor, readonly [least: number, most: number]>> = {
  mysql: [-(13 * 60 + 59), 14 * 60],
  mariadb: [-(12 * 60 + 59), 13 * 60],
};

/** Minutes east of UTC that are written as an offset; undefined: it is none of the family's. */
function minutesOf(text: string, flavor: Flavor): number | undefined {
  const [, sign, hours, minutes] = OFFSET.exec(text) ?? [];
  if (sign === undefined || Number(minutes) > 59) return undefined;
  const east = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const [least, most] = BOUNDS[flavor];
  return east >= least && east <= most ? east : undefined;
}

/** A zone as `@@time_zone` shows it: offsets with four digits. */
export function zoneName(text: string, flavor: Flavor): string {
  if (/^system$/i.test(text)) return 'SYSTEM';
  const minutes = minutesOf(text, flavor);
  if (minutes === undefined) return text;
  const two = (value: number): string => String(value).padStart(2, '0');
  const length = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(length / 60))}:${two(length % 60)}`;
}

/** Zones by name that were asked for last: each remembers days. */
const named = new Map<string, Zone>();
const MOST_NAMED = 8;

/** The zone that a text names: `SYSTEM`, an offset, or a name of IANA's, in capitals or not. Undefined: there is none. */
export function zoneOf(text: string, flavor: Flavor): Zone | undefined {
  if (NAMES_OF_UTC.test(text)) return UTC;
  const minutes = minutesOf(text, flavor);
  if (minutes !== undefined) return { offsetAt: () => minutes * 60 * SECOND };
  if (!NAME.test(text)) return undefined;
  const name = text.toLowerCase();
  const known = named.get(name);
  if (known !== undefined) return known;
  try {
    const zone = new NamedZone(text);
    if (named.size >= MOST_NAMED) named.delete(named.keys().next().value!);
    named.set(name, zone);
    return zone;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Days of which a zone remembers how far it is: some eleven years. */
const MOST_DAYS = 4096;

/** A zone whose clocks change, as Node knows it. To ask costs microseconds, so that what holds for a day is asked once. */
class NamedZone implements Zone {
  readonly #format: Intl.DateTimeFormat;
  /** Offsets by the day; undefined: it has a change. */
  readonly #days = new Map<number, number | undefined>();

  /** @throws RangeError there is none of the name */
  constructor(timeZone: string) {
    const digits = 'numeric';
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: digits,
      month: digits,
      day: digits,
      hour: digits,
      minute: digits,
      second: digits,
    });
  }

  offsetAt(micros: number): number {
    const day = Math.floor(micros / DAY);
    if (!this.#days.has(day)) {
      if (this.#days.size >= MOST_DAYS) this.#days.clear();
      const [begin, end] = [this.#ask(day * DAY), this.#ask((day + 1) * DAY)];
      this.#days.set(day, begin === end ? begin : undefined);
    }
    return this.#days.get(day) ?? this.#ask(micros);
  }

  #ask(micros: number): number {
    const seconds = Math.floor(micros / SECOND);
    const parts = this.#format.formatToParts(seconds * 1000);
    const of = (type: Intl.DateTimeFormatPartTypes): number =>
      Number(parts.find((part) => part.type === type)?.value ?? 0);
    const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return (shown / 1000 - seconds) * SECOND;
  }
}

/** What the clocks of the zone show at a moment, in microseconds as if they were those of UTC. */
export const shownIn = (zone: Zone, micros: number): number => micros + zone.offsetAt(micros);

/**
 * The moment at which clocks of the zone show that. Of two, the first; what they never show, for they go forward over it, is the moment
 * of the change.
 */
export function momentIn(zone: Zone, shown: number): number {
  // Clocks that change do so less often than every second day.
  const [before, after] = [zone.offsetAt(shown - DAY), zone.offsetAt(shown + DAY)];
  const found = [before, after].map((offset) => shown - offset).filter((at) => shownIn(zone, at) === shown);
  if (found.length > 0) return Math.min(...found);
  let [from, to] = [Math.floor((shown - after) / SECOND), Math.floor((shown - before) / SECOND)];
  if (from > to) [from, to] = [to, from];
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    if (zone.offsetAt(middle * SECOND) === before) from = middle;
    else to = middle;
  }
  return to * SECOND + (((shown % SECOND) + SECOND) % SECOND);
}
