import {
  EventType,
  encodeEvent,
  GtidFlag,
  HEADER_BYTES,
  LogState,
  SERVER_ID_AT,
  TYPE_AT,
  UNDEFINED_SERVER_VERSION,
} from '../../../../binlog/index.ts';
import { parseUuid } from '../../../../gtid/index.ts';
import type { TransactionGtid } from '../../../../replication/index.ts';
import type { TransactionBuffer } from '../../../binary-log/index.ts';

const anyLog = new LogState();

/** Gives an anonymous transaction in a buffer its GTID: ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS. */
export function nameTransaction(buffer: TransactionBuffer, gtid: TransactionGtid): void {
  if (gtid.flavor !== 'mysql' || buffer.count === 0) return;
  const slab = buffer.slabs[0]!;
  const start = buffer.starts[0]!;
  const uuid = parseUuid(gtid.uuid);
  if (slab[start + TYPE_AT] === EventType.ANONYMOUS_GTID_LOG_EVENT) {
    // The two events are laid out the same; the anonymous one has zeros where the name stands.
    slab[start + TYPE_AT] = EventType.GTID_LOG_EVENT;
    uuid.copy(slab, start + HEADER_BYTES + 1);
    slab.writeBigInt64LE(gtid.gno, start + HEADER_BYTES + 17);
    buffer.changed(0);
    return;
  }
  // MySQL 5.6 writes none at all.
  const header = {
    timestamp: slab.readUInt32LE(start),
    type: EventType.GTID_LOG_EVENT,
    serverId: slab.readUInt32LE(start + SERVER_ID_AT),
    logPos: 0,
    flags: 0,
  };
  const body = {
    kind: 'gtid',
    flags: GtidFlag.MAY_HAVE_SBR,
    uuid,
    gno: gtid.gno,
    fields: 1,
    lastCommitted: 0n,
    sequenceNumber: 0n,
    immediateCommitTimestamp: 0n,
    originalCommitTimestamp: 0n,
    transactionLength: 0n,
    immediateServerVersion: UNDEFINED_SERVER_VERSION,
    originalServerVersion: UNDEFINED_SERVER_VERSION,
    commitGroupTicket: 0n,
    rest: Buffer.alloc(0),
  } as const;
  buffer.prepend(encodeEvent(header, body, anyLog, { checksum: true }));
}
