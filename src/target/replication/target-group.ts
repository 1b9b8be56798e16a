import type { Target } from '../target.ts';

/** The target's transaction closes after as many of the source, even if more are waiting. */
const MOST_TRANSACTIONS = 1000;
/** … and after as many bytes of log. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Transactions of the source that a target makes durable together, unless it commits them by itself. */
export class TargetGroup {
  readonly #target: Target;
  /** Told when the target has taken something. */
  readonly #took: () => void;
  #transactions = 0;
  #bytes = 0;
  /** Transactions have come since the last flush. */
  #isDirty = false;

  constructor(target: Target, took: () => void) {
    this.#target = target;
    this.#took = took;
  }

  /** An event of so many bytes has been given to the target. */
  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** A transaction has been given to it. */
  endTransaction(): void {
    this.#transactions += 1;
    this.#isDirty = true;
  }

  get isFull(): boolean {
    return this.#transactions >= MOST_TRANSACTIONS || this.#bytes >= MOST_BYTES;
  }

  /** What a target commits by itself needs no end, and is not waited for. */
  async end(): Promise<void> {
    if (this.#target.underWay?.() === undefined) return this.flush();
    // So many are not under way at once: it has taken some.
    if (this.#transactions >= MOST_TRANSACTIONS) this.#took();
    this.#begin();
  }

  /** Makes durable what the target has. */
  async flush(): Promise<void> {
    const isSomething = this.#isDirty;
    this.#isDirty = false;
    this.#begin();
    await this.#target.flush();
    if (isSomething) this.#took();
  }

  #begin(): void {
    this.#transactions = 0;
    this.#bytes = 0;
  }
}
