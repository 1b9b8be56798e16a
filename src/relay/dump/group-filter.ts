import { EventType, HEADER_BYTES, type RawEvent } from '../../binlog/index.ts';
import { ServerError } from '../../errors/index.ts';
import {
  formatMariadbGtid,
  type MariadbGtid,
  MariadbReplicaState,
  type MysqlGtidSet,
} from '../../gtid/index.ts';
import { transactionGtid } from '../../replication/index.ts';

/** Says which transactions a replica has already. Fed with every event in order. */
export interface GroupFilter {
  /** Whether the replica needs no event of this group. @throws ServerError 1236: the log lacks where it begins */
  skips(event: RawEvent): boolean;
  /** A new file begins. */
  startFile(): void;
}

export const SEND_ALL: GroupFilter = { skips: () => false, startFile: () => undefined };

/** Of MySQL: the transactions of a set. */
export class MysqlGroupFilter implements GroupFilter {
  readonly #has: MysqlGtidSet;
  #skipping = false;

  constructor(has: MysqlGtidSet) {
    this.#has = has;
  }

  startFile(): void {
    this.#skipping = false;
  }

  skips(event: RawEvent): boolean {
    const { type, bytes, start } = event;
    if (type === EventType.GTID_LOG_EVENT) {
      const uuidAt = start + HEADER_BYTES + 1;
      this.#skipping = this.#has.contains(bytes, '', bytes.readBigInt64LE(uuidAt + 16), uuidAt);
    } else if (type === EventType.GTID_TAGGED_LOG_EVENT) {
      const gtid = transactionGtid(event);
      this.#skipping = gtid?.flavor === 'mysql' && this.#has.has(gtid);
    } else if (type === EventType.ANONYMOUS_GTID_LOG_EVENT || type === EventType.ROTATE_EVENT) {
      this.#skipping = false;
    }
    return this.#skipping;
  }
}

const outsideGroups: ReadonlySet<number> = new Set([
  EventType.FORMAT_DESCRIPTION_EVENT,
  EventType.GTID_LIST_EVENT,
  EventType.BINLOG_CHECKPOINT_EVENT,
  EventType.START_ENCRYPTION_EVENT,
  EventType.ROTATE_EVENT,
  EventType.STOP_EVENT,
]);

const hole = (gtid: MariadbGtid): ServerError =>
  new ServerError(
    1236,
    'HY000',
    `The binlog on the master is missing the GTID ${formatMariadbGtid(gtid)} requested by the slave (even though both a prior and a subsequent sequence number does exist), and GTID strict mode is enabled`,
  );

/** Of MariaDB: everything in a domain up to and with the replica's last transaction there. */
export class MariadbGroupFilter implements GroupFilter {
  /** Domains in which the replica's last transaction has not come yet. */
  readonly #ahead: MariadbReplicaState;
  /** Where it wants to end, in the domains in which that has not come yet. */
  readonly #until: Map<number, MariadbGtid> | undefined;
  readonly #isStrict: boolean;
  readonly #passed = new Set<number>();
  #skipping = false;

  /**
   * @param until where the replica wants to end: what comes later, and domains it does not name, are not for it
   * @param isStrict its transactions must be in the log, and not in a hole of it
   */
  constructor(replica: MariadbReplicaState, until?: MariadbReplicaState, isStrict = false) {
    this.#ahead = new MariadbReplicaState(replica.gtids());
    if (until !== undefined) this.#until = new Map(until.gtids().map((gtid) => [gtid.domainId, gtid]));
    this.#isStrict = isStrict;
  }

  /** The replica is exactly there where the file begins: nothing of this domain is passed over. */
  reached(domainId: number): void {
    this.#passed.add(domainId);
  }

  startFile(): void {
    this.#skipping = false;
  }

  skips(event: RawEvent): boolean {
    if (event.type !== EventType.GTID_EVENT) return this.#skipping && !outsideGroups.has(event.type);
    const at = event.start + HEADER_BYTES;
    const domainId = event.bytes.readUInt32LE(at + 8);
    const sequence = event.bytes.readBigUInt64LE(at);
    const last = this.#passed.has(domainId) ? undefined : this.#ahead.last(domainId);
    if (last === undefined) this.#skipping = false;
    else if (last.serverId === event.serverId && sequence >= last.seqNo) {
      // A hole in the log where the replica's transaction was: unless that is an error, it goes on behind it.
      if (this.#isStrict && sequence > last.seqNo) throw hole(last);
      this.#passed.add(domainId);
      this.#skipping = sequence === last.seqNo;
    } else this.#skipping = true;
    if (this.#isBeyondEnd(domainId, event.serverId, sequence)) this.#skipping = true;
    return this.#skipping;
  }

  #isBeyondEnd(domainId: number, serverId: number, sequence: bigint): boolean {
    if (this.#until === undefined) return false;
    const end = this.#until.get(domainId);
    if (end === undefined) return true;
    if (end.serverId !== serverId || sequence < end.seqNo) return false;
    this.#until.delete(domainId);
    return sequence > end.seqNo;
  }
}
