import { ServerError, UsageError } from '../../errors/index.ts';
import { MysqlGtidSet } from '../../gtid/index.ts';
import type { SqliteDatabase, SqliteValue } from '../../store/index.ts';
import { addressFunctions } from './address-functions.ts';
import { bits } from './bits.ts';
import { bytewise } from './bytewise.ts';
import { castValue } from './cast.ts';
import { characterFunctions } from './character-functions.ts';
import { collationFunctions } from './collation-functions.ts';
import { dateFunctions } from './dates/date-functions.ts';
import { momentFunctions } from './dates/moment-order.ts';
import { exactFunctions } from './exact-functions.ts';
import { bounded, isNull } from './function-body.ts';
import { jsonChanges } from './json-changes.ts';
import { jsonContents } from './json-contents.ts';
import { jsonFunctions } from './json-functions.ts';
import { matchesLike } from './like.ts';
import { longDecimals } from './long-decimals.ts';
import { numberFunctions } from './number-functions.ts';
import { numberTexts } from './number-texts.ts';
import {
  decimalText,
  exactly,
  numberOf,
  plain,
  roundEven,
  roundTo,
  textOf,
  withoutDigits,
} from './numbers.ts';
import { matchType } from './regular-expression/match-type.ts';
import { RegularExpression } from './regular-expression/regular-expression.ts';
import { textFunctions } from './text-functions.ts';
import { textParts } from './text-parts.ts';

/** ER_MALFORMED_GTID_SET_SPECIFICATION */
function gtidSet(value: SqliteValue): MysqlGtidSet {
  try {
    return MysqlGtidSet.parse(textOf(value));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new ServerError(1772, 'HY000', `Malformed GTID set specification '${error.message}'.`);
  }
}

/** The expression of the last call: a query asks the same of every row. */
let lastPattern: { readonly key: string; readonly expression: RegularExpression } | undefined;

function expressionOf(pattern: string, letters = '', isCaseSensitive = false): RegularExpression {
  const key = JSON.stringify([pattern, letters, isCaseSensitive]);
  if (lastPattern?.key !== key)
    lastPattern = { key, expression: new RegularExpression(pattern, matchType(letters, isCaseSensitive)) };
  return lastPattern.expression;
}

/** `2025-01-31 10:11:12` as 20250131101112, a time below zero as such a number. */
function dateNumber(text: string): number {
  const digits = Number(text.replaceAll(/[-: ]/g, ''));
  return text.startsWith('-') ? -digits : digits;
}

/** MySQL's functions that SQLite lacks or reads otherwise, by the name they have inside. */
const own: Readonly<Record<string, (...values: SqliteValue[]) => SqliteValue>> = {
  ...dateFunctions,
  ...momentFunctions,
  ...numberFunctions,
  ...longDecimals,
  ...exactFunctions,
  ...textFunctions,
  ...numberTexts,
  ...addressFunctions,
  ...characterFunctions,
  ...textParts,
  ...jsonFunctions,
  ...jsonContents,
  ...jsonChanges,
  ...collationFunctions,
  mysql_bits: (operator = null, a = null, b = 0n) => (isNull(a, b) ? null : bits(String(operator), a, b)),
  // By its name alone a column may be taken for one that is kept as digits.
  mysql_kept: (value = null, scale = null) =>
    typeof value === 'number' || typeof value === 'bigint' ? decimalText(value, Number(scale)) : value,
  mysql_decimal: (value = null, scale = null) => (isNull(value) ? null : decimalText(value, Number(scale))),
  mysql_date_number: (value = null) => (isNull(value) ? null : dateNumber(textOf(value))),
  mysql_tuple: (...values) => (isNull(...values) ? null : JSON.stringify(values.map(textOf))),
  mysql_cast: castValue,
  mysql_round: exactly(
    (value, digits = 0n) => withoutDigits(value, digits, true),
    (value = null, digits = 0) =>
      isNull(value, digits) ? null : roundTo(numberOf(value), Math.trunc(numberOf(digits))),
  ),
  mysql_round_double: (value = null, digits = 0) =>
    isNull(value, digits) ? null : roundEven(numberOf(value), Math.trunc(numberOf(digits))),
  mysql_concat: bytewise((...values) => (isNull(...values) ? null : bounded(values.map(textOf).join('')))),
  mysql_concat_ws: bytewise((separator = null, ...values) =>
    isNull(separator)
      ? null
      : bounded(
          values
            .filter((value) => value !== null)
            .map(textOf)
            .join(textOf(separator)),
        ),
  ),
  mysql_char_length: (value = null) => (isNull(value) ? null : Array.from(textOf(value)).length),
  mysql_length: (value = null) =>
    isNull(value) ? null : value instanceof Uint8Array ? value.length : Buffer.byteLength(textOf(value)),
  mysql_gtid_subset: (part = null, whole = null) =>
    isNull(part, whole) ? null : Number(gtidSet(part).isSubsetOf(gtidSet(whole))),
  mysql_gtid_subtract: (whole = null, part = null) =>
    isNull(part, whole) ? null : gtidSet(whole).subtract(gtidSet(part)).toString(),
  // X REGEXP Y calls regexp(Y, X).
  regexp: (pattern = null, value = null) =>
    isNull(pattern, value) ? null : Number(expressionOf(textOf(pattern)).matches(textOf(value))),
  mysql_regexp_like: (isCaseSensitive = null, value = null, pattern = null, letters = '') =>
    isNull(pattern, value, letters)
      ? null
      : Number(
          expressionOf(textOf(pattern), textOf(letters), Number(isCaseSensitive) !== 0).matches(
            textOf(value),
          ),
        ),
  // X LIKE Y calls like(Y, X): MySQL's escapes, and no pattern that takes for ever.
  like: (pattern = null, value = null, escape = '\\') =>
    isNull(pattern, value) ? null : Number(matchesLike(textOf(value), textOf(pattern), textOf(escape))),
};

/** @param called before each call: what it throws ends the query */
export function registerFunctions(database: SqliteDatabase, called: () => void): void {
  for (const [name, body] of Object.entries(own)) {
    database.function(name, { varargs: true, deterministic: true, useBigIntArguments: true }, (...values) => {
      called();
      return body(...values.map(plain));
    });
  }
}
