import { Writer } from '../../bytes/index.ts';
import { MAX_FRAME } from '../limits.ts';

/**
 * Frames packets into one growing buffer, so that many packets leave in one write.
 *
 * Build a payload in place between {@link begin} and {@link end}, or hand a finished one to {@link packet}. The sequence id
 * counts on by itself; set {@link sequence} when a command begins.
 */
export class PacketWriter {
  /** Id of the next frame. */
  sequence = 0;
  readonly #writer: Writer = new Writer(0x1000);
  #start = -1;

  /** Opens a packet and returns where its payload is written. */
  begin(): Writer {
    this.#start = this.#writer.length;
    this.#writer.zeros(4);
    return this.#writer;
  }

  /** Closes the packet opened by {@link begin}. */
  end(): void {
    const start = this.#start;
    const length = this.#writer.length - start - 4;
    if (length >= MAX_FRAME) {
      const payload = Buffer.from(this.#writer.view().subarray(start + 4));
      this.#writer.length = start;
      this.packet(payload);
      return;
    }
    this.#writer.patchU32(start, (length | (this.sequence << 24)) >>> 0);
    this.sequence = (this.sequence + 1) & 0xff;
  }

  /** Frames a payload, in several frames from 2^24 - 1 bytes on; the last one is shorter, and empty when need be. */
  packet(payload: Uint8Array): void {
    let at = 0;
    for (;;) {
      const length = Math.min(payload.length - at, MAX_FRAME);
      this.#writer.u32((length | (this.sequence << 24)) >>> 0);
      this.sequence = (this.sequence + 1) & 0xff;
      this.#writer.bytes(payload.subarray(at, at + length));
      at += length;
      if (length < MAX_FRAME) return;
    }
  }

  /** Bytes waiting to be taken. */
  get length(): number {
    return this.#writer.length;
  }

  /** Owns a copy of everything framed so far and starts afresh. */
  take(): Buffer {
    const bytes = this.#writer.take();
    this.#writer.reset();
    return bytes;
  }
}
