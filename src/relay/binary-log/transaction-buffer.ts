import { CHECKSUM_BYTES, type RawEvent } from '../../binlog/index.ts';

/** Memory is taken in pieces of this size and filled by many transactions. */
const SLAB_BYTES = 1 << 20;

const NO_SLAB = Buffer.alloc(0);

/**
 * Events on their way into a log, copied once: `add` puts an event into a slab, with room for a checksum at its end; whoever appends
 * them changes positions and checksums in place.
 */
export class TransactionBuffer {
  /** Of each event: the memory it stands in, and where. */
  readonly slabs: Buffer[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  bytes = 0;
  #slab: Buffer = NO_SLAB;
  #used = 0;

  get count(): number {
    return this.starts.length;
  }

  /** Copies an event in. It gets a checksum, whether it had one or not. */
  add(event: RawEvent): void {
    const { bytes, start, end, bodyEnd } = event;
    const body = bodyEnd - start;
    const length = body + CHECKSUM_BYTES;
    const { slab, at } = this.#reserve(length);
    bytes.copy(slab, at, start, bodyEnd);
    if (length !== end - start) slab.writeUInt32LE(length, at + 9);
  }

  /** Copies an event in that stands alone and ends in (room for) a checksum. */
  addBytes(bytes: Buffer): void {
    const { slab, at } = this.#reserve(bytes.length);
    bytes.copy(slab, at);
  }

  /** Puts another event, which has a checksum, in the place of the first one. */
  replaceFirst(bytes: Buffer): void {
    this.bytes += bytes.length - (this.ends[0]! - this.starts[0]!);
    this.slabs[0] = bytes;
    this.starts[0] = 0;
    this.ends[0] = bytes.length;
  }

  /** Puts an event, which has a checksum, in front of all others. */
  prepend(bytes: Buffer): void {
    this.bytes += bytes.length;
    this.slabs.unshift(bytes);
    this.starts.unshift(0);
    this.ends.unshift(bytes.length);
  }

  /** Gives the bytes of all events, in as few pieces as they lie in, and forgets the events. */
  drain(take: (bytes: Buffer) => void): void {
    const { slabs, starts, ends, count } = this;
    for (let from = 0; from < count; ) {
      const slab = slabs[from]!;
      let to = from + 1;
      while (to < count && slabs[to] === slab && starts[to] === ends[to - 1]) to += 1;
      take(slab.subarray(starts[from], ends[to - 1]));
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
    detached.bytes = this.bytes;
    this.clear();
    return detached;
  }

  /** Forgets the events. Their memory may be in use by the log they were appended to: it is not filled again. */
  clear(): void {
    this.slabs.length = 0;
    this.starts.length = 0;
    this.ends.length = 0;
    this.bytes = 0;
  }

  #reserve(length: number): { slab: Buffer; at: number } {
    if (this.#used + length > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, length));
      this.#used = 0;
    }
    const slab = this.#slab;
    const at = this.#used;
    this.#used += length;
    this.slabs.push(slab);
    this.starts.push(at);
    this.ends.push(at + length);
    this.bytes += length;
    return { slab, at };
  }
}
