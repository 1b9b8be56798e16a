export { fileName, SqliteTarget, type SqliteTargetOptions } from './sqlite-target.ts';
export { type StoredTable, StoredTables } from './stored-tables.ts';
