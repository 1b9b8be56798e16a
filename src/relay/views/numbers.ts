import type { SqliteValue } from '../../store/index.ts';

/** An integer as a number where a double holds it. */
export function plain(value: SqliteValue): SqliteValue {
  if (typeof value !== 'bigint') return value;
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;
}

/** A value as text; NULL is not asked about. */
export const textOf = (value: SqliteValue): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString() : String(value);

/** A value as a number, as MySQL reads one: what a text begins with, 0 where that is no number. */
export function numberOf(value: SqliteValue): number {
  if (typeof value === 'number') return value;
  if (value === null) return Number.NaN;
  if (typeof value === 'bigint') return Number(value);
  return Number(/^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/i.exec(textOf(value))?.[1] ?? 0);
}

/** The smallest and the largest BIGINT. */
const LEAST = -(2n ** 63n);
export const MOST: bigint = 2n ** 63n - 1n;

/** The nearest BIGINT. */
export const clamped = (value: bigint): bigint => (value < LEAST ? LEAST : value > MOST ? MOST : value);

/** A whole number: of a text, what it begins with; of a fraction, rounded. */
export function integerOf(value: SqliteValue): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') {
    const rounded = roundTo(value, 0);
    if (Number.isFinite(rounded)) return clamped(BigInt(rounded));
    return rounded > 0 ? MOST : rounded < 0 ? LEAST : 0n;
  }
  const digits = /^\s*[+-]?\d+/.exec(textOf(value))?.[0].trim();
  return digits === undefined ? 0n : BigInt(digits.replace('+', ''));
}

/** NULL where an argument is; else what `compute` makes of the numbers, NULL for what is none. */
export function ofNumbers(
  compute: (...values: number[]) => number | null,
): (...values: SqliteValue[]) => SqliteValue {
  return (...values) => {
    if (values.length === 0 || values.some((value) => value === null)) return null;
    const result = compute(...values.map(numberOf));
    return result === null || !Number.isFinite(result) ? null : whole(result);
  };
}

/** Of whole numbers, one of which is more than a double holds, what `compute` makes of them exactly; else what `otherwise` makes. */
export function exactly(
  compute: (...values: bigint[]) => bigint | null,
  otherwise: (...values: SqliteValue[]) => SqliteValue,
): (...values: SqliteValue[]) => SqliteValue {
  return (...values) => {
    if (!values.some((value) => typeof value === 'bigint')) return otherwise(...values);
    const wholes = values.flatMap((value) =>
      typeof value === 'bigint' || Number.isSafeInteger(value) ? [BigInt(value as number | bigint)] : [],
    );
    return wholes.length === values.length ? compute(...wholes) : otherwise(...values);
  };
}

/** A whole number without as many of its last digits as are said to be in front of the point: cut, or rounded half away from zero. */
export function withoutDigits(value: bigint, digits: bigint, isRounded: boolean): bigint {
  if (digits >= 0n) return value;
  const scale = 10n ** (digits < -20n ? 20n : -digits);
  const half = isRounded ? (value < 0n ? -scale : scale) / 2n : 0n;
  return ((value + half) / scale) * scale;
}

/** Whole numbers travel as such: SQLite would take a double for a fraction. */
export const whole = (value: number): SqliteValue => (Number.isSafeInteger(value) ? BigInt(value) : value);

/** Numbers of no more digits than a double says for sure (DBL_DIG). */
const MOST_EXACT = 1e15;

/** Half away from zero, as MySQL rounds. */
export function roundTo(value: number, digits: number): number {
  const scale = 10 ** digits;
  const scaled = Math.abs(value) * scale;
  // What the digits say is a half is one, though the double is a little less; where all digits are in front of the point, none is cut.
  const digitsOf = scaled < MOST_EXACT ? Number(scaled.toPrecision(15)) : scaled;
  return (Math.sign(value) * Math.round(digitsOf)) / scale;
}

/** A number with so many digits behind its point. */
export function decimalText(value: SqliteValue, scale: number): string {
  if (typeof value === 'bigint') return scale > 0 ? `${value}.${'0'.repeat(scale)}` : String(value);
  if (typeof value === 'string') return roundedText(value, scale);
  return roundTo(numberOf(value), scale).toFixed(scale);
}

/** A double without an exponent, however large. */
export function plainText(value: number, digits: number): string {
  const text = value.toFixed(digits);
  if (!text.includes('e')) return text;
  // Seventeen digits say which double it is; the servers write zeros behind them.
  const [mantissa = '', exponent] = value.toExponential().split('e');
  const [first = '', rest = ''] = mantissa.split('.');
  return `${first}${rest.padEnd(Number(exponent), '0')}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`;
}

/** The digits of a decimal, rounded half away from zero. */
export function roundedText(text: string, digits: number): string {
  const [, sign = '', integer = '0', fraction = ''] = /^\s*(-?)(\d*)(?:\.(\d*))?/.exec(text) ?? [];
  const scaled = BigInt(`${integer}${fraction.padEnd(digits, '0').slice(0, digits)}`);
  const rounded = scaled + (Number(fraction[digits] ?? 0) >= 5 ? 1n : 0n);
  const all = String(rounded).padStart(digits + 1, '0');
  const whole = all.slice(0, all.length - digits);
  const isZero = rounded === 0n;
  return `${isZero ? '' : sign}${whole}${digits > 0 ? `.${all.slice(all.length - digits)}` : ''}`;
}

/** Half to the even neighbour, as C rounds doubles. */
export function roundEven(value: number, digits: number): number {
  const scale = 10 ** Math.abs(digits);
  const scaled = digits < 0 ? value / scale : value * scale;
  if (!Number.isFinite(scaled)) return value;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const whole = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
  return digits < 0 ? whole * scale : whole / scale;
}

/** Digits of a word of the servers' decimals (DIG_PER_DEC1). */
const WORD_DIGITS = 9;
const whole9 = (digits: number): number => Math.ceil(digits / WORD_DIGITS) * WORD_DIGITS;

/** Digits behind the point to which MariaDB divides decimals of so many, which shall have some more: whole words of them. */
export function quotientDigits([left, right]: readonly [number, number], digits: number): number {
  const more = Math.max(0, digits - (whole9(left) - left + whole9(right) - right));
  return whole9(whole9(left) + whole9(right) + more);
}

/** A quotient of decimals: MySQL rounds it to its digits, MariaDB cuts it where its words end. `scales`: the digits of both sides, `digits`: how many more there shall be. */
export function quotient(
  value: number,
  isCut: boolean,
  scales: readonly [number, number],
  digits: number,
): number {
  if (!isCut) return roundTo(value, scales[0] + digits);
  const scale = 10 ** quotientDigits(scales, digits);
  // Fifteen digits are what a double says for sure.
  return Math.trunc(Number((value * scale).toPrecision(15))) / scale;
}
