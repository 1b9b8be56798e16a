import { EventType, type RawEvent, type TransactionTiming } from '../../../binlog/index.ts';
import { formatUuid } from '../../../gtid/index.ts';
import type { PrintVerdict } from '../../log-printer.ts';
import type { TextOutput } from '../../output/text-output.ts';
import { DELIMITER, type PrintState } from '../print-state.ts';
import type { EventPrinter } from './definition.ts';

const END = `${DELIMITER}\n`;
const MICROSECONDS = 1_000_000n;

function writeCommitTime(state: PrintState, which: string, timestamp: bigint): void {
  const { out, options } = state;
  const seconds = Number(timestamp / MICROSECONDS);
  const moment = options.localTime.at(seconds);
  bigField(out, `# ${which}_commit_timestamp=`, timestamp);
  out.text(` (${String(moment.year).padStart(4, '0')}-`);
  out.padded(moment.month, 2);
  out.text('-');
  out.padded(moment.day, 2);
  out.text(' ');
  out.padded(moment.hour, 2);
  out.text(':');
  out.padded(moment.minute, 2);
  out.text(':');
  out.padded(moment.second, 2);
  out.text('.');
  out.padded(Number(timestamp % MICROSECONDS), 6);
  out.text(` ${moment.zone})\n`);
}

function field(out: TextOutput, name: string, value: number): void {
  out.text(name);
  out.integer(value);
}

function bigField(out: TextOutput, name: string, value: bigint): void {
  out.text(name);
  const number = Number(value);
  if (Number.isSafeInteger(number)) out.integer(number);
  else out.bigint(value);
}

/** `saysVersions`: the writer knew commit timestamps (8.0.1); older logs count as written by version 0. */
function printTransactionStart(
  state: PrintState,
  event: RawEvent,
  body: TransactionTiming,
  may: { readonly rbrOnly: boolean; readonly saysVersions: boolean },
  gtid: string,
): PrintVerdict {
  const { out, options } = state;
  state.seenGtid = true;
  if (state.skippedInTransaction) out.text(`COMMIT /* added by mysqlbinlog */${END}`);
  state.skippedInTransaction = false;
  state.flushHeld();
  const immediateVersion = may.saysVersions ? body.immediateServerVersion : 0;
  const originalVersion = may.saysVersions ? body.originalServerVersion : 0;
  state.immediateServerVersion = immediateVersion;
  if (!options.shortForm) {
    state.header.print(out, event);
    out.text(event.type === EventType.ANONYMOUS_GTID_LOG_EVENT ? '\tAnonymous_GTID' : '\tGTID');
    bigField(out, '\tlast_committed=', body.lastCommitted);
    bigField(out, '\tsequence_number=', body.sequenceNumber);
    out.text(may.rbrOnly ? '\trbr_only=yes' : '\trbr_only=no');
    bigField(out, '\toriginal_committed_timestamp=', body.originalCommitTimestamp);
    bigField(out, '\timmediate_commit_timestamp=', body.immediateCommitTimestamp);
    bigField(out, '\ttransaction_length=', body.transactionLength);
    out.text('\n');
  }
  if (may.rbrOnly) out.text(`/*!50718 SET TRANSACTION ISOLATION LEVEL READ COMMITTED*/${END}`);
  writeCommitTime(state, 'original', body.originalCommitTimestamp);
  writeCommitTime(state, 'immediate', body.immediateCommitTimestamp);
  bigField(out, '/*!80001 SET @@session.original_commit_timestamp=', body.originalCommitTimestamp);
  out.text(`*/${END}`);
  field(out, '/*!80014 SET @@session.original_server_version=', originalVersion);
  out.text(`*/${END}`);
  field(out, '/*!80014 SET @@session.immediate_server_version=', immediateVersion);
  out.text(`*/${END}`);
  out.text(`SET @@SESSION.GTID_NEXT= '${gtid}'${END}`);
  return 'continue';
}

export const printGtid: EventPrinter<'gtid'> = (state, event, body) => {
  const anonymous = event.type === EventType.ANONYMOUS_GTID_LOG_EVENT;
  const gtid = anonymous ? 'ANONYMOUS' : `${formatUuid(body.uuid)}:${body.gno}`;
  const rbrOnly = (body.flags & 1) === 0;
  return printTransactionStart(state, event, body, { rbrOnly, saysVersions: body.fields >= 2 }, gtid);
};

export const printGtidTagged: EventPrinter<'gtidTagged'> = (state, event, body) => {
  const gtid = `${formatUuid(body.uuid)}:${body.tag}:${body.gno}`;
  const rbrOnly = (body.flags & 1) === 0;
  return printTransactionStart(state, event, body, { rbrOnly, saysVersions: true }, gtid);
};
