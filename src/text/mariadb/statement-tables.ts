import type { RawEvent, Rows, TableMap } from '../../binlog/index.ts';
import type { PrintState } from './print-state.ts';
import { TableText } from './row-text.ts';

/** The tables whose maps were printed, and their rows' text. */
export class StatementTables {
  readonly #state: PrintState;
  /** By table id; a table map often comes again, unchanged, with every statement. */
  readonly #tables = new Map<number, { readonly body: Buffer; readonly text: TableText }>();

  constructor(state: PrintState) {
    this.#state = state;
  }

  clear(): void {
    this.#tables.clear();
  }

  add(event: RawEvent, map: TableMap): void {
    const body = event.bytes.subarray(event.bodyStart, event.bodyEnd);
    if (this.#tables.get(map.tableId)?.body.equals(body) === true) return;
    const { verbose, options } = this.#state;
    const text = new TableText(map, verbose, options.compat);
    this.#tables.set(map.tableId, { body: Buffer.from(body), text });
  }

  /** Undefined without a table map. */
  textOf(rows: Rows): TableText | undefined {
    return this.#tables.get(rows.tableId)?.text;
  }

  /** How many rows an event counts for. */
  count(rows: Rows): number {
    return this.textOf(rows)?.count(rows) ?? 0;
  }

  /** @throws FormatError when rows do not fit their table */
  check(rows: Rows): void {
    this.textOf(rows)?.check(rows);
  }

  /** Writes an event's rows and counts them. @throws FormatError when they do not fit their table; what was written stays */
  write(rows: Rows): void {
    const { out } = this.#state;
    const text = this.textOf(rows);
    if (text === undefined) {
      out.text('### Row event for unknown table #');
      out.integer(rows.tableId);
    } else {
      this.#state.rowCount += text.write(out, rows);
    }
  }
}
