import { UsageError } from '../../errors/index.ts';
import type { Retry, RetrySettings, SourcePosition } from '../../replication/index.ts';
import type { ChangeOptions } from '../options.ts';

/**
 * A place in a server's stream, to be stored as JSON and given back as `start`. `changes`: how many changes of the transaction behind
 * it were handed out already; it counts with the same `tables` only.
 */
export interface StreamPosition extends SourcePosition {
  readonly changes?: number;
}

/** Where to begin: at a stored place, a file and position, a set of GTIDs, with what is committed from now on, or the oldest log. */
export type StreamStart = 'now' | 'beginning' | StreamPosition;

/** How a server's stream is followed. */
export interface StreamOptions {
  readonly start: StreamStart;
  /**
   * Default: a random id of the upper half. MariaDB ends the stream of a reader when another one comes with the same id; MySQL tells
   * readers apart by a UUID, and each stream has one of its own.
   */
  readonly serverId?: number;
  /** Compare every event's checksum. Default true. */
  readonly verifyChecksums?: boolean;
  /** After a compressed transaction, give the events inside it too. Default true. */
  readonly expandPayloads?: boolean;
  /** Longest silence of the server, in milliseconds, before the link counts as lost. Default 60 000; 0: for ever. */
  readonly netTimeoutMs?: number;
  /** Heartbeats of an idle server, in milliseconds. Default: half of `netTimeoutMs`. */
  readonly heartbeatMs?: number;
  /** How to go on after a broken link; false: not at all. Default: 60 attempts, 0.25 to 30 s apart. */
  readonly retry?: Partial<RetrySettings> | false;
  /** Told of each broken link, before the pause. */
  readonly onRetry?: (retry: Retry) => void;
  /** Have the server wait for `acknowledge` before it tells its client that a transaction is committed. Default false. */
  readonly semisync?: boolean;
  /** End at the end of the log instead of waiting for more. Default false. */
  readonly stopAtEnd?: boolean;
  readonly signal?: AbortSignal;
}

/** The same for changes of a stream: a server can be asked what its log leaves out. */
export interface StreamChangeOptions extends ChangeOptions {
  /**
   * Where neither the log nor `columnNames` names the columns of a table: ask the server's information_schema (default), which needs
   * a privilege on the table, or number them `@1`, `@2` …
   */
  readonly unnamed?: 'ask' | 'number';
}

/** The same for whole transactions, which are held in memory until they end. */
export interface TransactionOptions extends StreamChangeOptions {
  /** Largest transaction, in changes: more is an error. Default 100 000; {@link Stream.changes} has no limit. */
  readonly maxChanges?: number;
}

/** Changes of the first transaction that were handed out before. @throws UsageError for what counts nothing */
export function changesToSkip(start: StreamOptions['start']): number {
  const { changes = 0 } = typeof start === 'string' ? {} : start;
  if (!Number.isSafeInteger(changes) || changes < 0) {
    throw new UsageError(`\`changes\` of a position is ${changes}, which is no number of changes`);
  }
  return changes;
}

/** The event to be acknowledged ends its transaction, behind the last change of it. @throws UsageError */
export function refuseSemisync({ semisync }: StreamOptions): void {
  if (semisync !== true) return;
  throw new UsageError('single changes cannot be acknowledged', {
    hint: 'With `semisync`, read transactions() or events.',
  });
}
