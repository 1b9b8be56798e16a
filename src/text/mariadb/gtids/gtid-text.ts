import {
  type GtidList,
  type MariadbGtid,
  MariadbGtidExtraFlag,
  MariadbGtidFlag,
  type MariadbXid,
  type RawEvent,
  type XaPrepare,
} from '../../../binlog/index.ts';
import { END } from '../../delimiter.ts';
import { Literal } from '../../output/literal.ts';
import type { TextOutput } from '../../output/text-output.ts';
import type { PrintState } from '../print-state.ts';

/** `X'74776f',X'62',7` */
function writeXid(out: TextOutput, xid: MariadbXid): void {
  out.text(`X'${xid.globalId.toString('hex')}',X'${xid.branchQualifier.toString('hex')}',${xid.formatId}`);
}

const DASH = 0x2d;
const TITLE = new Literal('\tGTID ');
const COMMIT_ID = new Literal(' cid=');
const THREAD_ID = new Literal(' thread_id=');
const SET_SEQUENCE = new Literal('/*M!100001 SET @@session.gtid_seq_no=');
const END_SET = new Literal(`*/${END}`);
const START = new Literal(`START TRANSACTION\n${END}`);

/** Words behind the GTID, in the order printed. */
const flagWords: readonly (readonly [flag: number, word: Literal])[] = [
  [MariadbGtidFlag.DDL, new Literal(' ddl')],
  [MariadbGtidFlag.TRANSACTIONAL, new Literal(' trans')],
  [MariadbGtidFlag.WAITED, new Literal(' waited')],
];

const extraWords: readonly (readonly [flag: number, word: string])[] = [
  [MariadbGtidExtraFlag.START_ALTER, ' START ALTER'],
  [MariadbGtidExtraFlag.COMMIT_ALTER, ' COMMIT ALTER id= '],
  [MariadbGtidExtraFlag.ROLLBACK_ALTER, ' ROLLBACK ALTER id= '],
];

function writeExtraWords(out: TextOutput, extra: number, { startAlterSequence }: MariadbGtid): void {
  for (const [flag, word] of extraWords) {
    if ((extra & flag) === 0) continue;
    out.text(word);
    if (flag !== MariadbGtidExtraFlag.START_ALTER) out.text(String(startAlterSequence));
  }
}

/** `GTID 0-1-5 cid=3 trans thread_id=11` */
function writeGtidLine(state: PrintState, event: RawEvent, body: MariadbGtid): void {
  const { out } = state;
  state.writeHeader(event);
  out.literal(TITLE);
  out.integer(body.domainId);
  out.byte(DASH);
  out.integer(event.serverId);
  out.byte(DASH);
  out.number(body.sequence);
  if (body.commitId !== undefined) {
    out.literal(COMMIT_ID);
    out.number(body.commitId);
  }
  for (const [flag, word] of flagWords) if ((body.flags & flag) !== 0) out.literal(word);
  const extra = body.extraFlags ?? 0;
  if (extra !== 0) writeExtraWords(out, extra, body);
  if (body.threadId !== undefined) {
    out.literal(THREAD_ID);
    out.integer(body.threadId);
  }
  out.byte(0x0a);
}

/** Settings that make the next transaction this one; all but the sequence number only where they change. */
function writeGtidSettings(state: PrintState, event: RawEvent, body: MariadbGtid): void {
  const { out, session } = state;
  const allowParallel = (body.flags & MariadbGtidFlag.ALLOW_PARALLEL) !== 0;
  if (session.allowParallel !== allowParallel) {
    out.text(`/*M!100101 SET @@session.skip_parallel_replication=${allowParallel ? 0 : 1}*/${END}`);
    session.allowParallel = allowParallel;
  }
  if (session.domainId !== body.domainId) {
    out.text(`/*M!100001 SET @@session.gtid_domain_id=${body.domainId}*/${END}`);
    session.domainId = body.domainId;
  }
  if (session.serverId !== event.serverId) {
    out.text(`/*M!100001 SET @@session.server_id=${event.serverId}*/${END}`);
    session.serverId = event.serverId;
  }
  out.literal(SET_SEQUENCE);
  out.number(body.sequence);
  out.literal(END_SET);
}

export function writeGtid(state: PrintState, event: RawEvent, body: MariadbGtid): void {
  const { out, options } = state;
  const isTransaction = (body.flags & MariadbGtidFlag.STANDALONE) === 0;
  state.session.isXa = (body.flags & (MariadbGtidFlag.PREPARED_XA | MariadbGtidFlag.COMPLETED_XA)) !== 0;
  if (options.flashback) {
    if (isTransaction) out.text(`COMMIT\n${END}`);
    return;
  }
  if (!options.shortForm) {
    writeGtidLine(state, event, body);
    writeGtidSettings(state, event, body);
  }
  if ((body.flags & MariadbGtidFlag.PREPARED_XA) !== 0 && body.xid !== undefined) {
    out.text('XA START ');
    writeXid(out, body.xid);
    out.text(END);
  } else if (isTransaction) {
    out.literal(START);
  }
}

/** `Gtid list [0-1-5,` and one GTID a line, by domain and then by age, whatever their order in the log. */
export function writeGtidList(state: PrintState, event: RawEvent, body: GtidList): void {
  const { out } = state;
  if (state.options.shortForm) return;
  state.writeHeader(event);
  out.text('\tGtid list [');
  const sorted = [...body.gtids].sort(
    (a, b) => a.domainId - b.domainId || (a.sequence < b.sequence ? -1 : a.sequence > b.sequence ? 1 : 0),
  );
  sorted.forEach(({ domainId, serverId, sequence }, index) => {
    if (index > 0) out.text(',\n# ');
    out.text(`${domainId}-${serverId}-${sequence}`);
  });
  out.text(']\n');
}

export function writeXaPrepare(state: PrintState, event: RawEvent, body: XaPrepare): void {
  const { out } = state;
  if (!state.options.shortForm) {
    state.writeHeader(event);
    out.text('\tXID = ');
    writeXid(out, body);
    out.byte(0x0a);
  }
  out.text(body.onePhase ? 'XA COMMIT ' : 'XA PREPARE ');
  writeXid(out, body);
  out.text(`${body.onePhase ? ' ONE PHASE' : ''}\n${END}`);
}
