import type { Flavor } from '../../../binlog/index.ts';
import { Untold } from './untold.ts';

type Encode = (text: string) => Uint8Array;

/** How texts compare in a collation. Both throw Untold where nobody here knows. */
export interface TextOrder {
  readonly compare: (text: string, bound: string, encode: Encode) => number;
  readonly equals: (text: string, bound: string, encode: Encode) => boolean;
}

/** Character sets whose bytes stand in the order of their characters. */
const BINARY = /^(?:utf8|utf8mb3|utf8mb4|latin1|ascii)_(?:nopad_|0900_)?bin$/;
const NO_PAD = /_nopad_|_0900_/;
/** Those that hold `a` and `A` to be the same, and order the letters and digits of ASCII as everybody expects. */
const FOLDING =
  /^(?:(?:utf8|utf8mb3|utf8mb4)_(?:general|unicode|unicode_520|0900_ai|0900_as)_ci|latin1_swedish_ci|ascii_general_ci|(?:utf8mb3_|utf8mb4_)?uca1400_a[is]_ci)$/;

/** Of MySQL, where one folds as the other; those of MariaDB are a setting. */
const DEFAULT = /^(?:utf8mb3|utf8mb4|latin1|ascii)_default$/;

/** Undefined: the collation is not known well enough. `flavor`: of the source. */
export function textOrder(collation: string | null, flavor: Flavor): TextOrder | undefined {
  if (collation === null) return undefined;
  if (flavor === 'mysql' && DEFAULT.test(collation)) return FOLDED;
  if (BINARY.test(collation)) return NO_PAD.test(collation) ? BYTES : PADDED_BYTES;
  return FOLDING.test(collation) ? FOLDED : undefined;
}

const BYTES: TextOrder = fromCompare((text, bound, encode) => Buffer.compare(encode(text), encode(bound)));

const PADDED_BYTES: TextOrder = fromCompare((text, bound, encode) => {
  const [one, other] = [encode(text), encode(bound)];
  const length = Math.max(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    const difference = (one[at] ?? SPACE) - (other[at] ?? SPACE);
    if (difference !== 0) return difference;
  }
  return 0;
});

const SPACE = 0x20;

function fromCompare(compare: TextOrder['compare']): TextOrder {
  return { compare, equals: (text, bound, encode) => compare(text, bound, encode) === 0 };
}

const PLAIN = /^[0-9A-Za-z]*$/;
/** Signs have weights of their own in all of these, and a space at the end has one in some. */
const SIGNS = /^(?:[\x20-\x7e]*[\x21-\x7e])?$/;

const FOLDED: TextOrder = {
  compare: (text, bound) => {
    if (!PLAIN.test(text) || !PLAIN.test(bound)) throw other();
    const [one, two] = [text.toUpperCase(), bound.toUpperCase()];
    return one < two ? -1 : one > two ? 1 : 0;
  },
  equals: (text, bound) => {
    if (!SIGNS.test(text) || !SIGNS.test(bound)) throw other();
    return text.toUpperCase() === bound.toUpperCase();
  },
};

const other = (): Untold => new Untold('a row has a text whose place only the source knows');
