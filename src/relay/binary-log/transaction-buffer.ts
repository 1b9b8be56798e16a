import { CHECKSUM_BYTES, LENGTH_AT, type RawEvent } from '../../binlog/index.ts';

/** Memory is taken in pieces of this size, and filled again by the next transaction. */
const SLAB_BYTES = 1 << 20;
/** A transaction longer than this many is rare. */
const KEPT_SLABS = 6;

/**
 * Events on their way into a log, copied once: `add` puts an event into a slab, with room for a checksum at its end; whoever appends
 * them changes positions and checksums in place.
 */
export class TransactionBuffer {
  /** Of each event: the memory it stands in, and where. */
  readonly slabs: Buffer[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  /** Whether its checksum is that of its bytes. */
  readonly sums: boolean[] = [];
  bytes = 0;
  /** Memory at hand; the last piece in use, and how much of it. */
  #memory: Buffer[] = [];
  #current = -1;
  #used = 0;

  get count(): number {
    return this.starts.length;
  }

  /** Copies an event in. It keeps its checksum, or gets room for one. */
  add(event: RawEvent): void {
    const { bytes, start, end, hasChecksum } = event;
    const length = end - start + (hasChecksum ? 0 : CHECKSUM_BYTES);
    const { slab, at } = this.#reserve(length, hasChecksum);
    bytes.copy(slab, at, start, end);
    if (!hasChecksum) slab.writeUInt32LE(length, at + LENGTH_AT);
  }

  /** Copies an event in that stands alone and ends in (room for) a checksum. */
  addBytes(bytes: Buffer): void {
    const { slab, at } = this.#reserve(bytes.length, false);
    bytes.copy(slab, at);
  }

  /** Puts another event, which has a checksum, in the place of the first one. */
  replaceFirst(bytes: Buffer): void {
    this.bytes += bytes.length - (this.ends[0]! - this.starts[0]!);
    this.slabs[0] = bytes;
    this.starts[0] = 0;
    this.ends[0] = bytes.length;
    this.sums[0] = false;
  }

  /** An event was changed where it stands. */
  changed(index: number): void {
    this.sums[index] = false;
  }

  /** Puts an event, which has a checksum, in front of all others. */
  prepend(bytes: Buffer): void {
    this.bytes += bytes.length;
    this.slabs.unshift(bytes);
    this.starts.unshift(0);
    this.ends.unshift(bytes.length);
    this.sums.unshift(false);
  }

  /** Gives the bytes of all events, in as few pieces as they lie in, and forgets the events. They are borrowed. */
  drain(take: (bytes: Buffer, start: number, end: number) => void): void {
    const { slabs, starts, ends, count } = this;
    for (let from = 0; from < count; ) {
      const slab = slabs[from]!;
      let to = from + 1;
      while (to < count && slabs[to] === slab && starts[to] === ends[to - 1]) to += 1;
      take(slab, starts[from]!, ends[to - 1]!);
      from = to;
    }
    this.clear();
  }

  /** The events in a buffer of their own, and this one empty. */
  detach(): TransactionBuffer {
    const detached = new TransactionBuffer();
    detached.slabs.push(...this.slabs);
    detached.starts.push(...this.starts);
    detached.ends.push(...this.ends);
    detached.sums.push(...this.sums);
    detached.bytes = this.bytes;
    // What of the last piece is free is for the events that follow.
    const last = this.#memory[this.#current];
    const used = this.#used;
    this.#memory = last === undefined ? [] : [last.subarray(used)];
    this.clear();
    return detached;
  }

  /** Forgets the events, and fills their memory again. */
  clear(): void {
    this.slabs.length = 0;
    this.starts.length = 0;
    this.ends.length = 0;
    this.sums.length = 0;
    this.bytes = 0;
    this.#current = this.#memory.length > 0 ? 0 : -1;
    this.#used = 0;
    if (this.#memory.length > KEPT_SLABS) this.#memory.length = KEPT_SLABS;
  }

  #reserve(length: number, hasSum: boolean): { slab: Buffer; at: number } {
    while (this.#current < 0 || this.#used + length > this.#memory[this.#current]!.length) {
      this.#current += 1;
      this.#used = 0;
      if (this.#current < this.#memory.length) continue;
      this.#memory.push(Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, length)));
    }
    const slab = this.#memory[this.#current]!;
    const at = this.#used;
    this.#used += length;
    this.slabs.push(slab);
    this.starts.push(at);
    this.ends.push(at + length);
    this.sums.push(hasSum);
    this.bytes += length;
    return { slab, at };
  }
}
