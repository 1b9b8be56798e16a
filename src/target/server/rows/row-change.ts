import type { Explain } from '../session/unsent-statements.ts';
import type { Tolerated } from './conflict-count.ts';
import type { RowManner } from './row-session.ts';

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
  readonly manner: RowManner;
  /** What is true of a row of the table once it has what the log says; undefined: whatever the server takes, it takes as it is. */
  readonly holds: string | undefined;
  /** What its failure means; undefined: what that of any row of the table does. */
  readonly explain?: Explain | undefined;
}

/** A statement of its own, for one row. */
export const alone = (
  text: string,
  key: string,
  { isCounted = false, tolerated, manner = PLAIN, holds, explain }: Partial<RowChange>,
): RowChange => ({ shared: undefined, text, close: '', isCounted, tolerated, key, manner, holds, explain });

const PLAIN: RowManner = { isComputed: false, isIrregular: false, hasOddDates: false };
