import {
  CHECKSUM_BYTES,
  HEADER_BYTES,
  LENGTH_AT,
  PayloadReader,
  RawEvent,
  type TransactionPayload,
} from '../../binlog/index.ts';
import { copyBytes, crc32 } from '../../bytes/index.ts';

/** The events inside a compressed transaction. They carry no checksums; where the log has them, each is given one. */
export class PayloadEvents {
  readonly #reader: PayloadReader;
  readonly #event: RawEvent = new RawEvent();
  /** Of the transactions of a run: most are small. */
  readonly #memory: ChecksumMemory | undefined;

  /**
   * @param memory holds the event that is at hand
   * @throws FormatError where the payload does not inflate
   */
  constructor(body: TransactionPayload, outer: RawEvent, memory: ChecksumMemory) {
    this.#reader = new PayloadReader(body, outer);
    this.#memory = outer.hasChecksum ? memory : undefined;
  }

  /** The next event, borrowed; undefined at the end. @throws FormatError where the payload is damaged */
  next(): RawEvent | undefined {
    const event = this.#event;
    if (!this.#reader.next(event)) return undefined;
    return this.#memory?.withChecksum(event) ?? event;
  }

  /** Gives memory back where the rest is not wanted. */
  leave(): void {
    this.#reader.leave();
  }
}

/** Memory for one event at a time that gets a checksum. */
export class ChecksumMemory {
  #bytes: Buffer = Buffer.allocUnsafeSlow(1 << 12);
  readonly #event: RawEvent = new RawEvent();

  /** A copy of the event with a checksum behind it, borrowed until the next one. */
  withChecksum(event: RawEvent): RawEvent {
    const length = event.length + CHECKSUM_BYTES;
    if (this.#bytes.length < length) this.#bytes = Buffer.allocUnsafeSlow(length + (length >> 3));
    const bytes = this.#bytes;
    const end = length - CHECKSUM_BYTES;
    copyBytes(bytes, 0, event.bytes, event.start, event.end);
    bytes.writeUInt32LE(length, LENGTH_AT);
    bytes.writeUInt32LE(crc32(bytes, 0, end), end);
    this.#event.aim(bytes, 0, length, event.position, true);
    return this.#event;
  }
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
