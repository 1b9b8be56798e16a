import { EventType } from '../event-type.ts';
import type { EventDefinition } from './definition.ts';

/**
 * Group replication's certification data; seen in relay logs of a group, not in ordinary logs.
 *
 *   bytes  field
 *   1      length of the server's UUID text
 *   4      thread id
 *   1      1 = the GTID was given by the client
 *   4      length of the snapshot version, a binary GTID set
 *   4, 4   number of items in the write set and the read set
 *   n      UUID, snapshot, items of `2 bytes length, bytes`
 */
export interface TransactionContext {
  readonly kind: 'transactionContext';
  readonly serverUuid: Buffer;
  readonly threadId: number;
  readonly gtidSpecified: boolean;
  readonly snapshot: Buffer;
  readonly writeSetItems: number;
  readonly readSetItems: number;
  /** Both sets, as logged. */
  readonly items: Buffer;
}

export const transactionContext: EventDefinition<TransactionContext> = {
  kind: 'transactionContext',
  codes: [EventType.TRANSACTION_CONTEXT_EVENT],
  postHeaderLength: 18,
  decode(cursor) {
    const uuidLength = cursor.u8();
    const threadId = cursor.u32();
    const gtidSpecified = cursor.u8() !== 0;
    const snapshotLength = cursor.u32();
    const writeSetItems = cursor.u32();
    const readSetItems = cursor.u32();
    return {
      kind: 'transactionContext',
      serverUuid: cursor.view(uuidLength),
      threadId,
      gtidSpecified,
      snapshot: cursor.view(snapshotLength),
      writeSetItems,
      readSetItems,
      items: cursor.view(cursor.remaining),
    };
  },
  encode(body, writer) {
    writer.u8(body.serverUuid.length);
    writer.u32(body.threadId);
    writer.u8(body.gtidSpecified ? 1 : 0);
    writer.u32(body.snapshot.length);
    writer.u32(body.writeSetItems);
    writer.u32(body.readSetItems);
    writer.bytes(body.serverUuid);
    writer.bytes(body.snapshot);
    writer.bytes(body.items);
  },
};

/** Membership changed: 40 bytes view id, NUL padded; 8 sequence number; 4 number of certification entries; entries. */
export interface ViewChange {
  readonly kind: 'viewChange';
  readonly viewId: Buffer;
  readonly sequenceNumber: bigint;
  readonly certificationEntries: number;
  /** As logged: `2 bytes length, key, 4 bytes length, value`. */
  readonly entries: Buffer;
}

export const viewChange: EventDefinition<ViewChange> = {
  kind: 'viewChange',
  codes: [EventType.VIEW_CHANGE_EVENT],
  postHeaderLength: 52,
  decode: (cursor) => ({
    kind: 'viewChange',
    viewId: cursor.view(40),
    sequenceNumber: cursor.u64(),
    certificationEntries: cursor.u32(),
    entries: cursor.view(cursor.remaining),
  }),
  encode(body, writer) {
    writer.bytes(body.viewId);
    writer.u64(body.sequenceNumber);
    writer.u32(body.certificationEntries);
    writer.bytes(body.entries);
  },
};
