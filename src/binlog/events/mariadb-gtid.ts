import { FormatError, LimitError } from '../../errors/index.ts';
import { EventType } from '../event-type.ts';
import type { EventDefinition } from './definition.ts';

/** `Gtid_log_event::FL_…` of MariaDB. */
export const MariadbGtidFlag = {
  /** One event follows and no commit. */
  STANDALONE: 0x01,
  GROUP_COMMIT_ID: 0x02,
  TRANSACTIONAL: 0x04,
  ALLOW_PARALLEL: 0x08,
  WAITED: 0x10,
  DDL: 0x20,
  PREPARED_XA: 0x40,
  COMPLETED_XA: 0x80,
} as const;

export const MariadbGtidExtraFlag = {
  MULTI_ENGINE: 0x01,
  START_ALTER: 0x02,
  COMMIT_ALTER: 0x04,
  ROLLBACK_ALTER: 0x08,
  THREAD_ID: 0x10,
} as const;

export interface MariadbXid {
  readonly formatId: number;
  readonly globalId: Buffer;
  readonly branchQualifier: Buffer;
}

/**
 * Begins a transaction in a MariaDB log, in place of BEGIN. The server id of the GTID is the header's.
 *
 *   bytes  field
 *   8      sequence number
 *   4      domain id
 *   1      flags, {@link MariadbGtidFlag}
 *   8      with GROUP_COMMIT_ID: commit id
 *   n      with PREPARED_XA or COMPLETED_XA: 4 format id, 1 and 1 lengths, the two parts
 *   1      if bytes remain: extra flags, {@link MariadbGtidExtraFlag}, then
 *   1      MULTI_ENGINE: number of further engines
 *   8      COMMIT_ALTER, ROLLBACK_ALTER: sequence number of the START ALTER
 *   4      THREAD_ID: thread id (MariaDB 11.5)
 *   rest   zeros up to 19 bytes
 */
export interface MariadbGtid {
  readonly kind: 'mariadbGtid';
  readonly sequence: bigint;
  readonly domainId: number;
  readonly flags: number;
  readonly commitId: bigint | undefined;
  readonly xid: MariadbXid | undefined;
  readonly extraFlags: number | undefined;
  readonly extraEngines: number | undefined;
  readonly startAlterSequence: bigint | undefined;
  readonly threadId: number | undefined;
  readonly rest: Buffer;
}

const SHORTEST_BYTES = 19;

export const mariadbGtid: EventDefinition<MariadbGtid> = {
  kind: 'mariadbGtid',
  codes: [EventType.GTID_EVENT],
  postHeaderLength: SHORTEST_BYTES,
  decode(cursor) {
    if (cursor.remaining < SHORTEST_BYTES) throw new FormatError(`a GTID of ${cursor.remaining} bytes`);
    const sequence = cursor.u64();
    if (sequence === 0n) throw new FormatError('a GTID of number 0');
    const domainId = cursor.u32();
    const flags = cursor.u8();
    const commitId = (flags & MariadbGtidFlag.GROUP_COMMIT_ID) !== 0 ? cursor.u64() : undefined;
    let xid: MariadbXid | undefined;
    if ((flags & (MariadbGtidFlag.PREPARED_XA | MariadbGtidFlag.COMPLETED_XA)) !== 0) {
      const formatId = cursor.i32();
      const globalLength = cursor.u8();
      const branchLength = cursor.u8();
      xid = { formatId, globalId: cursor.view(globalLength), branchQualifier: cursor.view(branchLength) };
    }
    const extraFlags = cursor.remaining > 0 ? cursor.u8() : undefined;
    const extra = extraFlags ?? 0;
    const extraEngines = (extra & MariadbGtidExtraFlag.MULTI_ENGINE) !== 0 ? cursor.u8() : undefined;
    const endsAlter =
      (extra & (MariadbGtidExtraFlag.COMMIT_ALTER | MariadbGtidExtraFlag.ROLLBACK_ALTER)) !== 0;
    const startAlterSequence = endsAlter ? cursor.u64() : undefined;
    const hasThread = (extra & MariadbGtidExtraFlag.THREAD_ID) !== 0 && cursor.remaining >= 4;
    const threadId = hasThread ? cursor.u32() : undefined;
    return {
      kind: 'mariadbGtid',
      sequence,
      domainId,
      flags,
      commitId,
      xid,
      extraFlags,
      extraEngines,
      startAlterSequence,
      threadId,
      rest: cursor.view(cursor.remaining),
    };
  },
  encode(body, writer) {
    writer.u64(body.sequence);
    writer.u32(body.domainId);
    writer.u8(body.flags);
    if (body.commitId !== undefined) writer.u64(body.commitId);
    if (body.xid !== undefined) {
      writer.u32(body.xid.formatId >>> 0);
      writer.u8(body.xid.globalId.length);
      writer.u8(body.xid.branchQualifier.length);
      writer.bytes(body.xid.globalId);
      writer.bytes(body.xid.branchQualifier);
    }
    if (body.extraFlags !== undefined) writer.u8(body.extraFlags);
    if (body.extraEngines !== undefined) writer.u8(body.extraEngines);
    if (body.startAlterSequence !== undefined) writer.u64(body.startAlterSequence);
    if (body.threadId !== undefined) writer.u32(body.threadId);
    writer.bytes(body.rest);
  },
};

export const GtidListFlag = { UNTIL_REACHED: 0x1000_0000, IGNORE_GTIDS: 0x2000_0000 } as const;

export interface GtidListEntry {
  readonly domainId: number;
  readonly serverId: number;
  readonly sequence: bigint;
}

/** The binlog state at the start of a MariaDB log: 4 bytes count and flags, then `4 domain, 4 server, 8 sequence` each. */
export interface GtidList {
  readonly kind: 'gtidList';
  readonly flags: number;
  readonly gtids: readonly GtidListEntry[];
  /** An empty list is followed by zeros, so that the event is as long as its smallest legal size. */
  readonly rest: Buffer;
}

const COUNT_MASK = 0x0fff_ffff;
const ENTRY_BYTES = 16;

export const gtidList: EventDefinition<GtidList> = {
  kind: 'gtidList',
  codes: [EventType.GTID_LIST_EVENT],
  postHeaderLength: 4,
  decode(cursor) {
    const packed = cursor.u32();
    const count = packed & COUNT_MASK;
    if (count * ENTRY_BYTES > cursor.remaining) {
      throw new LimitError(`list of ${count} GTIDs does not fit ${cursor.remaining} bytes`);
    }
    const gtids = Array.from({ length: count }, () => ({
      domainId: cursor.u32(),
      serverId: cursor.u32(),
      sequence: cursor.u64(),
    }));
    return {
      kind: 'gtidList',
      flags: (packed & ~COUNT_MASK) >>> 0,
      gtids,
      rest: cursor.view(cursor.remaining),
    };
  },
  encode(body, writer) {
    writer.u32((body.flags | body.gtids.length) >>> 0);
    for (const { domainId, serverId, sequence } of body.gtids) {
      writer.u32(domainId);
      writer.u32(serverId);
      writer.u64(sequence);
    }
    writer.bytes(body.rest);
  },
};
