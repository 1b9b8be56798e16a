import { copyBytes } from '../bytes/index.ts';
import { CHECKSUM_BYTES, FLAGS_AT, HEADER_BYTES, LOG_POS_AT, SERVER_ID_AT, TYPE_AT } from './event-layout.ts';
import { eventTypeName } from './event-type.ts';

/** What an event says of itself before its body. */
export interface EventHeader {
  /** Seconds since 1970; 0 in artificial events. */
  timestamp: number;
  type: number;
  serverId: number;
  /** End position in the log of the server that wrote it; 0 in artificial events and inside compressed payloads; 32 bits only. */
  logPos: number;
  flags: number;
}

/**
 * One framed event: its header decoded, its body still bytes.
 *
 * The framer re-aims one object at event after event. It, and every Buffer cut from it, is valid until the next step;
 * {@link keep} makes a copy that lives on.
 */
export class RawEvent implements EventHeader {
  timestamp = 0;
  type = 0;
  serverId = 0;
  logPos = 0;
  flags = 0;
  /** Header, body and checksum, in bytes. */
  length = 0;
  /** Where the event starts in its file; for a stream, in what has been received. Exact beyond 4 GiB. */
  position = 0;
  /** The bytes are those of a file at {@link position}, unchanged, and can be read there again. */
  isInFile = false;
  /** The memory that holds the event at `[start, end)`. */
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  /** The body without header and checksum: `[bodyStart, bodyEnd)` of `bytes`. */
  bodyStart = 0;
  bodyEnd = 0;

  /** The server's name of the type: `TABLE_MAP_EVENT`. */
  get name(): string {
    return eventTypeName(this.type);
  }

  /** Whether the event ends in a checksum. */
  get hasChecksum(): boolean {
    return this.bodyEnd < this.end;
  }

  /** The stored CRC-32, meaningful only where {@link hasChecksum}. */
  get checksum(): number {
    return this.bytes.readUInt32LE(this.end - CHECKSUM_BYTES);
  }

  hasFlag(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }

  /** Aims this object at an event that stands whole at `bytes[start, end)`, with or without a checksum at its end. */
  aim(bytes: Buffer, start: number, end: number, position: number, checksum: boolean): void {
    this.timestamp = bytes.readUInt32LE(start);
    this.type = bytes[start + TYPE_AT]!;
    this.serverId = bytes.readUInt32LE(start + SERVER_ID_AT);
    this.length = end - start;
    this.logPos = bytes.readUInt32LE(start + LOG_POS_AT);
    this.flags = bytes.readUInt16LE(start + FLAGS_AT);
    this.position = position;
    this.isInFile = false;
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.bodyStart = start + HEADER_BYTES;
    this.bodyEnd = checksum ? Math.max(this.bodyStart, end - CHECKSUM_BYTES) : end;
  }

  /** A view of the whole event, borrowed. */
  view(): Buffer {
    return this.bytes.subarray(this.start, this.end);
  }

  /** Makes `kept` a copy, in memory that it had before where that is enough: for events of which one is kept at a time. */
  keepIn(kept: RawEvent): void {
    const { start, end } = this;
    const size = end - start;
    const memory = kept.bytes.length >= size ? kept.bytes : Buffer.allocUnsafeSlow(size);
    copyBytes(memory, 0, this.bytes, start, end);
    kept.aim(memory, 0, size, this.position, this.hasChecksum);
  }

  /** A copy that stays valid. */
  keep(): RawEvent {
    const kept = new RawEvent();
    const { start } = this;
    Object.assign(kept, this);
    kept.bytes = Buffer.from(this.view());
    kept.start = 0;
    kept.end = this.end - start;
    kept.bodyStart = this.bodyStart - start;
    kept.bodyEnd = this.bodyEnd - start;
    return kept;
  }
}
