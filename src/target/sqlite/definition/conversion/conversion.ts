import type { Flavor } from '../../../../charset/index.ts';
import type { SqliteValue } from '../../../../store/index.ts';
import type { TableColumn } from '../../../schema/index.ts';

/** How kept values change when a column's type does. */
export type Conversion = (value: SqliteValue) => SqliteValue;

/** What of a statement's session decides on that. */
export interface AlterSession {
  /** PAD_CHAR_TO_FULL_LENGTH: what becomes of a CHAR has blanks up to its length. */
  readonly padsChar: boolean;
  /** Whether fractions of a second that a type has no room for are rounded, and not cut off. */
  readonly roundsFractions: boolean;
  /** Seconds east of Greenwich; undefined: not known. */
  readonly zone: number | undefined;
  /** `YYYY-MM-DD hh:mm:ss`, when the statement ran, in UTC. */
  readonly now: string;
  readonly flavor: Flavor;
}

/** Undefined: what the values become only the source knows. `session`: undefined for values that are worked out, and exact in their type only. */
export type Maker = (
  from: TableColumn,
  to: TableColumn,
  session: AlterSession | undefined,
) => Conversion | undefined;
