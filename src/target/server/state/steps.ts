import { UsageError } from '../../../errors/index.ts';
import type { SourceTransaction } from '../../target.ts';
import { type Journal, STATE_SCHEMA } from './state-tables.ts';

/** How the journal names a transaction: its GTID, or where it begins. */
export const keyOf = ({ gtid, file, position }: SourceTransaction): string => gtid ?? `${file}:${position}`;

/** Counts the calls of a transaction, and passes over those that were carried out before everything stopped in the middle of it. */
export class Steps {
  /** Calls of the transaction so far. */
  count = 0;
  /** What was noted before a definition of which nobody knows what became. */
  journal: Journal | undefined;
  #passed = 0;

  /** @throws UsageError the journal tells of another transaction */
  begin(transaction: SourceTransaction): void {
    this.count = 0;
    this.#passed = 0;
    const { journal } = this;
    if (journal === undefined) return;
    const key = keyOf(transaction);
    if (journal.transaction !== key) {
      throw new UsageError(
        `the target was stopped in the middle of transaction ${journal.transaction}, and ${key} comes instead`,
        { hint: `Look what became of that definition, then empty the journal in ${STATE_SCHEMA}.channels.` },
      );
    }
    this.#passed = journal.steps;
  }

  /** Counts a call; false: it was carried out before. */
  take(): boolean {
    this.count += 1;
    if (this.count <= this.#passed) return false;
    if (this.count > this.#passed + 1) this.journal = undefined;
    return true;
  }
}
