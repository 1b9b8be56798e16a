import { EventType, type RawEvent, type Rows, RowsFlag } from '../../../binlog/index.ts';
import { Literal } from '../../output/literal.ts';
import type { PrintState } from '../print-state.ts';
import { refuseWithoutFormatDescription } from '../rows/refusal.ts';
import { holdEvent, printStatement } from '../rows/statement.ts';
import type { EventPrinter } from './definition.ts';

const titles: Readonly<Record<number, Literal>> = {
  [EventType.WRITE_ROWS_EVENT_V1]: new Literal('\tWrite_rows: table id '),
  [EventType.UPDATE_ROWS_EVENT_V1]: new Literal('\tUpdate_rows: table id '),
  [EventType.DELETE_ROWS_EVENT_V1]: new Literal('\tDelete_rows: table id '),
  [EventType.WRITE_ROWS_EVENT]: new Literal('\tWrite_rows: table id '),
  [EventType.UPDATE_ROWS_EVENT]: new Literal('\tUpdate_rows: table id '),
  [EventType.DELETE_ROWS_EVENT]: new Literal('\tDelete_rows: table id '),
  [EventType.PARTIAL_UPDATE_ROWS_EVENT]: new Literal('\tUpdate_rows_partial: table id '),
};

const flagNames: readonly (readonly [flag: number, name: string])[] = [
  [RowsFlag.STMT_END, ' STMT_END_F'],
  [RowsFlag.NO_FOREIGN_KEY_CHECKS, ' NO_FOREIGN_KEY_CHECKS_F'],
  [RowsFlag.RELAXED_UNIQUE_CHECKS, ' RELAXED_UNIQUE_CHECKS_F'],
  [RowsFlag.USE_SQL_FOREIGN_KEY, ' USE_SQL_FOREIGN_KEY_F'],
  [RowsFlag.COMPLETE_ROWS, ' COMPLETE_ROWS_F'],
];
const KNOWN_FLAGS = flagNames.reduce((flags, [flag]) => flags | flag, 0);

const OTHER_TITLE = new Literal('\tRows: table id ');

/** 16 bits of flags, as far as they have come. */
const flagTexts = new Map<number, Literal>();

function makeFlagText(flags: number): Literal {
  const names = flagNames.map(([flag, name]) => ((flags & flag) === 0 ? '' : name)).join('');
  const unknown = flags & ~KNOWN_FLAGS;
  const text = new Literal(
    `${flags === 0 ? '' : ' flags:'}${names}${unknown === 0 ? '' : ` UNKNOWN_FLAG(0x${unknown.toString(16)})`}\n`,
  );
  flagTexts.set(flags, text);
  return text;
}

function writeTitle(state: PrintState, event: RawEvent, body: Rows): void {
  const { out } = state;
  state.header.print(out, event);
  out.literal(titles[event.type] ?? OTHER_TITLE);
  out.integer(body.tableId);
  out.literal(flagTexts.get(body.flags) ?? makeFlagText(body.flags));
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
