import type { Flavor, RawEvent } from '../binlog/index.ts';

/** What decides how rows look, and can be handed to another thread. */
export interface RowTextOptions {
  readonly verbose: number;
  readonly compat: 'better' | 'exact';
}

/** Writes the rows of events and nothing else of them. Needs no log around them: what rows depend on is handed to it before them. */
export interface RowPrinter {
  /** A format description, a table map, or rows. */
  event(event: RawEvent): void;
  /** What the next rows say of where they stand, as it was given with them. */
  place?(bytes: Buffer, start: number, end: number): void;
}

/** What rows are written as: the text of a flavor, or JSON lines. */
export type RowForm = Flavor | 'json';
