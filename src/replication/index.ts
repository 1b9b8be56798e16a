export {
  announceChecksums,
  announceMariadbCapability,
  announceMariadbPosition,
  askVersion,
  type SourceVersion,
} from './announce.ts';
export { isSameSource, NOT_REGISTERED, type ReaderIdentity, type SourceFacts } from './announce-reader.ts';
export { DumpEvents, type EventBytes } from './dump-events.ts';
export { isFinalError } from './link/is-final.ts';
export { type LinkState, pauseMs, type RetrySettings } from './link/link-state.ts';
export { rest, retrySettings } from './link/retry.ts';
export { retrying } from './link/retrying.ts';
export type { Waited } from './link/waited.ts';
export type { OpenSettings, OpenSource } from './open-source.ts';
export { ExecutedGtids, type GtidMark, stateOfGtidList } from './position/executed-gtids.ts';
export type { Begin } from './position/find-begin.ts';
export type { PositionMark } from './position/position-mark.ts';
export type { SourcePosition, StartPoint } from './position/source-position.ts';
export {
  gtidText,
  isSameGtid,
  type MariadbTransactionGtid,
  type MysqlTransactionGtid,
  type TransactionGtid,
  transactionGtid,
} from './position/transaction-gtid.ts';
export { ReplicationError, type ReplicationErrorCode } from './replication-error.ts';
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
  statementText,
  type Until,
  UntilCondition,
  type UntilStatus,
} from './selection/index.ts';
export { SourceClient } from './source-client.ts';
export type { Retry, SourceClientOptions } from './source-options.ts';
