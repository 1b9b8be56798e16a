import { type Column, ColumnCode, type TableMap } from '../../binlog/index.ts';

const HASH_NAME = /^DB_ROW_HASH_\d+$/;

/** Whether a column is one of MariaDB's own: `name` undefined where the log does not tell names. */
const isHash = ({ realCode, unsigned, name }: Column): boolean =>
  realCode === ColumnCode.LONGLONG && unsigned !== false && (name === undefined || HASH_NAME.test(name));

/**
 * Columns of the rows of a log that are columns of the table.
 *
 * MariaDB holds values that are longer than an index takes (`UNIQUE` on a whole BLOB) to be unique by hashes, in columns that nobody can
 * name. Its log has them behind the table's own.
 *
 * @param known columns of the table, where its definition is known
 */
export function withoutHashes({ columns }: TableMap, known: number): readonly Column[] {
  return columns.length > known && columns.slice(known).every(isHash) ? columns.slice(0, known) : columns;
}

/** The same, where only the log says which columns there are. */
export const namedColumns = ({ columns }: TableMap): readonly Column[] =>
  columns.filter(({ name }) => name === undefined || !HASH_NAME.test(name));
