import { FormatError } from '../../errors/index.ts';
import { EventType } from '../event-type.ts';
import type { EventDefinition } from './definition.ts';

/** `Gtid_event::FLAG_MAY_HAVE_SBR`: the transaction may hold statements. */
export const GtidFlag = { MAY_HAVE_SBR: 0x1 } as const;

/** What stands for the version of a server where the event tells none, as MySQL calls it. */
export const UNDEFINED_SERVER_VERSION = 999_999;

/** What both GTID events of MySQL say of the transaction that they begin. Microseconds since 1970; positions in commit order. */
export interface TransactionTiming {
  readonly lastCommitted: bigint;
  readonly sequenceNumber: bigint;
  readonly immediateCommitTimestamp: bigint;
  readonly originalCommitTimestamp: bigint;
  /** Bytes from this event's start to the transaction's end, checksums included. */
  readonly transactionLength: bigint;
  /** `major·10000 + minor·100 + patch`; {@link UNDEFINED_SERVER_VERSION} is unknown. */
  readonly immediateServerVersion: number;
  readonly originalServerVersion: number;
  readonly commitGroupTicket: bigint;
}

/**
 * Begins a transaction (MySQL 5.6): GTID_LOG_EVENT, or ANONYMOUS_GTID_LOG_EVENT where GTIDs are off.
 *
 *   bytes   field
 *   1       flags: 1 = the transaction may hold statements
 *   16      source UUID; zero if anonymous
 *   8       number, 1 …; zero if anonymous
 *   1       2, then last committed 8 and sequence number 8 (MySQL 5.7)
 *   7       immediate commit timestamp; bit 55 says that the original one follows (8.0.1)
 *   lenenc  transaction length
 *   4       immediate server version; bit 31 says that the original one follows (8.0.14)
 *   8       commit group ticket, where it was set
 *
 * Each field from the ninth byte on is present only where the bytes reach so far; `fields` counts how many groups were.
 */
export interface Gtid extends TransactionTiming {
  readonly kind: 'gtid';
  readonly flags: number;
  readonly uuid: Buffer;
  readonly gno: bigint;
  /** How far the writer's version went, 0 (MySQL 5.6) to 5 (ticket). */
  readonly fields: 0 | 1 | 2 | 3 | 4 | 5;
  readonly rest: Buffer;
}

/** GNO_END is one more. */
const LAST_GNO = 0x7fff_ffff_ffff_fffen;
const LOGICAL_TIMESTAMP_TYPE = 2;
const TIMESTAMP_BYTES = 7;
const HAS_ORIGINAL_TIMESTAMP = 1n << 55n;
/** The same in the upper three bytes. */
const HAS_ORIGINAL_TIMESTAMP_HIGH = 0x80_0000;
/** From here on in the upper three bytes, numbers are not exact any more: in the year 2255. */
const INEXACT_HIGH = 0x20_0000;
const HAS_ORIGINAL_VERSION = 0x8000_0000;

function timestamp(high: number, low: number): bigint {
  return high < INEXACT_HIGH
    ? BigInt(high * 0x1_0000_0000 + low)
    : BigInt(high) * 0x1_0000_0000n + BigInt(low);
}

export const gtid: EventDefinition<Gtid> = {
  kind: 'gtid',
  codes: [EventType.GTID_LOG_EVENT, EventType.ANONYMOUS_GTID_LOG_EVENT],
  postHeaderLength: 42,
  decode(cursor, header) {
    const flags = cursor.u8();
    const uuid = cursor.view(16);
    const gno = cursor.i64();
    const isLegal = header.type === EventType.GTID_LOG_EVENT ? gno > 0n && gno <= LAST_GNO : gno === 0n;
    if (!isLegal) throw new FormatError(`a transaction of number ${gno}`);
    let fields: Gtid['fields'] = 0;
    let lastCommitted = 0n;
    let sequenceNumber = 0n;
    let immediateCommitTimestamp = 0n;
    let originalCommitTimestamp = 0n;
    let transactionLength = 0n;
    let immediateServerVersion: number = UNDEFINED_SERVER_VERSION;
    let originalServerVersion: number = UNDEFINED_SERVER_VERSION;
    let commitGroupTicket = 0n;
    if (cursor.remaining > 0 && cursor.bytes[cursor.position] === LOGICAL_TIMESTAMP_TYPE) {
      cursor.skip(1);
      lastCommitted = cursor.u64();
      sequenceNumber = cursor.u64();
      fields = 1;
      if (cursor.remaining >= TIMESTAMP_BYTES) {
        const low = cursor.u32();
        const high = cursor.u24();
        immediateCommitTimestamp = timestamp(high & ~HAS_ORIGINAL_TIMESTAMP_HIGH, low);
        originalCommitTimestamp = immediateCommitTimestamp;
        if ((high & HAS_ORIGINAL_TIMESTAMP_HIGH) !== 0) {
          const originalLow = cursor.u32();
          originalCommitTimestamp = timestamp(cursor.u24(), originalLow);
        }
        fields = 2;
      }
      if (fields === 2 && cursor.remaining >= 1) {
        transactionLength = cursor.lenenc64();
        fields = 3;
      }
      if (fields === 3 && cursor.remaining >= 4) {
        const packed = cursor.u32();
        immediateServerVersion = packed & ~HAS_ORIGINAL_VERSION;
        originalServerVersion = packed >= HAS_ORIGINAL_VERSION ? cursor.u32() : immediateServerVersion;
        fields = 4;
      }
      if (fields === 4 && cursor.remaining >= 8) {
        commitGroupTicket = cursor.u64();
        fields = 5;
      }
    }
    return {
      kind: 'gtid',
      flags,
      uuid,
      gno,
      fields,
      lastCommitted,
      sequenceNumber,
      immediateCommitTimestamp,
      originalCommitTimestamp,
      transactionLength,
      immediateServerVersion,
      originalServerVersion,
      commitGroupTicket,
      rest: cursor.view(cursor.remaining),
    };
  },
  encode(body, writer) {
    writer.u8(body.flags);
    writer.bytes(body.uuid);
    writer.i64(body.gno);
    if (body.fields >= 1) {
      writer.u8(LOGICAL_TIMESTAMP_TYPE);
      writer.u64(body.lastCommitted);
      writer.u64(body.sequenceNumber);
    }
    if (body.fields >= 2) {
      const differs = body.originalCommitTimestamp !== body.immediateCommitTimestamp;
      const packed = body.immediateCommitTimestamp | (differs ? HAS_ORIGINAL_TIMESTAMP : 0n);
      writer.u32(Number(packed & 0xffff_ffffn));
      writer.u24(Number(packed >> 32n));
      if (differs) {
        writer.u32(Number(body.originalCommitTimestamp & 0xffff_ffffn));
        writer.u24(Number(body.originalCommitTimestamp >> 32n));
      }
    }
    if (body.fields >= 3) writer.lenenc64(body.transactionLength);
    if (body.fields >= 4) {
      const differs = body.originalServerVersion !== body.immediateServerVersion;
      writer.u32(differs ? body.immediateServerVersion + HAS_ORIGINAL_VERSION : body.immediateServerVersion);
      if (differs) writer.u32(body.originalServerVersion);
    }
    if (body.fields >= 5) writer.u64(body.commitGroupTicket);
    writer.bytes(body.rest);
  },
};
