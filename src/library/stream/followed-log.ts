import { EventType, RawEvent, type TableMap, type TransactionPlace } from '../../binlog/index.ts';
import type { ConnectOptions } from '../../connection/index.ts';
import { RowlockError } from '../../errors/index.ts';
import {
  gtidText,
  isSameSource,
  type PositionMark,
  retrying,
  SourceClient,
  type SourceFacts,
  type Waited,
} from '../../replication/index.ts';
import { withOptionNames } from '../connect/option-words.ts';
import type { ServerColumns } from '../connect/server-columns.ts';
import { LearnedLog } from '../log/learned-log.ts';
import { HandedOut } from './handed-out.ts';
import { PayloadEvents } from './payload-events.ts';
import { refusedAt } from './refused-place.ts';
import type { StreamOptions, StreamPosition } from './stream-options.ts';

/**
 * A server's log as its events arrive, over one link after the other: what events, changes and transactions of a stream are made of.
 * {@link next} gives what is here, {@link wait} waits for more.
 */
export class FollowedLog {
  /** What its events have told so far: its format, its server's version and flavor, its tables. */
  readonly learned: LearnedLog = new LearnedLog(() => this.file);
  readonly #client: SourceClient;
  readonly #event = new RawEvent();
  readonly #handedOut = new HandedOut();
  readonly #columns: ServerColumns;
  readonly #options: StreamOptions;
  readonly #ownsColumns: boolean;
  readonly #payload = new PayloadEvents(this.learned.state);
  #place: TransactionPlace = 'outside';
  #asksAhead = false;
  #facts: SourceFacts | undefined;
  #waiting: Promise<boolean> | undefined;

  constructor(
    connection: ConnectOptions,
    options: StreamOptions,
    columns: ServerColumns,
    ownsColumns: boolean,
  ) {
    const { serverId, start, expandPayloads: _, ...rest } = options;
    this.#options = options;
    this.#columns = columns;
    this.#ownsColumns = ownsColumns;
    this.#client = new SourceClient({
      ...rest,
      connection,
      start,
      ...(serverId === undefined ? {} : { identity: { serverId } }),
    });
  }

  /** Who answers; undefined before the first event. */
  get source(): SourceFacts | undefined {
    return this.#client.facts;
  }

  /** The server's file of the last event. */
  get file(): string {
    return this.#client.file;
  }

  /** GTID of the transaction that the last event belongs to. */
  get gtid(): string | undefined {
    const { gtid } = this.#client;
    return gtid === undefined ? undefined : gtidText(gtid);
  }

  /** Tells the server that everything handed out so far is safe. */
  acknowledge(): void {
    this.#client.acknowledge();
  }

  /**
   * Fills in what the log leaves out of a table's columns, from the server's schema; false: the stream was stopped meanwhile.
   *
   * @throws SchemaError
   */
  async nameColumns(table: TableMap): Promise<boolean> {
    const { stopped } = this.#client;
    try {
      await retrying(() => this.#columns.complete(table, stopped), this.#options.retry, stopped);
      return true;
    } catch (error) {
      if (stopped.aborted) return false;
      throw withOptionNames(error);
    }
  }

  /** Whether the stream was closed or aborted: nothing of it is handed out any more. */
  get isStopped(): boolean {
    return this.#client.link.name === 'stopped';
  }

  /** Rows will be wanted by name: gets ready to ask for names, once there is a link. */
  askAhead(): void {
    if (this.#client.facts === undefined) this.#asksAhead = true;
    else this.#columns.prepare(this.#client.stopped);
  }

  /** The next event of those that are here, borrowed; undefined: {@link wait}. */
  next(): RawEvent | undefined {
    try {
      if (this.isStopped || this.#payload.awaits) return undefined;
      return this.#nextOfPayload() ?? this.#nextOfLog();
    } catch (error) {
      this.close();
      throw error instanceof RowlockError ? error.at({ file: this.file }) : error;
    }
  }

  /** Waits for events: false when the stream is over. Whoever waits meanwhile waits for the same. */
  wait(): Promise<boolean> {
    this.#waiting ??= this.#wait();
    return this.#waiting;
  }

  async #wait(): Promise<boolean> {
    try {
      if (this.#payload.awaits) {
        await this.#payload.load();
        return true;
      }
      return this.#heard(await this.#client.wait());
    } catch (error) {
      throw withOptionNames(refusedAt(error, this.#lastPlace()));
    } finally {
      this.#waiting = undefined;
    }
  }

  /** Whether there is more to come. */
  #heard(waited: Waited): boolean {
    if (waited === 'resumed') this.#resume();
    if (waited === 'ended') this.close();
    else if (this.#asksAhead) {
      this.#asksAhead = false;
      this.#columns.prepare(this.#client.stopped);
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

  /** The last place between two transactions that were handed out, made when it is asked for. */
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
    this.#payload.leave();
    if (this.#ownsColumns) void this.#columns.close().catch(() => {});
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
    this.learned.observe(event);
    return event;
  }

  #nextOfLog(): RawEvent | undefined {
    const client = this.#client;
    const event = this.#event;
    if (this.#payload.held === event) return this.#open(event);
    while (client.next(event)) {
      this.#facts ??= client.facts;
      this.learned.observe(event);
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
