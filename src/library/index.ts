export { connect, Source, stream } from './connect.ts';
export type { ConnectionOptions } from './connection-options.ts';
export { Log } from './log.ts';
export { openLog, openLogs } from './open-log.ts';
export type { ChangeOptions, LogOptions } from './options.ts';
export { isJsonDiffs, type Row, type RowChange } from './row-change.ts';
export { SchemaError, type SchemaErrorCode } from './server-columns.ts';
export type { LogSource } from './source.ts';
export { Stream } from './stream.ts';
export { StreamChange } from './stream-change.ts';
export type {
  StreamChangeOptions,
  StreamOptions,
  StreamPosition,
  StreamStart,
  TransactionOptions,
} from './stream-options.ts';
export type { LoggedStatement, Transaction } from './stream-transactions.ts';
