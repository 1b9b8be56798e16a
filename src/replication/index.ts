export {
  announceChecksums,
  announceMariadbCapability,
  announceMariadbPosition,
  askVersion,
  type SourceVersion,
} from './announce.ts';
export { isSameSource, NOT_REGISTERED, type ReaderIdentity, type SourceFacts } from './announce-reader.ts';
export { DumpEvents, type EventBytes } from './dump-events.ts';
export { ExecutedGtids, type GtidMark, stateOfGtidList } from './executed-gtids.ts';
export type { Begin } from './find-begin.ts';
export { isFinalError } from './is-final.ts';
export { type LinkState, pauseMs, type RetrySettings } from './link-state.ts';
export type { OpenSettings, OpenSource } from './open-source.ts';
export type { PositionMark } from './position-mark.ts';
export { ReplicationError, type ReplicationErrorCode } from './replication-error.ts';
export { DEFAULT_RETRY, rest, retrySettings } from './retry.ts';
export { retrying } from './retrying.ts';
export {
  EventJudge,
  EventSelection,
  type Judgement,
  NO_FILTERS,
  NO_UNTIL,
  ReplicateFilter,
  type ReplicationFilters,
  readingOf,
  type SelectedEvents,
  type StatementReading,
  type Until,
  UntilCondition,
  type UntilStatus,
} from './selection/index.ts';
export { SourceClient } from './source-client.ts';
export type { Retry, SourceClientOptions } from './source-options.ts';
export type { SourcePosition, StartPoint } from './source-position.ts';
export {
  gtidText,
  isSameGtid,
  type MariadbTransactionGtid,
  type MysqlTransactionGtid,
  type TransactionGtid,
  transactionGtid,
} from './transaction-gtid.ts';
export type { Waited } from './waited.ts';
