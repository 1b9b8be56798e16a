import { skipValue } from '../../../binlog/index.ts';

/** Sizes of columns, neighbours of fixed size put together. */
function stepsOf(sizes: Int32Array): { fixed: number; length: number }[] {
  const steps: { fixed: number; length: number }[] = [];
  let fixed = 0;
  for (const size of sizes) {
    if (size >= 0) fixed += size;
    else {
      steps.push({ fixed, length: -size });
      fixed = 0;
    }
  }
  if (fixed > 0) steps.push({ fixed, length: 0 });
  return steps;
}

/** How long the images of some columns are. */
export class ImageSizes {
  /** Of each column: bytes, or the number of bytes of the length in front of a value, negated. */
  readonly #sizes: Int32Array;
  /** The same for a row without NULL: bytes of fixed size, then, unless it is 0, a value behind a length of so many bytes; and again. */
  readonly #fixedBytes: readonly number[];
  readonly #lengthBytes: readonly number[];
  /** Bits of the last byte of a NULL bitmap that stand for columns: MariaDB sets the others. */
  readonly #lastNullBits: number;

  constructor(sizes: Int32Array) {
    this.#sizes = sizes;
    const steps = stepsOf(sizes);
    this.#fixedBytes = steps.map(({ fixed }) => fixed);
    this.#lengthBytes = steps.map(({ length }) => length);
    this.#lastNullBits = 0xff >> (7 - ((sizes.length + 7) & 7));
  }

  /** Where the image that starts at `start` ends; beyond `end`, or not a number, where it does not fit. */
  skip(bytes: Buffer, start: number, end: number): number {
    const sizes = this.#sizes;
    const count = sizes.length;
    let at = start + ((count + 7) >> 3);
    if (this.#hasNoNull(bytes, start, at)) return this.#skipWhole(bytes, at);
    for (let i = 0; i < count; i += 1) {
      if ((bytes[start + (i >> 3)]! & (1 << (i & 7))) !== 0) continue;
      at = skipValue(sizes[i]!, bytes, at);
      if (!(at <= end)) break;
    }
    return at;
  }

  /**
   * How many images there are from `start` on, one behind the other; negated where the last does not fit. The same as {@link skip} again
   * and again, in one loop: MariaDB's text counts the rows of a log even where it shows none.
   */
  count(bytes: Buffer, start: number, end: number): number {
    const fixedBytes = this.#fixedBytes;
    const lengthBytes = this.#lengthBytes;
    const steps = fixedBytes.length;
    const bitmapBytes = (this.#sizes.length + 7) >> 3;
    const lastNullBits = this.#lastNullBits;
    let count = 0;
    for (let at = start; at < end; ) {
      count += 1;
      const image = at;
      at += bitmapBytes;
      let nulls = bytes[at - 1]! & lastNullBits;
      for (let i = image; i < at - 1; i += 1) nulls |= bytes[i]!;
      if (nulls !== 0) at = this.skip(bytes, image, end);
      else {
        for (let i = 0; i < steps; i += 1) {
          at += fixedBytes[i]!;
          const size = lengthBytes[i]!;
          if (size === 1) at += 1 + bytes[at]!;
          else if (size === 2) at += 2 + bytes[at]! + bytes[at + 1]! * 0x100;
          else if (size > 0) at = skipValue(-size, bytes, at);
        }
      }
      // The negation holds for lengths read from beyond the end, too: they are no numbers.
      if (!(at <= end)) return -count;
    }
    return count;
  }

  #hasNoNull(bytes: Buffer, start: number, end: number): boolean {
    const last = end - 1;
    for (let at = start; at < last; at += 1) if (bytes[at] !== 0) return false;
    return last >= start && (bytes[last]! & this.#lastNullBits) === 0;
  }

  #skipWhole(bytes: Buffer, start: number): number {
    const fixedBytes = this.#fixedBytes;
    const lengthBytes = this.#lengthBytes;
    let at = start;
    for (let i = 0; i < fixedBytes.length; i += 1) {
      at += fixedBytes[i]!;
      const size = lengthBytes[i]!;
      if (size === 1) at += 1 + bytes[at]!;
      else if (size > 0) at = skipValue(-size, bytes, at);
    }
    return at;
  }
}
