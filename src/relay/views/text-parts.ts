import type { SqliteValue } from '../../store/index.ts';
import { bytewise } from './bytewise.ts';
import { type Body, isNull, LONGEST } from './function-body.ts';
import { integerOf, textOf } from './numbers.ts';

/** Bytes, or the characters of a text, which may be two of JavaScript's each. */
function piecesOf(value: SqliteValue): Uint8Array | readonly string[] {
  return value instanceof Uint8Array ? value : Array.from(textOf(value));
}

/** From here to there, of either kind. */
const cut = (pieces: ReturnType<typeof piecesOf>, from: number, to?: number): SqliteValue =>
  pieces instanceof Uint8Array ? pieces.slice(from, to) : pieces.slice(from, to).join('');

const countOf = (value: SqliteValue): number => Math.max(0, Number(integerOf(value)));

/** SUBSTRING: places from one, or from the end below zero; there is none at zero. */
const substring: Body = (value = null, at = null, count?: SqliteValue) => {
  if (isNull(value, at) || count === null) return null;
  const pieces = piecesOf(value);
  const place = Number(integerOf(at));
  const from = place < 0 ? pieces.length + place : place - 1;
  if (place === 0 || from < 0) return cut(pieces, 0, 0);
  return cut(pieces, from, count === undefined ? undefined : from + countOf(count));
};

/** Where a part begins, from one, without regard to case; 0: nowhere. */
function placeOf(part: SqliteValue, value: SqliteValue, at = 1): SqliteValue {
  const text = Array.from(textOf(value).toLowerCase());
  const wanted = textOf(part).toLowerCase();
  if (at < 1 || at > text.length + 1) return 0n;
  const before = text.slice(0, at - 1).join('').length;
  const found = text.join('').indexOf(wanted, before);
  return found < 0 ? 0n : BigInt(Array.from(text.join('').slice(0, found)).length + 1);
}

/** Character by character: none becomes two, as `ß` would. */
const inCase =
  (change: (character: string) => string): Body =>
  (value = null) =>
    value === null || value instanceof Uint8Array
      ? value
      : Array.from(textOf(value), (each) => {
          const changed = change(each);
          return Array.from(changed).length === 1 ? changed : each;
        }).join('');

function replaced(value: string, from: string, to: string): SqliteValue {
  if (from === '') return value;
  const parts = value.split(from);
  const size = value.length + (parts.length - 1) * (to.length - from.length);
  return size > LONGEST ? null : parts.join(to);
}

/** MySQL's functions of parts of texts, by the name they have inside. */
export const textParts: Readonly<Record<string, Body>> = {
  mysql_substring: substring,
  mysql_left: (value = null, count = null) =>
    isNull(value, count) ? null : cut(piecesOf(value), 0, countOf(count)),
  mysql_right: (value = null, count = null) => {
    if (isNull(value, count)) return null;
    const pieces = piecesOf(value);
    return cut(pieces, Math.max(0, pieces.length - countOf(count)));
  },
  mysql_locate: (part = null, value = null, at: SqliteValue = 1n) =>
    isNull(part, value, at) ? null : placeOf(part, value, Number(integerOf(at))),
  mysql_instr: (value = null, part = null) => (isNull(part, value) ? null : placeOf(part, value)),
  mysql_replace: bytewise((value = null, from = null, to = null) =>
    isNull(value, from, to) ? null : replaced(textOf(value), textOf(from), textOf(to)),
  ),
  mysql_substring_index: bytewise((value = null, separator = null, count = null) => {
    if (isNull(value, separator, count)) return null;
    if (textOf(separator) === '') return '';
    const parts = textOf(value).split(textOf(separator));
    const wanted = Number(integerOf(count));
    return (wanted >= 0 ? parts.slice(0, wanted) : parts.slice(wanted)).join(textOf(separator));
  }),
  mysql_lower: inCase((character) => character.toLowerCase()),
  mysql_upper: inCase((character) => character.toUpperCase()),
};
