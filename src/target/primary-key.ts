import type { ColumnDefinition, IndexDefinition, TableChange, TableStatement } from '../sql/index.ts';
import { CatalogError, ownIndex } from './schema/index.ts';

/** ER_TABLE_WITHOUT_PK, and what the server says. */
export const TABLE_WITHOUT_KEY = {
  errno: 3750,
  message:
    "Unable to create or change a table without a primary key, when the system variable 'sql_require_primary_key' is set. Add a primary key " +
    'to the table or unset this variable to avoid this message. Note that tables without a primary key can cause performance problems in ' +
    'row-based replication, so please consult your DBA before changing this setting.',
} as const;

type Columns = readonly Pick<ColumnDefinition, 'name' | 'nullable'>[];

/** Whether a server finds a primary key in it: a unique key of columns that are never NULL is as good. */
export function hasPrimaryKey(columns: Columns, indexes: readonly IndexDefinition[]): boolean {
  const isNeverNull = (name: string): boolean =>
    columns.some((column) => column.name.toLowerCase() === name.toLowerCase() && !column.nullable);
  return indexes.some(
    ({ kind, parts }) =>
      kind === 'primary' ||
      (kind === 'unique' &&
        parts.every(
          ({ column, prefix }) => column !== undefined && prefix === undefined && isNeverNull(column),
        )),
  );
}

const addsKey = (change: TableChange): boolean =>
  (change.kind === 'addIndex' && change.index.kind === 'primary') ||
  ((change.kind === 'addColumn' || change.kind === 'changeColumn') && change.column.key === 'primary');

/**
 * Whether a statement alone says that its table has no primary key then. What depends on how the table was before (LIKE, most of ALTER
 * TABLE) is not known here.
 */
export function tableWithoutKey(statement: TableStatement): boolean {
  if (statement.kind === 'alterTable') {
    const { changes } = statement;
    return changes.some(({ kind }) => kind === 'dropPrimaryKey') && !changes.some(addsKey);
  }
  if (statement.kind !== 'createTable' || statement.like !== undefined) return false;
  const { columns, indexes } = statement;
  return !hasPrimaryKey(columns, [...columns.flatMap(ownIndex), ...indexes]);
}

/** What a table that gets a key of the target's own is refused for. @throws CatalogError ER_GIPK_COLUMN_EXISTS */
export function checkGeneratedKey({
  schema,
  name,
  columns,
}: {
  schema: string;
  name: string;
  columns: Columns;
}): void {
  if (!columns.some((column) => column.name.toLowerCase() === GENERATED_KEY)) return;
  throw new CatalogError(
    `Failed to generate invisible primary key. Column '${GENERATED_KEY}' already exists.`,
    {
      errno: 4108,
      context: { table: `${schema}.${name}` },
    },
  );
}

/** The name that MySQL gives to the column, too. */
export const GENERATED_KEY = 'my_row_id';
