import { decodeBody, EventType, LogState, type RawEvent } from '../../binlog/index.ts';
import { gtidText, transactionGtid } from '../../replication/index.ts';
import type { TransactionLabel } from '../../target/index.ts';
import type { TransactionTimes } from './status.ts';

const anyLog = new LogState();

const mysqlGtids: ReadonlySet<number> = new Set([
  EventType.GTID_LOG_EVENT,
  EventType.ANONYMOUS_GTID_LOG_EVENT,
  EventType.GTID_TAGGED_LOG_EVENT,
]);

/** By them a target is told which transaction it applies. */
export interface LabelledTimes extends TransactionTimes, TransactionLabel {
  /** When the source began it, seconds since 1970. */
  readonly timestamp: number;
}

/** What a status says of the transaction that this event begins. */
export function transactionTimes(event: RawEvent, now: () => number): LabelledTimes {
  return new LazyTimes(event, now() * 1000);
}

/** The transaction was waited with, and begins now. */
export function begunNow(times: TransactionTimes, now: () => number): void {
  if (times instanceof LazyTimes) times.start = now() * 1000;
}

/** The transaction is done. */
export function finished(times: TransactionTimes, now: () => number): TransactionTimes {
  if (times instanceof LazyTimes) times.end = now() * 1000;
  return times;
}

/**
 * Statuses are asked for once in a while, transactions come by the thousand: the first event is copied, and read when somebody asks.
 */
class LazyTimes implements LabelledTimes {
  start: number;
  end = 0;
  committedAt = 0;
  readonly #event: RawEvent;
  #read: { transaction: string; originalCommit: number; immediateCommit: number } | undefined;

  constructor(event: RawEvent, start: number) {
    this.start = start;
    this.#event = event.keep();
  }

  get timestamp(): number {
    return this.#event.timestamp;
  }

  get transaction(): string {
    return this.#facts.transaction;
  }

  get originalCommit(): number {
    return this.#facts.originalCommit;
  }

  get immediateCommit(): number {
    return this.#facts.immediateCommit;
  }

  get #facts(): { transaction: string; originalCommit: number; immediateCommit: number } {
    this.#read ??= readTimes(this.#event);
    return this.#read;
  }
}

function readTimes(event: RawEvent): {
  transaction: string;
  originalCommit: number;
  immediateCommit: number;
} {
  const gtid = transactionGtid(event);
  const transaction = gtid === undefined ? 'ANONYMOUS' : gtidText(gtid);
  const seconds = event.timestamp * 1_000_000;
  if (!mysqlGtids.has(event.type)) {
    return { transaction, originalCommit: seconds, immediateCommit: seconds };
  }
  const body = decodeBody(event, anyLog);
  if (body.kind !== 'gtid' && body.kind !== 'gtidTagged') {
    return { transaction, originalCommit: seconds, immediateCommit: seconds };
  }
  const immediate = Number(body.immediateCommitTimestamp);
  return {
    transaction,
    originalCommit: immediate === 0 ? seconds : Number(body.originalCommitTimestamp),
    immediateCommit: immediate === 0 ? seconds : immediate,
  };
}
