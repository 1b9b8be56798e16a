import { sortKey, sortKeyOfPart } from '../../charset/index.ts';
import type { SqliteValue } from '../../store/index.ts';
import type { Body } from './function-body.ts';
import { likeMatcher } from './like.ts';
import { textOf } from './numbers.ts';

/** What a text weighs; bytes, and a text in a collation that compares bytes, are what they are. */
function weights(value: SqliteValue, collation: string): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  const text = textOf(value);
  return sortKey(collation)?.(text) ?? Buffer.from(text);
}

/** No weight is 0: a text comes before whatever it is the beginning of. */
const END_OF_WEIGHTS = Buffer.alloc(2);
const LENGTH_BYTES = 4;

/** A text behind its weights, and its length behind that: the least of such is that of the text that comes first. */
function withWeights(value: SqliteValue, collation: string): Buffer {
  const text = Buffer.from(textOf(value));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(text.length);
  return Buffer.concat([weights(value, collation), END_OF_WEIGHTS, text, length]);
}

function behindWeights(value: SqliteValue): SqliteValue {
  if (!(value instanceof Uint8Array)) return value;
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const end = bytes.length - LENGTH_BYTES;
  return bytes.toString('utf8', end - bytes.readUInt32BE(end), end);
}

interface Members {
  readonly type: string;
  readonly numbers: ReadonlyMap<string, bigint>;
}

/** Of the columns that a query asks of every row. */
const known = new Map<string, Members>();
const MOST_KNOWN = 64;

/** @param json `["enum", "a", "b"]` */
function membersOf(json: string): Members {
  const found = known.get(json);
  if (found !== undefined) return found;
  const [type = 'enum', ...values] = JSON.parse(json) as string[];
  const numbers = new Map(
    values.map((value, i) => [value, type === 'set' ? 1n << BigInt(i) : BigInt(i + 1)]),
  );
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(json, { type, numbers });
  return { type, numbers };
}

/** The number of an ENUM, the bits of a SET; 0 where it is none of them. */
function memberNumber(value: string, json: string): bigint {
  const { type, numbers } = membersOf(json);
  const labels = type === 'set' ? value.split(',') : [value];
  const number = labels.reduce((sum, label) => sum | (numbers.get(label) ?? 0n), 0n);
  return BigInt.asIntN(64, number);
}

const lastLike: { key: string; matches: (text: string) => boolean } = { key: '', matches: () => false };

/** LIKE compares one character after the other. */
function isLike(pattern: string, text: string, escape: string, collation: string): boolean {
  const key = JSON.stringify([pattern, escape, collation]);
  if (lastLike.key !== key) {
    const folded = new Map<string, string>();
    const fold = (character: string): string => {
      let weight = folded.get(character);
      if (weight === undefined) {
        weight = sortKeyOfPart(collation)?.(character).toString('latin1') ?? character;
        folded.set(character, weight);
      }
      return weight;
    };
    lastLike.key = key;
    lastLike.matches = likeMatcher(pattern, escape, fold);
  }
  return lastLike.matches(text);
}

/** What texts are by their collations, by the name it has inside. */
export const collationFunctions: Readonly<Record<string, Body>> = {
  mysql_weights: (value = null, collation = null) =>
    value === null ? null : weights(value, textOf(collation)),
  mysql_with_weights: (value = null, collation = null) =>
    value === null ? null : withWeights(value, textOf(collation)),
  mysql_behind_weights: (value = null) => behindWeights(value),
  mysql_member_number: (value = null, members = null) =>
    value === null ? null : memberNumber(textOf(value), textOf(members)),
  mysql_like: (pattern = null, value = null, escape = null, collation = null) =>
    pattern === null || value === null
      ? null
      : Number(isLike(textOf(pattern), textOf(value), textOf(escape), textOf(collation))),
};
