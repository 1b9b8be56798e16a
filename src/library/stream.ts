import {
  type EventBody,
  EventType,
  type LogState,
  RawEvent,
  type RowReader,
  type TableMap,
  type TransactionPlace,
} from '../binlog/index.ts';
import type { ConnectOptions } from '../connection/index.ts';
import { RowlockError } from '../errors/index.ts';
import {
  gtidText,
  isSameSource,
  type PositionMark,
  retrying,
  SourceClient,
  type SourceFacts,
} from '../replication/index.ts';
import { HandedOut } from './handed-out.ts';
import { LearnedLog } from './learned-log.ts';
import { PayloadEvents } from './payload-events.ts';
import { refusedAt } from './refused-place.ts';
import type { ServerColumns } from './server-columns.ts';
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
  /** What has been learned of the log: its format, its server's version and flavor. */
  readonly state: LogState;
  readonly #client: SourceClient;
  readonly #event = new RawEvent();
  readonly #learned = new LearnedLog(() => this.file);
  readonly #handedOut = new HandedOut();
  readonly #columns: ServerColumns;
  readonly #options: StreamOptions;
  readonly #ownsColumns: boolean;
  readonly #payload = new PayloadEvents(this.#learned.state);
  #place: TransactionPlace = 'outside';
  /** Changes of the first transaction that its reader has. */
  readonly #skipped: number;
  #asksAhead = false;
  #facts: SourceFacts | undefined;
  #waiting: Promise<boolean> | undefined;

  /** Use `stream` or `connect`. */
  constructor(
    connection: ConnectOptions,
    options: StreamOptions,
    columns: ServerColumns,
    ownsColumns: boolean,
  ) {
    const { serverId, start, expandPayloads: _, ...rest } = options;
    this.state = this.#learned.state;
    this.#options = options;
    this.#columns = columns;
    this.#ownsColumns = ownsColumns;
    this.#client = new SourceClient({
      ...rest,
      connection,
      start,
      ...(serverId === undefined ? {} : { identity: { serverId } }),
    });
    this.#skipped = changesToSkip(start);
  }

  /** Who answers; undefined before the first event. */
  get source(): SourceFacts | undefined {
    return this.#client.facts;
  }

  /** The server's file of the last event. */
  get file(): string {
    return this.#client.file;
  }

  /** The last place between two transactions that were handed out: store it, and give it back as `start`. */
  get position(): StreamPosition | undefined {
    return this.positionMark()?.();
  }

  /** GTID of the transaction that the last event belongs to. */
  get gtid(): string | undefined {
    const { gtid } = this.#client;
    return gtid === undefined ? undefined : gtidText(gtid);
  }

  /** Connects now instead of with the first event. With `start: 'now'`, all that is committed after this comes. */
  async connect(): Promise<void> {
    if (this.#client.facts === undefined) await this.wait();
  }

  /** With `semisync`: tells the server that everything handed out so far is safe. */
  acknowledge(): void {
    this.#client.acknowledge();
  }

  /** Events in batches, as they arrive: one promise a batch, none an event. An event is valid until the next; `event.keep()` copies. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Iterable<RawEvent>, void, undefined> {
    try {
      while (await this.wait()) yield this.#drain();
    } finally {
      this.close();
    }
  }

  /**
   * Every changed row, in order, as soon as it arrives. Changes are copies: they may be kept.
   *
   * @throws SchemaError where the columns of a table cannot be named; what the stream itself throws: ServerError, ConnectionError,
   *   SecurityError, ReplicationError
   */
  changes(options: StreamChangeOptions = {}): AsyncIterableIterator<StreamChange, undefined> {
    refuseSemisync(this.#options);
    return new StreamChanges(this, options, this.#skipped);
  }

  /** As {@link changes}, those of one rows event at a time: quicker for whoever takes many. */
  changeBatches(
    options: StreamChangeOptions = {},
  ): AsyncIterableIterator<readonly StreamChange[], undefined> {
    refuseSemisync(this.#options);
    return new StreamBatches(this, options, this.#skipped);
  }

  /** Transactions, whole. Those in which nothing is left by `tables` are passed over; {@link position} counts them. */
  transactions(options: TransactionOptions = {}): AsyncIterableIterator<Transaction, void> {
    return transactionsOf(this, options, this.#skipped);
  }

  /** Decodes an event of this stream. Buffers in the body are borrowed from the event. */
  decode(event: RawEvent): EventBody {
    return this.#learned.decode(event);
  }

  /** The table map behind a table id, of those that came so far. */
  table(tableId: number): TableMap | undefined {
    return this.#learned.table(tableId);
  }

  /** Reads the rows of a rows event; undefined for other events and for rows whose table map is missing. */
  rows(event: RawEvent): RowReader | undefined {
    return this.#learned.rows(event);
  }

  /** Fills in what the log leaves out of a table's columns, from the server's schema. @throws SchemaError */
  async nameColumns(table: TableMap): Promise<void> {
    const { retry, signal } = this.#options;
    await retrying(() => this.#columns.complete(table), retry, signal);
  }

  /** Rows will be wanted by name: gets ready to ask for names, once there is a link. */
  askAhead(): void {
    if (this.#client.facts === undefined) this.#asksAhead = true;
    else this.#columns.prepare();
  }

  /** The next event of those that are here, borrowed; undefined: {@link wait}. */
  next(): RawEvent | undefined {
    try {
      if (this.#payload.awaits) return undefined;
      return this.#nextOfPayload() ?? this.#nextOfLog();
    } catch (error) {
      this.close();
      throw error instanceof RowlockError ? error.at({ file: this.file }) : error;
    }
  }

  /** Waits for events: false when the stream is over. Whoever waits meanwhile waits for the same. */
  wait(): Promise<boolean> {
    this.#waiting ??= this.#wait().finally(() => {
      this.#waiting = undefined;
    });
    return this.#waiting;
  }

  async #wait(): Promise<boolean> {
    if (this.#payload.awaits) {
      await this.#payload.load();
      return true;
    }
    const waited = await this.#client.wait().catch((error: unknown) => {
      throw refusedAt(error, this.#lastPlace());
    });
    if (waited === 'resumed') this.#resume();
    if (waited === 'ended') this.close();
    else if (this.#asksAhead) {
      this.#asksAhead = false;
      this.#columns.prepare();
    }
    return waited !== 'ended';
  }

  /** Where the server is read: behind the last event, or where the stream is to begin. */
  #lastPlace(): StreamPosition {
    const { file, position } = this.#client;
    const { start } = this.#options;
    if (file !== '') return { file, position };
    return typeof start === 'string' ? {} : start;
  }

  /** Where the transaction of the last event begins. */
  openingMark(): PositionMark | undefined {
    return this.#client.openingMark();
  }

  /** As {@link position}, made when it is asked for. */
  positionMark(): PositionMark | undefined {
    // A compressed transaction is received whole before it is handed out.
    return this.#payload.isOpen ? this.#client.openingMark() : this.#client.boundaryMark();
  }

  /** Where the last event stands in its transaction. A compressed one ends with the last event inside it. */
  get place(): TransactionPlace {
    return this.#place;
  }

  /** Where the last event ends in {@link file}, in bytes. */
  get endPosition(): number {
    return this.#client.position;
  }

  /** Ends the stream. Whoever waits is told that it is over. */
  close(): void {
    this.#client.close();
    if (this.#ownsColumns) void this.#columns.close().catch(() => {});
  }

  *#drain(): Generator<RawEvent, void, undefined> {
    for (let event = this.next(); event !== undefined; event = this.next()) yield event;
  }

  #resume(): void {
    const facts = this.#client.facts!;
    this.#handedOut.resumed(this.#facts === undefined || isSameSource(this.#facts, facts));
    this.#facts = facts;
  }

  #nextOfPayload(): RawEvent | undefined {
    const event = this.#payload.next();
    if (event === undefined) return undefined;
    this.#place = this.#payload.isOpen ? 'inside' : 'ends';
    this.#learned.observe(event);
    return event;
  }

  #nextOfLog(): RawEvent | undefined {
    const client = this.#client;
    const event = this.#event;
    if (this.#payload.held === event) return this.#open(event);
    while (client.next(event)) {
      this.#facts ??= client.facts;
      this.#learned.observe(event);
      if (!client.inLog || this.#handedOut.wasBefore(event, client)) continue;
      this.#place = client.place;
      const isOpened =
        event.type === EventType.TRANSACTION_PAYLOAD_EVENT && this.#options.expandPayloads !== false;
      return isOpened ? this.#open(event) : event;
    }
    return undefined;
  }

  /** A compressed transaction; undefined where it must wait for what inflates it. */
  #open(event: RawEvent): RawEvent | undefined {
    const isOpen = this.#payload.open(event);
    if (this.#payload.awaits) return undefined;
    if (isOpen) this.#place = this.#place === 'alone' ? 'begins' : 'inside';
    return event;
  }
}
