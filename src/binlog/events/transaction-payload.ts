import { FormatError } from '../../errors/index.ts';
import { EventType } from '../event-type.ts';
import type { EventDefinition } from './definition.ts';

export const PayloadField = { END: 0, SIZE: 1, COMPRESSION_TYPE: 2, UNCOMPRESSED_SIZE: 3 } as const;
export const PayloadCompression = { ZSTD: 0, NONE: 255 } as const;

/** Fields that hold a number, length-encoded. */
const KNOWN: ReadonlySet<number> = new Set<number>([
  PayloadField.SIZE,
  PayloadField.COMPRESSION_TYPE,
  PayloadField.UNCOMPRESSED_SIZE,
]);

/** A field of the payload's header whose meaning is unknown, as logged. */
export interface PayloadHeaderField {
  readonly type: number;
  readonly value: Buffer;
}

/**
 * A whole transaction, compressed (MySQL 8.0.20, `binlog_transaction_compression`).
 *
 *   fields   lenenc type, lenenc length, value (itself lenenc): 1 payload size, 2 compression type, 3 uncompressed size;
 *            type 0 ends the fields and has neither length nor value
 *   payload  events from BEGIN to the commit, without checksums, end positions 0; one zstd stream of them
 */
export interface TransactionPayload {
  readonly kind: 'transactionPayload';
  /** In the order logged. */
  readonly fields: readonly PayloadHeaderField[];
  readonly payloadSize: number;
  readonly compressionType: number;
  /** What the writer claims. A hint: memory is never set aside on its word. */
  readonly uncompressedSize: number;
  readonly payload: Buffer;
}

export const transactionPayload: EventDefinition<TransactionPayload> = {
  kind: 'transactionPayload',
  codes: [EventType.TRANSACTION_PAYLOAD_EVENT],
  // The servers list 40 here, the event's own type code; it has no fixed part.
  decode(cursor, _header, log) {
    const fields: PayloadHeaderField[] = [];
    let payloadSize = 0;
    let compressionType: number = PayloadCompression.NONE;
    let uncompressedSize = 0;
    for (let type = cursor.lenenc(); type !== PayloadField.END; type = cursor.lenenc()) {
      const length = cursor.lenenc();
      const at = cursor.position;
      const value = cursor.view(length);
      fields.push({ type, value });
      const after = cursor.position;
      if (!KNOWN.has(type)) continue;
      cursor.position = at;
      if (type === PayloadField.SIZE) payloadSize = cursor.lenenc();
      else if (type === PayloadField.COMPRESSION_TYPE) compressionType = cursor.lenenc();
      else uncompressedSize = cursor.lenenc();
      // The servers read on behind the value, whatever length the field claims: to them, another payload would begin there.
      if (cursor.position !== after && !log.tolerant)
        throw new FormatError(`payload field ${type} of ${cursor.position - at} bytes, claims ${length}`);
    }
    const payload = cursor.view(cursor.remaining);
    if (payloadSize > payload.length)
      throw new FormatError(`payload of ${payload.length} bytes, claims ${payloadSize}`);
    return { kind: 'transactionPayload', fields, payloadSize, compressionType, uncompressedSize, payload };
  },
  encode(body, writer) {
    for (const { type, value } of body.fields) {
      writer.lenenc(type);
      writer.lenenc(value.length);
      writer.bytes(value);
    }
    writer.lenenc(PayloadField.END);
    writer.bytes(body.payload);
  },
};
