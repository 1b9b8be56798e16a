import { type SortKey, sortKey } from '../../../charset/index.ts';
import { type Comparison, ordered } from './ordered.ts';
import { Untold } from './untold.ts';

type Encode = (text: string) => Uint8Array;

/** How texts compare in a collation with one that a partition names. */
export type TextOrder = (bound: string, encode: Encode) => Comparison<string>;

/** Character sets whose bytes stand in the order of their characters. */
const BINARY = /^(?:utf8|utf8mb3|utf8mb4|latin1|ascii)_(?:nopad_|0900_)?bin$/;
const NO_PAD = /_nopad_|_0900_/;
/** Those whose {@link sortKey} is the servers' own. */
const WEIGHED =
  /^(?:latin1_swedish(?:_nopad)?|(?:utf8|utf8mb3|utf8mb4)_(?:general|unicode|unicode_520)(?:_nopad)?|utf8mb4_0900_ai)_ci$/;
/** Those that hold `a` and `A` to be the same, and order the letters and digits of ASCII as everybody expects. */
const FOLDING = /^(?:utf8mb4_0900_as|ascii_general|(?:utf8|utf8mb3|utf8mb4)_uca1400_a[is])_ci$/;

/** Undefined: the collation is not known, or not well enough. */
export function textOrder(collation: string | undefined): TextOrder | undefined {
  if (collation === undefined) return undefined;
  if (BINARY.test(collation)) return NO_PAD.test(collation) ? BYTES : PADDED_BYTES;
  const key = WEIGHED.test(collation) ? sortKey(collation) : undefined;
  if (key !== undefined) return byWeights(key);
  return FOLDING.test(collation) ? FOLDED : undefined;
}

function byWeights(key: SortKey): TextOrder {
  // A row is compared with many bounds.
  let last = { text: '', key: key('') };
  const keyOf = (text: string): Buffer => {
    if (text !== last.text) last = { text, key: key(text) };
    return last.key;
  };
  return (bound) => {
    const other = key(bound);
    return ordered((text) => Buffer.compare(keyOf(text), other));
  };
}

const BYTES: TextOrder = (bound, encode) => {
  const other = encode(bound);
  return ordered((text) => Buffer.compare(encode(text), other));
};

const PADDED_BYTES: TextOrder = (bound, encode) => {
  const other = encode(bound);
  return ordered((text) => {
    const one = encode(text);
    const length = Math.max(one.length, other.length);
    for (let at = 0; at < length; at += 1) {
      const difference = (one[at] ?? SPACE) - (other[at] ?? SPACE);
      if (difference !== 0) return difference;
    }
    return 0;
  });
};

const SPACE = 0x20;

const PLAIN = /^[0-9A-Za-z]*$/;
/** Signs have weights of their own in all of these, and a space at the end has one in some. */
const SIGNS = /^(?:[\x20-\x7e]*[\x21-\x7e])?$/;

const FOLDED: TextOrder = (bound) => ({
  compare: (text) => {
    if (!PLAIN.test(text) || !PLAIN.test(bound)) throw unplaced();
    const [one, two] = [text.toUpperCase(), bound.toUpperCase()];
    return one < two ? -1 : one > two ? 1 : 0;
  },
  equals: (text) => {
    if (!SIGNS.test(text) || !SIGNS.test(bound)) throw unplaced();
    return text.toUpperCase() === bound.toUpperCase();
  },
});

const unplaced = (): Untold => new Untold('a row has a text whose place only the source knows');
