/** Code points that have a place in {@link Weights.single}. */
const PLANE = 0x1_0000;

/** What characters weigh that a table leaves out. */
export type WeightRule = (codePoint: number, weights: Weights) => readonly number[];

/** What each character weighs in a collation where case and accents count for nothing: no, one or more numbers of 16 bits. */
export class Weights {
  /** Of characters of the first plane that have one weight; 0: see {@link of}. */
  readonly single: Uint16Array = new Uint16Array(PLANE);
  readonly #others = new Map<number, readonly number[]>();
  readonly #rule: WeightRule;

  /** @param table as `weight-tables.ts` describes them */
  constructor(table: string, rule: WeightRule) {
    this.#rule = rule;
    for (const [codePoint, weights] of entriesOf(table)) this.#keep(codePoint, weights);
  }

  of(codePoint: number): readonly number[] {
    const single = this.single[codePoint] ?? 0;
    if (single > 0) return [single];
    const known = this.#others.get(codePoint);
    if (known !== undefined) return known;
    const weights = this.#rule(codePoint, this);
    // Of the first plane alone: what texts hold must not fill memory.
    if (codePoint < PLANE) this.#keep(codePoint, weights);
    return weights;
  }

  #keep(codePoint: number, weights: readonly number[]): void {
    const [first = 0] = weights;
    if (weights.length === 1 && first > 0 && codePoint < PLANE) this.single[codePoint] = first;
    else this.#others.set(codePoint, weights);
  }
}

function* entriesOf(table: string): Generator<readonly [codePoint: number, weights: readonly number[]]> {
  const bytes = Buffer.from(table, 'base64');
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  };
  let codePoint = 0;
  let weight = 0;
  while (at < bytes.length) {
    codePoint += next();
    const length = next();
    const count = next();
    const step = count > 1 && length > 0 ? next() : 0;
    const weights = Array.from({ length }, () => (weight += next()));
    const head = weights.slice(0, -1);
    for (let i = 0; i < count; i += 1)
      yield [codePoint + i, length === 0 ? [] : [...head, weight + step * i]];
    weight += length > 0 ? step * (count - 1) : 0;
    codePoint += count;
  }
}

type Ranges = readonly (readonly [first: number, last: number])[];

/** Han beyond the first plane that the servers know as such, by version of the UCA; before 9.0.0 they know none. */
const HAN_0900: Ranges = [
  [0x2_0000, 0x2_a6d6],
  [0x2_a700, 0x2_b734],
  [0x2_b740, 0x2_b81d],
  [0x2_b820, 0x2_cea1],
];
const HAN_1400: Ranges = [
  [0x2_0000, 0x2_a6df],
  [0x2_a700, 0x2_b738],
  [0x2_b740, 0x2_b81d],
  [0x2_b820, 0x2_cea1],
  [0x2_ceb0, 0x2_ebe0],
  [0x3_0000, 0x3_134a],
];

const isIn = (ranges: Ranges, codePoint: number): boolean =>
  ranges.some(([first, last]) => codePoint >= first && codePoint <= last);

const HAN: Ranges = [
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
];
const HAN_EXTENSION: Ranges = [[0x3400, 0x4dbf]];

/** UCA 10.1.3, Implicit Weights. */
function implicitWeights(codePoint: number, han: Ranges): readonly number[] {
  const isExtension = isIn(HAN_EXTENSION, codePoint) || isIn(han, codePoint);
  const base = isIn(HAN, codePoint) ? 0xfb40 : isExtension ? 0xfb80 : 0xfbc0;
  return [base + (codePoint >> 15), (codePoint & 0x7fff) | 0x8000];
}

/** What a character is made of weighs what it does; others weigh by their numbers. `hanOfParts`: what is known as Han where it is such a part. */
const ruleOf =
  (han: Ranges, hanOfParts = han): WeightRule =>
  (codePoint, weights) => {
    const character = String.fromCodePoint(codePoint);
    const parts = character.normalize('NFKD');
    if (parts === character) return implicitWeights(codePoint, han);
    return Array.from(parts, (each) => {
      const part = each.codePointAt(0)!;
      return isIn(hanOfParts, part) ? implicitWeights(part, hanOfParts) : weights.of(part);
    }).flat();
  };

const isHangul = (codePoint: number): boolean => codePoint >= 0xac00 && codePoint <= 0xd7a3;

/** Of those that take no syllables apart. */
const wholeSyllables =
  (rule: WeightRule): WeightRule =>
  (codePoint, weights) =>
    isHangul(codePoint) ? implicitWeights(codePoint, []) : rule(codePoint, weights);

export const uca0900Rule: WeightRule = ruleOf(HAN_0900);
export const uca1400Rule: WeightRule = wholeSyllables(ruleOf(HAN_1400));
export const uca520Rule: WeightRule = wholeSyllables(ruleOf([], HAN_0900));

/** Beyond the first plane all characters are one. */
const REPLACEMENT = 0xfffd;

export const uca400Rule: WeightRule = (codePoint, weights) =>
  codePoint < PLANE ? uca520Rule(codePoint, weights) : [REPLACEMENT];

/** A character weighs its number. */
export const numberRule: WeightRule = (codePoint) => [codePoint < PLANE ? codePoint : REPLACEMENT];
