import { ProtocolError } from '../../errors/index.ts';
import { EOF, EOF_MAX, OK, SEMISYNC_ACK_WANTED, SEMISYNC_MAGIC, semisyncAck } from '../../wire/index.ts';
import { lostDuringQuery } from '../client-errors.ts';
import type { PacketChannel } from '../packets/packet-channel.ts';

/**
 * The events of a dump, as bytes.
 *
 * {@link step} moves to the next event that is here; {@link wait} waits for more. The current event is `bytes[start, end)`,
 * borrowed until the next step. Nothing is allocated per event, and while nobody steps, nothing is read from the socket. The servers
 * close the connection behind a dump, however it ended: one stream a connection.
 */
export class EventStream implements AsyncIterable<Buffer> {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  /** Semi-synchronous: the source holds a commit back until {@link acknowledge}. */
  ackWanted = false;

  readonly #channel: PacketChannel;
  readonly #semisync: boolean;
  #finished = false;

  constructor(channel: PacketChannel, semisync: boolean) {
    this.#channel = channel;
    this.#semisync = semisync;
  }

  /** Whether the source said that this is all. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Moves to the next event among the bytes that are here. Throws the source's own error where it ends with one. */
  step(): boolean {
    const channel = this.#channel;
    if (this.#finished || !channel.step()) return false;
    const { reader } = channel;
    const { bytes, start, end } = reader;
    const marker = start < end ? bytes[start]! : -1;
    if (marker !== OK) return this.#end(marker, end - start);
    this.bytes = bytes;
    this.start = start + 1;
    this.end = end;
    if (this.#semisync) this.#readSemisyncHeader(bytes, start, end);
    return true;
  }

  /** Waits for more: false when the source ended the dump in order. */
  async wait(): Promise<boolean> {
    if (this.#finished) return false;
    let more: boolean;
    try {
      more = await this.#channel.wait();
    } catch (cause) {
      throw lostDuringQuery(cause);
    }
    if (!more) throw lostDuringQuery(undefined);
    return true;
  }

  /** Tells a semi-synchronous source that everything up to this end position of this file is safe. */
  acknowledge(file: string, position: number): void {
    const { writer, agreed } = this.#channel;
    writer.sequence = 0;
    semisyncAck.write({ file, position }, writer.begin(), agreed);
    writer.end();
    this.#channel.flush();
  }

  /** Events one by one, each a view that is borrowed until the next. Leaving the loop ends the connection. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    try {
      do {
        while (this.step()) yield this.bytes.subarray(this.start, this.end);
      } while (await this.wait());
    } finally {
      if (!this.#finished) this.close();
    }
  }

  /** Ends the dump, and with it the connection: a source cannot be interrupted otherwise. */
  close(): void {
    this.#finished = true;
    this.#channel.destroy();
  }

  #end(marker: number, size: number): false {
    this.#finished = true;
    this.#channel.throwIfError();
    if (marker === EOF && size < EOF_MAX) return false;
    throw new ProtocolError(`a packet of ${size} bytes that starts with ${marker} in the middle of a dump`, {
      code: 'PROTOCOL_DUMP',
    });
  }

  #readSemisyncHeader(bytes: Buffer, start: number, end: number): void {
    if (end - start < 3 || bytes[start + 1] !== SEMISYNC_MAGIC) {
      throw new ProtocolError('an event without the semi-synchronous header', { code: 'PROTOCOL_DUMP' });
    }
    this.ackWanted = (bytes[start + 2]! & SEMISYNC_ACK_WANTED) !== 0;
    this.start = start + 3;
    // Behind an event that wants an answer, the numbers of packets begin anew (net_clear of the servers).
    if (this.ackWanted) this.#channel.reader.expected = 1;
  }
}
