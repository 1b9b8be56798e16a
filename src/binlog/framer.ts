import { crc32 } from '../bytes/index.ts';
import { ChecksumError, FormatError, LimitError } from '../errors/index.ts';
import {
  CHECKSUM_BYTES,
  FLAGS_AT,
  HEADER_BYTES,
  LENGTH_AT,
  LOG_POS_AT,
  SERVER_ID_AT,
  TYPE_AT,
} from './event-layout.ts';
import { EventFlag, EventType } from './event-type.ts';
import { ChecksumAlgorithm, hasChecksums } from './events/format-description.ts';
import { limits } from './limits.ts';
import type { RawEvent } from './raw-event.ts';

/** Undoes encryption of one event in place; MariaDB encrypts events one by one. `position` is the event's file offset. */
export interface EventCipher {
  decrypt(bytes: Buffer, start: number, end: number, position: number): void;
}

/** Below this much free memory a block's worth is made, if the buffer is larger at all. */
const MIN_SPACE_BYTES = 1 << 16;
/**
 * Where blocks are read to, past a page's start: copying from the page cache to the same place in another page is up to four times slower
 * than to this far behind it (Linux on AMD Zen 3: 98 ms for 230 MB, and 25).
 */
const SKEW_BYTES = 64;

/** Where a framer begins, and how large an event and its first block may be. */
export interface FramerOptions {
  /** File offset of the first byte that will be given; 4 after the magic. */
  position?: number;
  /** Refuse larger events. Bytes, header included. */
  maxEventBytes?: number;
  /** How much is read at once, at first. The buffer grows only as bytes really arrive, never because an event claims to be long. */
  bufferBytes?: number;
}

/**
 * Cuts a stream of bytes into events: bytes in ({@link space} and {@link filled}, or {@link push}), events out
 * ({@link next}). It decodes headers, follows the checksum setting of each format description, and nothing more.
 *
 * The caller reads straight into the framer's own buffer, so that a file passes through memory once:
 *
 *     while ((count = readSync(fd, framer.space())) > 0) { framer.filled(count); while (framer.next(event)) … }
 */
export class EventFramer {
  /** Offset in the file of the next event to frame. */
  position: number;
  /** Whether events end in a checksum, as the last format description said. */
  checksums = false;
  /** Set once a START_ENCRYPTION event has been met and the key is known. */
  cipher: EventCipher | undefined;
  #bytes: Buffer;
  #view: DataView;
  #start = 0;
  #end = 0;
  /** The buffer is twice this and {@link SKEW_BYTES}: as much is read at once, behind at most as much that is pending. */
  #blockBytes: number;
  readonly #maxEventBytes: number;

  constructor(options: FramerOptions = {}) {
    this.position = options.position ?? 4;
    this.#maxEventBytes = options.maxEventBytes ?? limits.eventBytes;
    this.#blockBytes = options.bufferBytes ?? 1 << 19;
    this.#bytes = Buffer.allocUnsafeSlow(this.#blockBytes * 2 + SKEW_BYTES);
    this.#view = new DataView(this.#bytes.buffer);
    this.#start = this.#blockBytes + SKEW_BYTES;
    this.#end = this.#start;
  }

  /** Bytes given but not yet framed. */
  get pending(): number {
    return this.#end - this.#start;
  }

  /** The unframed bytes, borrowed: what is left when the stream ends inside an event. */
  rest(): Buffer {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** Free memory to read the next bytes into, never empty. Invalidates framed events. */
  space(): Buffer {
    const free = this.#bytes.length - this.#end;
    if (free === 0 || free < Math.min(MIN_SPACE_BYTES, this.#blockBytes)) this.#makeSpace();
    return this.#bytes.subarray(this.#end);
  }

  /** Says that `count` bytes were read into {@link space}. */
  filled(count: number): void {
    this.#end += count;
  }

  /** Copies a chunk in. */
  push(chunk: Uint8Array): void {
    for (let taken = 0; taken < chunk.length; ) {
      const space = this.space();
      const part = chunk.subarray(taken, taken + space.length);
      space.set(part);
      this.filled(part.length);
      taken += part.length;
    }
  }

  /** Takes `bytes` as the whole input, without a copy. The framer may decrypt events in them. */
  adopt(bytes: Buffer): void {
    this.#adopt(bytes);
    this.#start = 0;
    this.#end = bytes.length;
  }

  /** Passes over `count` of the pending bytes. */
  skip(count: number): void {
    this.#start += count;
    this.position += count;
  }

  /**
   * Aims `event` at the next whole event; false when more bytes are needed.
   *
   * @throws FormatError when the length is below a header's, LimitError when it is above the limit
   */
  next(event: RawEvent): boolean {
    const start = this.#start;
    const pending = this.#end - start;
    if (pending < HEADER_BYTES) return false;
    const view = this.#view;
    const length = view.getUint32(start + LENGTH_AT, true);
    if (length < HEADER_BYTES) {
      throw new FormatError(`event of ${length} bytes is shorter than its header`, {
        code: 'BINLOG_EVENT_TOO_SMALL',
        context: { position: this.position },
      });
    }
    if (length > this.#maxEventBytes) {
      throw new LimitError(`event of ${length} bytes exceeds the limit of ${this.#maxEventBytes}`, {
        context: { position: this.position },
      });
    }
    if (pending < length) return false;
    const end = start + length;
    if (this.cipher !== undefined) this.cipher.decrypt(this.#bytes, start, end, this.position);

    event.timestamp = view.getUint32(start, true);
    const type = view.getUint8(start + TYPE_AT);
    event.type = type;
    event.serverId = view.getUint32(start + SERVER_ID_AT, true);
    event.length = length;
    event.logPos = view.getUint32(start + LOG_POS_AT, true);
    event.flags = view.getUint16(start + FLAGS_AT, true);
    event.position = this.position;
    event.bytes = this.#bytes;
    event.start = start;
    event.end = end;
    event.bodyStart = start + HEADER_BYTES;
    let checksummed = this.checksums;
    if (type === EventType.FORMAT_DESCRIPTION_EVENT) {
      const format = hasChecksums(this.#bytes, start, end);
      this.checksums = format.events;
      checksummed = format.own;
    }
    event.bodyEnd = checksummed ? Math.max(event.bodyStart, end - CHECKSUM_BYTES) : end;
    this.#start = end;
    this.position += length;
    return true;
  }

  /** Moves what is pending to where a whole block may follow it. */
  #makeSpace(): void {
    const { pending } = this;
    const old = this.#bytes;
    let block = Math.max(this.#blockBytes, SKEW_BYTES);
    while (pending > block) block *= 2;
    this.#blockBytes = block;
    const readAt = block + SKEW_BYTES;
    const size = readAt + block;
    if (old.length !== size) this.#adopt(Buffer.allocUnsafeSlow(size));
    old.copy(this.#bytes, readAt - pending, this.#start, this.#end);
    this.#start = readAt - pending;
    this.#end = readAt;
  }

  #adopt(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

/** The CRC-32 an event should have. A format description counts as if it were not in use: the server clears that flag in place. */
export function computeChecksum(event: RawEvent): number {
  const { bytes, start, end } = event;
  const stop = end - CHECKSUM_BYTES;
  if (event.type !== EventType.FORMAT_DESCRIPTION_EVENT || !event.hasFlag(EventFlag.BINLOG_IN_USE)) {
    return crc32(bytes, start, stop);
  }
  const flagsAt = start + FLAGS_AT;
  const before = crc32(bytes, start, flagsAt);
  const flag = crc32(Buffer.of(bytes[flagsAt]! & ~EventFlag.BINLOG_IN_USE), 0, 1, before);
  return crc32(bytes, flagsAt + 1, stop, flag);
}

/** Whether the stored checksum is right; true where there is none. */
export function checksumMatches(event: RawEvent): boolean {
  return !isChecked(event) || computeChecksum(event) === event.checksum;
}

/**
 * A format description has its four bytes also where the log has no checksums. The servers then change it for a dump from the middle of
 * the log and leave the sum as it was; neither they nor their tools look at it.
 */
function isChecked({ type, hasChecksum, bytes, bodyEnd }: RawEvent): boolean {
  return (
    hasChecksum &&
    (type !== EventType.FORMAT_DESCRIPTION_EVENT || bytes[bodyEnd - 1] !== ChecksumAlgorithm.OFF)
  );
}

/** @throws ChecksumError naming both sums */
export function verifyChecksum(event: RawEvent): void {
  if (!isChecked(event)) return;
  const computed = computeChecksum(event);
  if (computed !== event.checksum) {
    const hex = (sum: number): string => `0x${sum.toString(16).padStart(8, '0')}`;
    throw new ChecksumError(`checksum is ${hex(event.checksum)}, the bytes give ${hex(computed)}`, {
      context: { position: event.position, event: event.name },
      hint: 'The event was damaged after it was written. Fetch the log again from its source.',
    });
  }
}
