import { decodeBody, RawEvent, type RowOperation, type Rows, type TableMap } from '../../../binlog/index.ts';
import { END } from '../../delimiter.ts';
import { EventHold } from '../../event-hold.ts';
import { writeBase64Lines } from '../../output/base64.ts';
import { Literal } from '../../output/literal.ts';
import type { PrintState } from '../print-state.ts';
import { inflatedRows } from './row-event-bytes.ts';
import { StatementTables } from './statement-tables.ts';

/** The rows events of one statement, as they come in. */
export interface RowStatement {
  /** Forgets everything: a new file. */
  clear(): void;
  /** A table map that is printed: its line is out, its base64 waits for the rows. */
  addTable(event: RawEvent, map: TableMap): void;
  /** Rows of a table that is not printed: if they end the statement, what came before them is printed all the same. */
  skipRows(event: RawEvent, rows: Rows, endsStatement: boolean): void;
  /** Rows to print. @throws FormatError when they do not fit their table */
  addRows(event: RawEvent, rows: Rows, endsStatement: boolean): void;
}

/** What a rows event says of itself: it keeps the name and checksum it had before it was inflated or undone. */
export interface RowsLine {
  readonly operation: RowOperation;
  readonly compressed: boolean;
  readonly checksum: number | null;
  readonly tableId: number;
  readonly endsStatement: boolean;
}

type Titles = Readonly<Record<RowOperation, Literal>>;

const titlesWith = (middle: string): Titles => ({
  insert: new Literal(`\tWrite${middle}_rows: table id `),
  update: new Literal(`\tUpdate${middle}_rows: table id `),
  delete: new Literal(`\tDelete${middle}_rows: table id `),
});

const titles: Titles = titlesWith('');
const compressedTitles: Titles = titlesWith('_compressed');

const STATEMENT_END = new Literal(' flags: STMT_END_F');
const BEGIN_BASE64 = new Literal("\nBINLOG '\n");
const END_BASE64 = new Literal(`'${END}`);

/** `Write_rows: table id 28 flags: STMT_END_F` */
export function writeRowsLine(state: PrintState, event: RawEvent, position: number, line: RowsLine): void {
  const { out, header } = state;
  header.write(out, event, position, line.checksum);
  out.literal((line.compressed ? compressedTitles : titles)[line.operation]);
  out.integer(line.tableId);
  if (line.endsStatement) out.literal(STATEMENT_END);
  out.byte(0x0a);
}

/** What is to be said of an event that waits; undefined for table maps, whose own line is out already. */
interface Note {
  readonly position: number;
  readonly line: RowsLine | undefined;
  /** Of the event's header. */
  readonly timestamp: number;
  readonly serverId: number;
  readonly logPos: number;
}

/**
 * A statement that is printed as it ran. First what each rows event says of itself, then the base64 of all with their table maps,
 * then all their rows: that is the order of the text, so nothing of them can be printed before the statement's last event is there.
 * Until then they are kept as the bytes they are, which is several times less than their text.
 */
export class PrintedStatement implements RowStatement {
  readonly #state: PrintState;
  readonly #tables: StatementTables;
  readonly #events: EventHold;
  /** In step with {@link #events}. */
  #notes: Note[] = [];
  /** Of so many events the lines are out, or will never be, because other text has come in between. */
  #linesWritten = 0;
  /** Stands for an event whose header is all that its line shows. */
  readonly #header = new RawEvent();

  constructor(state: PrintState) {
    this.#state = state;
    this.#tables = new StatementTables(state);
    this.#events = new EventHold(state.io.spill, state.io.origin);
    state.writeRowLines = (isPrinted) => this.#writeLines(isPrinted);
  }

  clear(): void {
    this.#tables.clear();
    this.#forget();
  }

  addTable(event: RawEvent, map: TableMap): void {
    if (!this.#state.showsRows) return;
    this.#tables.add(event, map);
    if (!this.#state.options.shortForm) this.#hold(event, undefined);
  }

  skipRows(_event: RawEvent, _rows: Rows, endsStatement: boolean): void {
    if (!endsStatement) return;
    if (this.#notes.length > 0) this.#write(false);
    this.#forget();
  }

  addRows(event: RawEvent, rows: Rows, endsStatement: boolean): void {
    const { options, verbose, showsRows } = this.#state;
    if (showsRows) {
      if (verbose === 0) this.#state.rowCount += this.#tables.count(rows);
      // Rows that do not fit their table keep the whole statement from being printed.
      else if (options.compat === 'exact') this.#tables.check(rows);
      if (!options.shortForm) this.#holdRows(event, rows, endsStatement);
    }
    if (!endsStatement) return;
    this.#write(true);
    this.#forget();
  }

  #holdRows(event: RawEvent, rows: Rows, endsStatement: boolean): void {
    const { operation, compressed } = rows.shape;
    this.#hold(compressed ? inflatedRows(event, rows) : event, {
      operation,
      compressed,
      checksum: event.hasChecksum ? event.checksum : null,
      tableId: rows.tableId,
      endsStatement,
    });
  }

  #hold(event: RawEvent, line: RowsLine | undefined): void {
    this.#events.add(event);
    const { timestamp, serverId, logPos } = event;
    this.#notes.push({ position: this.#state.position, line, timestamp, serverId, logPos });
  }

  #forget(): void {
    this.#events.clear();
    this.#notes = [];
    this.#linesWritten = 0;
  }

  #writeLines(isPrinted: boolean): void {
    const from = this.#linesWritten;
    this.#linesWritten = this.#notes.length;
    if (!isPrinted) return;
    if (!this.#state.options.hexdump) {
      for (let index = from; index < this.#notes.length; index += 1) this.#writeLine(this.#notes[index]!);
      return;
    }
    let index = 0;
    this.#events.forEach((event) => {
      const { line, position } = this.#notes[index]!;
      if (index >= from && line !== undefined) writeRowsLine(this.#state, event, position, line);
      index += 1;
    });
  }

  /** Without its event, which may have to be read again. */
  #writeLine({ line, position, timestamp, serverId, logPos }: Note): void {
    if (line === undefined) return;
    const header = this.#header;
    header.timestamp = timestamp;
    header.serverId = serverId;
    header.logPos = logPos;
    writeRowsLine(this.#state, header, position, line);
  }

  #forEach(visit: (event: RawEvent, note: Note) => void): void {
    let index = 0;
    this.#events.forEach((event) => {
      visit(event, this.#notes[index]!);
      index += 1;
    });
  }

  #write(isWhole: boolean): void {
    const state = this.#state;
    const { out } = state;
    state.flushHead();
    if (state.options.shortForm) return;
    if (state.printsBase64) {
      // Without the statement's own end the original forgets how the block begins.
      if (isWhole) out.literal(BEGIN_BASE64);
      this.#events.forEach((event) => writeBase64Lines(out, event.bytes, event.start, event.end));
      out.literal(END_BASE64);
    }
    if (state.verbose === 0) return;
    this.#forEach((event, { line }) => {
      if (line !== undefined) this.#tables.write(decodeBody(event, state.log) as Rows, event);
    });
  }
}
