import { setTimeout as pause } from 'node:timers/promises';
import type { ServerError } from '../../../errors/index.ts';
import type { TargetRetry } from '../../target.ts';
import type { SentTransaction } from './sent-transaction.ts';

/** ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK, ER_CHECKREAD (MariaDB, innodb_snapshot_isolation): somebody else was first. */
const RETRIED: ReadonlySet<number> = new Set([1205, 1213, 1020]);
/** `replica_transaction_retries`. */
const DEFAULT_RETRIES = 10;
/** Between tries MySQL's applier waits as many seconds as it has tried, at most this many (MAX_SLAVE_RETRY_PAUSE). */
const MAX_PAUSE_SECONDS = 5;

/** Which transactions of a session are tried again, and how often that was so. */
export class TransactionRetries {
  readonly #most: number;
  #count = 0;
  #last: TargetRetry | undefined;

  constructor(most: number = DEFAULT_RETRIES) {
    this.#most = most;
  }

  /** Transactions that were tried again. */
  get count(): number {
    return this.#count;
  }

  /** The last time that one was. */
  get last(): TargetRetry | undefined {
    return this.#last;
  }

  allow({ tries }: SentTransaction, { errno }: ServerError): boolean {
    return RETRIED.has(errno) && tries <= this.#most;
  }

  note({ context, tries }: SentTransaction, { errno, message }: ServerError): TargetRetry {
    this.#count += 1;
    this.#last = { gtid: context.gtid, errno, message, at: Date.now(), tries };
    return this.#last;
  }
}

export async function pauseBefore({ tries }: SentTransaction): Promise<void> {
  await pause(Math.min(tries - 1, MAX_PAUSE_SECONDS) * 1000);
}
