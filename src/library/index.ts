export { connect, Source, stream } from './connect/connect.ts';
export type { ConnectionOptions } from './connect/connection-options.ts';
export { SchemaError, type SchemaErrorCode } from './connect/server-columns.ts';
export { Log } from './log/log.ts';
export { openLog, openLogs } from './log/open-log.ts';
export type { LogSource } from './log/source.ts';
export type { ChangeOptions, LogOptions } from './options.ts';
export { isJsonDiffs, type Row, type RowChange } from './rows/row-change.ts';
export type { LoggedStatement } from './stream/gathered.ts';
export { Stream } from './stream/stream.ts';
export { StreamChange } from './stream/stream-change.ts';
export type {
  StreamChangeOptions,
  StreamOptions,
  StreamPosition,
  StreamStart,
  TransactionOptions,
} from './stream/stream-options.ts';
export type { Transaction } from './stream/stream-transactions.ts';
