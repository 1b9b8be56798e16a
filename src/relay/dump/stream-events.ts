import {
  CHECKSUM_BYTES,
  EventFlag,
  EventType,
  encodeEvent,
  FLAGS_AT,
  HEADER_BYTES,
  LOG_POS_AT,
  LogState,
  type RawEvent,
} from '../../binlog/index.ts';
import { crc32 } from '../../bytes/index.ts';
import type { MariadbGtid } from '../../gtid/index.ts';

const state = new LogState();

/** Events that a source makes for one dump and that stand in no log. */
export class StreamEvents {
  readonly #serverId: number;
  #checksum: boolean;

  /** @param checksum whether the replica asked for checksums: as long as no file has been begun, nothing else is known */
  constructor(serverId: number, checksum: boolean) {
    this.#serverId = serverId;
    this.#checksum = checksum;
  }

  /** From here on events end in a checksum as those of the file do. */
  likeFile(checksum: boolean): void {
    this.#checksum = checksum;
  }

  /** Says which file follows. */
  fakeRotate(file: string, position: number): Buffer {
    const header = this.#header(EventType.ROTATE_EVENT, 0, EventFlag.ARTIFICIAL);
    const body = { kind: 'rotate', position: BigInt(position), nextFile: Buffer.from(file) } as const;
    return encodeEvent(header, body, state, { checksum: this.#checksum });
  }

  /** Says that the source lives, and how far it is. Above 4 GiB only the second version says so rightly. */
  heartbeat(file: string, position: number, version2: boolean): Buffer {
    const checksum = this.#checksum;
    if (version2) {
      const body = {
        kind: 'heartbeatV2',
        file: Buffer.from(file),
        position: BigInt(position),
        rest: Buffer.alloc(0),
      } as const;
      return encodeEvent(this.#header(EventType.HEARTBEAT_LOG_EVENT_V2, 0, 0), body, state, { checksum });
    }
    const header = this.#header(EventType.HEARTBEAT_LOG_EVENT, position % 0x1_0000_0000, 0);
    return encodeEvent(header, { kind: 'heartbeat', bytes: Buffer.from(file) }, state, { checksum });
  }

  /** MariaDB: where the replica is once what it has was passed over. */
  gtidList(gtids: readonly MariadbGtid[], position: number, flags: number): Buffer {
    const header = this.#header(EventType.GTID_LIST_EVENT, position % 0x1_0000_0000, EventFlag.ARTIFICIAL);
    const body = {
      kind: 'gtidList',
      flags,
      gtids: gtids.map(({ domainId, serverId, seqNo }) => ({ domainId, serverId, sequence: seqNo })),
      rest: Buffer.alloc(gtids.length === 0 ? 2 : 0),
    } as const;
    return encodeEvent(header, body, state, { checksum: this.#checksum });
  }

  #header(
    type: number,
    logPos: number,
    flags: number,
  ): { timestamp: number; type: number; serverId: number; logPos: number; flags: number } {
    return { timestamp: 0, type, serverId: this.#serverId, logPos, flags };
  }
}

/** binlog version 2, server version 50: then the time the server started. */
const CREATED_AT = HEADER_BYTES + 52;

/**
 * A file's format description as a dump sends it: not in use, and in the middle of a file without a position, and without the start
 * time that would make a replica drop what it has open.
 */
export function dumpFormat(event: RawEvent, fromMiddle: boolean, forgetStart: boolean): Buffer {
  const bytes = Buffer.from(event.view());
  bytes.writeUInt16LE(event.flags & ~EventFlag.BINLOG_IN_USE, FLAGS_AT);
  if (fromMiddle) bytes.writeUInt32LE(0, LOG_POS_AT);
  if (forgetStart) bytes.writeUInt32LE(0, CREATED_AT);
  if (event.hasChecksum) {
    const end = bytes.length - CHECKSUM_BYTES;
    bytes.writeUInt32LE(crc32(bytes, 0, end), end);
  }
  return bytes;
}
