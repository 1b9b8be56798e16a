import {
  ChecksumAlgorithm,
  type EventBody,
  EventFlag,
  EventType,
  encodeEvent,
  type Flavor,
  HEADER_BYTES,
  LogState,
} from '../../binlog/index.ts';

/** Who writes a log. */
export interface LogWriterFacts {
  readonly flavor: Flavor;
  readonly serverId: number;
  /** `9.7.0-rowlock`, `11.8.0-MariaDB-rowlock`: decides how readers read the format description. */
  readonly serverVersion: string;
  /** Relay logs mark their own events, for nobody to apply. */
  readonly relayLog: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const VERSION_BYTES = 50;

// Length of each type's fixed part, type 1 first: as MySQL 9.7.4 and MariaDB 11.8.6 write them.
const MYSQL_LENGTHS = [
  0, 13, 0, 8, 0, 0, 0, 0, 4, 0, 4, 0, 0, 0, 99, 0, 4, 26, 8, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 10, 10, 10, 42,
  42, 0, 18, 52, 0, 10, 40, 0, 0,
];
const MARIADB_FIRST = [
  56, 13, 0, 8, 0, 18, 0, 4, 4, 4, 4, 18, 0, 0, 228, 0, 4, 26, 8, 0, 0, 0, 8, 8, 8, 2, 0, 0, 0, 10, 10, 10, 0,
  0, 0, 0, 0, 0, 10, 10, 10,
];
const MARIADB_OWN = [4, 19, 4, 0, 13, 8, 8, 8, 10, 10, 10];
const MARIADB_LENGTHS = [
  ...MARIADB_FIRST,
  ...Array.from({ length: 160 - MARIADB_FIRST.length }, () => 0),
  ...MARIADB_OWN,
];

/** Makes the events that a log's writer adds of its own: how a file begins and ends. */
export class LogEvents {
  readonly facts: LogWriterFacts;
  readonly #state = new LogState();

  constructor(facts: LogWriterFacts) {
    this.facts = facts;
  }

  /**
   * @param created whether this is the first file since the writer started: a replica then drops what a crash left open
   * @param inUse whether the file is being written
   */
  formatDescription(position: number, created: boolean, inUse: boolean): Buffer {
    const { serverVersion, flavor } = this.facts;
    const seconds = this.#seconds();
    const flags = inUse ? EventFlag.BINLOG_IN_USE : 0;
    return this.#make(EventType.FORMAT_DESCRIPTION_EVENT, position, flags, {
      kind: 'formatDescription',
      binlogVersion: 4,
      serverVersion: serverVersion.slice(0, VERSION_BYTES - 1),
      versionPadding: Buffer.alloc(Math.max(1, VERSION_BYTES - serverVersion.length)),
      createTimestamp: created ? seconds : 0,
      headerLength: HEADER_BYTES,
      postHeaderLengths: Buffer.from(flavor === 'mysql' ? MYSQL_LENGTHS : MARIADB_LENGTHS),
      checksumAlgorithm: ChecksumAlgorithm.CRC32,
    });
  }

  previousGtids(position: number, set: Buffer): Buffer {
    return this.#make(EventType.PREVIOUS_GTIDS_LOG_EVENT, position, EventFlag.IGNORABLE, {
      kind: 'previousGtids',
      set,
    });
  }

  gtidList(
    position: number,
    gtids: readonly { readonly domainId: number; readonly serverId: number; readonly seqNo: bigint }[],
  ): Buffer {
    return this.#make(EventType.GTID_LIST_EVENT, position, 0, {
      kind: 'gtidList',
      flags: 0,
      gtids: gtids.map(({ domainId, serverId, seqNo }) => ({ domainId, serverId, sequence: seqNo })),
      // An event of this type is never shorter than 6 bytes, servers before 10.0.9 insist.
      rest: Buffer.alloc(gtids.length === 0 ? 2 : 0),
    });
  }

  /** MariaDB: the oldest file that is needed to recover prepared transactions. Here, always the current one. */
  checkpoint(position: number, file: string): Buffer {
    return this.#make(EventType.BINLOG_CHECKPOINT_EVENT, position, 0, {
      kind: 'binlogCheckpoint',
      file: Buffer.from(file),
    });
  }

  /** @param checksum what the last format description of the file says */
  rotate(position: number, nextFile: string, nextPosition: number, checksum: boolean): Buffer {
    const body = { kind: 'rotate', position: BigInt(nextPosition), nextFile: Buffer.from(nextFile) } as const;
    return this.#make(EventType.ROTATE_EVENT, position, 0, body, checksum);
  }

  stop(position: number, checksum: boolean): Buffer {
    return this.#make(EventType.STOP_EVENT, position, 0, { kind: 'stop' }, checksum);
  }

  /** A source's rotate event, as a relay log has it: says where in which of the source's files the next event stands. */
  sourceRotate(serverId: number, file: string, position: number, checksum: boolean): Buffer {
    const header = {
      timestamp: 0,
      type: EventType.ROTATE_EVENT,
      serverId,
      logPos: 0,
      flags: EventFlag.ARTIFICIAL,
    };
    const body = { kind: 'rotate', position: BigInt(position), nextFile: Buffer.from(file) } as const;
    return encodeEvent(header, body, this.#state, { checksum });
  }

  #make(type: number, position: number, flags: number, body: EventBody, checksum = true): Buffer {
    const { relayLog, serverId } = this.facts;
    const header = {
      timestamp: this.#seconds(),
      type,
      serverId,
      logPos: 0,
      flags: flags | (relayLog && type !== EventType.PREVIOUS_GTIDS_LOG_EVENT ? EventFlag.RELAY_LOG : 0),
    };
    const { length } = encodeEvent(header, body, this.#state, { checksum });
    header.logPos = (position + length) >>> 0;
    return encodeEvent(header, body, this.#state, { checksum });
  }

  #seconds(): number {
    return Math.floor(this.facts.now() / 1000);
  }
}
