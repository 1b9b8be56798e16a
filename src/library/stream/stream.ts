import type { EventBody, LogState, RawEvent, RowReader, TableMap } from '../../binlog/index.ts';
import type { ConnectOptions } from '../../connection/index.ts';
import type { SourceFacts } from '../../replication/index.ts';
import type { ServerColumns } from '../connect/server-columns.ts';
import { FollowedLog } from './followed-log.ts';
import { leavable } from './leavable.ts';
import type { StreamChange } from './stream-change.ts';
import { StreamBatches, StreamChanges } from './stream-changes.ts';
import {
  changesToSkip,
  refuseSemisync,
  type StreamChangeOptions,
  type StreamOptions,
  type StreamPosition,
  type TransactionOptions,
} from './stream-options.ts';
import { type Transaction, transactionsOf } from './stream-transactions.ts';

/**
 * A server's log, followed as it is written. Made by `stream`, or by `stream` of what `connect` gave.
 *
 * Three ways to read, as with a log in a file; use one of them:
 *
 * - `for await (const batch of stream) for (const event of batch)` gives framed events, nothing of them decoded;
 * - {@link changes} gives decoded rows, as soon as they arrive;
 * - {@link transactions} gives them by transaction, when it is committed.
 *
 * A broken link is made anew, and nothing is lost or comes twice: not even inside a transaction. Leaving the loop closes the stream.
 * Nothing is read ahead but 1 MiB and one event, however slow the reader is.
 */
export class Stream implements AsyncIterable<Iterable<RawEvent>> {
  readonly #log: FollowedLog;
  readonly #options: StreamOptions;
  /** Changes of the first transaction that its reader has. */
  readonly #skipped: number;

  /** Use `stream` or `connect`. */
  constructor(
    connection: ConnectOptions,
    options: StreamOptions,
    columns: ServerColumns,
    ownsColumns: boolean,
  ) {
    this.#log = new FollowedLog(connection, options, columns, ownsColumns);
    this.#options = options;
    this.#skipped = changesToSkip(options.start);
  }

  /** What has been learned of the log: its format, its server's version and flavor. */
  get state(): LogState {
    return this.#log.learned.state;
  }

  /** Who answers; undefined before the first event. */
  get source(): SourceFacts | undefined {
    return this.#log.source;
  }

  /** The server's file of the last event. */
  get file(): string {
    return this.#log.file;
  }

  /** The last place between two transactions that were handed out: store it, and give it back as `start`. */
  get position(): StreamPosition | undefined {
    return this.#log.positionMark()?.();
  }

  /** GTID of the transaction that the last event belongs to. */
  get gtid(): string | undefined {
    return this.#log.gtid;
  }

  /** Connects now instead of with the first event. With `start: 'now'`, all that is committed after this comes. */
  async connect(): Promise<void> {
    if (this.#log.source === undefined) await this.#log.wait();
  }

  /** With `semisync`: tells the server that everything handed out so far is safe. */
  acknowledge(): void {
    this.#log.acknowledge();
  }

  /** Events in batches, as they arrive: one promise a batch, none an event. An event is valid until the next; `event.keep()` copies. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Iterable<RawEvent>, void, undefined> {
    return leavable(this.#batches(), () => this.close());
  }

  /**
   * Every changed row, in order, as soon as it arrives. Changes are copies: they may be kept.
   *
   * @throws SchemaError where the columns of a table cannot be named; what the stream itself throws: ServerError, ConnectionError,
   *   SecurityError, ReplicationError
   */
  changes(options: StreamChangeOptions = {}): AsyncIterableIterator<StreamChange, undefined> {
    refuseSemisync(this.#options);
    return new StreamChanges(this.#log, options, this.#skipped);
  }

  /** As {@link changes}, those of one rows event at a time: quicker for whoever takes many. */
  changeBatches(
    options: StreamChangeOptions = {},
  ): AsyncIterableIterator<readonly StreamChange[], undefined> {
    refuseSemisync(this.#options);
    return new StreamBatches(this.#log, options, this.#skipped);
  }

  /** Transactions, whole. Those in which nothing is left by `tables` are passed over; {@link position} counts them. */
  transactions(options: TransactionOptions = {}): AsyncIterableIterator<Transaction, void> {
    return leavable(transactionsOf(this.#log, options, this.#skipped), () => this.close());
  }

  /** Decodes an event of this stream. Buffers in the body are borrowed from the event. */
  decode(event: RawEvent): EventBody {
    return this.#log.learned.decode(event);
  }

  /** The table map behind a table id, of those that came so far. */
  table(tableId: number): TableMap | undefined {
    return this.#log.learned.table(tableId);
  }

  /** Reads the rows of a rows event; undefined for other events and for rows whose table map is missing. */
  rows(event: RawEvent): RowReader | undefined {
    return this.#log.learned.rows(event);
  }

  /** Ends the stream. Whoever waits is told that it is over. */
  close(): void {
    this.#log.close();
  }

  async *#batches(): AsyncGenerator<Iterable<RawEvent>, void, undefined> {
    try {
      while (await this.#log.wait()) yield this.#drain();
    } finally {
      this.close();
    }
  }

  *#drain(): Generator<RawEvent, void, undefined> {
    for (let event = this.#log.next(); event !== undefined; event = this.#log.next()) yield event;
  }
}
