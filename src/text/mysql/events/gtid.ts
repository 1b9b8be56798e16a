import {
  EventType,
  type Gtid,
  type GtidTagged,
  type RawEvent,
  type TransactionTiming,
} from '../../../binlog/index.ts';
import { formatUuid } from '../../../gtid/index.ts';
import { END } from '../../delimiter.ts';
import type { PrintVerdict } from '../../log-printer.ts';
import { Literal } from '../../output/literal.ts';
import type { TextOutput } from '../../output/text-output.ts';
import type { PrintState } from '../print-state.ts';
import type { EventPrinter } from './definition.ts';

const COLON = 0x3a;
const NEWLINE = 0x0a;

const GTID_TITLE = new Literal('\tGTID\tlast_committed=');
const ANONYMOUS_TITLE = new Literal('\tAnonymous_GTID\tlast_committed=');
const SEQUENCE = new Literal('\tsequence_number=');
const ROWS_ONLY = new Literal('\trbr_only=yes\toriginal_committed_timestamp=');
const ANYTHING = new Literal('\trbr_only=no\toriginal_committed_timestamp=');
const IMMEDIATE = new Literal('\timmediate_commit_timestamp=');
const LENGTH = new Literal('\ttransaction_length=');
const ISOLATION = new Literal(`/*!50718 SET TRANSACTION ISOLATION LEVEL READ COMMITTED*/${END}`);
const ORIGINAL_TIME = new Literal('# original_commit_timestamp=');
const IMMEDIATE_TIME = new Literal('# immediate_commit_timestamp=');
const SET_TIME = new Literal('/*!80001 SET @@session.original_commit_timestamp=');
const SET_ORIGINAL_VERSION = new Literal(`*/${END}/*!80014 SET @@session.original_server_version=`);
const SET_IMMEDIATE_VERSION = new Literal(`*/${END}/*!80014 SET @@session.immediate_server_version=`);
const SET_GTID = new Literal(`*/${END}SET @@SESSION.GTID_NEXT= '`);
const END_GTID = new Literal(`'${END}`);

function field(out: TextOutput, name: Literal, value: bigint): void {
  out.literal(name);
  out.number(value);
}

/** `saysVersions`: the writer knew commit timestamps (8.0.1); older logs count as written by version 0. */
function printTransactionStart(
  state: PrintState,
  event: RawEvent,
  body: TransactionTiming,
  may: { readonly rbrOnly: boolean; readonly saysVersions: boolean },
  writeGtid: (out: TextOutput) => void,
): PrintVerdict {
  const { out, options, commitTimes } = state;
  state.seenGtid = true;
  if (state.skippedInTransaction) out.text(`COMMIT /* added by mysqlbinlog */${END}`);
  state.skippedInTransaction = false;
  state.flushHeld();
  const immediateVersion = may.saysVersions ? body.immediateServerVersion : 0;
  const originalVersion = may.saysVersions ? body.originalServerVersion : 0;
  state.immediateServerVersion = immediateVersion;
  if (!options.shortForm) {
    state.header.print(out, event);
    const isAnonymous = event.type === EventType.ANONYMOUS_GTID_LOG_EVENT;
    field(out, isAnonymous ? ANONYMOUS_TITLE : GTID_TITLE, body.lastCommitted);
    field(out, SEQUENCE, body.sequenceNumber);
    out.literal(may.rbrOnly ? ROWS_ONLY : ANYTHING);
    commitTimes.writeNumber(out, body.originalCommitTimestamp);
    out.literal(IMMEDIATE);
    commitTimes.writeNumber(out, body.immediateCommitTimestamp);
    field(out, LENGTH, body.transactionLength);
    out.byte(NEWLINE);
  }
  if (may.rbrOnly) out.literal(ISOLATION);
  out.literal(ORIGINAL_TIME);
  commitTimes.writeMoment(out, body.originalCommitTimestamp);
  out.literal(IMMEDIATE_TIME);
  commitTimes.writeMoment(out, body.immediateCommitTimestamp);
  out.literal(SET_TIME);
  commitTimes.writeNumber(out, body.originalCommitTimestamp);
  out.literal(SET_ORIGINAL_VERSION);
  out.integer(originalVersion);
  out.literal(SET_IMMEDIATE_VERSION);
  out.integer(immediateVersion);
  out.literal(SET_GTID);
  writeGtid(out);
  out.literal(END_GTID);
  return 'continue';
}

let lastUuid = '';
let lastUuidText = new Literal('');

/** Neighbours in a log mostly come from one server. */
function writeUuid(out: TextOutput, uuid: Buffer): void {
  const text = formatUuid(uuid);
  if (text !== lastUuid) {
    lastUuid = text;
    lastUuidText = new Literal(text);
  }
  out.literal(lastUuidText);
}

function writeParts(out: TextOutput, { uuid, gno }: Gtid | GtidTagged, tag: string | undefined): void {
  writeUuid(out, uuid);
  out.byte(COLON);
  if (tag !== undefined) out.text(`${tag}:`);
  out.number(gno);
}

export const printGtid: EventPrinter<'gtid'> = (state, event, body) => {
  const isAnonymous = event.type === EventType.ANONYMOUS_GTID_LOG_EVENT;
  const may = { rbrOnly: (body.flags & 1) === 0, saysVersions: body.fields >= 2 };
  return printTransactionStart(state, event, body, may, (out) => {
    if (isAnonymous) out.text('ANONYMOUS');
    else writeParts(out, body, undefined);
  });
};

export const printGtidTagged: EventPrinter<'gtidTagged'> = (state, event, body) => {
  const may = { rbrOnly: (body.flags & 1) === 0, saysVersions: true };
  return printTransactionStart(state, event, body, may, (out) => writeParts(out, body, body.tag));
};
