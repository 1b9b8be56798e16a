import { EventType, type RawEvent, type Rows } from '../../../binlog/index.ts';
import type { PrintState } from '../print-state.ts';
import { beginBinlogBlock, endBinlogBlock, writeBinlogEvent } from './binlog-block.ts';
import { takeJsonFaults } from './json-text.ts';
import { writeRows } from './row-text.ts';

/** Keeps a table map, rows, or their statement's text until the statement ends. */
export function holdEvent(state: PrintState, event: RawEvent): void {
  const { base64Output, verbose } = state.options;
  if (base64Output !== 'decode-rows' || verbose > 0) state.statement.add(event);
}

/** Prints the rows of an event that was held. */
function writeHeldRows(state: PrintState, event: RawEvent): void {
  if (state.tables.knows(event)) return;
  if (event.type !== EventType.TABLE_MAP_EVENT && state.rows !== undefined) {
    // The body was decoded when the event came: it begins with the table's id.
    const tableId = event.bytes.readUIntLE(event.bodyStart, state.log.tableIdBytes(event.type));
    if (state.rows.take(event, tableId)) return;
  }
  const body = state.decodeEvent(event);
  if (body?.kind === 'tableMap') {
    state.tables.add(event, body);
    state.rows?.remember(event, body.tableId);
  } else if (body?.kind === 'rows') writeRows(state.tables, state.out, event, body);
}

/** A statement's end: base64 of all its events, then the rows of all of them. `last` is the event that ends it, if it prints. */
export function printStatement(state: PrintState, last: RawEvent | undefined, body: Rows | undefined): void {
  const { out, statement, options } = state;
  const { isEmpty } = statement;
  if (options.base64Output !== 'decode-rows' && !(isEmpty && last === undefined)) {
    beginBinlogBlock(out);
    statement.forEach((event) => writeBinlogEvent(out, event));
    if (last !== undefined) writeBinlogEvent(out, last);
    endBinlogBlock(out);
  }
  if (options.verbose > 0) {
    statement.forEach((event) => writeHeldRows(state, event));
    if (last !== undefined && body !== undefined && state.rows?.take(last, body.tableId) !== true) {
      writeRows(state.tables, out, last, body);
    }
  }
  for (let left = takeJsonFaults(); left > 0; left -= 1) {
    // ER_INTERNAL_ERROR, whose text the tool does not have.
    state.io.diagnose('mysqlbinlog: Unknown error 1815');
  }
  statement.clear();
}
