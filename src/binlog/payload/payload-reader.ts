import { Writer } from '../../bytes/index.ts';
import { FormatError, LimitError, TruncatedError } from '../../errors/index.ts';
import { inflateZstd, storeZstd, streamZstd, type ZstdStream } from '../../zstd/index.ts';
import { EventType } from '../event-type.ts';
import { PayloadCompression, PayloadField, type TransactionPayload } from '../events/transaction-payload.ts';
import { EventFramer } from '../framer.ts';
import { limits } from '../limits.ts';
import type { RawEvent } from '../raw-event.ts';

/**
 * The events inside a payload, as one run of bytes without checksums.
 *
 * @throws FormatError where it does not inflate to what it claims, LimitError where that is too much, UsageError where the
 *   payload is compressed and `loadZstd` has not been awaited
 */
export function inflatePayload(body: TransactionPayload): Buffer {
  const { payload } = body;
  if (!isCompressed(body)) return payload;
  if (body.uncompressedSize > limits.inflatedBytes) {
    throw new LimitError(`payload claims ${body.uncompressedSize} bytes, above ${limits.inflatedBytes}`);
  }
  const inflated = inflateZstd(payload, limits.inflatedBytes);
  if (has(body, PayloadField.UNCOMPRESSED_SIZE) && body.uncompressedSize !== inflated.length) {
    throw new FormatError(`payload holds ${inflated.length} bytes, claims ${body.uncompressedSize}`);
  }
  return inflated;
}

/** @throws FormatError where the payload is not as long as it claims, or compressed in a way that nobody knows */
function isCompressed(body: TransactionPayload): boolean {
  const { compressionType, payload, payloadSize } = body;
  if (has(body, PayloadField.SIZE) && payloadSize !== payload.length) {
    throw new FormatError(`payload of ${payload.length} bytes, claims ${payloadSize}`);
  }
  if (compressionType === PayloadCompression.NONE) return false;
  if (compressionType !== PayloadCompression.ZSTD) {
    throw new FormatError(`payload compression ${compressionType} is unknown`, {
      code: 'BINLOG_UNSUPPORTED',
    });
  }
  return true;
}

function has(body: TransactionPayload, type: number): boolean {
  return body.fields.some((field) => field.type === type);
}

/** Payloads of no more are inflated at once, which is quicker. */
const WHOLE_BYTES = 1 << 20;
const STREAM_BUFFER_BYTES = 1 << 18;

/** What may not stand inside a payload: its own kind, and what would change how the log around it is read. */
const forbidden: ReadonlySet<number> = new Set([
  EventType.FORMAT_DESCRIPTION_EVENT,
  EventType.TRANSACTION_PAYLOAD_EVENT,
  EventType.START_ENCRYPTION_EVENT,
  EventType.ROTATE_EVENT,
]);

/**
 * Frames the events inside a payload. They have no checksums; their position is that of the payload event itself, as the
 * servers count. A large payload is inflated as its events are asked for: memory holds a few of them.
 *
 *     for (const inner of new PayloadReader(body, event).events(innerEvent)) …
 */
export class PayloadReader {
  readonly #framer: EventFramer;
  readonly #position: number;
  readonly #claimedBytes: number;
  /** Bytes that are not inflated yet; undefined where all are. */
  #stream: ZstdStream | undefined;
  #inflated = 0;

  /** Inflates a small payload: throws what {@link inflatePayload} throws. */
  constructor(body: TransactionPayload, outer: Pick<RawEvent, 'position'>) {
    this.#position = outer.position;
    this.#claimedBytes = has(body, PayloadField.UNCOMPRESSED_SIZE)
      ? body.uncompressedSize
      : limits.inflatedBytes;
    const streams =
      (body.payload.length > WHOLE_BYTES || body.uncompressedSize > WHOLE_BYTES) && isCompressed(body);
    this.#framer = new EventFramer({ position: 0, bufferBytes: streams ? STREAM_BUFFER_BYTES : 0 });
    if (streams) this.#stream = streamZstd(body.payload);
    else this.#framer.adopt(inflatePayload(body));
  }

  /** Offset of the next event in the inflated bytes. */
  get offset(): number {
    return this.#framer.position;
  }

  /** Aims `event` at each inner event. However that ends, memory is given back. @throws what {@link next} throws */
  *events(event: RawEvent): Generator<RawEvent, void> {
    try {
      while (this.next(event)) yield event;
    } finally {
      this.leave();
    }
  }

  /** Aims `event` at the next inner event; false after the last. @throws FormatError where the bytes are no events: there are no more */
  next(event: RawEvent): boolean {
    try {
      return this.#next(event);
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  #next(event: RawEvent): boolean {
    while (!this.#framer.next(event)) {
      if (this.#inflateMore()) continue;
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

  /** Whether the next event may take the memory of the one before it: what is still wanted has to be kept. */
  get streams(): boolean {
    return this.#stream !== undefined;
  }

  /** Gives memory back where the rest of the events is not wanted. */
  leave(): void {
    this.#stream?.leave();
    this.#stream = undefined;
  }

  /** False where all is inflated. */
  #inflateMore(): boolean {
    const piece = this.#stream?.next();
    if (piece !== undefined) {
      this.#inflated += piece.length;
      if (this.#inflated > this.#claimedBytes) {
        throw new FormatError(`payload holds more than the ${this.#claimedBytes} bytes that it claims`);
      }
      this.#framer.push(piece);
      return true;
    }
    const ended = this.#stream !== undefined;
    this.#stream = undefined;
    if (ended && this.#inflated !== this.#claimedBytes && this.#claimedBytes !== limits.inflatedBytes) {
      throw new FormatError(`payload holds ${this.#inflated} bytes, claims ${this.#claimedBytes}`);
    }
    return false;
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
