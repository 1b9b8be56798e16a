export { Applier, type EventPlace } from './applier/applier.ts';
export { NotRowsError, RefusedEventError } from './applier/not-rows.ts';
export { ConflictErrno, ConflictError } from './conflict.ts';
export { DiskError, diskError, isTargetFull } from './disk-error.ts';
export { type DumpProgress, openDump, readDump, readDumpPlace, readShellDumpPlace } from './dump/index.ts';
export type { Expressions, TranslatedExpression } from './expressions.ts';
export { makeTarget, type TargetSessions, type TargetSettings } from './open-target.ts';
export { TABLE_WITHOUT_KEY, tableWithoutKey } from './primary-key.ts';
export { isTargetLost } from './replication/lost-target.ts';
export { Replication, type ReplicationOptions } from './replication/replication.ts';
export type { ReplicationProgress } from './replication/replication-progress.ts';
export type { TransactionName } from './replication/unwanted-transactions.ts';
export {
  CatalogError,
  columnKey,
  createTableText,
  defaultText,
  type Table,
  type TableColumn,
  typeText,
} from './schema/index.ts';
export { ServerTarget, type ServerTargetOptions } from './server/index.ts';
export { SourceTables } from './source-tables.ts';
export {
  SqliteLoad,
  SqliteTarget,
  type SqliteTargetOptions,
  type StoredTable,
  StoredTables,
} from './sqlite/index.ts';
export type {
  Awaitable,
  ConflictRule,
  Definition,
  PrimaryKeyCheck,
  RowsOfTable,
  SourceTransaction,
  Target,
  TargetRetry,
  TargetWorker,
  TransactionLabel,
  WorkerTransaction,
} from './target.ts';
export { parseServerUrl, parseTargetUrl, type ServerUrl, type TargetUrl } from './target-url.ts';
