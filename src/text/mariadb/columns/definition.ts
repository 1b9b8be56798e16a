import type { TextOutput } from '../../output/text-output.ts';

/**
 * Writes one value that starts at `at` of `bytes` and returns where the next one starts. `end` is the end of the row images:
 * values of fixed size may be read beyond it, the caller looks at the result; a length in the bytes is checked before it is used.
 *
 * @throws TruncatedError when a length leads beyond `end`
 */
export type WriteValue = (out: TextOutput, bytes: Buffer, at: number, end: number) => number;

/**
 * How one column of a table map prints. Offsets instead of the cursor of MySQL's texts: sizes are known here, because rows are also
 * counted and undone without being printed.
 */
export interface ColumnText {
  readonly write: WriteValue;
  /** What `-vv` calls the type: `VARSTRING(80)`. */
  readonly type: string;
  /** Bytes of a value; where they vary, the number of bytes of the length in front of it, negated. */
  readonly size: number;
  /** The original does not know the size of its values when it counts rows without printing them, and stops counting. */
  readonly uncounted?: true;
}
