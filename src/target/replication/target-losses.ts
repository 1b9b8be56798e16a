import {
  pauseMs,
  type Retry,
  rest,
  retrySettings,
  type SourceClientOptions,
} from '../../replication/index.ts';
import { isTargetLost } from './lost-target.ts';

/** Losses of a target since it took something last: after each one rests, longer and longer, as with a source. */
export class TargetLosses {
  readonly #retry: SourceClientOptions['retry'];
  readonly #onRetry: ((retry: Retry) => void) | undefined;
  #count = 0;

  constructor(retry: SourceClientOptions['retry'], onRetry: ((retry: Retry) => void) | undefined) {
    this.#retry = retry;
    this.#onRetry = onRetry;
  }

  /** The target has taken something: it is well. */
  clear(): void {
    this.#count = 0;
  }

  /** Whether what a target failed with is a loss that another attempt may mend. */
  allows(error: unknown): boolean {
    return isTargetLost(error) && this.#count < retrySettings(this.#retry).attempts;
  }

  /** Tells of a loss, and rests. */
  async rest(error: unknown, signal: AbortSignal): Promise<void> {
    this.#count += 1;
    const delayMs = pauseMs(this.#count, Math.random(), retrySettings(this.#retry));
    this.#onRetry?.({ error, attempt: this.#count, delayMs });
    await rest(delayMs, signal);
  }
}
