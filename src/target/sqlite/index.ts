export { fileName } from './file-name.ts';
export { SqliteLoad } from './sqlite-load.ts';
export { SqliteTarget, type SqliteTargetOptions } from './sqlite-target.ts';
export { type StoredTable, StoredTables } from './stored-tables.ts';
