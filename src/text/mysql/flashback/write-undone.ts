import {
  decodeBody,
  type FormatDescription,
  type Query,
  type RawEvent,
  type Rows,
  type TableMap,
} from '../../../binlog/index.ts';
import { writeBase64Lines } from '../../output/base64.ts';
import { printRows } from '../events/rows.ts';
import { printTableMap } from '../events/table-map.ts';
import { DELIMITER, type PrintState } from '../print-state.ts';
import { writeSessionSettings } from '../session-settings.ts';
import { type Undone, UndoRecord, type UndoStack } from './undo-stack.ts';

/** A format description, in memory of its own. */
export interface Format {
  readonly event: RawEvent;
  readonly body: FormatDescription;
}

const END = `${DELIMITER}\n`;
const NO_SCHEMA = Buffer.alloc(0);

/** Writes what {@link UndoStack} holds, from the last transaction to the first. */
export function writeUndone(
  state: PrintState,
  stack: UndoStack,
  formats: readonly Format[],
  isCommitted: (xa: number) => boolean,
): void {
  const writer = new UndoneWriter(state, formats, isCommitted);
  stack.forEachBackward((record) => writer.write(record));
  writer.end();
}

class UndoneWriter {
  readonly #state: PrintState;
  readonly #formats: readonly Format[];
  readonly #isCommitted: (xa: number) => boolean;
  /** The format description that the server has been given last. */
  #format: number;
  /** A transaction is begun in the text. */
  #inTransaction = false;
  #table: { readonly key: string; readonly map: TableMap } | undefined = undefined;

  constructor(state: PrintState, formats: readonly Format[], isCommitted: (xa: number) => boolean) {
    this.#state = state;
    this.#formats = formats;
    this.#isCommitted = isCommitted;
    this.#format = formats.length - 1;
  }

  write(record: Undone): void {
    if (record.kind === UndoRecord.ROWS) {
      if (this.#inTransaction) this.#writeRows(record);
      return;
    }
    this.end();
    if (record.kind === UndoRecord.TRANSACTION && this.#isCommitted(record.reference)) this.#begin(record);
  }

  /** Ends the transaction that is open, if one is. */
  end(): void {
    if (this.#inTransaction) this.#state.out.text(`COMMIT\n${END}`);
    this.#inTransaction = false;
  }

  #begin({ event, format, text: gtid }: Undone): void {
    const state = this.#state;
    const { out, log, options } = state;
    if (format !== this.#format) this.#useFormat(format);
    const body = decodeBody(event, log) as Query;
    this.#writePosition(event);
    if (!options.shortForm) {
      state.header.print(out, event);
      out.text(`\tQuery\tthread_id=${body.threadId}\texec_time=${body.executionSeconds}`);
      out.text(`\terror_code=${body.errorCode}\n`);
      if (gtid !== '') out.text(`# undoes GTID ${gtid}\n`);
    }
    // No default database: rows name theirs.
    const { threadId, status, statement } = body;
    writeSessionSettings(state, out, event, { threadId, schema: NO_SCHEMA, status, statement });
    out.text(`BEGIN\n${END}`);
    this.#inTransaction = true;
  }

  #writeRows({ event, table, tableKey }: Undone): void {
    const state = this.#state;
    if (this.#table?.key !== tableKey) {
      this.#table = { key: tableKey, map: decodeBody(table, state.log) as TableMap };
    }
    this.#writePosition(table);
    printTableMap(state, table, this.#table.map);
    this.#writePosition(event);
    printRows(state, event, decodeBody(event, state.log) as Rows);
  }

  #writePosition({ position }: RawEvent): void {
    const { out, header, options } = this.#state;
    header.hexdumpFrom = position;
    if (!options.shortForm) out.text(`# at ${position}\n`);
  }

  /** A log before the last one has events of another format; the server has to know before it is given them. */
  #useFormat(format: number): void {
    const { out, log, options } = this.#state;
    const { event, body } = this.#formats[format]!;
    this.#format = format;
    log.setFormat(body);
    if (options.shortForm || options.base64Output === 'never' || options.base64Output === 'decode-rows')
      return;
    out.text("BINLOG '\n");
    writeBase64Lines(out, event.bytes, event.start, event.end);
    out.text(`'${END}/*!50616 SET @@SESSION.GTID_NEXT='AUTOMATIC'*/${END}`);
  }
}
