import {
  CHECKSUM_BYTES,
  HEADER_BYTES,
  LENGTH_AT,
  PayloadReader,
  RawEvent,
  type TransactionPayload,
} from '../../binlog/index.ts';
import { crc32 } from '../../bytes/index.ts';

/** The events inside a compressed transaction. They carry no checksums; where the log has them, each is given one. */
export class PayloadEvents {
  readonly #reader: PayloadReader;
  readonly #event: RawEvent = new RawEvent();
  readonly #checksums: boolean;

  /** @throws FormatError where the payload does not inflate */
  constructor(body: TransactionPayload, outer: RawEvent) {
    this.#reader = new PayloadReader(body, outer);
    this.#checksums = outer.hasChecksum;
  }

  /** The next event, borrowed; undefined at the end. @throws FormatError where the payload is damaged */
  next(): RawEvent | undefined {
    const event = this.#event;
    if (!this.#reader.next(event)) return undefined;
    return this.#checksums ? withChecksum(event) : event;
  }

  /** Gives memory back where the rest is not wanted. */
  leave(): void {
    this.#reader.leave();
  }
}

/** A copy of the event with a checksum behind it. */
export function withChecksum(event: RawEvent): RawEvent {
  const length = event.length + CHECKSUM_BYTES;
  const bytes = Buffer.allocUnsafe(length);
  event.bytes.copy(bytes, 0, event.start, event.end);
  bytes.writeUInt32LE(length, LENGTH_AT);
  bytes.writeUInt32LE(crc32(bytes, 0, length - CHECKSUM_BYTES), length - CHECKSUM_BYTES);
  return wholeEvent(event, bytes, CHECKSUM_BYTES);
}

/** An event with the header of another and these bytes, the last of them a checksum of so many bytes. */
export function wholeEvent(header: RawEvent, bytes: Buffer, checksumBytes: number): RawEvent {
  const event = new RawEvent();
  Object.assign(event, header);
  event.bytes = bytes;
  event.start = 0;
  event.length = bytes.length;
  event.end = bytes.length;
  event.bodyStart = HEADER_BYTES;
  event.bodyEnd = bytes.length - checksumBytes;
  return event;
}
