import type { ColumnValue } from '../../binlog/index.ts';
import { FormatError } from '../../errors/index.ts';
import type { Table } from '../schema/index.ts';
import { literalReader, type ReadLiteral } from './column-literal.ts';
import type { DumpFacts } from './dump-facts.ts';
import type { DumpSink, RowSink } from './dump-sink.ts';
import { columnsOf, leftOutOfDump } from './insert-head.ts';
import { isForEver, periodValues } from './period.ts';
import { Literal, type RowValues } from './row-values.ts';

/** What becomes of the rows of one table, as one form of INSERT gives them. */
export class TableLoad {
  readonly #table: Table;
  /** For each value of a row, the index of its column; −1: it is not kept. */
  readonly #columns: readonly number[];
  readonly #readers: readonly ReadLiteral[];
  /** Of the columns that are kept; what the dump says nothing of stays as it is. */
  readonly #values: ColumnValue[];
  /** Place, in a row, of the column that says until when it holds; −1: all hold. */
  readonly #end: number;
  readonly #to: RowSink;

  private constructor(
    table: Table,
    columns: readonly number[],
    readers: readonly ReadLiteral[],
    values: ColumnValue[],
    to: RowSink,
  ) {
    this.#table = table;
    this.#columns = columns;
    this.#readers = readers;
    this.#values = values;
    this.#end = columns.findIndex((index) => table.columns[index]?.period === 'end');
    this.#to = to;
  }

  /**
   * @param names the columns that the INSERT names; undefined: all
   * @param to where rows of these columns go
   * @throws FormatError the dump does not say enough of its values
   */
  static async begin(
    table: Table,
    names: readonly string[] | undefined,
    facts: DumpFacts,
    to: Pick<DumpSink, 'rows' | 'worksOut'>,
  ): Promise<TableLoad> {
    const { indexes, leftOut } = columnsOf(table, names);
    if (leftOut.length > 0 && (await to.worksOut?.(table, leftOut, facts.flavor)) !== true)
      throw leftOutOfDump(table, leftOut[0]!);
    const kept = indexes.filter((index) => index >= 0);
    const periods = periodValues(table, facts.version).filter(([index]) => !kept.includes(index));
    checkTimes(table, kept, facts.timeZone);
    const settings = { charset: facts.charset ?? 'utf8mb4' };
    return new TableLoad(
      table,
      indexes,
      indexes.map((index) => literalReader(table.columns[Math.max(0, index)]!, settings)),
      [...kept.map(() => null), ...periods.map(([, value]) => value)],
      await to.rows(table, [...kept, ...periods.map(([index]) => index)]),
    );
  }

  /** False: the row is not one of the target's. @throws FormatError */
  take(row: RowValues): boolean {
    const columns = this.#columns;
    if (row.count !== columns.length) {
      const { schema, name } = this.#table;
      throw new FormatError(
        `a row of ${schema}.${name} has ${row.count} values for ${columns.length} columns`,
      );
    }
    // What has ended is history, which a target does not keep.
    if (this.#end >= 0 && !isForEver(row.plain(this.#end))) return false;
    const values = this.#values;
    let count = 0;
    for (let index = 0; index < columns.length; index += 1) {
      if (columns[index]! < 0) continue;
      values[count] = row.kinds[index] === Literal.NULL ? null : this.#readers[index]!(row, index);
      count += 1;
    }
    this.#to.insert(values);
    return true;
  }
}

/** TIMESTAMP is kept in UTC. */
function checkTimes(
  { schema, name, columns }: Table,
  kept: readonly number[],
  timeZone: string | undefined,
): void {
  if (timeZone === '+00:00' || timeZone === 'UTC') return;
  const moment = kept.find((index) => columns[index]!.type.name === 'timestamp');
  if (moment === undefined) return;
  throw new FormatError(
    `${schema}.${name}.${columns[moment]!.name} is a TIMESTAMP, and the dump does not say that its times are in UTC`,
    { hint: 'Make it without --skip-tz-utc and --compact.' },
  );
}
