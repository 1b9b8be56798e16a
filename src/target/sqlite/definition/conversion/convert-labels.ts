import type { SqliteValue } from '../../../../store/index.ts';
import type { TableColumn } from '../../../schema/index.ts';
import type { Conversion, Maker } from './conversion.ts';
import { clipped, roundDecimal } from './convert-numbers.ts';
import { refuse } from './not-convertible.ts';

/** The place of a member among those that an ENUM may be, from 1 on; of a SET, a bit for each. */
function placesOf({ type }: TableColumn): (value: SqliteValue) => bigint {
  const members = type.values ?? [];
  if (type.name === 'enum')
    return (value) => {
      const at = typeof value === 'string' ? members.indexOf(value) : -1;
      return at < 0 ? BigInt(Number(refuse(value))) : BigInt(at + 1);
    };
  return (value) => {
    if (typeof value !== 'string') return BigInt(Number(refuse(value)));
    if (value === '') return 0n;
    return value.split(',').reduce((bits, member) => bits | (1n << BigInt(placeOf(members, member))), 0n);
  };
}

function placeOf(members: readonly string[], member: string): number {
  const at = members.indexOf(member);
  return at < 0 ? Number(refuse(member)) : at;
}

/** What is no member and no number; the servers take texts that compare alike for a member, and numbers for its place. */
const isNone = (value: string, known: readonly string[]): boolean =>
  /^[a-z][\x21-\x7e]*$/i.test(value) &&
  known.every((one) => /^[\0-\x7f]*$/.test(one) && one.trim().toLowerCase() !== value.toLowerCase());

/** One that is no member of the new ENUM is nothing there. */
function member({ type: { values: known = [] } }: TableColumn): Conversion {
  return (value) => {
    if (typeof value !== 'string' || known.includes(value)) return value;
    return isNone(value, known) ? '' : refuse(value);
  };
}

function members({ type: { values: known = [] } }: TableColumn): Conversion {
  return (value) => {
    if (typeof value !== 'string' || value === '') return value;
    const given = value.split(',');
    if (!given.every((one) => known.includes(one) || isNone(one, known))) return refuse(value);
    // They stand in the order of the definition.
    return known.filter((one) => given.includes(one)).join(',');
  };
}

/** From and to members of an ENUM or SET. */
export const labelMakers: Readonly<Record<string, Maker>> = {
  'label label': (from, to) =>
    from.type.name !== to.type.name ? undefined : to.type.name === 'enum' ? member(to) : members(to),
  'label text': () => (value) => value,
  'text label': (_from, { type: { name, values = [] } }) =>
    name === 'enum'
      ? (value) => (typeof value === 'string' && values.includes(value) ? value : refuse(value))
      : undefined,
  'label integer': (from, to) => clipped(to, placesOf(from)),
  'label real': (from) => {
    const places = placesOf(from);
    return (value) => (value === null ? null : Number(places(value)));
  },
  'label decimal': (from, to) => {
    const places = placesOf(from);
    return (value) => (value === null ? null : roundDecimal(String(places(value)), to.type.decimals ?? 0));
  },
};
