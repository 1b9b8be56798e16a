import { MAX_FRAME, OK, SEMISYNC_ACK_WANTED, SEMISYNC_MAGIC } from '../wire/index.ts';
import type { PacketChannel } from './packet-channel.ts';
import { giveSlab, SLAB_BYTES, takeSlab } from './send-slabs.ts';

/** Bytes gathered before they are sent: one write for many small events. */
const SEND_BYTES = SLAB_BYTES;
/** While one slab is on its way, the next is filled. */
const SLABS_ON_THE_WAY = 2;
/** Length 3, sequence 1. */
const PACKET_HEADER = 4;

/**
 * Sends the events of a dump, each in packets of its own, copied once: into memory that is sent from. A connection holds as much of it
 * as is on its way, and none while nothing is.
 */
export class EventSender {
  readonly #channel: PacketChannel;
  readonly #semisync: boolean;
  #slab: Buffer | undefined;
  #used = 0;
  #onTheWay = 0;
  #waiting: (() => void)[] = [];

  constructor(channel: PacketChannel, semisync: boolean) {
    this.#channel = channel;
    this.#semisync = semisync;
  }

  /** Adds the event `source[start, end)`. Undefined: go on; otherwise the client reads slower than this writes. */
  add(source: Buffer, start: number, end: number, ackWanted: boolean): Promise<void> | undefined {
    const { reader } = this.#channel;
    const head = this.#semisync ? 3 : 1;
    let left = head + end - start;
    let at = start;
    for (let first = true; ; first = false) {
      const length = Math.min(left, MAX_FRAME);
      this.#frame(length, reader.expected);
      reader.expected = (reader.expected + 1) & 0xff;
      if (first) this.#head(ackWanted);
      const size = first ? length - head : length;
      this.#copy(source, at, at + size);
      at += size;
      left -= length;
      if (length < MAX_FRAME) break;
    }
    // As the servers count: what follows the acknowledgement begins anew.
    if (this.#semisync && ackWanted) reader.expected = 1;
    return this.#onTheWay >= SLABS_ON_THE_WAY ? this.#room() : undefined;
  }

  /** Sends what was gathered. Undefined: go on. */
  flush(): Promise<void> | undefined {
    this.#send();
    return this.#onTheWay >= SLABS_ON_THE_WAY ? this.#room() : undefined;
  }

  #frame(length: number, sequence: number): void {
    const header = (length | (sequence << 24)) >>> 0;
    const slab = this.#slabWith(PACKET_HEADER);
    slab.writeUInt32LE(header, this.#used);
    this.#used += PACKET_HEADER;
  }

  #head(ackWanted: boolean): void {
    const slab = this.#slabWith(3);
    slab[this.#used] = OK;
    this.#used += 1;
    if (!this.#semisync) return;
    slab[this.#used] = SEMISYNC_MAGIC;
    slab[this.#used + 1] = ackWanted ? SEMISYNC_ACK_WANTED : 0;
    this.#used += 2;
  }

  #copy(source: Buffer, start: number, end: number): void {
    for (let at = start; at < end; ) {
      const slab = this.#slabWith(1);
      const count = Math.min(end - at, SEND_BYTES - this.#used);
      source.copy(slab, this.#used, at, at + count);
      this.#used += count;
      at += count;
    }
  }

  #slabWith(bytes: number): Buffer {
    if (this.#used + bytes > SEND_BYTES) this.#send();
    this.#slab ??= takeSlab();
    return this.#slab;
  }

  #send(): void {
    const slab = this.#slab;
    if (slab === undefined) return;
    const bytes = slab.subarray(0, this.#used);
    this.#slab = undefined;
    this.#used = 0;
    this.#onTheWay += 1;
    this.#channel.send(bytes, (error) => {
      this.#onTheWay -= 1;
      // Of a connection that broke nobody knows for sure who still reads.
      if (error === undefined || error === null) giveSlab(slab);
      for (const resolve of this.#waiting.splice(0)) resolve();
    });
  }

  async #room(): Promise<void> {
    while (this.#onTheWay >= SLABS_ON_THE_WAY && !this.#channel.socket.destroyed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}
