import { EventType, type RawEvent, type Rows, RowsFlag } from '../../../binlog/index.ts';
import type { PrintState } from '../print-state.ts';
import { refuseWithoutFormatDescription } from '../rows/refusal.ts';
import { holdEvent, printStatement } from '../rows/statement.ts';
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
  if (body.flags !== 0) out.text(' flags:');
  for (const [flag, name] of flagNames) if ((body.flags & flag) !== 0) out.text(name);
  const unknown = body.flags & ~KNOWN_FLAGS;
  if (unknown !== 0) out.text(` UNKNOWN_FLAG(0x${unknown.toString(16)})`);
  out.text('\n');
}

/** The event of a table that is filtered out. If it ends its statement, what was kept of the statement comes out. */
function skipRows(state: PrintState, ends: boolean): void {
  if (!ends) {
    state.skippedInTransaction = true;
    return;
  }
  state.hasUnfinishedStatement = false;
  state.flushHeld();
  printStatement(state, undefined, undefined);
}

export const printRows: EventPrinter<'rows'> = (state, event, body) => {
  const ends = (body.flags & RowsFlag.STMT_END) !== 0;
  const ignored = state.ignoredTables.has(body.tableId);
  if (ends) state.ignoredTables.clear();
  if (ignored) {
    skipRows(state, ends);
    return 'continue';
  }
  if (refuseWithoutFormatDescription(state, event)) return 'fail';
  state.hasUnfinishedStatement = !ends;
  if (state.options.shortForm) return 'continue';
  state.flushHeld();
  writeTitle(state, event, body);
  if (ends) printStatement(state, event, body);
  else holdEvent(state, event);
  return 'continue';
};
