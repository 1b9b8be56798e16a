import {
  decodeBody,
  type RawEvent,
  type RowOperation,
  type Rows,
  RowsFlag,
  type TableMap,
} from '../../binlog/index.ts';
import { FormatError } from '../../errors/index.ts';
import { writeBase64Lines } from '../base64.ts';
import { EventHold } from '../event-hold.ts';
import { END } from './delimiter.ts';
import type { PrintState } from './print-state.ts';
import { inflatedRows, undoes, undoingRows, withStatementEnd } from './row-event-bytes.ts';
import { TableText } from './row-text.ts';

/** An event of the statement that waits for the statement's end. */
interface Pending {
  /** What is printed in base64, and whose rows are printed. */
  readonly event: RawEvent;
  readonly position: number;
  /** What its line and hexdump show, where that is not what is printed in base64. */
  readonly shown?: RawEvent;
  /** Undefined for table maps, whose own line is out already. */
  readonly line: RowsLine | undefined;
}

/** Shows the events of a statement in order; an event is valid during its visit only. */
type Walk = (visit: (pending: Pending) => void) => void;

/** What a rows event says of itself: it keeps the name and checksum it had before it was inflated or undone. */
interface RowsLine {
  readonly operation: RowOperation;
  readonly compressed: boolean;
  readonly checksum: number | null;
  readonly tableId: number;
  readonly endsStatement: boolean;
}

const operationNames: Readonly<Record<RowOperation, string>> = {
  insert: 'Write',
  update: 'Update',
  delete: 'Delete',
};

/**
 * The rows events of one statement. First what each says of itself, then the base64 of all with their table maps, then all their
 * rows: that is the order of the text, so nothing of them can be printed before the statement's last event is there. Until
 * then they are kept as the bytes they are, which is several times less than their text.
 */
export class RowStatement {
  readonly #state: PrintState;
  /** By table id; a table map often comes again, unchanged, with every statement. */
  readonly #tables = new Map<number, { readonly body: Buffer; readonly text: TableText }>();
  readonly #ignored = new Set<number>();
  readonly #events: EventHold;
  /** What is to be said of each event in {@link #events}, in step with it. */
  #notes: Omit<Pending, 'event'>[] = [];

  constructor(state: PrintState) {
    this.#state = state;
    this.#events = new EventHold(state.io.spill, state.io.origin);
  }

  /** Forgets everything: a new file. */
  clear(): void {
    this.#tables.clear();
    this.#ignored.clear();
    this.#forget();
  }

  /** Rows of this table are not printed until the statement ends. */
  ignoreTable(tableId: number): void {
    this.#ignored.add(tableId);
  }

  ignores(tableId: number): boolean {
    return this.#ignored.has(tableId);
  }

  /** A table map that is printed: its line is out, its base64 waits for the rows. */
  addTable(event: RawEvent, map: TableMap): void {
    const { options, position } = this.#state;
    const body = event.bytes.subarray(event.bodyStart, event.bodyEnd);
    if (this.#tables.get(map.tableId)?.body.equals(body) !== true) {
      const text = new TableText(map, map.schema, options.verbose);
      this.#tables.set(map.tableId, { body: Buffer.from(body), text });
    }
    this.#hold(event, position, undefined);
  }

  /** Rows of a table that is not printed: if they end the statement, what came before them is printed all the same. */
  skipRows(rows: Rows): void {
    if ((rows.flags & RowsFlag.STMT_END) === 0) return;
    this.#ignored.clear();
    if (this.#notes.length > 0) this.#write(this.#pending(), false);
    this.#forget();
  }

  /** Rows to print. @throws FormatError when they do not fit their table */
  addRows(event: RawEvent, rows: Rows): void {
    const { options, position } = this.#state;
    const endsStatement = (rows.flags & RowsFlag.STMT_END) !== 0;
    const line: RowsLine = {
      operation: rows.shape.operation,
      compressed: rows.shape.compressed,
      checksum: event.hasChecksum ? event.checksum : null,
      tableId: rows.tableId,
      endsStatement,
    };
    if (options.verbose === 0) this.#state.rowCount += this.#tableOf(rows)?.count(rows) ?? 0;
    const printed = rows.shape.compressed ? inflatedRows(event, rows) : event;
    this.#hold(printed, position, line);
    if (!endsStatement) return;
    this.#ignored.clear();
    this.#write(options.flashback ? this.#undone() : this.#pending(), true);
    this.#forget();
    this.#writeCount();
  }

  #hold(event: RawEvent, position: number, line: RowsLine | undefined): void {
    this.#events.add(event);
    this.#notes.push({ position, line });
  }

  #forget(): void {
    this.#events.clear();
    this.#notes = [];
  }

  /** The events kept so far, each valid until the next. */
  #pending(): Walk {
    return (visit) => {
      let index = 0;
      this.#events.forEach((event) => {
        visit({ event, ...this.#notes[index]! });
        index += 1;
      });
    };
  }

  /** Text of a table's rows; undefined without a table map. */
  #tableOf(rows: Rows): TableText | undefined {
    return this.#tables.get(rows.tableId)?.text;
  }

  #rowsOf(event: RawEvent): Rows {
    return decodeBody(event, this.#state.log) as Rows;
  }

  /** Table maps first, then rows events from the last to the first. */
  #undone(): Walk {
    const all: Pending[] = [];
    this.#pending()(({ event, position, line }) => all.push({ event: event.keep(), position, line }));
    const maps = all.filter(({ line }) => line === undefined);
    const changes = all.filter(({ line }) => line !== undefined).reverse();
    const undone = [
      ...maps,
      ...changes.map(({ event, line }, index): Pending => {
        const rows = this.#rowsOf(event);
        const endsStatement = index === changes.length - 1;
        const text = this.#tableOf(rows);
        if (this.#state.options.compat === 'exact' && text?.hasKnownSizes(rows) === false) {
          for (const problem of ['', 'Error row length: 0']) this.#state.io.diagnose(problem);
          throw new FormatError('rows hold values whose size the original does not know');
        }
        const images = text?.fields(rows) ?? [];
        const undoing = undoingRows(event, rows, images, endsStatement);
        const operation = line!.compressed ? line!.operation : undoes[line!.operation];
        const shown = withStatementEnd(event, endsStatement);
        return {
          event: undoing,
          shown,
          position: this.#state.position,
          line: { ...line!, operation, endsStatement },
        };
      }),
    ];
    return (visit) => undone.forEach(visit);
  }

  #write(all: Walk, isWhole: boolean): void {
    const state = this.#state;
    const { out, options } = state;
    // Rows that do not fit their table keep the whole statement from being printed.
    if (options.verbose > 0 && options.compat === 'exact') this.#check(all);
    all(({ event, shown, position, line }) => {
      if (line !== undefined) this.#writeLine(shown ?? event, position, line);
    });
    if (state.printsBase64) {
      // Without the statement's own end the original forgets how the block begins.
      if (isWhole) out.text("\nBINLOG '\n");
      all(({ event }) => writeBase64Lines(out, event.bytes, event.start, event.end));
      out.text(`'${END}`);
    }
    if (options.verbose === 0) return;
    all(({ event, line }) => {
      if (line !== undefined) this.#writeRows(event);
    });
  }

  /** `Write_rows: table id 28 flags: STMT_END_F` */
  #writeLine(event: RawEvent, position: number, line: RowsLine): void {
    const { out, header } = this.#state;
    header.write(out, event, position, line.checksum);
    out.text(`\t${operationNames[line.operation]}${line.compressed ? '_compressed' : ''}_rows: table id `);
    out.integer(line.tableId);
    if (line.endsStatement) out.text(' flags: STMT_END_F');
    out.byte(0x0a);
  }

  #writeRows(event: RawEvent): void {
    const state = this.#state;
    const rows = this.#rowsOf(event);
    const text = this.#tableOf(rows);
    if (text === undefined) {
      state.out.text('### Row event for unknown table #');
      state.out.integer(rows.tableId);
    } else {
      state.rowCount += text.write(state.out, rows);
    }
  }

  #check(all: Walk): void {
    all(({ event, line }) => {
      if (line === undefined) return;
      const rows = this.#rowsOf(event);
      this.#tableOf(rows)?.fields(rows);
    });
  }

  #writeCount(): void {
    const { direct: out, options, rowCount } = this.#state;
    this.#state.rowCount = 0;
    if (!options.printRowCount) return;
    out.text('# Number of rows: ');
    out.integer(rowCount);
    out.byte(0x0a);
  }
}
