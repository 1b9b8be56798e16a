import type { Flavor } from '../../../charset/index.ts';
import type { SqliteValue } from '../../../store/index.ts';
import { LAST_TIMESTAMP } from '../../../text/index.ts';
import type { Body } from '../function-body.ts';
import { textOf } from '../numbers.ts';
import { formatMoment, momentOf, SECOND } from './moments.ts';
import { momentIn, shownIn, type Zone, zoneOf } from './zone.ts';

const flavorOf = (flavor: SqliteValue): Flavor => (flavor === 'mariadb' ? 'mariadb' : 'mysql');

/** The zone of the last call: a query asks for the same one with every row. */
let last:
  | { readonly name: SqliteValue; readonly flavor: Flavor; readonly zone: Zone | undefined }
  | undefined;

function zone(name: SqliteValue, of: SqliteValue): Zone | undefined {
  const flavor = flavorOf(of);
  if (last === undefined || last.name !== name || last.flavor !== flavor)
    last = { name, flavor, zone: name === null ? undefined : zoneOf(textOf(name), flavor) };
  return last.zone;
}

/** A moment of UTC as a TIMESTAMP is kept, `2026-11-21 05:45:04.123`, as the clocks of a zone show it; zeros stay what they are. */
export function zonedText(text: string, zone: Zone): string {
  const seconds = Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`);
  if (Number.isNaN(seconds)) return text;
  const shown = new Date(seconds + zone.offsetAt(seconds * 1000) / 1000).toISOString();
  return `${shown.slice(0, 10)} ${shown.slice(11, 19)}${text.slice(19)}`;
}

/** CONVERT_TZ: what no TIMESTAMP holds stays as it is. */
function converted(flavor: SqliteValue, value: SqliteValue, from: SqliteValue, to: SqliteValue): SqliteValue {
  const [source, target] = [from, to].map((name) => zone(name, flavor));
  const moment = momentOf(value);
  if (source === undefined || target === undefined || moment === undefined) return null;
  const at = momentIn(source, moment.micros);
  const isHeld = at >= SECOND && at < (LAST_TIMESTAMP[flavorOf(flavor)] + 1) * SECOND;
  return formatMoment({ micros: isHeld ? shownIn(target, at) : moment.micros, hasTime: true });
}

/** What depends on a time zone, by the name these functions have inside. */
export const zoneFunctions: Readonly<Record<string, Body>> = {
  mysql_convert_tz: (flavor = null, value = null, from = null, to = null) =>
    converted(flavor, value, from, to),
  mysql_zoned: (flavor = null, value = null, name = null) => {
    const found = zone(name, flavor);
    return value === null || found === undefined ? value : zonedText(textOf(value), found);
  },
  // Of what is no date, whoever takes it makes what it does.
  mysql_moment_in_zone: (flavor = null, value = null, name = null) => {
    const found = zone(name, flavor);
    const moment = momentOf(value);
    if (found === undefined || moment === undefined) return value;
    return formatMoment({ micros: momentIn(found, moment.micros), hasTime: true });
  },
};
