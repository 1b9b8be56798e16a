import { decodeBody, EventType, LogState, type RawEvent } from '../../binlog/index.ts';
import { MariadbBinlogState, MysqlGtidSet, parseMariadbGtidList } from '../../gtid/index.ts';
import type { TransactionGtid } from '../../replication/index.ts';
import { transactionGtid } from '../../replication/index.ts';
import type { LogEvents } from '../../store/index.ts';

/**
 * Which transactions the binary log holds. What was appended and what is durable differ for a moment: replicas and statements are told
 * of the durable ones, a new file begins with the appended ones.
 */
export interface GtidLedger {
  /** Whether a transaction was appended before. */
  has(gtid: TransactionGtid): boolean;
  append(gtid: TransactionGtid): void;
  settle(gtid: TransactionGtid): void;
  /** What was appended and did not become durable is forgotten. */
  forget(): void;
  /** Takes what an event of the log says; for opening a log. */
  visit(event: RawEvent): void;
  clear(): void;
  /** Of an empty one: these count as here, and durable. */
  preset(gtids: string): void;
  /** `gtid_executed`; `gtid_binlog_state`. */
  readonly executed: string;
  /** `gtid_executed`; `gtid_binlog_pos`. */
  readonly position: string;
  /** The event that a new file begins with, behind the format description. */
  opening(events: LogEvents, at: number): Buffer;
}

const anyLog = new LogState();

export class MysqlLedger implements GtidLedger {
  #appended = MysqlGtidSet.empty();
  #settled = MysqlGtidSet.empty();
  #text: string | undefined;

  get set(): MysqlGtidSet {
    return this.#settled;
  }

  has(gtid: TransactionGtid): boolean {
    return gtid.flavor === 'mysql' && this.#appended.has(gtid);
  }

  append(gtid: TransactionGtid): void {
    if (gtid.flavor === 'mysql') this.#appended.add(gtid);
  }

  settle(gtid: TransactionGtid): void {
    if (gtid.flavor === 'mysql') this.#settled.add(gtid);
    this.#text = undefined;
  }

  forget(): void {
    this.#appended = this.#settled.clone();
  }

  visit(event: RawEvent): void {
    if (event.type === EventType.PREVIOUS_GTIDS_LOG_EVENT) {
      const body = decodeBody(event, anyLog);
      if (body.kind === 'previousGtids') this.#settled = MysqlGtidSet.fromBytes(body.set);
    } else {
      const gtid = transactionGtid(event);
      if (gtid?.flavor === 'mysql') this.#settled.add(gtid);
    }
    this.#text = undefined;
  }

  clear(): void {
    this.#appended = MysqlGtidSet.empty();
    this.#settled = MysqlGtidSet.empty();
    this.#text = undefined;
  }

  preset(gtids: string): void {
    this.#settled = MysqlGtidSet.parse(gtids);
    this.#text = undefined;
    this.forget();
  }

  /** The smallest number of this server that no transaction has. */
  nextNumber(uuid: string): bigint {
    let next = 1n;
    for (const { uuid: of, tag, first, last } of this.#appended.intervals()) {
      if (of === uuid && tag === '' && first <= next && last >= next) next = last + 1n;
    }
    return next;
  }

  get executed(): string {
    this.#text ??= this.#settled.format();
    return this.#text;
  }

  get position(): string {
    return this.executed;
  }

  opening(events: LogEvents, at: number): Buffer {
    return events.previousGtids(at, this.#appended.toBytes());
  }
}

export class MariadbLedger implements GtidLedger {
  #appended = new MariadbBinlogState();
  #settled = new MariadbBinlogState();

  get state(): MariadbBinlogState {
    return this.#settled;
  }

  /** A server gives its numbers in order: what is not behind its last one in the domain was here. */
  has(gtid: TransactionGtid): boolean {
    if (gtid.flavor !== 'mariadb') return false;
    const last = this.#appended.last(gtid.domainId, gtid.serverId);
    return last !== undefined && gtid.seqNo <= last.seqNo;
  }

  append(gtid: TransactionGtid): void {
    if (gtid.flavor === 'mariadb') this.#appended.update(gtid);
  }

  settle(gtid: TransactionGtid): void {
    if (gtid.flavor === 'mariadb') this.#settled.update(gtid);
  }

  forget(): void {
    this.#appended = new MariadbBinlogState(this.#settled.gtids());
  }

  visit(event: RawEvent): void {
    if (event.type === EventType.GTID_LIST_EVENT) {
      this.#settled = new MariadbBinlogState(listedGtids(event));
      return;
    }
    const gtid = transactionGtid(event);
    if (gtid?.flavor === 'mariadb') this.#settled.update(gtid);
  }

  clear(): void {
    this.#appended = new MariadbBinlogState();
    this.#settled = new MariadbBinlogState();
  }

  preset(gtids: string): void {
    this.#settled = new MariadbBinlogState(parseMariadbGtidList(gtids));
    this.forget();
  }

  get executed(): string {
    return this.#settled.format();
  }

  get position(): string {
    return this.#settled.positions().map(formatOne).join(',');
  }

  opening(events: LogEvents, at: number): Buffer {
    return events.gtidList(at, this.#appended.gtids());
  }
}

type MariadbGtid = ReturnType<typeof parseMariadbGtidList>[number];

const formatOne = ({ domainId, serverId, seqNo }: MariadbGtid): string => `${domainId}-${serverId}-${seqNo}`;

/** The GTIDs of a GTID_LIST event, in its order. */
export function listedGtids(event: RawEvent): MariadbGtid[] {
  const body = decodeBody(event, anyLog);
  if (body.kind !== 'gtidList') return [];
  return body.gtids.map(({ domainId, serverId, sequence }) => ({ domainId, serverId, seqNo: sequence }));
}
