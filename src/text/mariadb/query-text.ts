import {
  type ExecuteLoadQuery,
  LoadDuplicates,
  MariadbGtidExtraFlag,
  type Query,
  type RawEvent,
} from '../../binlog/index.ts';
import { END } from '../delimiter.ts';
import { writeBase64Lines } from '../output/base64.ts';
import type { PrintState } from './print-state.ts';
import {
  type StatementSession,
  writeRewrittenUse,
  writeSessionSettings,
  writeSkipReplication,
} from './session-settings.ts';

const LATIN_LETTER_CASE = 0x20;

/** Whether a statement begins so, whatever the case of its ASCII letters. */
function startsWith(statement: Buffer, lower: string): boolean {
  if (statement.length < lower.length) return false;
  for (let i = 0; i < lower.length; i += 1) {
    const wanted = lower.charCodeAt(i);
    const byte = statement[i]!;
    if (byte !== wanted && (byte | LATIN_LETTER_CASE) !== wanted) return false;
  }
  return true;
}

/**
 * Whether a statement is one of those that delimit transactions and pass every filter. BEGIN and COMMIT count only as the
 * server writes them; a beginning of either counts too, as in the original. In an XA transaction only XA's own do.
 */
export function isTransactionKeyword(statement: Buffer, isXa: boolean): boolean {
  if (isXa) return startsWith(statement, 'xa ');
  const text = statement.length <= 6 ? statement.toString('latin1') : undefined;
  if (text !== undefined && ('BEGIN'.startsWith(text) || 'COMMIT'.startsWith(text))) return true;
  return startsWith(statement, 'savepoint') || startsWith(statement, 'rollback');
}

interface HeadedStatement extends StatementSession {
  readonly executionSeconds: number;
  readonly errorCode: number;
}

/** `Query	thread_id=11	exec_time=0	error_code=0	xid=0` */
function writeStatementLine(state: PrintState, event: RawEvent, name: string, body: HeadedStatement): void {
  const { out } = state;
  state.writeHeader(event);
  out.text(`\t${name}\tthread_id=`);
  out.integer(body.threadId);
  out.text('\texec_time=');
  out.integer(body.executionSeconds);
  out.text('\terror_code=');
  out.integer(body.errorCode);
  out.text('\txid=');
  out.bigint(body.status.xid ?? 0n);
  out.byte(0x0a);
}

/** The two-phase ALTER of 10.8 means something else to servers that do not know it: they get it as an event. */
function writeAlterAsEvent(state: PrintState, event: RawEvent, body: Query, extraFlags: number): void {
  const { out } = state;
  // A COMMIT ALTER alone is a whole ALTER to an old server; START and ROLLBACK are nothing to it.
  const hidden = (extraFlags & MariadbGtidExtraFlag.COMMIT_ALTER) === 0;
  if (state.printsBase64) {
    if (hidden) out.text('/*!100600 ');
    out.text("BINLOG '\n");
    writeBase64Lines(out, event.bytes, event.start, event.end);
    out.text(hidden ? `' */${END}` : `'${END}`);
  }
  if (state.verbose === 0) return;
  out.text('### ');
  out.bytes(body.statement);
  out.byte(0x0a);
}

const ALTER_PHASES =
  MariadbGtidExtraFlag.START_ALTER | MariadbGtidExtraFlag.COMMIT_ALTER | MariadbGtidExtraFlag.ROLLBACK_ALTER;

/** `--flashback` turns the ends of transactions around and drops all other statements. */
const undoneKeywords: Readonly<Record<string, string>> = {
  BEGIN: `COMMIT\n${END}`,
  COMMIT: `START TRANSACTION\n${END}`,
};

export function writeQuery(state: PrintState, event: RawEvent, body: Query): void {
  const { out, options, selection } = state;
  const isTransaction = isTransactionKeyword(body.statement, state.session.isXa);
  if (!isTransaction && selection.skipsDatabase(body.schema)) return;
  writeRewrittenUse(state, event, body.schema, isTransaction);
  writeSkipReplication(state, event);
  state.dropHead();
  if (!options.shortForm) {
    writeStatementLine(state, event, body.block === undefined ? 'Query' : 'Query_compressed', body);
  }
  writeSessionSettings(state, event, body, isTransaction);
  if (options.flashback) {
    out.text(undoneKeywords[body.statement.toString('latin1')] ?? '');
    return;
  }
  const extraFlags = body.status.gtidFlags3 ?? 0;
  if ((extraFlags & ALTER_PHASES) !== 0) {
    writeAlterAsEvent(state, event, body, extraFlags);
    return;
  }
  out.bytes(body.statement);
  out.text(`\n${END}`);
}

/** LOAD DATA with the name of the file that its blocks were put into; without one, as a comment. */
export function writeExecuteLoadQuery(
  state: PrintState,
  event: RawEvent,
  body: ExecuteLoadQuery,
  localFile: string | undefined,
): void {
  const { out, options, selection } = state;
  if (selection.skipsDatabase(body.schema)) return;
  writeRewrittenUse(state, event, body.schema, false);
  writeSkipReplication(state, event);
  state.dropHead();
  if (!options.shortForm) writeStatementLine(state, event, 'Execute_load_query', body);
  writeSessionSettings(state, event, body, false);
  const { statement } = body;
  if (localFile === undefined) {
    out.bytes(statement);
    out.text(`\n${END}`);
  } else {
    out.bytes(statement, 0, body.nameStart);
    out.text(" LOCAL INFILE '");
    out.bytes(Buffer.from(localFile, 'utf8'));
    out.text("'");
    if (body.duplicates === LoadDuplicates.REPLACE) out.text(' REPLACE');
    out.text(' INTO');
    out.bytes(statement, body.nameEnd);
    out.text(`\n${END}`);
  }
  if (!options.shortForm) out.text(`# file_id: ${body.fileId} \n`);
}
