export { fileName } from './files/file-name.ts';
export { SqliteLoad } from './load/sqlite-load.ts';
export { SqliteTarget, type SqliteTargetOptions } from './sqlite-target.ts';
export { type StoredTable, StoredTables } from './stored-tables.ts';
