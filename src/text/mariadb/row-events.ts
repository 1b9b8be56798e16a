import {
  type AnnotateRows,
  decodeBody,
  type RawEvent,
  type Rows,
  RowsFlag,
  type TableMap,
} from '../../binlog/index.ts';
import { writeIdentifier } from './identifier.ts';
import { writeAnnotateRows } from './note-text.ts';
import type { PrintState } from './print-state.ts';
import { renamedTableMap } from './row-event-bytes.ts';
import { RowStatement } from './row-statement.ts';
import { writeTableMetadata } from './table-metadata-text.ts';

/** The bit of a table map's flags that says that the table has triggers on the source. */
const TM_BIT_HAS_TRIGGERS = 0x4000;

/** Annotations, table maps and rows: what is printed of them, and when. */
export class RowEvents {
  readonly #state: PrintState;
  readonly #statement: RowStatement;

  constructor(state: PrintState) {
    this.#state = state;
    this.#statement = new RowStatement(state);
  }

  startFile(): void {
    this.#statement.clear();
  }

  /** Waits for a table map that is printed; a statement whose tables are all filtered out shows no annotation. */
  annotate(event: RawEvent): void {
    if (this.#state.options.skipAnnotateRowEvents) return;
    this.#state.annotation = event.keep();
  }

  addTable(event: RawEvent, map: TableMap): void {
    const state = this.#state;
    const { options, selection } = state;
    if (selection.skipsDatabase(map.schema) || selection.skipsTable(map.table)) {
      this.#statement.ignoreTable(map.tableId);
      return;
    }
    const { annotation } = state;
    if (annotation !== undefined) {
      state.annotation = undefined;
      writeAnnotateRows(state, annotation, decodeBody(annotation, state.log) as AnnotateRows);
    }
    const schema = selection.rewritten(map.schema);
    if (schema === undefined) {
      this.#writeTable(event, map);
    } else {
      this.#writeTable(renamedTableMap(event, map, schema), { ...map, schema });
    }
    if (options.printTableMetadata && !options.shortForm) writeTableMetadata(state.out, map);
  }

  #writeTable(event: RawEvent, map: TableMap): void {
    const state = this.#state;
    const { out } = state;
    if (!state.options.shortForm) {
      state.writeHeader(event);
      out.text('\tTable_map: ');
      writeIdentifier(out, map.schema);
      out.byte(0x2e);
      writeIdentifier(out, map.table);
      out.text(` mapped to number ${map.tableId}`);
      if ((map.flags & TM_BIT_HAS_TRIGGERS) !== 0) out.text(' (has triggers)');
      out.byte(0x0a);
    }
    this.#statement.addTable(event, map);
  }

  /** @throws FormatError when rows do not fit their table */
  addRows(event: RawEvent, rows: Rows): void {
    const state = this.#state;
    if ((rows.flags & RowsFlag.STMT_END) !== 0) state.annotation = undefined;
    if (state.options.shortForm) return;
    if (this.#statement.ignores(rows.tableId)) this.#statement.skipRows(rows);
    else this.#statement.addRows(event, rows);
  }
}
