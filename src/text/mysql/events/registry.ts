import type { EventBody, RawEvent } from '../../../binlog/index.ts';
import type { PrintVerdict } from '../../log-printer.ts';
import { holdValue } from '../held-values.ts';
import type { PrintState } from '../print-state.ts';
import type { EventPrinter } from './definition.ts';
import { printFormatDescription } from './format-description.ts';
import { printGtid, printGtidTagged } from './gtid.ts';
import { printAppendBlock, printBeginLoadQuery, printDeleteFile, printExecuteLoadQuery } from './load.ts';
import {
  printIgnorable,
  printIncident,
  printPreviousGtids,
  printRotate,
  printRowsQuery,
  printStop,
  printViewChange,
  printXaPrepare,
  printXid,
} from './notes.ts';
import { printTransactionPayload } from './payload.ts';
import { printQuery } from './query.ts';
import { printRows } from './rows.ts';
import { printTableMap } from './table-map.ts';

/** What the original does with an event that it does not know. */
function refuse(state: PrintState, event: RawEvent): PrintVerdict {
  state.diagnoseBadEvent(event, 'Found invalid event in binary log');
  return 'fail';
}

/** The original reads these and prints nothing but the lines about their position. */
function printPositionOnly(state: PrintState): PrintVerdict {
  state.flushHeld();
  return 'continue';
}

function hold(state: PrintState, event: RawEvent): PrintVerdict {
  holdValue(state, event);
  state.flushHeld();
  return 'continue';
}

/** How each kind of event prints; the compiler names a kind that is missing. */
export const printers: { readonly [Kind in EventBody['kind']]: EventPrinter<Kind> } = {
  annotateRows: refuse,
  appendBlock: printAppendBlock,
  beginLoadQuery: printBeginLoadQuery,
  binlogCheckpoint: refuse,
  deleteFile: printDeleteFile,
  executeLoadQuery: printExecuteLoadQuery,
  formatDescription: printFormatDescription,
  gtid: printGtid,
  gtidList: refuse,
  gtidTagged: printGtidTagged,
  heartbeat: refuse,
  heartbeatV2: refuse,
  ignorable: printIgnorable,
  incident: printIncident,
  intvar: hold,
  mariadbGtid: refuse,
  partialRowData: refuse,
  previousGtids: printPreviousGtids,
  query: printQuery,
  rand: hold,
  rotate: printRotate,
  rows: printRows,
  rowsQuery: printRowsQuery,
  startEncryption: refuse,
  stop: printStop,
  tableMap: printTableMap,
  transactionContext: printPositionOnly,
  transactionPayload: printTransactionPayload,
  unknown: refuse,
  userVar: hold,
  viewChange: printViewChange,
  xaPrepare: printXaPrepare,
  xid: printXid,
};

/** Prints a decoded event. */
export function printBody(state: PrintState, event: RawEvent, body: EventBody): PrintVerdict {
  const print = printers[body.kind] as EventPrinter<EventBody['kind']>;
  return print(state, event, body);
}
