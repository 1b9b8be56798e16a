import type { SqliteValue } from '../../../store/index.ts';
import { type Table, untoldPartitions } from '../../schema/index.ts';
import { quote } from '../definition/definition.ts';
import type { SchemaFile } from '../files/schema-file.ts';
import { narrowing } from './narrowing.ts';
import { keyColumns, partitionFinder } from './partition-finder.ts';
import { Untold } from './untold.ts';

/** What SQLite asks of each row; tables of the source cannot have a function. */
const FUNCTION = 'rowlock_lies_in';

/**
 * Deletes the rows of some partitions of a table, inside the transaction that is open.
 *
 * @param places of the partitions, among those that the table has
 * @throws CatalogError the rows cannot be told
 */
export function emptyPartitions(
  { database }: Pick<SchemaFile, 'database'>,
  table: Table,
  places: readonly number[],
): void {
  const { partitioning } = table;
  if (partitioning === undefined || partitioning.method === 'unknown')
    throw untoldPartitions(table, NOT_KNOWN);
  // What a function throws does not come through SQLite in one piece everywhere.
  let failure: unknown;
  try {
    if (table.columns.some(({ period }) => period !== undefined))
      throw new Untold('the table keeps the rows that it had');
    const columns = keyColumns(table, partitioning);
    const find = partitionFinder(table, partitioning);
    const wanted = new Set(places);
    const body = (...row: SqliteValue[]): number => {
      if (failure !== undefined) return 0;
      try {
        return wanted.has(find(row)) ? 1 : 0;
      } catch (error) {
        failure = error;
        return 0;
      }
    };
    database.function(FUNCTION, { varargs: true, deterministic: true, useBigIntArguments: true }, body);
    const values = columns.map(({ name }) => quote(name)).join(', ');
    const narrow = narrowing(table, partitioning, places);
    const conditions = [...(narrow === undefined ? [] : [narrow]), `${FUNCTION}(${values})`];
    database.prepare(`DELETE FROM ${quote(table.name)} WHERE ${conditions.join(' AND ')}`).run();
  } catch (error) {
    failure ??= error;
  }
  if (failure instanceof Untold) throw untoldPartitions(table, failure.message);
  if (failure !== undefined) throw failure;
}

const NOT_KNOWN = 'they are not known';
