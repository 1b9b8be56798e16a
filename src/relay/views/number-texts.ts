import { printDouble } from '../../binlog/index.ts';
import type { SqliteValue } from '../../store/index.ts';

/** Digits that a FLOAT says for sure (FLT_DIG). */
const FLOAT_DIGITS = 6;

/** A double as the servers write it where it is a text: shortest digits, `1e15` from there on (my_gcvt). */
export function doubleText(value: number): string {
  return printDouble(value).replace(/\.0$/, '');
}

/** A FLOAT as the servers write it: with no more digits than it has. */
export const floatText = (value: number): string => doubleText(Number(value.toPrecision(FLOAT_DIGITS)));

export const yearText = (value: number): string => String(value).padStart(4, '0');

const ofNumber =
  (text: (value: number) => string) =>
  (value: SqliteValue = null): SqliteValue =>
    typeof value === 'number' || typeof value === 'bigint' ? text(Number(value)) : value;

/** Numbers as texts, by the name these functions have inside. What is no number goes on as it is: by its name alone a column may be taken for one. */
export const numberTexts: Readonly<Record<string, (...values: SqliteValue[]) => SqliteValue>> = {
  mysql_double_text: ofNumber(doubleText),
  mysql_float_text: ofNumber(floatText),
  mysql_fixed_text: (value = null, digits = null) =>
    ofNumber((number) => number.toFixed(Number(digits)))(value),
  mysql_year_text: ofNumber(yearText),
};
