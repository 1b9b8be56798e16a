export { Applier, type EventPlace } from './applier.ts';
export { ConflictErrno, ConflictError } from './conflict.ts';
export { NotRowsError } from './not-rows.ts';
export { Replication, type ReplicationOptions, type ReplicationProgress } from './replication.ts';
export { CatalogError, type Table } from './schema/index.ts';
export { SourceTables } from './source-tables.ts';
export { SqliteTarget, type SqliteTargetOptions } from './sqlite/index.ts';
export type {
  Awaitable,
  ConflictRule,
  Definition,
  RowsOfTable,
  SourceTransaction,
  Target,
} from './target.ts';
