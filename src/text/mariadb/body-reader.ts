import {
  type EventBody,
  HEADER_BYTES,
  type LogState,
  RawEvent,
  TableMemory,
  type Unknown,
  verifyChecksum,
} from '../../binlog/index.ts';
import { ChecksumError, FormatError } from '../../errors/index.ts';
import type { PrintOptions } from '../print-options.ts';
import { acceptsType, incompatibility, isPassedOver } from './accepted-types.ts';

export function unknownBody(event: RawEvent): Unknown {
  return { kind: 'unknown', bytes: event.bytes.subarray(event.bodyStart, event.bodyEnd) };
}

/** Of events whose bytes say nothing: they print as if they were encrypted. */
export const encryptedBody: Unknown = { kind: 'unknown', bytes: Buffer.alloc(0) };

/** What stands for such an event: of no time, from no server. */
export function placeholder(position: number): RawEvent {
  const event = new RawEvent();
  event.aim(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, position, false);
  return event;
}

/** Why an event has no body: what the original says, and whether it does not even believe the header. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly reason: string;
  readonly isUntrusted: boolean;
}

/** Reads events as far as the original does. */
export class BodyReader {
  readonly #options: PrintOptions;
  readonly #log: LogState;
  /** Each statement maps its tables anew, mostly with the same bytes. */
  readonly #tables: TableMemory;

  constructor(options: PrintOptions, log: LogState) {
    this.#options = options;
    this.#log = log;
    this.#tables = new TableMemory(log);
  }

  read(event: RawEvent): EventBody | Unreadable {
    try {
      if (this.#options.verifyChecksum) verifyChecksum(event);
      return this.#decode(event);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const hasWrongChecksum = error instanceof ChecksumError;
      const reason = hasWrongChecksum
        ? 'Event crc check failed! Most likely there is event corruption.'
        : 'Found invalid event in binary log';
      return { kind: 'unreadable', reason, isUntrusted: hasWrongChecksum };
    }
  }

  #decode(event: RawEvent): EventBody | Unreadable {
    if (isPassedOver(event, this.#log)) return unknownBody(event);
    const reason = incompatibility(event);
    if (reason !== undefined) return { kind: 'unreadable', reason, isUntrusted: true };
    if (!acceptsType(event.type, this.#log)) throw new FormatError('unknown event');
    const body = this.#tables.decode(event);
    if (body.kind === 'formatDescription') this.#log.setFormat(body);
    return body;
  }
}
