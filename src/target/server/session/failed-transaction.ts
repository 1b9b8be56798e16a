import type { ServerError } from '../../../errors/index.ts';
import type { SentTransaction } from './sent-transaction.ts';
import type { SessionPatience } from './session-patience.ts';
import type { StreamEvents } from './stream-settings.ts';
import { pauseBefore, type TransactionRetries } from './transaction-retries.ts';
import { type Explain, lateTurn } from './unsent-statements.ts';

/** Decides what becomes of a transaction that failed and was taken back. */
export class FailedTransaction {
  readonly #retries: TransactionRetries;
  readonly #patience: SessionPatience;
  readonly #events: StreamEvents;

  constructor(retries: TransactionRetries, patience: SessionPatience, events: StreamEvents) {
    this.#retries = retries;
    this.#patience = patience;
    this.#events = events;
  }

  /**
   * Whether it is done again. Coming late to its turn, and waiting a short time for a lock, count as no try; for anything else others let go
   * first, and there is a pause.
   *
   * @param isAbandoned nothing is done again any more: nobody is told, or waits
   */
  async isRetried(
    transaction: SentTransaction,
    error: ServerError,
    explain: Explain | undefined,
    isAbandoned: () => boolean,
  ): Promise<boolean> {
    const isLate = explain === lateTurn;
    const isImpatient = this.#patience.hasEnded(transaction, error);
    if (isLate) transaction.lates += 1;
    else if (isImpatient) transaction.patience = 'asked';
    else transaction.tries += 1;
    const isOften = isLate || isImpatient;
    if (!(isOften || this.#retries.allow(transaction, error)) || !transaction.isWhole) return false;
    if (isImpatient && !isAbandoned()) await this.#events.waits?.();
    if (!isOften && !isAbandoned()) {
      const retry = this.#retries.note(transaction, error);
      await this.#events.retries?.(retry);
      await pauseBefore(transaction);
    }
    return !isAbandoned();
  }
}
