import type { SqliteValue } from '../../store/index.ts';
import { type Body, strict } from './function-body.ts';
import {
  exactly,
  integerOf,
  numberOf,
  ofNumbers,
  quotient,
  textOf,
  whole,
  withoutDigits,
} from './numbers.ts';

const ones = (value: bigint): number => BigInt.asUintN(64, value).toString(2).replaceAll('0', '').length;

const MOST = 2n ** 64n - 1n;

/** CONV: whole numbers of 64 bits from one base to another; a base below zero is one of numbers with a sign. */
function converted(value: SqliteValue, from: number, to: number): string | null {
  const [base, target] = [Math.abs(from), Math.abs(to)];
  if (base < 2 || base > 36 || target < 2 || target > 36) return null;
  if (textOf(value) === '') return null;
  const [, sign, digits = ''] = /^\s*([+-]?)([\da-z]*)/i.exec(textOf(value)) ?? [];
  let number = 0n;
  for (const character of digits.toLowerCase()) {
    const digit = Number.parseInt(character, base);
    if (Number.isNaN(digit)) break;
    number = number * BigInt(base) + BigInt(digit);
    if (number > MOST) break;
  }
  // A base below zero is one of numbers with a sign.
  const most = from < 0 ? MOST >> 1n : MOST;
  const bits = number > most ? most : BigInt.asUintN(64, sign === '-' ? -number : number);
  const shown = to < 0 ? BigInt.asIntN(64, bits) : bits;
  return shown.toString(target).toUpperCase();
}

/** Largest power of ten that a double has exactly. */
const MOST_DIGITS = 15;

/** A division of whole numbers, or of doubles; decimals with so many digits behind the point are divided as whole numbers. */
const divided = (
  ofWhole: (a: bigint, b: bigint) => bigint,
  ofDoubles: (a: number, b: number, scale: number) => number,
): Body =>
  exactly(
    (a, b) => (b === 0n ? null : ofWhole(a, b)),
    ofNumbers((a = 0, b = 0, digits = 0) => {
      const scale = 10 ** Math.min(digits, MOST_DIGITS);
      const [of, by] = digits > 0 ? [Math.round(a * scale), Math.round(b * scale)] : [a, b];
      return by === 0 ? null : ofDoubles(of, by, digits > 0 ? scale : 1);
    }),
  );

/** MySQL's functions of numbers, by the name they have inside. */
export const numberFunctions: Readonly<Record<string, Body>> = {
  mysql_floor: exactly((a) => a, ofNumbers(Math.floor)),
  mysql_ceiling: exactly((a) => a, ofNumbers(Math.ceil)),
  mysql_mod: divided(
    (a, b) => a % b,
    (a, b, scale) => (a % b) / scale,
  ),
  mysql_divided: (left = null, right = null, flavor, ...scales) => {
    const divisor = numberOf(right);
    if (left === null || right === null || divisor === 0) return null;
    const [of = 0, by = 0, digits = 0] = scales.map(Number);
    return whole(quotient(numberOf(left) / divisor, flavor === 'mariadb', [of, by], digits));
  },
  mysql_idiv: divided(
    (a, b) => a / b,
    (a, b) => Math.trunc((a - (a % b)) / b),
  ),
  mysql_xor: ofNumbers((a = 0, b = 0) => Number((a !== 0) !== (b !== 0))),
  mysql_pow: ofNumbers((a = 0, b = 0) => a ** b),
  mysql_sqrt: ofNumbers((a = 0) => (a < 0 ? null : Math.sqrt(a))),
  mysql_exp: ofNumbers((a = 0) => Math.exp(a)),
  mysql_ln: ofNumbers((a = 0) => (a <= 0 ? null : Math.log(a))),
  mysql_log: ofNumbers((a = 0, b) => {
    if (b === undefined) return a <= 0 ? null : Math.log(a);
    return a <= 0 || a === 1 || b <= 0 ? null : Math.log(b) / Math.log(a);
  }),
  mysql_log2: ofNumbers((a = 0) => (a <= 0 ? null : Math.log2(a))),
  mysql_log10: ofNumbers((a = 0) => (a <= 0 ? null : Math.log10(a))),
  mysql_degrees: ofNumbers((a = 0) => a * (180 / Math.PI)),
  mysql_radians: ofNumbers((a = 0) => a * (Math.PI / 180)),
  mysql_sign: ofNumbers(Math.sign),
  mysql_truncate: exactly(
    (a, digits) => withoutDigits(a, digits, false),
    ofNumbers((a = 0, digits = 0) => {
      const scale = 10 ** Math.trunc(digits);
      return Math.trunc(Number((a * scale).toPrecision(15))) / scale;
    }),
  ),
  mysql_conv: strict(3, (value = null, from = null, to = null) =>
    converted(value, Number(integerOf(from)), Number(integerOf(to))),
  ),
  mysql_bin: strict(1, (value = null) => converted(value, 10, 2)),
  mysql_oct: strict(1, (value = null) => converted(value, 10, 8)),
  mysql_bit_count: strict(1, (value = null) =>
    value instanceof Uint8Array
      ? whole(value.reduce((sum, byte) => sum + ones(BigInt(byte)), 0))
      : whole(ones(integerOf(value))),
  ),
};
