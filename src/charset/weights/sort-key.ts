import { weightTables } from './weight-tables.ts';
import { numberRule, uca400Rule, uca520Rule, uca0900Rule, uca1400Rule, Weights } from './weights.ts';

/** Makes of a text what compares, byte by byte, as the text does in a collation. */
export type SortKey = (text: string) => Buffer;

/** Bytes of a weight. */
const WEIGHT = 2;
/**
 * What stands behind a run of spaces where a text counts as going on with spaces for ever: what weighs less than one, the end, or what weighs
 * more. How many they are follows, so that more of them come later before the first and earlier before the last.
 */
const [LESS, END, MORE] = [1, 2, 3];
const MOST_SPACES = 0xfffe;
const SPACE = 0x20;

interface Order {
  readonly weights: () => Weights;
  /** For LIKE, where it is another. */
  readonly weightsOfPart?: () => Weights;
  /** PAD SPACE: spaces at the end count for nothing. */
  readonly padded: boolean;
  /** Letters that weigh the same are told apart where they are more than two cases of one. */
  readonly accents?: boolean;
}

/** Made when somebody asks: each takes some milliseconds. */
function once(make: () => Weights): () => Weights {
  let made: Weights | undefined;
  return () => (made ??= make());
}

const uca0900 = once(() => new Weights(weightTables.uca0900, uca0900Rule));
const uca1400 = once(() => new Weights(weightTables.uca1400, uca1400Rule));
const uca520 = once(() => new Weights(weightTables.uca520, uca520Rule));
const uca400 = once(() => new Weights(weightTables.uca400, uca400Rule));
/** LIKE tells characters beyond the first plane apart. */
const uca400OfPart = once(() => new Weights(weightTables.uca400, uca520Rule));
const general = once(() => new Weights(weightTables.general, numberRule));
const latin1Swedish = once(() => new Weights(weightTables.latin1Swedish, numberRule));

/** The first that its name fits decides. Languages count as their root does. */
const ORDERS: readonly (readonly [name: RegExp, order: Order])[] = [
  [/_0900_ai_ci$/, { weights: uca0900, padded: false }],
  [/_0900_as_ci$/, { weights: uca0900, padded: false, accents: true }],
  [/_uca1400_(?:\w+_)?nopad_ai_ci$/, { weights: uca1400, padded: false }],
  [/_uca1400_(?:\w+_)?nopad_as_ci$/, { weights: uca1400, padded: false, accents: true }],
  [/_uca1400_(?:\w+_)?ai_ci$/, { weights: uca1400, padded: true }],
  [/_uca1400_(?:\w+_)?as_ci$/, { weights: uca1400, padded: true, accents: true }],
  [/_unicode_520_nopad_ci$/, { weights: uca520, padded: false }],
  [/_unicode_520_ci$/, { weights: uca520, padded: true }],
  [/^latin1_swedish_nopad_ci$/, { weights: latin1Swedish, padded: false }],
  [/^latin1_swedish_ci$/, { weights: latin1Swedish, padded: true }],
  [/^(?:utf|ucs)\w+_general_nopad_ci$/, { weights: general, padded: false }],
  [/^(?:utf|ucs)\w+_general_(?:mysql500_)?ci$/, { weights: general, padded: true }],
  [/^(?:utf|ucs)\w+_nopad_ci$/, { weights: uca400, weightsOfPart: uca400OfPart, padded: false }],
  [/^(?:utf|ucs)\w+_ci$/, { weights: uca400, weightsOfPart: uca400OfPart, padded: true }],
];

interface Keys {
  readonly whole: SortKey;
  readonly part: SortKey;
}

const keys = new Map<string, Keys | undefined>();

function keysOf(collation: string): Keys | undefined {
  const name = collation.toLowerCase();
  if (!keys.has(name)) keys.set(name, makeKeys(name));
  return keys.get(name);
}

/**
 * How a collation compares texts; undefined: byte by byte, for it is a binary one, or one that tells cases apart. Of character sets that are
 * not Unicode, but for latin1_swedish_ci, cases alone count for nothing.
 */
export const sortKey = (collation: string): SortKey | undefined => keysOf(collation)?.whole;

/** The same for a part of a text, as LIKE compares characters: spaces at its end count. */
export const sortKeyOfPart = (collation: string): SortKey | undefined => keysOf(collation)?.part;

function makeKeys(name: string): Keys | undefined {
  if (!name.endsWith('_ci')) return undefined;
  const [, order] = ORDERS.find(([pattern]) => pattern.test(name)) ?? [];
  if (order !== undefined) {
    const { weights, weightsOfPart = weights } = order;
    return { whole: weighed(order), part: weighed({ ...order, weights: weightsOfPart, padded: false }) };
  }
  const part: SortKey = (text) => Buffer.from(text.toUpperCase());
  const padded: SortKey = (text) => Buffer.from(`${withoutSpaces(text.toUpperCase())} `);
  return { whole: name.includes('nopad') ? part : padded, part };
}

function withoutSpaces(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === SPACE) end -= 1;
  return text.slice(0, end);
}

function weighed({ weights, padded, accents }: Order): SortKey {
  return (text) => {
    const known = weights();
    const { single } = known;
    let bytes = Buffer.allocUnsafe((text.length + 1) * WEIGHT);
    let length = 0;
    const put = (weight: number): void => {
      if (length === bytes.length) bytes = Buffer.concat([bytes, Buffer.allocUnsafe(length + 64)]);
      bytes.writeUInt16BE(weight, length);
      length += WEIGHT;
    };
    const [space = 0] = padded ? known.of(SPACE) : [];
    let spaces = 0;
    const add = (weight: number): void => {
      if (padded && weight === space) {
        spaces += 1;
        return;
      }
      if (spaces > 0) {
        const isLess = weight < space;
        const run = Math.min(spaces, MOST_SPACES);
        put(space);
        put(isLess ? LESS : MORE);
        put(isLess ? run : MOST_SPACES + 1 - run);
        spaces = 0;
      }
      put(weight);
    };
    for (let at = 0; at < text.length; at += 1) {
      const weight = single[text.charCodeAt(at)]!;
      if (weight > 0) add(weight);
      else {
        const codePoint = text.codePointAt(at)!;
        if (codePoint > 0xffff) at += 1;
        for (const each of known.of(codePoint)) add(each);
      }
    }
    if (padded) {
      put(space);
      put(END);
    }
    const key = bytes.subarray(0, length);
    if (accents !== true) return key;
    const letters = padded ? withoutSpaces(text) : text;
    return Buffer.concat([key, Buffer.from('\0'), Buffer.from(letters.normalize('NFKD').toLowerCase())]);
  };
}
