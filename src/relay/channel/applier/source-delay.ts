import type { TransactionTimes } from '../status.ts';
import { pause } from '../waiting.ts';

/** A delay is waited for in parts: clocks are set while it lasts. */
const LOOK_AGAIN_MS = 1000;

/** SOURCE_DELAY: so long after its commit at the source, a transaction is applied. */
export class SourceDelay {
  readonly #seconds: () => number;
  readonly #now: () => number;
  /** When the transaction that is waited with is due, milliseconds since 1970. */
  #due: number | undefined;

  /** @param seconds asked anew for every transaction */
  constructor(seconds: () => number, now: () => number) {
    this.#seconds = seconds;
    this.#now = now;
  }

  /** Seconds; null: nothing is waited with. */
  get remaining(): number | null {
    return this.#due === undefined ? null : Math.max(0, Math.ceil((this.#due - this.#now()) / 1000));
  }

  /** Milliseconds for which a transaction has to wait; 0 or less: it is due. */
  left({ immediateCommit }: TransactionTimes): number {
    const seconds = this.#seconds();
    if (seconds === 0) return 0;
    const due = immediateCommit / 1000 + seconds * 1000;
    const left = due - this.#now();
    this.#due = left > 0 ? due : undefined;
    return left;
  }

  /** Waits for a part of what is {@link left}, or until the signal aborts. */
  pause(left: number, signal: AbortSignal): Promise<void> {
    return pause(Math.min(left, LOOK_AGAIN_MS), signal);
  }

  /** Nothing is waited with any more. */
  end(): void {
    this.#due = undefined;
  }
}
