import { checkGeneratedKey, hasPrimaryKey, TABLE_WITHOUT_KEY } from '../../primary-key.ts';
import { type CatalogChange, CatalogError } from '../../schema/index.ts';
import type { PrimaryKeyCheck } from '../../target.ts';

/**
 * Holds a table that is made or changed against REQUIRE_TABLE_PRIMARY_KEY_CHECK.
 *
 * @returns the change, or the one that gives the table a key of the target's own
 * @throws CatalogError with the server's number
 */
export function withRequiredKey(change: CatalogChange, check: PrimaryKeyCheck | undefined): CatalogChange {
  if (check !== 'ON' && check !== 'GENERATE') return change;
  if (change.kind !== 'createTable' && change.kind !== 'alterTable') return change;
  const table = change.kind === 'createTable' ? change.table : change.after;
  if (check === 'ON') {
    if (hasPrimaryKey(table.columns, table.indexes)) return change;
    const { errno, message } = TABLE_WITHOUT_KEY;
    throw new CatalogError(message, { errno, context: { table: `${table.schema}.${table.name}` } });
  }
  if (change.kind === 'alterTable' || table.indexes.some(({ kind }) => kind === 'primary')) return change;
  checkGeneratedKey(table);
  return { kind: 'createTable', table: { ...table, generatedKey: true } };
}
