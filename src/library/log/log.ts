import {
  decodeBody,
  type EventBody,
  EventFlag,
  EventFramer,
  EventType,
  type LogState,
  PayloadReader,
  RawEvent,
  type RowReader,
  type TableMap,
  verifyChecksum,
} from '../../binlog/index.ts';
import { RowlockError, TruncatedError, UsageError } from '../../errors/index.ts';
import { LogOpening, mariadbCipher } from '../../store/index.ts';
import type { ChangeOptions, LogOptions } from '../options.ts';
import type { RowChange } from '../rows/row-change.ts';
import { awaitChangesOf, changesOf, type LogOfRows } from './changes.ts';
import { gtidText, isGtidEvent } from './gtid-of-event.ts';
import { LearnedLog } from './learned-log.ts';
import type { ChunkSource } from './source.ts';

/**
 * One binary log, read once from its beginning. Made by `openLog`.
 *
 * Three ways to read, from quick to comfortable; use one of them:
 *
 * - {@link next} gives one framed event after the other, nothing of it decoded; for files and Buffers;
 * - `for await (const batch of log) for (const event of batch)` gives the same from any source;
 * - {@link changes} gives decoded rows.
 *
 * An event is valid until the next one is asked for; `event.keep()` makes a copy that stays.
 */
export class Log implements LogOfRows {
  /** What has been learned of the log: its format, its server's version and flavor. */
  readonly state: LogState;
  readonly #source: ChunkSource;
  readonly #framer: EventFramer;
  readonly #options: LogOptions;
  readonly #event = new RawEvent();
  readonly #learned = new LearnedLog(() => this.name);
  readonly #opening: LogOpening;
  #payload: PayloadReader | undefined;
  #inUse = false;
  #ended = false;
  #closed = false;
  #gtid: string | undefined;

  /** Use `openLog`. */
  constructor(source: ChunkSource, options: LogOptions) {
    this.state = this.#learned.state;
    this.#source = source;
    this.#options = options;
    this.#framer = new EventFramer({
      position: 0,
      ...(options.maxEventBytes === undefined ? {} : { maxEventBytes: options.maxEventBytes }),
    });
    this.#opening = new LogOpening(this.#framer, options.keys);
  }

  /** The path, or `buffer` or `stream`. */
  get name(): string {
    return this.#source.name;
  }

  /** Offset in the log of the next event. */
  get position(): number {
    return this.#framer.position;
  }

  /** GTID of the transaction that the last event belongs to; undefined before the first, and where GTIDs are off. */
  get gtid(): string | undefined {
    return this.#gtid;
  }

  /**
   * The next event, or undefined at the end of the log.
   *
   * @throws FormatError where the bytes are no log, TruncatedError where a closed log ends inside an event, ChecksumError
   *   with `verifyChecksums`, UsageError for a source that must be awaited
   */
  next(): RawEvent | undefined {
    const { read } = this.#source;
    if (read === undefined) throw new UsageError('chunks of this source must be awaited: use `for await`');
    for (;;) {
      const event = this.#step();
      if (event !== undefined || this.#ended) return event;
      const space = this.#framer.space();
      const count = read(space);
      if (count === 0) this.#end();
      else {
        this.#opening.decrypt(space, count);
        this.#framer.filled(count);
      }
    }
  }

  /** Batches of events, as the source gives bytes: one promise a batch, none an event. A batch is used up before the next. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Iterable<RawEvent>, void, undefined> {
    try {
      while (!this.#ended) {
        // oxlint-disable-next-line no-await-in-loop -- chunks come one after the other
        if (!(await this.#awaitChunk())) this.#end();
        yield this.#drain();
      }
    } finally {
      await this.close();
    }
  }

  /** Decodes an event of this log. Buffers in the body are borrowed from the event. */
  decode(event: RawEvent): EventBody {
    return this.#learned.decode(event);
  }

  /** The table map behind a table id, of those that came so far. */
  table(tableId: number): TableMap | undefined {
    return this.#learned.table(tableId);
  }

  /** Reads the rows of a rows event of this log; undefined for other events and for rows whose table map is missing. */
  rows(event: RawEvent): RowReader | undefined {
    return this.#learned.rows(event);
  }

  /**
   * Every changed row, in order: `for (const change of log.changes())`, or `for await` for any source.
   *
   * Changes are copies: they may be kept.
   */
  changes(options: ChangeOptions = {}): Iterable<RowChange> & AsyncIterable<RowChange> {
    return {
      [Symbol.iterator]: () => changesOf(this, options),
      [Symbol.asyncIterator]: () => awaitChangesOf(this, options),
    };
  }

  /** Closes the file or leaves the stream. A log read to its end by `for await` has closed itself. */
  async close(): Promise<void> {
    this.#ended = true;
    if (this.#closed) return;
    this.#closed = true;
    this.#payload?.leave();
    await this.#source.close();
  }

  async #awaitChunk(): Promise<boolean> {
    const { read, wait } = this.#source;
    if (read !== undefined) {
      const space = this.#framer.space();
      const count = read(space);
      this.#opening.decrypt(space, count);
      this.#framer.filled(count);
      return count > 0;
    }
    const chunk = await wait();
    if (chunk === undefined) return false;
    // A chunk belongs to its sender: it is decrypted in a copy.
    const own = this.#opening.encrypted ? Buffer.from(chunk) : chunk;
    if (this.#opening.encrypted) this.#opening.decrypt(own as Buffer, own.length);
    this.#framer.push(own);
    return true;
  }

  *#drain(): Generator<RawEvent, void, undefined> {
    for (let event = this.#step(); event !== undefined; event = this.#step()) yield event;
  }

  /** The next event of the bytes at hand. */
  #step(): RawEvent | undefined {
    const event = this.#event;
    try {
      if (this.#payload !== undefined) {
        if (this.#payload.next(event)) {
          this.#observe(event);
          return event;
        }
        this.#payload = undefined;
      }
      if (!this.#opening.done && !this.#opening.advance()) return undefined;
      if (!this.#framer.next(event)) return undefined;
      if (this.#options.verifyChecksums === true) verifyChecksum(event);
      this.#observe(event);
      return event;
    } catch (error) {
      if (error instanceof RowlockError) error.at({ file: this.name, position: this.#framer.position });
      throw error;
    }
  }

  /** Follows what later events need to know. */
  #observe(event: RawEvent): void {
    const { type } = event;
    this.#learned.observe(event);
    if (isGtidEvent(type)) this.#gtid = gtidText(decodeBody(event, this.state), event.serverId);
    else if (type === EventType.FORMAT_DESCRIPTION_EVENT)
      this.#inUse = event.hasFlag(EventFlag.BINLOG_IN_USE);
    else if (type === EventType.START_ENCRYPTION_EVENT) {
      const body = decodeBody(event, this.state);
      if (body.kind === 'startEncryption') this.#framer.cipher = mariadbCipher(body, this.#options.keys);
    } else if (type === EventType.TRANSACTION_PAYLOAD_EVENT && this.#options.expandPayloads !== false) {
      const body = decodeBody(event, this.state);
      if (body.kind === 'transactionPayload') this.#payload = new PayloadReader(body, event);
    }
  }

  #end(): void {
    this.#ended = true;
    const { pending } = this.#framer;
    // A log in use may end inside an event that its server is about to write.
    if (this.#opening.done && (pending === 0 || this.#inUse)) return;
    throw new TruncatedError(
      this.#opening.done
        ? `the log ends ${pending} bytes into an event`
        : 'the log ends before its first event',
      { context: { file: this.name, position: this.#framer.position } },
    );
  }
}
