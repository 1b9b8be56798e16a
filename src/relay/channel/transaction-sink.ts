import type { Flavor } from '../../binlog/index.ts';
import type { RowlockError } from '../../errors/index.ts';
import type { TransactionGtid } from '../../replication/index.ts';
import type { ChannelPlace, Commit, SourceClock, TransactionBuffer } from '../binary-log/index.ts';

/**
 * Where an applier's transactions go, whole and in order: the binary log, or a target in front of it. What an applier asks of it and
 * nothing more.
 */
export interface TransactionSink {
  readonly flavor: Flavor;
  readonly gtidExecuted: string;
  readonly gtidPosition: string;
  /** Where a channel goes on, as of its last durable transaction. */
  place(channel: string): ChannelPlace | undefined;
  has(gtid: TransactionGtid): boolean;
  /** Undefined: go on. Otherwise wait, and ask again. */
  room(): Promise<void> | undefined;
  /** Takes the sink for one transaction in parts; give it back with the function. */
  turn(): Promise<() => void>;
  /** Who writes in parts waits here until the disk has caught up. */
  backlog(): Promise<void>;
  append(buffer: TransactionBuffer, source: SourceClock, commit: Commit): void;
  appendPart(buffer: TransactionBuffer, source: SourceClock, begins: boolean): void;
  commit(commit: Commit): void;
  /** The channel moved on without a transaction. */
  note(commit: Commit): void;
  /** Takes back the parts of a transaction that will not be whole. */
  rollback(): void;
  /** A GTID for an anonymous transaction. */
  assign(uuid: string): TransactionGtid;
  settle(): Promise<void>;
  /** Told when what was appended is lost. Gives the way to hear no more. */
  onFailure(listener: (error: RowlockError) => void): () => void;
  /** After a failure: goes on from what is durable. */
  heal(): Promise<void>;
}
