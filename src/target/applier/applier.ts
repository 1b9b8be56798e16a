import {
  DUMMY_TABLE_ID,
  decodeBody,
  decodeNext,
  EventType,
  LogState,
  loadZstd,
  PayloadReader,
  type Query,
  RawEvent,
  rowsShape,
  TableMemory,
  type TransactionPlace,
} from '../../binlog/index.ts';
import { FormatError, RowlockError } from '../../errors/index.ts';
import { gtidText, readingOf, transactionGtid } from '../../replication/index.ts';
import { classifyStatement, savepointName } from '../../sql/index.ts';
import { LogicalClock } from '../logical-clock.ts';
import type { PositionMark, Target, TransactionLabel } from '../target.ts';
import { isUndoneAlter } from './alter-phase.ts';
import { loggedDefinition } from './logged-definition.ts';
import { NotRowsError } from './not-rows.ts';
import type { SchemaNames } from './rename-schemas.ts';
import { effectOf } from './statement-effect.ts';
import { XaRows } from './xa-rows.ts';

/** What a source's log says of the transaction at hand; the one who reads the log knows. */
export interface EventPlace {
  readonly file: string;
  readonly place: TransactionPlace;
  /** Of the transaction that begins here. */
  readonly label?: TransactionLabel | undefined;
}

/** As the servers log it: most statements of a log are this one. */
const BEGIN = Buffer.from('BEGIN');

/** LOAD DATA in statement format. */
const STATEMENT_EVENTS: ReadonlySet<number> = new Set([
  EventType.BEGIN_LOAD_QUERY_EVENT,
  EventType.EXECUTE_LOAD_QUERY_EVENT,
  EventType.APPEND_BLOCK_EVENT,
]);

/**
 * Turns the events of a source's log into calls of a target: the applier of one channel.
 *
 * Feed it every event in order, then say where the next transaction begins. The target is told of whole transactions only.
 */
export class Applier {
  readonly #target: Target;
  readonly #nameOf: SchemaNames | undefined;
  readonly #xa: XaRows;
  readonly #state = new LogState();
  readonly #tables = new TableMemory(this.#state);
  readonly #inner = new RawEvent();
  readonly #clock = new LogicalClock();
  #isOpen = false;
  #gtid: string | undefined;
  #file = '';

  /** `nameOf`: schemas that definitions name have another name in the target; rows and default schemas come renamed. */
  constructor(target: Target, nameOf?: SchemaNames) {
    this.#target = target;
    this.#nameOf = nameOf;
    this.#xa = new XaRows(target);
  }

  /**
   * Applies one event of the log.
   *
   * @param after where the next transaction begins, asked for at the end of this one
   * @throws NotRowsError, ConflictError, CatalogError; what the target throws. The transaction has been rolled back then.
   */
  async apply(
    event: RawEvent,
    { file, place, label }: EventPlace,
    after: () => PositionMark | undefined,
  ): Promise<void> {
    this.#file = file;
    try {
      if (place === 'begins' || place === 'alone') await this.#begin(event, label);
      await this.#take(event);
      if (place === 'ends' || place === 'alone') await this.#end(after);
    } catch (error) {
      // What was sent ahead fails while a later event is read, and says itself where it stands.
      if (error instanceof RowlockError && !isPlaced(error))
        error.at({ file, position: event.position, event: event.name });
      await this.abandon();
      throw error;
    }
  }

  /** A transaction of which filters left nothing: only its place is kept, and its GTID where one is given. */
  async pass(
    file: string,
    position: number,
    after: () => PositionMark | undefined,
    gtid?: string,
  ): Promise<void> {
    await this.abandon();
    await this.#target.begin({ gtid, file, position });
    await this.#target.commit(after());
  }

  /** Ends the transaction that is open, where its last events were left out. */
  async finish(after: () => PositionMark | undefined): Promise<void> {
    await this.#end(after);
  }

  /** Learns how the events that follow are laid out. */
  setFormat(event: RawEvent): void {
    decodeNext(event, this.#state);
    this.#clock.begin();
    this.#tables.clear();
  }

  /** Whether no transaction is open: the target may make durable what it has. */
  get isBetween(): boolean {
    return !this.#isOpen;
  }

  /** The link broke: what came of the transaction comes again. */
  async abandon(): Promise<void> {
    if (this.#isOpen) await this.#target.rollback();
    this.#isOpen = false;
    this.#xa.clear();
  }

  async #begin(event: RawEvent, label: TransactionLabel | undefined): Promise<void> {
    // A source that crashed leaves a transaction without an end.
    await this.abandon();
    const gtid = transactionGtid(event);
    this.#gtid = gtid === undefined ? undefined : gtidText(gtid);
    const time = this.#clock.read(event);
    await this.#target.begin({ gtid: this.#gtid, file: this.#file, position: event.position, time, label });
    this.#isOpen = true;
    this.#xa.begin(event, this.#state);
  }

  async #end(after: () => PositionMark | undefined): Promise<void> {
    if (!this.#isOpen) return;
    await this.#target.commit(after());
    this.#isOpen = false;
    this.#xa.clear();
  }

  async #take(event: RawEvent): Promise<void> {
    const { type } = event;
    if (type === EventType.TABLE_MAP_EVENT) this.#tables.note(event);
    else if (rowsShape(type) !== undefined) await this.#rows(event);
    else if (type === EventType.QUERY_EVENT || type === EventType.QUERY_COMPRESSED_EVENT)
      await this.#query(event);
    else if (type === EventType.TRANSACTION_PAYLOAD_EVENT) await this.#payload(event);
    else if (type === EventType.FORMAT_DESCRIPTION_EVENT) this.setFormat(event);
    else if (type === EventType.XA_PREPARE_LOG_EVENT) await this.#xaPrepare(event);
    else if (type === EventType.INCIDENT_EVENT) {
      throw new FormatError('the source says that its log has lost changes (INCIDENT)', {
        hint: 'Copy the tables from the source again.',
      });
    } else if (STATEMENT_EVENTS.has(type)) throw this.#notRows('LOAD DATA in statement format', event);
  }

  async #payload(event: RawEvent): Promise<void> {
    const body = decodeBody(event, this.#state);
    if (body.kind !== 'transactionPayload') return;
    await loadZstd();
    // oxlint-disable-next-line no-await-in-loop -- one event after the other
    for (const inner of new PayloadReader(body, event).events(this.#inner)) await this.#take(inner);
  }

  async #rows(event: RawEvent): Promise<void> {
    const rows = decodeBody(event, this.#state);
    if (rows.kind !== 'rows' || rows.tableId === DUMMY_TABLE_ID) return;
    const map = this.#tables.find(rows.tableId);
    const mapEvent = this.#tables.event(rows.tableId);
    if (map === undefined || mapEvent === undefined) {
      throw new FormatError(`rows of table ${rows.tableId} come without its map`, {
        hint: 'Begin at the start of a transaction.',
      });
    }
    if (this.#xa.take(mapEvent, event)) return;
    await this.#target.rows({ map, rows, mapEvent, rowsEvent: event, flags: rows.flags });
  }

  async #query(event: RawEvent): Promise<void> {
    const query = decodeBody(event, this.#state);
    if (query.kind !== 'query') return;
    if (BEGIN.equals(query.statement)) await this.#target.session?.(query);
    else await this.#statement(event, query);
  }

  async #statement(event: RawEvent, query: Query): Promise<void> {
    const target = this.#target;
    const { statement } = query;
    const reading = readingOf(query, this.#state.flavor);
    const { kind } = classifyStatement(statement, reading);
    switch (effectOf(kind)) {
      case 'none':
        return;
      case 'session':
        return target.session?.(query);
      case 'savepoint':
        return target.savepoint(savepointName(statement.toString()));
      case 'rollbackTo':
        return target.rollbackTo(savepointName(statement.toString()));
      case 'rollback':
        // Only what no ROLLBACK can undo at the source is logged with one, and it came as a transaction of its own.
        await target.rollback();
        return target.begin({ gtid: this.#gtid, file: this.#file, position: event.position });
      case 'xaStart':
        return this.#xa.start(statement);
      case 'xaCommit':
        return this.#replay(await this.#xa.commit(statement));
      case 'xaRollback':
        return this.#xa.rollback(statement);
      case 'rows':
        throw this.#notRows(`a statement (${kind})`, event);
      case 'definition':
        if (isUndoneAlter(query)) return;
        return target.define(loggedDefinition(event, query, reading, this.#state, this.#nameOf));
    }
  }

  async #xaPrepare(event: RawEvent): Promise<void> {
    const body = decodeBody(event, this.#state);
    if (body.kind === 'xaPrepare') await this.#replay(await this.#xa.prepare(body.onePhase));
  }

  async #replay(events: Iterable<RawEvent>): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- one event after the other
    for (const event of events) await this.#take(event);
  }

  #notRows(what: string, event: RawEvent): NotRowsError {
    return new NotRowsError(what, { file: this.#file, position: event.position, event: event.name });
  }
}

const isPlaced = ({ context: { gtid, file, position } }: RowlockError): boolean =>
  gtid !== undefined || (file !== undefined && position !== undefined);
