import { Writer } from '../../bytes/index.ts';
import { FormatError, LimitError, TruncatedError } from '../../errors/index.ts';
import { EventType } from '../event-type.ts';
import { PayloadCompression, PayloadField, type TransactionPayload } from '../events/transaction-payload.ts';
import { EventFramer } from '../framer.ts';
import { limits } from '../limits.ts';
import type { RawEvent } from '../raw-event.ts';
import { inflateZstd } from './zstd.ts';
import { storeZstd } from './zstd-frame.ts';

/**
 * The events inside a payload, as one run of bytes without checksums.
 *
 * @throws FormatError where it does not inflate to what it claims, LimitError where that is too much, UsageError where the
 *   payload is compressed and `loadZstd` has not been awaited
 */
export function inflatePayload(body: TransactionPayload): Buffer {
  const { compressionType, payload, payloadSize } = body;
  if (has(body, PayloadField.SIZE) && payloadSize !== payload.length) {
    throw new FormatError(`payload of ${payload.length} bytes, claims ${payloadSize}`);
  }
  if (compressionType === PayloadCompression.NONE) return payload;
  if (compressionType !== PayloadCompression.ZSTD) {
    throw new FormatError(`payload compression ${compressionType} is unknown`, {
      code: 'BINLOG_UNSUPPORTED',
    });
  }
  if (body.uncompressedSize > limits.inflatedBytes) {
    throw new LimitError(`payload claims ${body.uncompressedSize} bytes, above ${limits.inflatedBytes}`);
  }
  const inflated = inflateZstd(payload);
  if (has(body, PayloadField.UNCOMPRESSED_SIZE) && body.uncompressedSize !== inflated.length) {
    throw new FormatError(`payload holds ${inflated.length} bytes, claims ${body.uncompressedSize}`);
  }
  return inflated;
}

function has(body: TransactionPayload, type: number): boolean {
  return body.fields.some((field) => field.type === type);
}

/** What may not stand inside a payload: its own kind, and what would change how the log around it is read. */
const forbidden: ReadonlySet<number> = new Set([
  EventType.FORMAT_DESCRIPTION_EVENT,
  EventType.TRANSACTION_PAYLOAD_EVENT,
  EventType.START_ENCRYPTION_EVENT,
  EventType.ROTATE_EVENT,
]);

/**
 * Frames the events inside a payload. They have no checksums; their position is that of the payload event itself, as the
 * servers count.
 *
 *     const inner = new PayloadReader(body, event);
 *     while (inner.next(innerEvent)) …
 */
export class PayloadReader {
  readonly #framer: EventFramer;
  readonly #position: number;

  /** Inflates the payload: throws what {@link inflatePayload} throws. */
  constructor(body: TransactionPayload, outer: Pick<RawEvent, 'position'>) {
    this.#position = outer.position;
    this.#framer = new EventFramer({ position: 0, bufferBytes: 0 });
    this.#framer.adopt(inflatePayload(body));
  }

  /** Offset of the next event in the inflated bytes. */
  get offset(): number {
    return this.#framer.position;
  }

  /** Aims `event` at the next inner event; false after the last. @throws FormatError where the bytes are no events */
  next(event: RawEvent): boolean {
    if (!this.#framer.next(event)) {
      if (this.#framer.pending === 0) return false;
      throw new TruncatedError(`payload ends ${this.#framer.pending} bytes into an event`, {
        context: { position: this.#position },
      });
    }
    event.position = this.#position;
    if (forbidden.has(event.type)) {
      throw new FormatError(`${event.name} inside a payload`, { context: { position: this.#position } });
    }
    return true;
  }
}

/**
 * Makes a payload body of inner events, one after the other without checksums. `zstd` stores them in a frame of raw blocks,
 * which every zstd reads: nothing gets smaller.
 */
export function encodePayload(events: Buffer, compression: 'zstd' | 'none'): TransactionPayload {
  const compressionType = compression === 'zstd' ? PayloadCompression.ZSTD : PayloadCompression.NONE;
  const payload = compression === 'zstd' ? storeZstd(events) : events;
  const field = (type: number, number: number): { type: number; value: Buffer } => {
    const writer = new Writer(9);
    writer.lenenc(number);
    return { type, value: writer.take() };
  };
  return {
    kind: 'transactionPayload',
    // The servers' order; the uncompressed size is left out where nothing was compressed.
    fields: [
      field(PayloadField.COMPRESSION_TYPE, compressionType),
      ...(compression === 'zstd' ? [field(PayloadField.UNCOMPRESSED_SIZE, events.length)] : []),
      field(PayloadField.SIZE, payload.length),
    ],
    payloadSize: payload.length,
    compressionType,
    uncompressedSize: events.length,
    payload,
  };
}
