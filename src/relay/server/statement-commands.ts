import type { ReceivedCommand } from '../../connection/index.ts';
import { ProtocolError, ServerError } from '../../errors/index.ts';
import { inPlainMode, readStatement, StatementCursor } from '../../sql/index.ts';
import {
  column,
  eof,
  prepareOk,
  statementClose,
  statementExecute,
  statementLongData,
  statementPrepare,
  statementReset,
  textColumn,
} from '../../wire/index.ts';
import { execute } from '../statements/execute.ts';
import { bound } from '../statements/prepared/prepared-statements.ts';
import { clientText, clientValue } from './client-text.ts';
import type { Conversation } from './conversation.ts';
import { writeAnswer } from './result-writer.ts';

/** COM_STMT_EXECUTE: what follows the statement's id depends on the statement. */
const STATEMENT_ID_END = 5;

/** A text of statements, each with a result of its own. An error ends them. */
export async function answerStatements(
  conversation: Conversation,
  text: Buffer,
  binary: boolean,
): Promise<void> {
  const cursor = new StatementCursor(text, { flavor: conversation.relay.flavor });
  for (let first = true; ; first = false) {
    const from = cursor.start;
    conversation.tell(binary ? 'Execute' : 'Query', 'executing', text.toString());
    const said = conversation.state.takeWarnings();
    const statement = readStatement(cursor);
    while (cursor.acceptSymbol(';'));
    // A comment alone is a statement that does nothing.
    if (statement.kind === 'empty' && first && cursor.atEnd && /^[\s;]*$/.test(text.toString('latin1')))
      throw new ServerError(1065, '42000', 'Query was empty');
    if (!cursor.atEnd && (!conversation.multiStatements || binary)) throw cursor.fail();
    if (statement.kind === 'showWarnings') conversation.state.warnings = said;
    conversation.state.info = cursor.slice(from, cursor.atEnd ? text.length : cursor.start);
    const { statements } = conversation.relay.counters;
    statements.set(statement.kind, (statements.get(statement.kind) ?? 0) + 1);
    const answer = await execute(statement, conversation.context);
    const more = !cursor.atEnd;
    const warnings = statement.kind === 'showWarnings' ? 0 : conversation.state.warnings.length;
    const { status } = conversation;
    await writeAnswer(conversation.session, answer, conversation.speak(), {
      binary,
      more,
      warnings: Math.min(warnings, 0xffff),
      status,
    });
    if (!more) return;
  }
}

/** What a client wrote, in UTF-8, as it reads without the modes of its session that change where a string ends. */
function plain(conversation: Conversation, written: Buffer): Buffer {
  const text = clientText(written, conversation.speak().client);
  const modes = String(
    conversation.relay.variables.read(undefined, 'sql_mode', conversation.state.viewer) ?? '',
  );
  return inPlainMode(text, modes, conversation.relay.flavor);
}

export async function query(conversation: Conversation, command: ReceivedCommand): Promise<void> {
  await answerStatements(conversation, plain(conversation, conversation.session.statement(command)), false);
}

/** Bits of COM_REFRESH that are RESET, not FLUSH: REFRESH_SLAVE, REFRESH_MASTER. */
const RESETS = 0x40 | 0x80;

/** COM_REFRESH of old clients and MariaDB's: FLUSH of what its bits name. */
export async function refresh(conversation: Conversation, { payload }: ReceivedCommand): Promise<void> {
  if (((payload[1] ?? 0) & RESETS) !== 0) throw new ServerError(1047, '08S01', 'Unknown command');
  await answerStatements(conversation, Buffer.from('FLUSH LOGS, STATUS'), false);
}

export async function prepare(conversation: Conversation, command: ReceivedCommand): Promise<void> {
  const text = plain(conversation, conversation.session.read(statementPrepare, command).statement);
  const { id, statement } = conversation.prepared.prepare(text);
  const parameters = statement.places.length;
  const { collation } = conversation.speak();
  conversation.session.put(prepareOk, { statementId: id, columns: 0, parameters, warnings: 0 });
  for (let i = 0; i < parameters; i += 1) conversation.session.put(column, { ...textColumn('?'), collation });
  if (parameters > 0) conversation.session.put(eof, { warnings: 0, status: conversation.status });
  await conversation.session.send();
}

export async function executePrepared(conversation: Conversation, command: ReceivedCommand): Promise<void> {
  const { payload } = command;
  if (payload.length < STATEMENT_ID_END)
    throw new ProtocolError('an execution of no statement', { code: 'PROTOCOL_COMMAND' });
  const statement = conversation.prepared.get(payload.readUInt32LE(1));
  const { places, types } = statement;
  const { parameters } = conversation.session.read(statementExecute(places.length, types), command);
  statement.types = parameters;
  const { client } = conversation.speak();
  const longData = new Map(
    [...statement.longData].map(([i, data]) => [i, clientValue(data, parameters[i]?.type, client)]),
  );
  const text = bound(
    { ...statement, longData },
    parameters.map(({ value, type }) => ({ value: clientValue(value, type, client) })),
  );
  conversation.prepared.forgetLongData(statement);
  await answerStatements(conversation, text, true);
}

export async function closePrepared(conversation: Conversation, command: ReceivedCommand): Promise<void> {
  conversation.prepared.close(conversation.session.read(statementClose, command).statementId);
}

export async function resetPrepared(conversation: Conversation, command: ReceivedCommand): Promise<void> {
  const { prepared, session } = conversation;
  prepared.forgetLongData(prepared.get(session.read(statementReset, command).statementId));
  await conversation.session.ok({ status: conversation.status });
}

export async function longData(conversation: Conversation, command: ReceivedCommand): Promise<void> {
  const { statementId, parameter, data } = conversation.session.read(statementLongData, command);
  conversation.prepared.addLongData(statementId, parameter, data);
}
