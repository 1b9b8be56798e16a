import type { ColumnValue } from '../../binlog/index.ts';
import type { Flavor } from '../../charset/index.ts';
import type { SourcePosition } from '../../replication/index.ts';
import type { Table } from '../schema/index.ts';
import type { Awaitable } from '../target.ts';

/** Takes the rows of one table. */
export interface RowSink {
  /** Values of the columns that were named, in their order; the array is used again. */
  insert(values: readonly ColumnValue[]): void;
}

/** Where the tables of a dump go. Nothing of it is seen there before {@link finish}. */
export interface DumpSink {
  createSchema(schema: string): Awaitable<void>;
  createTable(table: Table): Awaitable<void>;
  dropTable(table: Table): Awaitable<void>;
  /**
   * Whether it works out these stored generated columns, whose values the dump leaves out: asked before the table's first row.
   *
   * @param columns their indexes
   * @param flavor of the server that was dumped
   */
  worksOut?(table: Table, columns: readonly number[], flavor: Flavor): Awaitable<boolean>;
  /** `columns`: indexes of the columns whose values will come. */
  rows(table: Table, columns: readonly number[]): Awaitable<RowSink>;
  /** Between two rows, now and then: what was given may be written out. */
  pause(): Awaitable<void>;
  /** All is there: it becomes the target's, which goes on from `position`. */
  finish(
    schemas: Iterable<readonly [name: string, collation: string]>,
    position: SourcePosition,
  ): Awaitable<void>;
}
