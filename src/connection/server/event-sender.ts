import { MAX_FRAME, OK, SEMISYNC_ACK_WANTED, SEMISYNC_MAGIC } from '../../wire/index.ts';
import type { PacketChannel } from '../packets/packet-channel.ts';
import { giveSlab, SLAB_BYTES, takeSlab } from './send-slabs.ts';

/** Length 3, sequence 1. */
const PACKET_HEADER = 4;

/**
 * So little is sent from memory that Node shares between small buffers: of a thousand replicas that hear of one commit, none holds a slab
 * until its client has taken it.
 */
const LITTLE_BYTES = 4 * 1024 - 1;

/**
 * Sends the events of a dump, each in packets of its own, copied once: into memory that is sent from. A connection holds one slab of it
 * while that is filled or on its way, however long its events are, and none else. TLS holds the same once more, encrypted; what the client
 * reads meanwhile waits in its socket.
 */
export class EventSender {
  readonly #channel: PacketChannel;
  readonly #head: number;
  #slab: Buffer | undefined;
  #used = 0;
  /** Writes that are under way. */
  #onTheWay = 0;
  #waiting: (() => void)[] = [];

  constructor(channel: PacketChannel, semisync: boolean) {
    this.#channel = channel;
    this.#head = semisync ? 3 : 1;
  }

  /**
   * Adds the event `source[start, end)`. Undefined: go on. Otherwise a slab is full: the event's bytes stay as they are, and nothing else is
   * added, until the client has taken it.
   */
  add(source: Buffer, start: number, end: number, ackWanted: boolean): Promise<void> | undefined {
    const length = this.#head + end - start;
    if (length >= MAX_FRAME || this.#used + PACKET_HEADER + length > SLAB_BYTES || this.#onTheWay > 0) {
      return this.#addInParts(source, start, end, ackWanted);
    }
    this.#frame(length);
    this.#begin(ackWanted);
    source.copy(this.#slab!, this.#used, start, end);
    this.#used += end - start;
    this.#counted(ackWanted);
    return undefined;
  }

  /** Sends what was gathered. Undefined: go on. */
  flush(): Promise<void> | undefined {
    this.#send();
    return this.#onTheWay > 0 ? this.#sent() : undefined;
  }

  /** As the protocol wants it: a packet that is as long as can be is followed by another, be it empty. */
  async #addInParts(source: Buffer, start: number, end: number, ackWanted: boolean): Promise<void> {
    let left = this.#head + end - start;
    let at = start;
    for (let first = true; ; first = false) {
      const length = Math.min(left, MAX_FRAME);
      if (this.#used + PACKET_HEADER + this.#head > SLAB_BYTES || this.#onTheWay > 0) await this.flush();
      this.#frame(length);
      if (first) this.#begin(ackWanted);
      for (const stop = at + length - (first ? this.#head : 0); at < stop; ) {
        if (this.#used === SLAB_BYTES) {
          await this.flush();
          // Nobody takes the rest.
          if (this.#channel.socket.destroyed) return;
        }
        this.#slab ??= takeSlab();
        const count = Math.min(stop - at, SLAB_BYTES - this.#used);
        source.copy(this.#slab, this.#used, at, at + count);
        this.#used += count;
        at += count;
      }
      left -= length;
      if (length < MAX_FRAME) break;
    }
    this.#counted(ackWanted);
  }

  #frame(length: number): void {
    const { reader } = this.#channel;
    this.#slab ??= takeSlab();
    this.#slab.writeUInt32LE((length | (reader.expected << 24)) >>> 0, this.#used);
    this.#used += PACKET_HEADER;
    reader.expected = (reader.expected + 1) & 0xff;
  }

  #begin(ackWanted: boolean): void {
    const slab = this.#slab!;
    slab[this.#used] = OK;
    if (this.#head > 1) {
      slab[this.#used + 1] = SEMISYNC_MAGIC;
      slab[this.#used + 2] = ackWanted ? SEMISYNC_ACK_WANTED : 0;
    }
    this.#used += this.#head;
  }

  /** As the servers count: what follows an acknowledgement begins anew. */
  #counted(ackWanted: boolean): void {
    if (this.#head > 1 && ackWanted) this.#channel.reader.expected = 1;
  }

  #send(): void {
    const slab = this.#slab;
    if (slab === undefined) return;
    const filled = slab.subarray(0, this.#used);
    this.#slab = undefined;
    this.#used = 0;
    this.#onTheWay += 1;
    if (filled.length <= LITTLE_BYTES) {
      const little = Buffer.from(filled);
      giveSlab(slab);
      this.#channel.send(little, () => this.#written());
      return;
    }
    this.#channel.send(filled, (error) => {
      // Of a connection that broke nobody knows for sure who still reads.
      if (error === undefined || error === null) giveSlab(slab);
      this.#written();
    });
  }

  #written(): void {
    this.#onTheWay -= 1;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #sent(): Promise<void> {
    while (this.#onTheWay > 0 && !this.#channel.socket.destroyed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}
