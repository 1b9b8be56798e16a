import {
  CHECKSUM_BYTES,
  EventType,
  HEADER_BYTES,
  hasChecksums,
  LENGTH_AT,
  type RawEvent,
  TYPE_AT,
} from '../binlog/index.ts';
import { crc32 } from '../bytes/index.ts';
import type { EventStream } from '../connection/index.ts';
import { FormatError } from '../errors/index.ts';

/** What {@link DumpEvents} reads from: an `EventStream` of a connection, or what a test puts in its place. */
export type EventBytes = Pick<
  EventStream,
  'bytes' | 'start' | 'end' | 'ackWanted' | 'step' | 'wait' | 'acknowledge' | 'close'
>;

/** Frames the events of a dump: aims a {@link RawEvent} at one after the other, without copying. */
export class DumpEvents {
  readonly #stream: EventBytes;
  readonly #heartbeats: 'hidden' | 'shown';
  /** Whether events end in a checksum, as the last format description said. */
  #checksums = false;
  /** Heartbeats that came. */
  heartbeats = 0;

  /** `heartbeats`: whether they are passed over. */
  constructor(stream: EventBytes, heartbeats: 'hidden' | 'shown' = 'hidden') {
    this.#stream = stream;
    this.#heartbeats = heartbeats;
  }

  /** Semi-synchronous: the source holds the commit of the last event back until {@link acknowledge}. */
  get ackWanted(): boolean {
    return this.#stream.ackWanted;
  }

  /** Tells a semi-synchronous source that everything up to this end position of this file is safe. */
  acknowledge(file: string, position: number): void {
    this.#stream.acknowledge(file, position);
  }

  /**
   * Aims `event` at the next event that is here, valid until the next call; false: {@link wait}.
   *
   * @param position where the caller has the event stand
   * @throws ServerError the source ended the dump with an error; FormatError what came is no event
   */
  next(event: RawEvent, position: number): boolean {
    const stream = this.#stream;
    while (stream.step()) {
      const { bytes, start, end } = stream;
      const length = end - start;
      if (length < HEADER_BYTES || bytes.readUInt32LE(start + LENGTH_AT) !== length) {
        throw new FormatError(`event of ${length} bytes does not have the length it says`, {
          context: { position },
        });
      }
      const type = bytes[start + TYPE_AT]!;
      if (isHeartbeat(type)) {
        this.heartbeats += 1;
        if (this.#heartbeats === 'hidden') continue;
      }
      event.aim(bytes, start, end, position, this.#endsInChecksum(bytes, start, end, type));
      return true;
    }
    return false;
  }

  /** Waits for more: false when the source ended the dump in order. */
  wait(): Promise<boolean> {
    return this.#stream.wait();
  }

  /** Ends the dump, and with it the connection. */
  close(): void {
    this.#stream.close();
  }

  #endsInChecksum(bytes: Buffer, start: number, end: number, type: number): boolean {
    if (type === EventType.FORMAT_DESCRIPTION_EVENT) {
      const format = hasChecksums(bytes, start, end);
      this.#checksums = format.events;
      return format.own;
    }
    if (type !== EventType.ROTATE_EVENT || bytes.readUInt32LE(start) !== 0) return this.#checksums;
    // An artificial rotate is no part of a log. Servers differ in whether it has a checksum: only the bytes tell.
    const stop = end - CHECKSUM_BYTES;
    return stop > start + HEADER_BYTES && crc32(bytes, start, stop) === bytes.readUInt32LE(stop);
  }
}

function isHeartbeat(type: number): boolean {
  return type === EventType.HEARTBEAT_LOG_EVENT || type === EventType.HEARTBEAT_LOG_EVENT_V2;
}
