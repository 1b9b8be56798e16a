import type { TransactionLabel } from '../../../../target/index.ts';
import type { Commit, TransactionBuffer } from '../../../binary-log/index.ts';
import type { SecondReading } from './second-reading.ts';

/** A transaction that the target has, and the binary log not yet. */
export interface PendingTransaction {
  /** Empty: nothing of it goes into the binary log, or it is read again. */
  readonly buffer: TransactionBuffer;
  /** Of one that was too large to hold. */
  readonly again: SecondReading | undefined;
  readonly commit: Commit;
  /** When the source began it, seconds since 1970. */
  readonly timestamp: number;
  /** Says whether the target has it; undefined: it need not be asked. */
  readonly label: TransactionLabel | undefined;
  /** The source began a new log before it. */
  readonly startsFile: boolean;
}

/** They wait until the target has made durable as many of the source, or as many bytes of log. */
const GROUP_TRANSACTIONS = 500;
const GROUP_BYTES = 8 << 20;

/** Transactions of a channel that were applied to its target and wait for the binary log, in the order of the source. */
export class PendingTransactions {
  readonly #kept: PendingTransaction[] = [];
  #bytes = 0;

  get isFull(): boolean {
    return this.#kept.length >= GROUP_TRANSACTIONS || this.#bytes >= GROUP_BYTES;
  }

  get isHalfFull(): boolean {
    return this.#kept.length >= GROUP_TRANSACTIONS / 2 || this.#bytes >= GROUP_BYTES / 2;
  }

  /** When the source began the first of them, seconds since 1970; undefined: there is none. */
  get oldest(): number | undefined {
    return this.#kept[0]?.timestamp;
  }

  keep(transaction: PendingTransaction): void {
    this.#kept.push(transaction);
    this.#bytes += transaction.buffer.bytes;
  }

  /** Those that the target has for good by now, up to the first that it may not have. */
  takeDone(): readonly PendingTransaction[] {
    const first = this.#firstOpen;
    const done = this.#kept.splice(0, first < 0 ? this.#kept.length : first);
    for (const { buffer } of done) this.#bytes -= buffer.bytes;
    return done;
  }

  /** All, once the target has made them durable. @param hasFailed it has not: what it has not comes again, and is forgotten here */
  takeAll(hasFailed: boolean): readonly PendingTransaction[] {
    const first = hasFailed ? this.#firstOpen : -1;
    this.#bytes = 0;
    const all = this.#kept.splice(0);
    return first < 0 ? all : all.slice(0, first);
  }

  get #firstOpen(): number {
    return this.#kept.findIndex(({ label }) => label?.committedAt === 0);
  }
}
