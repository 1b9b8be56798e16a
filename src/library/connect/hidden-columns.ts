import type { ResultSet } from '../../connection/index.ts';

/** What information_schema would say of a column: its name, DATA_TYPE and COLUMN_TYPE. */
export type ShownColumn = readonly (string | undefined)[];

/** Of WITH SYSTEM VERSIONING, where the table's definition does not name them itself. */
const versionColumns: readonly ShownColumn[] = [
  ['row_start', 'timestamp', 'timestamp(6)'],
  ['row_end', 'timestamp', 'timestamp(6)'],
];

/** Asks for what {@link hiddenColumns} needs to know of a table; both names as literals. */
export function hiddenColumnsQuestion(schema: string, table: string): string {
  const isTable = `TABLE_SCHEMA = ${schema} AND TABLE_NAME = ${table}`;
  const hashed = `SELECT COUNT(DISTINCT INDEX_NAME) FROM information_schema.STATISTICS WHERE ${isTable} AND INDEX_TYPE = 'HASH' AND NON_UNIQUE = 0`;
  return `SELECT TABLE_TYPE, (${hashed}) FROM information_schema.TABLES WHERE ${isTable} AND ENGINE <> 'MEMORY'`;
}

/**
 * Columns that MariaDB logs behind those that it shows, under the names that its logs have for them with FULL metadata: when a version of a
 * row began and ended, and a hash for each unique key that is too long for an index (of TEXT, say). `count`: how many the log has; where
 * these are others, none.
 */
export function hiddenColumns({ rows }: ResultSet, count: number): readonly ShownColumn[] {
  const [type, hashed] = (rows[0] ?? []).map(String);
  const hashes = Array.from({ length: Math.min(count, Number(hashed ?? 0)) }, (_, index): ShownColumn => {
    return [`DB_ROW_HASH_${index + 1}`, 'bigint', 'bigint(21) unsigned'];
  });
  const versions = type === 'SYSTEM VERSIONED' && count > hashes.length ? versionColumns : [];
  const hidden = [...versions, ...hashes];
  return hidden.length === count ? hidden : [];
}
