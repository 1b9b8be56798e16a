import type { ReplicationError } from '../replication-error.ts';
import { silence } from './link-errors.ts';

/**
 * Gives up a source that says nothing for too long while somebody waits for it; who is slow to ask measures nothing. One timer serves
 * all waits: a stream of small transactions waits for each, and would make and drop a timer for each.
 */
export class SilenceWatch {
  readonly #milliseconds: number;
  readonly #giveUp: (error: ReplicationError) => void;
  #timer: NodeJS.Timeout | undefined;
  #isWaiting = false;
  #error: ReplicationError | undefined;

  /** `milliseconds`: the longest silence; 0: for ever. `giveUp`: makes the wait fail. */
  constructor(milliseconds: number, giveUp: (error: ReplicationError) => void) {
    this.#milliseconds = milliseconds;
    this.#giveUp = giveUp;
  }

  /** Passes on what a wait comes to. @throws ReplicationError where it was given up */
  async over<Result>(wait: Promise<Result>): Promise<Result> {
    if (this.#milliseconds <= 0) return wait;
    this.#isWaiting = true;
    this.#error = undefined;
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#expire(), this.#milliseconds);
    else this.#timer.refresh();
    try {
      return await wait;
    } catch (lost) {
      throw this.#error ?? lost;
    } finally {
      this.#isWaiting = false;
    }
  }

  /** Lets go of the timer. Nobody waits any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #expire(): void {
    // The next wait sets the timer again.
    if (!this.#isWaiting) return;
    this.#error = silence(this.#milliseconds);
    this.#giveUp(this.#error);
  }
}
