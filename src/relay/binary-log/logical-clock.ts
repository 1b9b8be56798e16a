/** How many transactions back a dependency is remembered exactly. An older one waits for more than it must. */
const REMEMBERED = 16_384;

/** The clock of one source's log, held against ours. */
export class SourceClock {
  /** Our number of the source's transaction, by its number modulo {@link REMEMBERED}. */
  readonly own: Float64Array = new Float64Array(REMEMBERED);
  /** Our number before the first transaction of the source's file. */
  base = 0;
  /** Numbers of the source's file seen here: the first and the last. 0: none yet. */
  first = 0;
  last = 0;

  /** The source begins a file, and to count again. */
  startFile(): void {
    this.last = 0;
  }
}

/**
 * MySQL's GTID events say which transactions a replica may run at the same time: `sequence_number` counts within a file, and
 * everything up to `last_committed` must be done before. Both mean something within their own log only, so a log that others are
 * copied into numbers anew: our count is never reset where the source's is, and a dependency points at our number of the same
 * transaction. Where in doubt it points at a later one, which is slower and never wrong.
 */
export class LogicalClock {
  lastCommitted = 0;
  sequenceNumber = 0;
  /** Transactions appended so far, over all files. */
  #count = 0;
  #fileBase = 0;

  /** A new file begins: a replica finishes everything before it. */
  startFile(): void {
    this.#fileBase = this.#count;
  }

  /** A transaction that carries no clock. */
  skip(): void {
    this.#count += 1;
  }

  /** Sets {@link lastCommitted} and {@link sequenceNumber} for the source's next transaction. */
  advance(source: SourceClock, lastCommitted: number, sequenceNumber: number): void {
    const before = this.#count;
    if (source.last === 0 || sequenceNumber <= source.last) {
      // Its file is new: what depends on nothing there may still depend on the file before.
      source.base = before;
      source.first = sequenceNumber;
    } else {
      // Numbers that never came, for us, are the transaction before.
      const from = Math.max(source.last + 1, sequenceNumber - REMEMBERED + 1);
      for (let gap = from; gap < sequenceNumber; gap += 1) source.own[gap % REMEMBERED] = before;
    }
    this.#count = before + 1;
    source.last = sequenceNumber;
    source.own[sequenceNumber % REMEMBERED] = this.#count;
    const known = Math.max(lastCommitted, sequenceNumber - REMEMBERED + 1, source.first);
    const needed = lastCommitted < source.first ? source.base : source.own[known % REMEMBERED]!;
    this.sequenceNumber = this.#count - this.#fileBase;
    this.lastCommitted = Math.max(0, Math.min(needed, before) - this.#fileBase);
  }
}
