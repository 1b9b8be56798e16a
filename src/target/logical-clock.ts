import { decodeBody, EventType, LogState, MariadbGtidFlag, type RawEvent } from '../binlog/index.ts';

/** When a transaction was committed at the source, as far as its log says it: what decides what may be applied side by side. */
export interface LogicalTime {
  /** Counts the transactions that were read, from 1 up. */
  readonly number: number;
  /** Everything up to here must be committed before it begins. */
  readonly after: number;
  /** Bytes of log that it takes; undefined: the log does not say. */
  readonly length: number | undefined;
}

/** Flags 1, UUID 16, number 8; then 2, last committed 8, sequence number 8. */
const TIMESTAMP_AT = 25;
const LOGICAL_TIMESTAMP_TYPE = 2;

/** MariaDB: what its own applier lets run side by side with those of its commit. */
const PARALLEL = MariadbGtidFlag.TRANSACTIONAL | MariadbGtidFlag.ALLOW_PARALLEL;
const ALONE = MariadbGtidFlag.DDL | MariadbGtidFlag.PREPARED_XA | MariadbGtidFlag.COMPLETED_XA;

const anyLog = new LogState();

/**
 * The clock of a source's log, of either family, as one count.
 *
 * MySQL says of each transaction what it must wait for: `last_committed`, by write sets, counted by `sequence_number` within a file.
 * MariaDB says which transactions were committed together, by one commit id: those waited for nothing of each other.
 */
export class LogicalClock {
  /** Of the transaction read last. */
  #number = 0;
  /** What the file's own count is added to, and what it has come to. */
  #base = 0;
  #sequence = 0;
  /** Of MariaDB's group: the number before its first. */
  #before = 0;
  #group: string | undefined;

  /** A new log begins: everything in it is behind everything before. */
  begin(): void {
    this.#base = this.#number;
    this.#sequence = 0;
    this.#group = undefined;
  }

  /** Reads the event that begins a transaction. Undefined: nothing is said, and it waits for all before it. */
  read(event: RawEvent): LogicalTime | undefined {
    const { type, bytes, bodyStart, bodyEnd } = event;
    if (type === EventType.GTID_EVENT) return this.#mariadb(event);
    if (type === EventType.GTID_TAGGED_LOG_EVENT || type === EventType.GTID_LOG_EVENT) {
      const at = bodyStart + TIMESTAMP_AT;
      const isOld =
        type === EventType.GTID_LOG_EVENT && (bodyEnd <= at || bytes[at] !== LOGICAL_TIMESTAMP_TYPE);
      if (!isOld) return this.#mysql(event);
    }
    this.#group = undefined;
    this.#number += 1;
    return undefined;
  }

  #mysql(event: RawEvent): LogicalTime | undefined {
    const body = decodeBody(event, anyLog);
    if (body.kind !== 'gtid' && body.kind !== 'gtidTagged') return undefined;
    const sequence = Number(body.sequenceNumber);
    // A count that does not go up is that of another file.
    if (sequence <= this.#sequence) this.begin();
    this.#sequence = sequence;
    this.#number = Math.max(this.#number + 1, this.#base + sequence);
    return {
      number: this.#number,
      after: Math.min(this.#number - 1, this.#base + Math.max(0, Number(body.lastCommitted))),
      length: body.transactionLength === 0n ? undefined : Number(body.transactionLength),
    };
  }

  #mariadb(event: RawEvent): LogicalTime | undefined {
    const body = decodeBody(event, anyLog);
    if (body.kind !== 'mariadbGtid') return undefined;
    const { flags, domainId, commitId } = body;
    const isParallel = (flags & PARALLEL) === PARALLEL && (flags & ALONE) === 0;
    const group = commitId === undefined || !isParallel ? undefined : `${domainId} ${commitId}`;
    if (group === undefined || group !== this.#group) this.#before = this.#number;
    this.#group = group;
    this.#number += 1;
    return { number: this.#number, after: this.#before, length: undefined };
  }
}
