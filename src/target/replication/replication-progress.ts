import type { RawEvent } from '../../binlog/index.ts';
import type { SourcePosition } from '../../replication/index.ts';

/** How far a replication is. */
export interface ReplicationProgress {
  readonly transactions: number;
  readonly events: number;
  readonly bytes: number;
  /** When the source began what was applied last, seconds since 1970. */
  readonly lastTimestamp: number;
  /** Where the next transaction begins; empty while nothing is known. */
  readonly file: string;
  readonly position: number;
  /** Everything that is there has been applied. */
  readonly isWaiting: boolean;
}

/** Counts what is applied. */
export class AppliedCount implements ReplicationProgress {
  transactions = 0;
  events = 0;
  bytes = 0;
  lastTimestamp = 0;
  file = '';
  position = 0;
  isWaiting = false;

  beginAt({ file = '', position = 4 }: SourcePosition): void {
    this.file = file;
    this.position = position;
  }

  add({ length, timestamp }: RawEvent): void {
    this.events += 1;
    this.bytes += length;
    // What servers make up for a dump has none.
    if (timestamp !== 0) this.lastTimestamp = timestamp;
  }

  endTransaction(file: string, position: number): void {
    this.transactions += 1;
    this.file = file;
    this.position = position;
  }

  /** As it is now. */
  get snapshot(): ReplicationProgress {
    const { transactions, events, bytes, lastTimestamp, file, position, isWaiting } = this;
    return { transactions, events, bytes, lastTimestamp, file, position, isWaiting };
  }
}
