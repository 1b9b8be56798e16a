import type { SqliteValue } from '../../../../store/index.ts';
import type { TableColumn } from '../../../schema/index.ts';
import type { Conversion, Maker } from './conversion.ts';
import { INTEGER_BITS } from './fit.ts';
import { refuse } from './not-convertible.ts';

const DECIMAL = /^(-?)(\d+)(?:\.(\d*))?$/;

/** Digits with exactly so many behind the point, rounded half away from zero as the servers do. */
export function roundDecimal(text: string, decimals: number): string {
  const match = DECIMAL.exec(text);
  if (match === null) return text;
  const [, sign, whole, fraction = ''] = match;
  const digits = BigInt(whole! + fraction.padEnd(decimals, '0').slice(0, decimals));
  const rounded = digits + ((fraction[decimals] ?? '0') >= '5' ? 1n : 0n);
  const padded = String(rounded).padStart(decimals + 1, '0');
  const point = padded.length - decimals;
  const number = decimals === 0 ? padded : `${padded.slice(0, point)}.${padded.slice(point)}`;
  return rounded === 0n ? number : sign + number;
}

/** Applies to what is not NULL. */
const each =
  (convert: (value: Exclude<SqliteValue, null>) => SqliteValue): Conversion =>
  (value) =>
    value === null ? null : convert(value);

const decimalsOf = ({ type }: TableColumn): number => type.decimals ?? 0;

/** A number without an exponent, by the shortest digits that mean it, of which the servers make a DECIMAL. */
function plainDigits(value: number): string {
  const [, sign, whole, fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  if (whole === undefined) throw new RangeError(`${value} has no digits`);
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** To the next whole number, of two as near to the even one (`rint`). */
function nearestEven(value: number): bigint {
  const below = Math.floor(value);
  const rest = value - below;
  const isUp = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  return BigInt(isUp ? below + 1 : below);
}

const finite = (value: SqliteValue): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : Number(refuse(value));

/** Digits of the widest number without a sign. */
const WIDTHS: Readonly<Record<string, number>> = {
  tinyint: 3,
  smallint: 5,
  mediumint: 8,
  int: 10,
  bigint: 20,
};

/** Of whole numbers, as their column shows them. */
function shown({ type }: TableColumn): Conversion | undefined {
  const { name, zerofill, length = WIDTHS[name] ?? 0 } = type;
  if (name === 'bit') return undefined;
  const width = name === 'year' ? 4 : zerofill ? length : 0;
  return each((value) => String(value).padStart(width, '0'));
}

/** What a column of whole numbers has of one that it has no room for, where `sql_mode` lets it pass: the nearest. */
export function clipped(
  { type: { name, unsigned, length } }: TableColumn,
  convert: (value: SqliteValue) => bigint,
): Conversion {
  const bits = name === 'bit' ? (length ?? 1) : INTEGER_BITS[name];
  if (bits === undefined) return each(convert);
  const size = 2n ** BigInt(bits);
  const isUnsigned = unsigned || name === 'bit';
  const [least, most] = isUnsigned ? [0n, size - 1n] : [-size / 2n, size / 2n - 1n];
  return each((value) => {
    const number = convert(value);
    return number < least ? least : number > most ? most : number;
  });
}

/** Between whole numbers, DECIMAL, FLOAT and DOUBLE, and from them to texts. */
export const numberMakers: Readonly<Record<string, Maker>> = {
  'integer integer': (from, to, session) => {
    if (from.type.name !== 'bit' && to.type.name === 'bit') return undefined;
    return session === undefined
      ? (value) => value
      : clipped(to, (value) => BigInt(value as bigint | number | string));
  },
  'integer real': () => each(Number),
  'integer decimal': (_from, to) => each((value) => roundDecimal(String(value), decimalsOf(to))),
  'integer text': (from) => shown(from),
  'decimal decimal': (_from, to) => each((value) => roundDecimal(String(value), decimalsOf(to))),
  'decimal integer': (_from, to, session) => {
    const rounded = (value: SqliteValue): bigint => BigInt(roundDecimal(String(value), 0));
    return session === undefined ? each(rounded) : clipped(to, rounded);
  },
  'decimal real': () => each(Number),
  'decimal text': (from) => (from.type.zerofill ? undefined : (value) => value),
  // Digits behind the point that a type names round as only the source does.
  'real real': (from, to) =>
    to.type.decimals === undefined || to.type.decimals === from.type.decimals ? (value) => value : undefined,
  'real decimal': (_from, to, session) =>
    session === undefined
      ? undefined
      : each((value) => roundDecimal(plainDigits(finite(value)), decimalsOf(to))),
  'real integer': (_from, to, session) =>
    session === undefined ? undefined : clipped(to, (value) => nearestEven(finite(value))),
};
