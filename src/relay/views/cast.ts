import type { SqliteValue } from '../../store/index.ts';
import { DAY, formatMoment, momentOf } from './dates/moments.ts';
import { formatTime, timeOf, withDigits } from './dates/times.ts';
import { exactOf, exactText, withinPrecision, withScale } from './exact.ts';
import { clamped, integerOf, MOST, numberOf, roundTo, textOf, whole } from './numbers.ts';

/** One past the largest BIGINT UNSIGNED. */
const UNSIGNED = 2n ** 64n;

/** Years of two digits are those of 1970 to 2069; a YEAR holds no others than 1901 to 2155, and 0. */
function yearOf(value: number): SqliteValue {
  if (value > 0 && value < 100) return whole(value + (value < 70 ? 2000 : 1900));
  return value === 0 || (value > 1900 && value < 2156) ? whole(value) : null;
}

/** DBL_DIG: decimals of more digits are texts. */
const DOUBLE_DIGITS = 15;

/** Microseconds with so many digits of a second: MySQL rounds them half away from zero, MariaDB cuts. */
function shortened(micros: number, digits: number, isRounded: boolean): number {
  if (!isRounded) return micros;
  const unit = 10 ** (6 - Math.min(digits, 6));
  return Math.sign(micros) * Math.round(Math.abs(micros) / unit) * unit;
}

type Cast = (value: SqliteValue, size: number | undefined, decimals: number) => SqliteValue;

const number: Cast = (value) => numberOf(value);
const characters: Cast = (value, size) => {
  const text = textOf(value);
  return size === undefined ? text : Array.from(text).slice(0, size).join('');
};

const CASTS: Readonly<Record<string, Cast>> = {
  // One without a sign has the same bits.
  SIGNED: (value) => {
    const wanted = integerOf(value);
    return wanted > MOST && wanted < UNSIGNED ? BigInt.asIntN(64, wanted) : clamped(wanted);
  },
  UNSIGNED: (value) => {
    const wanted = integerOf(value);
    // SQLite has no larger whole numbers than a BIGINT: they go on as text.
    const wrapped = wanted < 0n ? wanted + UNSIGNED : wanted;
    return wrapped > MOST ? String(wrapped) : wrapped;
  },
  CHAR: characters,
  NCHAR: characters,
  BINARY: (value, size) => {
    const bytes = Buffer.from(value instanceof Uint8Array ? value : textOf(value));
    return size === undefined ? bytes : Buffer.concat([bytes, Buffer.alloc(size)], Math.max(size, 0));
  },
  DECIMAL: (value, size = 10, decimals) => {
    const cast = withinPrecision(withScale(exactOf(value), decimals), size);
    if (size > DOUBLE_DIGITS) return exactText(cast);
    return decimals === 0 ? cast.digits : Number(exactText(cast));
  },
  DOUBLE: number,
  REAL: number,
  FLOAT: number,
  DATE: (value) => {
    const moment = momentOf(value);
    return moment === undefined ? null : formatMoment({ ...moment, hasTime: false });
  },
  // What else a number says, here says whether digits are rounded.
  DATETIME: (value, size = 0, isRounded) => {
    const moment = momentOf(value);
    const micros = moment && shortened(moment.micros, size, isRounded !== 0);
    const text = micros === undefined ? null : formatMoment({ micros, hasTime: true });
    return text === null ? null : withDigits(text, size);
  },
  TIME: (value, size = 0, isRounded) => {
    const moment = momentOf(value);
    const time = moment === undefined ? timeOf(value) : ((moment.micros % DAY) + DAY) % DAY;
    return time === undefined ? null : withDigits(formatTime(shortened(time, size, isRounded !== 0)), size);
  },
  YEAR: (value) => {
    const moment = momentOf(value);
    if (moment !== undefined) return yearOf(Number(textOf(value).trim().slice(0, 4)));
    if (typeof value === 'number') return yearOf(roundTo(value, 0));
    const digits = /^\s*\d+/.exec(textOf(value))?.[0];
    if (digits === undefined) return null;
    return typeof value !== 'bigint' && Number(digits) === 0 && digits.trim().length < 4
      ? 2000n
      : yearOf(Number(digits));
  },
  JSON: (value) => textOf(value),
};

/** CAST(value AS type(size, decimals)). */
export function castValue(
  value: SqliteValue = null,
  type: SqliteValue = null,
  size: SqliteValue = null,
  decimals: SqliteValue = null,
): SqliteValue {
  if (value === null || type === null) return null;
  const known = size === null ? undefined : Number(size);
  return CASTS[textOf(type)]?.(value, known, Number(decimals ?? 0)) ?? null;
}
