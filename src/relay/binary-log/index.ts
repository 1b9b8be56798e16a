export { BinaryLog, type BinaryLogOptions, type Commit } from './binary-log.ts';
export type { ChannelPlace } from './commit-journal.ts';
export { eventLines } from './event-lines.ts';
export { MariadbLedger, MysqlLedger } from './gtid-ledger.ts';
export { readHead } from './log-head.ts';
export { SourceClock } from './logical-clock.ts';
export { TransactionBuffer } from './transaction-buffer.ts';
