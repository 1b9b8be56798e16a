import { ServerError } from '../../errors/index.ts';
import type { SqliteValue } from '../../store/index.ts';
import { quotientDigits, textOf } from './numbers.ts';

/** A decimal, all of it: its digits, and how many of them are behind the point. */
export interface Exact {
  readonly digits: bigint;
  readonly scale: number;
}

/** DECIMAL_MAX_SCALE */
const MOST_BEHIND = 30;
/** What no decimal of the servers' comes near: their buffers have 81 digits. */
const MOST_DIGITS = 200;
const OUT_OF_RANGE = 10n ** BigInt(MOST_DIGITS);

const NUMBER = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?/i;

const power = (exponent: number): bigint => 10n ** BigInt(exponent);

/** A number, or what a text begins with. */
export function exactOf(value: SqliteValue): Exact {
  if (typeof value === 'bigint') return { digits: value, scale: 0 };
  const [, sign, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(textOf(value)) ?? [];
  const kept = fraction.slice(0, MOST_DIGITS);
  const digits = whole.length > MOST_DIGITS ? OUT_OF_RANGE : BigInt(`${whole}${kept}`);
  const scale = kept.length - Number(exponent);
  const signed = sign === '-' ? -digits : digits;
  return scale >= 0 ? { digits: signed, scale } : { digits: signed * power(-scale), scale: 0 };
}

/** With so many digits behind the point: half away from zero, or cut. */
export function withScale({ digits, scale }: Exact, wanted: number, isCut = false): Exact {
  if (wanted >= scale) return { digits: digits * power(wanted - scale), scale: wanted };
  const unit = power(scale - wanted);
  const half = isCut ? 0n : digits < 0n ? -unit / 2n : unit / 2n;
  return { digits: (digits + half) / unit, scale: wanted };
}

/** As the servers write it. A zero has no sign. */
export function exactText({ digits, scale }: Exact): string {
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const point = text.length - scale;
  return `${digits < 0n ? '-' : ''}${text.slice(0, point)}${scale > 0 ? `.${text.slice(point)}` : ''}`;
}

/** ER_DATA_OUT_OF_RANGE */
function inRange(value: Exact): Exact {
  if (value.digits < OUT_OF_RANGE && value.digits > -OUT_OF_RANGE) return value;
  throw new ServerError(1690, '22003', 'DECIMAL value is out of range in a computation');
}

function aligned(one: Exact, other: Exact): [one: bigint, other: bigint, scale: number] {
  const scale = Math.max(one.scale, other.scale);
  return [withScale(one, scale).digits, withScale(other, scale).digits, scale];
}

export function sum(one: Exact, other: Exact): Exact {
  const [a, b, scale] = aligned(one, other);
  return inRange({ digits: a + b, scale });
}

export const negative = ({ digits, scale }: Exact): Exact => ({ digits: -digits, scale });

export function product(one: Exact, other: Exact): Exact {
  const all = inRange({ digits: one.digits * other.digits, scale: one.scale + other.scale });
  return all.scale > MOST_BEHIND ? withScale(all, MOST_BEHIND) : all;
}

/** What is left of a division; undefined: by zero. */
export function remainder(one: Exact, other: Exact): Exact | undefined {
  const [a, b, scale] = aligned(one, other);
  return b === 0n ? undefined : { digits: a % b, scale };
}

/** Without its fraction; undefined: by zero. */
export function wholeQuotient(one: Exact, other: Exact): bigint | undefined {
  const [a, b] = aligned(one, other);
  return b === 0n ? undefined : a / b;
}

/** MySQL rounds a quotient to its digits, MariaDB cuts it where its words end. `scales`: the digits that both sides may have, `digits`: how many more there shall be. Undefined: by zero. */
export function exactQuotient(
  one: Exact,
  other: Exact,
  isCut: boolean,
  scales: readonly [number, number],
  digits: number,
): Exact | undefined {
  if (other.digits === 0n) return undefined;
  const wanted = isCut ? quotientDigits(scales, digits) : Math.min(scales[0] + digits, MOST_BEHIND);
  // One digit more than is wanted, and whether anything follows, say how it is rounded.
  const { digits: divided } = withScale(one, wanted + 1 + other.scale + one.scale);
  const exact = { digits: divided / other.digits, scale: wanted + 1 + one.scale };
  return inRange(withScale(exact, wanted, isCut));
}

export const isLess = (one: Exact, other: Exact): boolean => {
  const [a, b] = aligned(one, other);
  return a < b;
};

/** The largest decimal of a type, which is what one beyond it becomes. */
export function withinPrecision(value: Exact, precision: number): Exact {
  const most = power(precision) - 1n;
  const { digits, scale } = value;
  return digits > most ? { digits: most, scale } : digits < -most ? { digits: -most, scale } : value;
}
