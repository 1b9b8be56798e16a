import type { RawEvent, Rows, TableMap } from '../../../binlog/index.ts';
import type { TextOutput } from '../../output/text-output.ts';
import type { PrintState } from '../print-state.ts';
import type { TableText } from './row-text.ts';
import { TableTexts } from './table-texts.ts';

/** The tables whose maps were printed, and their rows' text. */
export class StatementTables {
  readonly #state: PrintState;
  readonly #tables: TableTexts;

  constructor(state: PrintState) {
    this.#state = state;
    this.#tables = new TableTexts({ verbose: state.verbose, compat: state.options.compat });
  }

  clear(): void {
    this.#tables.clear();
  }

  add(event: RawEvent, map: TableMap): void {
    if (this.#tables.add(event, map)) this.#state.io.rows?.remember(event, map.tableId);
  }

  /** Undefined without a table map. */
  textOf(rows: Rows): TableText | undefined {
    return this.#tables.textOf(rows);
  }

  /** How many rows an event counts for. */
  count(rows: Rows): number {
    return this.textOf(rows)?.count(rows) ?? 0;
  }

  /** @throws FormatError when rows do not fit their table */
  check(rows: Rows): void {
    this.textOf(rows)?.check(rows);
  }

  /**
   * Writes an event's rows and counts them. With the event at hand somebody else may write them.
   *
   * @throws FormatError when they do not fit their table; what was written stays
   */
  write(rows: Rows, event?: RawEvent): void {
    const { out } = this.#state;
    const text = this.textOf(rows);
    if (text === undefined) {
      out.text('### Row event for unknown table #');
      out.integer(rows.tableId);
    } else {
      this.#state.rowCount += this.#takenElsewhere(rows, event, text) ?? this.#writeHere(text, out, rows);
    }
  }

  #writeHere(text: TableText, out: TextOutput, rows: Rows): number {
    this.#state.io.rows?.settle();
    return text.write(out, rows);
  }

  /** How many rows there are that somebody else writes; undefined where nobody does. */
  #takenElsewhere(rows: Rows, event: RawEvent | undefined, text: TableText): number | undefined {
    const { io, out, direct } = this.#state;
    if (io.rows === undefined || event === undefined || out !== direct || text.learnsFromRows)
      return undefined;
    // Rows that do not fit end the run: they are left to where that can be said.
    const { count, isWhole } = text.measure(rows);
    return isWhole && io.rows.take(event, rows.tableId) ? count : undefined;
  }
}
