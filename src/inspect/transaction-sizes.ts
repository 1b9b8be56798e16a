import type { LargeTransaction, TransactionInspection } from './inspection.ts';

const KEPT_LARGEST = 5;
const FIRST_BUCKET_BYTES = 256;
const BUCKET_FACTOR = 4;

/** Counts transactions by size and remembers the largest. */
export class TransactionSizes {
  #count = 0;
  #bytes = 0;
  readonly #buckets: number[] = [];
  #largest: LargeTransaction[] = [];

  add(transaction: LargeTransaction): void {
    const { bytes } = transaction;
    this.#count += 1;
    this.#bytes += bytes;
    let bucket = 0;
    for (let upTo = FIRST_BUCKET_BYTES; upTo < bytes; upTo *= BUCKET_FACTOR) bucket += 1;
    while (this.#buckets.length <= bucket) this.#buckets.push(0);
    this.#buckets[bucket] = this.#buckets[bucket]! + 1;
    const smallest = this.#largest.at(-1);
    if (this.#largest.length < KEPT_LARGEST || smallest === undefined || smallest.bytes < bytes) {
      this.#largest = [...this.#largest, transaction]
        .sort((a, b) => b.bytes - a.bytes)
        .slice(0, KEPT_LARGEST);
    }
  }

  summary(open: number): TransactionInspection {
    const first = Math.max(
      0,
      this.#buckets.findIndex((count) => count > 0),
    );
    return {
      count: this.#count,
      bytes: this.#bytes,
      sizes: this.#buckets
        .map((count, index) => ({ upTo: FIRST_BUCKET_BYTES * BUCKET_FACTOR ** index, count }))
        .slice(first),
      largest: this.#largest,
      open,
    };
  }
}
