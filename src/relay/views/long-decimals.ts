import type { SqliteValue } from '../../store/index.ts';
import type { Body } from './function-body.ts';
import { textOf } from './numbers.ts';

/** DECIMAL_MAX_SCALE: digits behind the point that a decimal may have. */
const MOST_BEHIND = 30;
/** Above all sums of decimals of 65 digits: what is added to it or taken from it has as many digits. */
const MIDDLE = 5n * 10n ** 120n;

/** Above all decimals: what is larger is compared with them, and comes behind them. */
const MOST = 10n ** 119n;

/** The text that a decimal, or a whole number, sorts by: of as many digits as all others, with thirty of them behind the point. */
export function digitsOrder(value: SqliteValue): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d*)(?:\.(\d*))?/.exec(textOf(value)) ?? [];
  const all = BigInt(`${whole}${fraction.padEnd(MOST_BEHIND, '0').slice(0, MOST_BEHIND)}`);
  const digits = all > MOST ? MOST : all;
  return String(MIDDLE + (sign === '' ? digits : -digits));
}

/** With so many digits behind the point; those behind them are zeros. */
function orderedDigits(order: string, scale: number): string {
  const number = (BigInt(order) - MIDDLE) / 10n ** BigInt(MOST_BEHIND - scale);
  const digits = String(number < 0n ? -number : number).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${number < 0n ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? `.${digits.slice(point)}` : ''}`;
}

/** Decimals of more digits than a double has, by the name these functions have inside. */
export const longDecimals: Readonly<Record<string, Body>> = {
  mysql_digits_order: (value = null) => (value === null ? null : digitsOrder(value)),
  mysql_ordered_digits: (order = null, scale = null) =>
    order === null ? null : orderedDigits(textOf(order), Number(scale)),
};
