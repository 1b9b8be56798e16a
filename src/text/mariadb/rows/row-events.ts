import {
  type AnnotateRows,
  decodeBody,
  RawEvent,
  type Rows,
  RowsFlag,
  type TableMap,
} from '../../../binlog/index.ts';
import { writeIdentifier } from '../../output/identifier.ts';
import { Literal } from '../../output/literal.ts';
import { TextOutput } from '../../output/text-output.ts';
import { writeTableMetadata } from '../metadata/table-metadata-text.ts';
import { writeAnnotateRows } from '../note-text.ts';
import type { PrintState } from '../print-state.ts';
import { renamedTableMap } from './row-event-bytes.ts';
import { PrintedStatement, type RowStatement } from './row-statement.ts';
import { UndoneStatement } from './undone-statement.ts';

/** The bit of a table map's flags that says that the table has triggers on the source. */
const TM_BIT_HAS_TRIGGERS = 0x4000;

/** Of maps that are remembered: servers repeat them for every statement. */
const titles = new WeakMap<TableMap, Literal>();

/** `Table_map: ` and the names, number and trigger mark of a table, to the end of the line. */
function makeTitle(map: TableMap): Literal {
  const text = new TextOutput(undefined, 256);
  text.text('\tTable_map: ');
  writeIdentifier(text, map.schema);
  text.byte(0x2e);
  writeIdentifier(text, map.table);
  text.text(' mapped to number ');
  text.integer(map.tableId);
  if ((map.flags & TM_BIT_HAS_TRIGGERS) !== 0) text.text(' (has triggers)');
  text.byte(0x0a);
  const title = new Literal(text.take());
  titles.set(map, title);
  return title;
}

const ROW_COUNT = new Literal('# Number of rows: ');

/** Annotations, table maps and rows: what is printed of them, and when. */
export class RowEvents {
  readonly #state: PrintState;
  readonly #statement: RowStatement;
  /** Tables whose rows are not printed until the statement ends. */
  readonly #ignored = new Set<number>();
  /** The last annotation. */
  readonly #annotation = new RawEvent();
  /** Rows have come, and not yet those that end their statement. */
  #isOpen = false;

  constructor(state: PrintState) {
    this.#state = state;
    this.#statement = state.options.flashback ? new UndoneStatement(state) : new PrintedStatement(state);
  }

  startFile(): void {
    this.#statement.clear();
    this.#ignored.clear();
    this.#isOpen = false;
  }

  /** Waits for a table map that is printed; a statement whose tables are all filtered out shows no annotation. */
  annotate(event: RawEvent): void {
    if (this.#state.options.skipAnnotateRowEvents) return;
    event.keepIn(this.#annotation);
    this.#state.annotation = this.#annotation;
  }

  addTable(event: RawEvent, map: TableMap): void {
    const state = this.#state;
    const { options, selection } = state;
    if (selection.skipsDatabase(map.schema) || selection.skipsTable(map.table)) {
      this.#ignored.add(map.tableId);
      return;
    }
    if (!options.shortForm) state.writeRowLines(true);
    this.#writeAnnotation();
    const schema = selection.rewritten(map.schema);
    if (schema === undefined) {
      this.#writeTable(event, map);
    } else {
      this.#writeTable(renamedTableMap(event, map, schema), { ...map, schema });
    }
    if (options.printTableMetadata && state.showsRows) writeTableMetadata(state.out, map);
  }

  #writeAnnotation(): void {
    const state = this.#state;
    const { annotation } = state;
    if (annotation === undefined) return;
    state.annotation = undefined;
    const body = decodeBody(annotation, state.log) as AnnotateRows;
    // Otherwise the table map, which prints nothing, does not take it out either.
    writeAnnotateRows(state, state.showsRows ? state.out : state.head, annotation, body);
  }

  #writeTable(event: RawEvent, map: TableMap): void {
    const state = this.#state;
    const { out } = state;
    if (!state.options.shortForm) {
      state.writeHeader(event);
      out.literal(titles.get(map) ?? makeTitle(map));
    }
    this.#statement.addTable(event, map);
  }

  /** @throws FormatError when rows do not fit their table */
  addRows(event: RawEvent, rows: Rows): void {
    const state = this.#state;
    const endsStatement = (rows.flags & RowsFlag.STMT_END) !== 0;
    const isIgnored = this.#ignored.has(rows.tableId);
    if (!this.#isOpen) state.rowCount = 0;
    this.#isOpen = !endsStatement;
    if (endsStatement) {
      state.annotation = undefined;
      this.#ignored.clear();
    }
    if (isIgnored) {
      this.#statement.skipRows(event, rows, endsStatement);
      return;
    }
    this.#statement.addRows(event, rows, endsStatement);
    if (endsStatement) this.#writeCount();
  }

  #writeCount(): void {
    const { direct: out, options, rowCount } = this.#state;
    this.#state.rowCount = 0;
    if (!options.printRowCount) return;
    out.literal(ROW_COUNT);
    out.integer(rowCount);
    out.byte(0x0a);
  }
}
