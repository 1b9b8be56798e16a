import type { Explain } from '../session/unsent-statements.ts';
import type { Tolerated } from './conflict-count.ts';

/** A change of one row, in a form that several can be put into one statement by. */
export interface RowChange {
  /** Rows of the same verb and text before them can share a statement. Undefined: by itself. */
  readonly shared: string | undefined;
  /** What stands for this row: a whole statement, or a list of values. */
  readonly text: string;
  /** What closes a statement of several. */
  readonly close: string;
  /** Whether each row must have been found. */
  readonly isCounted: boolean;
  /** What is counted of rows in conflict; undefined: they stop it. */
  readonly tolerated: Tolerated | undefined;
  /** Which row it is, for messages: its key alone. */
  readonly key: string;
  /** Whether a strict session refuses it. */
  readonly isIrregular: boolean;
  /** What its failure means; undefined: what that of any row of the table does. */
  readonly explain?: Explain | undefined;
}

/** A statement of its own, for one row. */
export const alone = (
  text: string,
  key: string,
  { isCounted = false, tolerated, isIrregular = false, explain }: Partial<RowChange>,
): RowChange => ({ shared: undefined, text, close: '', isCounted, tolerated, key, isIrregular, explain });
