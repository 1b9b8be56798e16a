import type { TableOptions, TableStatement } from '../../sql/index.ts';
import { addedPeriod, ownIndex, resolved, withKeys } from './define.ts';
import { CatalogError } from './error.ts';
import { ownForeignKeys, withForeignKeys } from './foreign-key.ts';
import { withImplicitDefaults } from './implicit-timestamps.ts';
import type { StatementContext } from './statement-context.ts';
import type { Table } from './table.ts';
import { resolvedCollation, type TextCollation } from './text-collation.ts';

/**
 * The table that CREATE TABLE makes.
 *
 * @param usual its collation, where the statement names none
 * @throws CatalogError it is made from a query, which alone knows its columns
 */
export function createdTable(
  schema: string,
  statement: Extract<TableStatement, { kind: 'createTable' }>,
  usual: TextCollation,
  context: StatementContext,
): Table {
  const { table, columns, indexes, foreignKeys, options, partitioning, select } = statement;
  if (select) {
    throw new CatalogError(
      `CREATE TABLE ${schema}.${table.name} … SELECT does not say which columns the table has`,
      {
        hint: 'The source must log with binlog_format=ROW.',
      },
    );
  }
  const text = resolvedCollation(options, context, usual);
  const isVersioned = options.systemVersioning || columns.some((column) => column.systemVersioning);
  const periods = isVersioned ? addedPeriod(columns) : [];
  const resolvedColumns = withKeys(columns, indexes).map((column) => resolved(column, text, context));
  return {
    schema,
    name: table.name,
    columns: [...withImplicitDefaults(resolvedColumns, context), ...periods],
    indexes: [...columns.flatMap(ownIndex), ...indexes],
    foreignKeys: hasForeignKeys(options)
      ? withForeignKeys({ schema, name: table.name }, [], [...ownForeignKeys(columns), ...foreignKeys])
      : [],
    ...(partitioning === undefined ? {} : { partitioning }),
    ...text,
    isWhole: true,
  };
}

/** Other engines read them and forget them. */
const hasForeignKeys = ({ engine }: TableOptions): boolean =>
  engine === undefined || /^innodb$/i.test(engine);
