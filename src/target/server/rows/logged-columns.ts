import { type Column, ColumnCode, type TableMap } from '../../../binlog/index.ts';
import { UsageError } from '../../../errors/index.ts';
import { CatalogError, withoutHashes } from '../../schema/index.ts';
import type { TargetTable } from './target-tables.ts';

/**
 * The columns that rows of a log have, as they are to be read for a table of the target: what the log leaves unsaid of them, the table says.
 *
 * @throws UsageError rows of the table can only be replayed
 * @throws CatalogError they are of another table
 */
export function loggedColumns(map: TableMap, table: TargetTable): readonly Column[] {
  const { schema, name, columns } = table;
  if (table.hasTriggers || table.isVersioned) {
    throw new UsageError(
      `${schema}.${name} has ${table.hasTriggers ? 'triggers, which would fire a second time' : 'versions of its own'}: its rows can only be replayed`,
      { hint: 'Drop them on the target, or give the account what BINLOG needs.' },
    );
  }
  const logged = withoutHashes(map, columns.length);
  if (logged.length !== columns.length)
    throw drifted(table, `rows of ${logged.length} columns, a table of ${columns.length}`);
  logged.forEach((column, index) => {
    const known = columns[index]!;
    // A strict session cuts the time off, and says nothing.
    if (known.type === 'date' && HAS_TIME.has(column.realCode))
      throw drifted(table, `${known.name} is a DATE here, and its values have a time`);
    column.unsigned ??= known.unsigned;
    // A text that became another kind of column here keeps what its log says.
    column.charset ??= known.charset ?? 'binary';
  });
  return logged;
}

const drifted = ({ schema, name }: TargetTable, how: string): CatalogError =>
  new CatalogError(`table ${schema}.${name} has drifted from the source: ${how}`, {
    context: { table: `${schema}.${name}` },
  });

const HAS_TIME: ReadonlySet<number> = new Set([
  ColumnCode.DATETIME,
  ColumnCode.DATETIME2,
  ColumnCode.TIMESTAMP,
  ColumnCode.TIMESTAMP2,
]);
