import {
  decodeBody,
  EventType,
  encodeEvent,
  type Flavor,
  HEADER_BYTES,
  LogState,
  MariadbGtidFlag,
  PayloadReader,
  type Query,
  RawEvent,
  RowsFlag,
  rowsShape,
} from '../../binlog/index.ts';
import { FormatError } from '../../errors/index.ts';
import {
  classifyStatement,
  rowChanges,
  SqlLexer,
  type Statement,
  type StatementKind,
  type TableName,
  Token,
} from '../../sql/index.ts';
import type { ReplicateFilter } from './replicate-filter.ts';

/** Where the events go that pass: copied, with room for a checksum. */
export interface SelectedEvents {
  readonly slabs: readonly Buffer[];
  readonly starts: readonly number[];
  readonly count: number;
  add(event: RawEvent): void;
  /** An event that stands alone and ends in a checksum. */
  addBytes(bytes: Buffer): void;
  /** An event was changed where it stands: its checksum is not that of its bytes. */
  changed?(index: number): void;
}

/** Whom a channel's changes are held against; each call throws what the server says. */
export interface AskedPrivileges {
  checkTable(privilege: 'INSERT' | 'UPDATE' | 'DELETE', schema: string, table: string): void;
  checkDefinition(
    kind: StatementKind,
    tables: readonly TableName[],
    schema: string,
    database: string | undefined,
  ): void;
  /** Changes that are not rows. */
  refuseStatements(): never;
}

interface SelectedTable {
  readonly schema: string;
  readonly table: string;
  readonly passes: boolean;
  /** Operations that were asked for since the table map. */
  asked: number;
}

const PRIVILEGE_OF = { insert: 'INSERT', update: 'UPDATE', delete: 'DELETE' } as const;
const BIT_OF = { insert: 1, update: 2, delete: 4 } as const;

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

const dataChanges: ReadonlySet<StatementKind> = new Set([...rowChanges, 'select', 'call', 'do']);

/** Where the table id of a rows event or a table map ends, and its flags stand. */
const FLAGS_AT = HEADER_BYTES + 6;
const NAMES_AT = HEADER_BYTES + 8;

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
  readonly #tables = new Map<number, SelectedTable>();
  readonly #inner = new RawEvent();
  readonly #made = new RawEvent();
  /** Index in the buffer of the statement's last rows event; -1: none. */
  #lastRows = -1;

  /** `definitions` is shown each statement that passes, and throws what the server says of it. */
  constructor(
    filter: ReplicateFilter | undefined,
    privileges: AskedPrivileges | undefined,
    flavor: Flavor,
    buffer: SelectedEvents,
    definitions?: (query: Query, statement: Statement) => void,
  ) {
    this.#definitions = definitions;
    this.#filter = filter;
    this.#privileges = privileges;
    this.#state.flavor = flavor;
    this.#buffer = buffer;
  }

  /** Whether the buffer may be written out: no event in it may still have to change. */
  get isBetweenStatements(): boolean {
    return this.#lastRows < 0;
  }

  setFormat(event: RawEvent): void {
    const body = decodeBody(event, this.#state);
    if (body.kind === 'formatDescription') this.#state.setFormat(body);
  }

  begin(): void {
    this.#tables.clear();
    this.#lastRows = -1;
  }

  /** Puts into the buffer what passes of an event. @throws ChannelError the account may not do this */
  take(event: RawEvent): void {
    const { type } = event;
    if (type === EventType.TABLE_MAP_EVENT) this.#takeTableMap(event);
    else if (rowsShape(type) !== undefined) this.#takeRows(event);
    else if (type === EventType.QUERY_EVENT || type === EventType.QUERY_COMPRESSED_EVENT)
      this.#takeQuery(event);
    else if (type === EventType.TRANSACTION_PAYLOAD_EVENT) this.#takePayload(event);
    else {
      if (this.#privileges !== undefined && type === EventType.EXECUTE_LOAD_QUERY_EVENT)
        this.#privileges.refuseStatements();
      this.#buffer.add(event);
    }
  }

  #takePayload(event: RawEvent): void {
    const body = decodeBody(event, this.#state);
    if (body.kind !== 'transactionPayload') return;
    const inner = this.#inner;
    const reader = new PayloadReader(body, event);
    if (this.#filter === undefined) {
      // Nothing of it is left out: it stays closed, once all that is in it was asked for.
      while (reader.next(inner)) this.#askFor(inner);
      this.#buffer.add(event);
      return;
    }
    while (reader.next(inner)) this.take(inner);
  }

  /** Privileges only. */
  #askFor(event: RawEvent): void {
    if (event.type === EventType.TABLE_MAP_EVENT) this.#learnTable(event);
    else if (rowsShape(event.type) !== undefined) this.#askForRows(event, this.#tables.get(tableIdOf(event)));
    else if (event.type === EventType.QUERY_EVENT) this.#askForQuery(event);
  }

  #learnTable(event: RawEvent): SelectedTable {
    const { bytes, start } = event;
    const schemaBytes = bytes[start + NAMES_AT]!;
    const schemaAt = start + NAMES_AT + 1;
    const tableAt = schemaAt + schemaBytes + 2;
    const source = bytes.toString('utf8', schemaAt, schemaAt + schemaBytes);
    const table = bytes.toString('utf8', tableAt, tableAt + bytes[tableAt - 1]!);
    const schema = this.#filter?.rewritten(source) ?? source;
    const passes = this.#filter?.passesTable(schema, table) ?? true;
    const selected = { schema, table, passes, asked: 0 };
    this.#tables.set(tableIdOf(event), selected);
    return selected;
  }

  #takeTableMap(event: RawEvent): void {
    const { schema, passes } = this.#learnTable(event);
    if (!passes) return;
    const { bytes, start } = event;
    const at = start + NAMES_AT;
    const name = Buffer.from(schema);
    if (name.equals(bytes.subarray(at + 1, at + 1 + bytes[at]!))) {
      this.#buffer.add(event);
      return;
    }
    const renamed = Buffer.concat([
      bytes.subarray(start, at),
      Buffer.of(name.length),
      name,
      bytes.subarray(at + 1 + bytes[at]!, event.bodyEnd),
    ]);
    this.#add(renamed);
  }

  #takeRows(event: RawEvent): void {
    const table = this.#tables.get(tableIdOf(event));
    const ends = (event.bytes.readUInt16LE(event.start + FLAGS_AT) & RowsFlag.STMT_END) !== 0;
    if (table?.passes === false) {
      if (ends && this.#lastRows >= 0) this.#endStatement();
    } else {
      this.#askForRows(event, table);
      this.#lastRows = this.#filter === undefined ? -1 : this.#buffer.count;
      this.#buffer.add(event);
    }
    if (!ends) return;
    this.#lastRows = -1;
    this.#tables.clear();
  }

  #askForRows(event: RawEvent, table: SelectedTable | undefined): void {
    if (this.#privileges === undefined) return;
    const shape = rowsShape(event.type);
    // Rows of no known table change nothing that a privilege could be about: the dummy that ends a statement.
    if (shape === undefined || table === undefined) return;
    const bit = BIT_OF[shape.operation];
    if ((table.asked & bit) !== 0) return;
    this.#privileges.checkTable(PRIVILEGE_OF[shape.operation], table.schema, table.table);
    table.asked |= bit;
  }

  /** The statement's last rows were left out: the last ones that are here end it. */
  #endStatement(): void {
    const slab = this.#buffer.slabs[this.#lastRows]!;
    const at = this.#buffer.starts[this.#lastRows]! + FLAGS_AT;
    slab.writeUInt16LE(slab.readUInt16LE(at) | RowsFlag.STMT_END, at);
    this.#buffer.changed?.(this.#lastRows);
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
    const database = databaseOf(statement, query);
    if (this.#filter?.passesStatement(statement, schema, database) === false) {
      this.#leaveEmpty(event, query);
      return;
    }
    this.#ask(statement, schema, database);
    this.#definitions?.(query, statement);
    if (schema === written) this.#buffer.add(event);
    else this.#addQuery(event, { ...query, schema: Buffer.from(schema) });
  }

  #askForQuery(event: RawEvent): void {
    const query = this.#decode(event);
    const statement = this.#classify(query);
    if (frames.has(statement.kind)) return;
    this.#ask(statement, query.schema.toString(), databaseOf(statement, query));
    this.#definitions?.(query, statement);
  }

  #ask(statement: Statement, schema: string, database: string | undefined): void {
    if (this.#privileges === undefined) return;
    if (dataChanges.has(statement.kind)) this.#privileges.refuseStatements();
    this.#privileges.checkDefinition(statement.kind, statement.tables, schema, database);
  }

  /** A transaction of one statement that does not pass: its GTID stays, in front of nothing. */
  #leaveEmpty(event: RawEvent, query: Query): void {
    const buffer = this.#buffer;
    if (buffer.count === 0) return;
    const slab = buffer.slabs[0]!;
    const start = buffer.starts[0]!;
    const type = slab[start + 4];
    const isAlone = buffer.count === 1;
    if (!isAlone) return;
    if (type === EventType.GTID_EVENT) {
      slab[start + HEADER_BYTES + 12]! &= ~(MariadbGtidFlag.STANDALONE | MariadbGtidFlag.DDL);
      buffer.changed?.(0);
    } else {
      this.#addQuery(event, { ...query, statement: Buffer.from('BEGIN') });
    }
    this.#addQuery(event, { ...query, statement: Buffer.from('COMMIT') });
  }

  #addQuery(event: RawEvent, query: Query): void {
    const header = {
      timestamp: event.timestamp,
      type: EventType.QUERY_EVENT,
      serverId: event.serverId,
      logPos: 0,
      flags: event.flags,
    };
    this.#buffer.addBytes(
      encodeEvent(header, { ...query, block: undefined }, this.#state, { checksum: true }),
    );
  }

  #add(bytes: Buffer): void {
    bytes.writeUInt32LE(bytes.length, 9);
    this.#made.aim(bytes, 0, bytes.length, 0, false);
    this.#buffer.add(this.#made);
  }

  #decode(event: RawEvent): Query {
    const body = decodeBody(event, this.#state);
    if (body.kind !== 'query') throw new FormatError('a Query event that is none');
    return body;
  }

  #classify({ statement, status }: Query): Statement {
    return classifyStatement(statement, {
      sqlMode: Number(status.sqlMode ?? 0n),
      flavor: this.#state.flavor,
    });
  }
}

function tableIdOf({ bytes, start }: RawEvent): number {
  return bytes.readUIntLE(start + HEADER_BYTES, 6);
}

const DATABASE_WORDS: ReadonlySet<string> = new Set(['DATABASE', 'SCHEMA']);
const EXISTS_WORDS: ReadonlySet<string> = new Set(['IF', 'NOT', 'EXISTS']);

/** The database that CREATE, ALTER or DROP DATABASE names. */
function databaseOf({ kind }: Statement, { statement }: Query): string | undefined {
  if (!kind.endsWith('Database')) return undefined;
  const lexer = new SqlLexer(statement);
  while (lexer.next() !== Token.END && !DATABASE_WORDS.has(lexer.word));
  lexer.next();
  while (EXISTS_WORDS.has(lexer.word)) lexer.next();
  const { text } = lexer;
  const name = lexer.token === Token.QUOTED ? text.slice(1, -1).replaceAll('``', '`') : text;
  return Buffer.from(name, 'latin1').toString();
}
