import { decodeBody, type RawEvent, type Rows, type TableMap } from '../../../binlog/index.ts';
import { FormatError } from '../../../errors/index.ts';
import { END } from '../../delimiter.ts';
import { EventHold } from '../../event-hold.ts';
import { writeBase64Lines } from '../../output/base64.ts';
import type { PrintState } from '../print-state.ts';
import { type ImageFields, inflatedRows, undoes, undoingRows, withStatementEnd } from './row-event-bytes.ts';
import { type RowStatement, type RowsLine, writeRowsLine } from './row-statement.ts';
import { StatementTables } from './statement-tables.ts';

/** A rows event that undoes one of the log. */
interface Undoing {
  /** What its line and hexdump show: the event as it was, but for the flag that ends the statement. */
  readonly shown: RawEvent;
  /** What is printed in base64, and whose rows are printed. */
  readonly event: RawEvent;
  readonly line: RowsLine;
}

/**
 * `--flashback`: a statement that is undone. Its rows events are printed when the last is there, from the last to the first; the
 * one that came first ends it.
 */
export class UndoneStatement implements RowStatement {
  readonly #state: PrintState;
  readonly #tables: StatementTables;
  /** Table maps whose base64 is not out yet. */
  readonly #maps: EventHold;
  /** Rows events since the last table map. Those of tables that are not printed stand among them, as in the original. */
  #events: RawEvent[] = [];

  constructor(state: PrintState) {
    this.#state = state;
    this.#tables = new StatementTables(state);
    this.#maps = new EventHold();
  }

  clear(): void {
    this.#tables.clear();
    this.#maps.clear();
  }

  addTable(event: RawEvent, map: TableMap): void {
    this.#events = [];
    if (!this.#state.showsRows) return;
    this.#tables.add(event, map);
    if (this.#state.printsBase64) this.#maps.add(event);
  }

  skipRows(event: RawEvent, _rows: Rows, endsStatement: boolean): void {
    this.#events.push(event.keep());
    if (!endsStatement) return;
    const state = this.#state;
    const { out } = state;
    state.out = state.direct;
    state.flushHead();
    if (!this.#maps.isEmpty) this.#writeBlock(state.direct, []);
    state.out = out;
  }

  addRows(event: RawEvent, _rows: Rows, endsStatement: boolean): void {
    this.#events.push(event.keep());
    if (!endsStatement) return;
    const events = this.#events;
    this.#events = [];
    const state = this.#state;
    if (!state.showsRows) {
      state.flushHead();
      return;
    }
    const all: Undoing[] = [];
    for (let i = events.length - 1; i >= 0; i -= 1) all.push(this.#undo(events[i]!, i === 0));
    state.flushHead();
    if (!state.options.shortForm)
      for (const { shown, line } of all) writeRowsLine(state, shown, state.position, line);
    if (state.printsBase64) {
      state.out.text("\nBINLOG '\n");
      this.#writeBlock(state.out, all);
    }
    for (const { event: undoing } of all) this.#finish(this.#rowsOf(undoing));
  }

  #rowsOf(event: RawEvent): Rows {
    return decodeBody(event, this.#state.log) as Rows;
  }

  #writeBlock(out: PrintState['out'], all: readonly Undoing[]): void {
    this.#maps.forEach((map) => writeBase64Lines(out, map.bytes, map.start, map.end));
    for (const { event } of all) writeBase64Lines(out, event.bytes, event.start, event.end);
    out.text(`'${END}`);
    this.#maps.clear();
  }

  #finish(rows: Rows): void {
    if (this.#state.verbose > 0) this.#tables.write(rows);
    else this.#state.rowCount += this.#tables.count(rows);
  }

  #undo(event: RawEvent, endsStatement: boolean): Undoing {
    const { verbose, options } = this.#state;
    const flagged = withStatementEnd(event, endsStatement);
    const rows = this.#rowsOf(flagged);
    const { operation, compressed } = rows.shape;
    const shown = compressed ? inflatedRows(flagged, rows) : flagged;
    const inflated = compressed ? this.#rowsOf(shown) : rows;
    const undoing = undoingRows(shown, inflated, this.#images(inflated), options.compat);
    if (verbose > 0 && options.compat === 'exact') this.#tables.check(this.#rowsOf(undoing));
    const line: RowsLine = {
      operation: compressed ? operation : undoes[operation],
      compressed,
      checksum: event.hasChecksum ? event.checksum : null,
      tableId: rows.tableId,
      endsStatement,
    };
    return { shown, event: undoing, line };
  }

  /** Undefined for rows of a table that is not printed: they stay in their order. */
  #images(rows: Rows): ImageFields[][] | undefined {
    const text = this.#tables.textOf(rows);
    if (text === undefined) return undefined;
    if (this.#state.options.compat === 'exact' && !text.hasKnownSizes(rows)) {
      for (const problem of ['', 'Error row length: 0']) this.#state.io.diagnose(problem);
      this.#state.hasExited = true;
      throw new FormatError('rows hold values whose size the original does not know');
    }
    return text.fields(rows);
  }
}
