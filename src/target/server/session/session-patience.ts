import type { ServerError } from '../../../errors/index.ts';
import { type Patience, SHORT_LOCK_WAIT, turnSeconds } from './patience.ts';
import type { SentTransaction } from './sent-transaction.ts';

/** ER_LOCK_WAIT_TIMEOUT */
const LOCK_WAIT_TIMEOUT = 1205;

/** How long the transactions of one session wait for locks: a short time at first, where that is asked for. */
export class SessionPatience {
  readonly #lockWait: number | undefined;

  /** @param lockWait seconds that others wait for a lock; 0: this session waits as long at once */
  constructor(lockWait: number = 0) {
    this.#lockWait = lockWait > SHORT_LOCK_WAIT ? lockWait : undefined;
  }

  /** Whether a transaction may fail for no other reason than that it waited a short time: it must be there to be sent again. */
  mayEnd({ patience }: SentTransaction): boolean {
    return this.#lockWait !== undefined && patience !== 'long';
  }

  hasEnded(transaction: SentTransaction, { errno }: ServerError): boolean {
    return errno === LOCK_WAIT_TIMEOUT && this.mayEnd(transaction);
  }

  /** What a session is told before the commands of a transaction. */
  of({ patience, lates }: SentTransaction): Patience {
    const short = this.#lockWait && SHORT_LOCK_WAIT;
    return { turn: turnSeconds(lates), lock: patience === 'short' ? short : this.#lockWait };
  }

  /** How long locks are waited for behind the next command of a transaction, seconds; undefined: as long as in it. */
  behind(transaction: SentTransaction, isLast: boolean): number | undefined {
    if (this.#lockWait === undefined) return undefined;
    if (isLast) return transaction.patience === 'short' ? undefined : SHORT_LOCK_WAIT;
    if (transaction.isSmall || transaction.patience !== 'short') return undefined;
    transaction.patience = 'asked';
    return this.#lockWait;
  }

  /** A command has been answered, and what was to hold behind it holds. */
  heard(transaction: SentTransaction, lockWait: number | undefined): void {
    if (lockWait !== undefined && lockWait === this.#lockWait) transaction.patience = 'long';
  }
}
