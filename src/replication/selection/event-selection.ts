import {
  decodeBody,
  decodeNext,
  type EventBody,
  EventType,
  encodeEvent,
  type Flavor,
  LENGTH_AT,
  LogState,
  PayloadReader,
  type Query,
  RawEvent,
  rowsShape,
} from '../../binlog/index.ts';
import { FormatError } from '../../errors/index.ts';
import {
  classifyStatement,
  parseTableStatement,
  type Statement,
  type StatementKind,
} from '../../sql/index.ts';
import { type AskedPrivileges, askForRows, askForStatement } from './asked-privileges.ts';
import { namedDatabase } from './named-database.ts';
import { OpenedPayload } from './opened-payload.ts';
import { PassedRows } from './passed-rows.ts';
import type { ReplicateFilter } from './replicate-filter.ts';
import { announceGroup, endsStatement, opensGroup, type SelectedEvents } from './selected-events.ts';
import { type SelectedTable, SelectedTables, withSchema } from './selected-tables.ts';
import { withNames } from './statement-names.ts';
import { StatementPrelude } from './statement-prelude.ts';
import { readingOf } from './statement-reading.ts';

/** Statements that only bound or divide a transaction. */
const frames: ReadonlySet<StatementKind> = new Set([
  'begin',
  'commit',
  'rollback',
  'rollbackTo',
  'savepoint',
  'releaseSavepoint',
  'xaStart',
  'xaEnd',
  'xaPrepare',
  'xaCommit',
  'xaRollback',
]);

const BEGIN = Buffer.from('BEGIN');
const COMMIT = Buffer.from('COMMIT');

/**
 * Takes the events of a transaction that a channel's filters let through, under the names they have here, and holds every change against
 * the privileges of the channel's account. What a transaction loses leaves it whole: a statement's last rows event ends it, and a
 * definition that does not pass leaves an empty transaction with its GTID.
 */
export class EventSelection {
  readonly #filter: ReplicateFilter | undefined;
  readonly #privileges: AskedPrivileges | undefined;
  readonly #buffer: SelectedEvents;
  readonly #definitions: ((query: Query, statement: Statement) => void) | undefined;
  readonly #state = new LogState();
  readonly #tables: SelectedTables;
  readonly #inner = new RawEvent();
  readonly #made = new RawEvent();
  readonly #prelude: StatementPrelude;
  readonly #rows: PassedRows;
  readonly #payload: OpenedPayload;

  /** `definitions` is shown each statement that passes, and throws what the server says of it. */
  constructor(
    filter: ReplicateFilter | undefined,
    privileges: AskedPrivileges | undefined,
    flavor: Flavor,
    buffer: SelectedEvents,
    definitions?: (query: Query, statement: Statement) => void,
  ) {
    this.#definitions = definitions;
    this.#filter = filter?.of(flavor);
    this.#tables = new SelectedTables(this.#filter);
    this.#privileges = privileges;
    this.#state.flavor = flavor;
    this.#buffer = buffer;
    this.#prelude = new StatementPrelude(buffer);
    this.#rows = new PassedRows(buffer);
    this.#payload = new OpenedPayload(buffer, (event) => this.take(event));
  }

  setFormat(event: RawEvent): void {
    decodeNext(event, this.#state);
  }

  begin(): void {
    this.#payload.close();
    this.#tables.clear();
    this.#prelude.clear();
    this.#rows.clear();
  }

  /** Puts into the buffer what passes of an event; that does not change any more. @throws ChannelError the account may not do this */
  take(event: RawEvent): void {
    const { type } = event;
    if (rowsShape(type) !== undefined) {
      this.#takeRows(event);
      return;
    }
    this.#rows.pass();
    if (type === EventType.TABLE_MAP_EVENT) this.#takeTableMap(event);
    else if (type === EventType.QUERY_EVENT || type === EventType.QUERY_COMPRESSED_EVENT)
      this.#takeQuery(event);
    else if (type === EventType.EXECUTE_LOAD_QUERY_EVENT) this.#takeLoad(event);
    else if (type === EventType.TRANSACTION_PAYLOAD_EVENT) this.#takePayload(event);
    else if (this.#filter === undefined || !this.#prelude.take(event)) this.#buffer.add(event);
  }

  #takePayload(event: RawEvent): void {
    const body = decodeBody(event, this.#state);
    if (body.kind !== 'transactionPayload') return;
    if (this.#filter !== undefined) {
      this.#payload.open(body, event);
      return;
    }
    for (const inner of new PayloadReader(body, event).events(this.#inner)) this.#askFor(inner);
    // Nothing of it is left out: it stays closed.
    this.#buffer.add(event);
  }

  /** Whether more of a compressed transaction is to be taken with {@link takeMore}, before the next event: write what has passed first. */
  get hasMore(): boolean {
    return this.#payload.hasMore;
  }

  /** Puts into the buffer what passes of the next part of a compressed transaction. @throws as {@link take} */
  takeMore(): void {
    this.#payload.takeMore();
  }

  /** Privileges only. */
  #askFor(event: RawEvent): void {
    if (event.type === EventType.TABLE_MAP_EVENT) this.#tables.map(event);
    else if (rowsShape(event.type) !== undefined) this.#askForRows(event, this.#tables.of(event));
    else if (event.type === EventType.QUERY_EVENT) this.#askForQuery(event);
    else if (event.type === EventType.EXECUTE_LOAD_QUERY_EVENT) this.#privileges?.refuseStatements();
  }

  #takeTableMap(event: RawEvent): void {
    const { schema, passes } = this.#tables.map(event);
    if (!passes) return;
    this.#prelude.pass();
    const renamed = withSchema(event, schema);
    if (renamed === undefined) this.#buffer.add(event);
    else this.#add(renamed);
  }

  #takeRows(event: RawEvent): void {
    const table = this.#tables.of(event);
    const ends = endsStatement(event);
    if (table?.passes === false) {
      if (ends) this.#rows.end();
    } else {
      this.#askForRows(event, table);
      this.#rows.take(event, this.#tables.leavesOut && !ends);
    }
    if (!ends) return;
    this.#prelude.clear();
    this.#tables.clear();
  }

  #askForRows(event: RawEvent, table: SelectedTable | undefined): void {
    if (this.#privileges !== undefined) askForRows(this.#privileges, event, table);
  }

  #takeQuery(event: RawEvent): void {
    const query = this.#decode(event);
    const statement = this.#classify(query);
    if (frames.has(statement.kind)) {
      this.#buffer.add(event);
      return;
    }
    const written = query.schema.toString();
    const schema = this.#filter?.rewritten(written) ?? written;
    const database = this.#databaseOf(query, statement);
    if (this.#filter?.passesStatement(statement, schema, database) === false) {
      this.#prelude.clear();
      this.#leaveEmpty(event, query);
      return;
    }
    this.#ask(query, statement, schema, database);
    this.#definitions?.(query, statement);
    this.#prelude.pass();
    if (schema === written) this.#buffer.add(event);
    else this.#addQuery(event, { ...query, schema: Buffer.from(schema) });
  }

  /** LOAD DATA: its file came before it. */
  #takeLoad(event: RawEvent): void {
    const load = decodeBody(event, this.#state);
    if (load.kind !== 'executeLoadQuery') throw new FormatError('a LOAD DATA that is none');
    const written = load.schema.toString();
    const schema = this.#filter?.rewritten(written) ?? written;
    if (this.#filter?.passesStatement(this.#classify(load), schema, undefined) === false) {
      if (this.#prelude.isSent)
        this.#addMade(event, EventType.DELETE_FILE_EVENT, { kind: 'deleteFile', fileId: load.fileId });
      this.#prelude.clear();
      return;
    }
    this.#privileges?.refuseStatements();
    this.#prelude.pass();
    if (schema === written) this.#buffer.add(event);
    else this.#addMade(event, event.type, { ...load, schema: Buffer.from(schema) });
  }

  #askForQuery(event: RawEvent): void {
    const query = this.#decode(event);
    const statement = this.#classify(query);
    if (frames.has(statement.kind)) return;
    this.#ask(query, statement, query.schema.toString(), this.#databaseOf(query, statement));
    this.#definitions?.(query, statement);
  }

  #ask(query: Query, statement: Statement, schema: string, database: string | undefined): void {
    if (this.#privileges === undefined) return;
    const definition = parseTableStatement(query.statement, readingOf(query, this.#state.flavor));
    askForStatement(this.#privileges, statement, definition, schema, database);
  }

  /** A transaction of one statement that does not pass: its GTID stays, in front of nothing. */
  #leaveEmpty(event: RawEvent, query: Query): void {
    if (this.#buffer.count !== 1 || opensGroup(this.#buffer)) return;
    if (!announceGroup(this.#buffer)) this.#addQuery(event, { ...query, statement: BEGIN });
    this.#addQuery(event, { ...query, statement: COMMIT });
  }

  #addQuery(event: RawEvent, query: Query): void {
    this.#addMade(event, EventType.QUERY_EVENT, { ...query, block: undefined });
  }

  /** An event in the place of another one. */
  #addMade({ timestamp, serverId, flags }: RawEvent, type: number, body: EventBody): void {
    const header = { timestamp, type, serverId, logPos: 0, flags };
    this.#buffer.addBytes(encodeEvent(header, body, this.#state, { checksum: true }));
  }

  #add(bytes: Buffer): void {
    bytes.writeUInt32LE(bytes.length, LENGTH_AT);
    this.#made.aim(bytes, 0, bytes.length, 0, false);
    this.#buffer.add(this.#made);
  }

  #decode(event: RawEvent): Query {
    const body = decodeBody(event, this.#state);
    if (body.kind !== 'query') throw new FormatError('a Query event that is none');
    return body;
  }

  #classify(query: Pick<Query, 'status' | 'statement'>): Statement {
    const reading = readingOf(query, this.#state.flavor);
    return withNames(classifyStatement(query.statement, reading), reading);
  }

  #databaseOf(query: Query, statement: Statement): string | undefined {
    return namedDatabase(statement, query.statement, readingOf(query, this.#state.flavor));
  }
}
