import { EventType, type RawEvent, type Rows, RowsFlag } from '../../../binlog/index.ts';
import { DELIMITER, type PrintState } from '../print-state.ts';
import { writeBinlogBlock } from '../rows/binlog-block.ts';
import { refuseWithoutFormatDescription } from '../rows/refusal.ts';
import { writeRows } from '../rows/row-text.ts';
import type { EventPrinter } from './definition.ts';

const titles: Readonly<Record<number, string>> = {
  [EventType.WRITE_ROWS_EVENT_V1]: '\tWrite_rows: table id ',
  [EventType.UPDATE_ROWS_EVENT_V1]: '\tUpdate_rows: table id ',
  [EventType.DELETE_ROWS_EVENT_V1]: '\tDelete_rows: table id ',
  [EventType.WRITE_ROWS_EVENT]: '\tWrite_rows: table id ',
  [EventType.UPDATE_ROWS_EVENT]: '\tUpdate_rows: table id ',
  [EventType.DELETE_ROWS_EVENT]: '\tDelete_rows: table id ',
  [EventType.PARTIAL_UPDATE_ROWS_EVENT]: '\tUpdate_rows_partial: table id ',
};

function writeTitle(state: PrintState, event: RawEvent, body: Rows): void {
  const { out } = state;
  state.header.print(out, event);
  out.text(titles[event.type] ?? '\tRows: table id ');
  out.integer(body.tableId);
  const end = (body.flags & RowsFlag.STMT_END) !== 0;
  const sqlForeignKeys = (body.flags & RowsFlag.USE_SQL_FOREIGN_KEY) !== 0;
  if (end || sqlForeignKeys) out.text(' flags:');
  if (end) out.text(' STMT_END_F');
  if (sqlForeignKeys) out.text(' USE_SQL_FOREIGN_KEY_F');
  out.text('\n');
}

/** The event of a table that is filtered out. If it ends its statement, what was kept of the statement comes out. */
function skipRows(state: PrintState, ends: boolean): void {
  state.skippedInTransaction = true;
  if (!ends) return;
  state.skippedInTransaction = false;
  state.flushHeld();
  if (state.body.length > 0) state.body.text(`'${DELIMITER}\n`);
  state.flushStatement();
}

export const printRows: EventPrinter<'rows'> = (state, event, body) => {
  const { out, options } = state;
  const ends = (body.flags & RowsFlag.STMT_END) !== 0;
  const ignored = state.ignoredTables.has(body.tableId);
  if (ends) state.ignoredTables.clear();
  if (ignored) {
    skipRows(state, ends);
    return 'continue';
  }
  if (refuseWithoutFormatDescription(state, event)) return 'fail';
  state.hasUnfinishedStatement = !ends;
  if (options.shortForm) return 'continue';
  state.flushHeld();
  writeTitle(state, event, body);
  const begun = state.body.length > 0;
  if (ends) {
    // Nothing can come in between any more, so the last event's text need not be kept.
    out.bytes(state.body.buffer, 0, state.body.length);
    state.body.length = 0;
    writeBinlogBlock(state, out, event, begun, true);
    out.bytes(state.footer.buffer, 0, state.footer.length);
    state.footer.length = 0;
    if (options.verbose > 0) writeRows(state, out, event, body);
    return 'continue';
  }
  writeBinlogBlock(state, state.body, event, begun, false);
  if (options.verbose > 0) writeRows(state, state.footer, event, body);
  return 'continue';
};
