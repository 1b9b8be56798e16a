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

const flagNames: readonly (readonly [flag: number, name: string])[] = [
  [RowsFlag.STMT_END, ' STMT_END_F'],
  [RowsFlag.NO_FOREIGN_KEY_CHECKS, ' NO_FOREIGN_KEY_CHECKS_F'],
  [RowsFlag.RELAXED_UNIQUE_CHECKS, ' RELAXED_UNIQUE_CHECKS_F'],
  [RowsFlag.USE_SQL_FOREIGN_KEY, ' USE_SQL_FOREIGN_KEY_F'],
  [RowsFlag.COMPLETE_ROWS, ' COMPLETE_ROWS_F'],
];
const KNOWN_FLAGS = flagNames.reduce((flags, [flag]) => flags | flag, 0);

function writeTitle(state: PrintState, event: RawEvent, body: Rows): void {
  const { out } = state;
  state.header.print(out, event);
  out.text(titles[event.type] ?? '\tRows: table id ');
  out.integer(body.tableId);
  if ((body.flags & KNOWN_FLAGS) !== 0) out.text(' flags:');
  for (const [flag, name] of flagNames) if ((body.flags & flag) !== 0) out.text(name);
  out.text('\n');
}

/** The event of a table that is filtered out. If it ends its statement, what was kept of the statement comes out. */
function skipRows(state: PrintState, ends: boolean): void {
  if (!ends) {
    state.skippedInTransaction = true;
    return;
  }
  state.flushHeld();
  if (!state.body.isEmpty) state.body.out.text(`'${DELIMITER}\n`);
  state.flushStatement();
}

export const printRows: EventPrinter<'rows'> = (state, event, body) => {
  const { out, options } = state;
  const ends = (body.flags & RowsFlag.STMT_END) !== 0;
  const ignored = state.ignoredTables.has(body.tableId);
  if (ends) state.ignoredTables.clear();
  if (ignored) {
    if (ends) state.hasUnfinishedStatement = false;
    skipRows(state, ends);
    return 'continue';
  }
  if (refuseWithoutFormatDescription(state, event)) return 'fail';
  state.hasUnfinishedStatement = !ends;
  if (options.shortForm) return 'continue';
  state.flushHeld();
  writeTitle(state, event, body);
  const begun = !state.body.isEmpty;
  if (ends) {
    // Nothing can come in between any more, so the last event's text need not be kept.
    state.body.moveTo(out);
    writeBinlogBlock(state, out, event, begun, true);
    state.footer.moveTo(out);
    if (options.verbose > 0) writeRows(state, out, event, body);
    return 'continue';
  }
  writeBinlogBlock(state, state.body.out, event, begun, false);
  if (options.verbose > 0) writeRows(state, state.footer.out, event, body);
  return 'continue';
};
