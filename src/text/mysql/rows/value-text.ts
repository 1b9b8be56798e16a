import type { Column } from '../../../binlog/index.ts';
import type { Cursor } from '../../../bytes/index.ts';
import type { TextOutput } from '../../output/text-output.ts';

/** Reads one value and writes its text. Reads before it writes, so that a value that is cut off leaves nothing behind. */
export type ValueWriter = (cursor: Cursor, out: TextOutput) => void;

/** How values of one column look, made once for a table map. */
export interface ColumnText {
  /** The type as `-vv` names it. */
  readonly typeName: string;
  /** The metadata as `-vv` prints it, where it is not {@link Column.meta}. */
  readonly meta?: number;
  readonly write: ValueWriter;
}

/** Describes the columns of one type code, or says that it cannot. */
export type ColumnTextMaker = (column: Column) => ColumnText | undefined;
