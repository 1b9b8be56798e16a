import type { ReceivedCommand } from '../../connection/index.ts';
import { ServerError } from '../../errors/index.ts';
import { eof, initDb, listedColumn, processKill, setOption } from '../../wire/index.ts';
import { checkSchema } from '../statements/listings/catalogue.ts';
import { killSession } from '../statements/listings/sessions.ts';
import { lookAtTables, readableTable } from '../statements/listings/stored-tables.ts';
import { adoptCollation } from '../statements/settings/session-charsets.ts';
import { clientText } from './client-text.ts';
import type { Conversation } from './conversation.ts';
import { wireColumn } from './result-writer.ts';
import { answerStatements } from './statement-commands.ts';

export async function ping(conversation: Conversation): Promise<void> {
  await conversation.session.ok({ status: conversation.status });
}

/** COM_INIT_DB */
export async function changeSchema(conversation: Conversation, command: ReceivedCommand): Promise<void> {
  await lookAtTables(conversation.relay);
  conversation.speak();
  conversation.state.schema = checkSchema(
    conversation.session.read(initDb, command).schema,
    conversation.context,
  );
  await conversation.session.ok({ status: conversation.status });
}

/** COM_FIELD_LIST: columns of a table, for the completion of old clients. */
export async function fieldList(conversation: Conversation, { payload }: ReceivedCommand): Promise<void> {
  const end = payload.indexOf(0, 1);
  const { client, collation } = conversation.speak();
  const table = clientText(payload.subarray(1, end < 0 ? payload.length : end), client).toString();
  const schema = checkSchema(conversation.state.schema ?? '', conversation.context);
  const view = conversation.relay.engine.view(schema, table);
  const columns = view?.columns ?? readableTable(schema, table, conversation.context)?.columns;
  if (columns === undefined) throw new ServerError(1146, '42S02', `Table '${schema}.${table}' doesn't exist`);
  for (const { name } of columns)
    conversation.session.put(listedColumn, wireColumn({ name, kind: 'text' }, collation));
  await sendEof(conversation);
}

export async function statistics(conversation: Conversation): Promise<void> {
  const { counters, now, startedAt, sessions } = conversation.relay;
  const uptime = Math.max(1, Math.floor((now() - startedAt) / 1000));
  const perSecond = (counters.questions / uptime).toFixed(3);
  conversation.session.putBytes(
    Buffer.from(
      `Uptime: ${uptime}  Threads: ${sessions.size}  Questions: ${counters.questions}  Slow queries: 0  Opens: 0  ` +
        `Flush tables: 0  Open tables: 0  Queries per second avg: ${perSecond}`,
    ),
  );
  await conversation.session.send();
}

/** COM_PROCESS_KILL */
export async function killProcess(conversation: Conversation, command: ReceivedCommand): Promise<void> {
  killSession(
    conversation.session.read(processKill, command).connectionId,
    'connection',
    conversation.context,
  );
  await conversation.session.ok({ status: conversation.status });
}

export async function processInfo(conversation: Conversation): Promise<void> {
  await answerStatements(conversation, Buffer.from('SHOW PROCESSLIST'), false);
}

/** COM_SET_OPTION: several statements in one text, or not. */
export async function chooseOption(conversation: Conversation, command: ReceivedCommand): Promise<void> {
  conversation.multiStatements = conversation.session.read(setOption, command).option === 0;
  await sendEof(conversation);
}

export async function debug(conversation: Conversation): Promise<void> {
  await sendEof(conversation);
}

export async function resetConnection(conversation: Conversation): Promise<void> {
  conversation.state.reset();
  // MySQL forgets what the login said of character sets, MariaDB goes back to it.
  if (conversation.relay.flavor === 'mariadb') adoptCollation(conversation.context);
  conversation.prepared.clear();
  await conversation.session.ok({ status: conversation.status });
}

export async function changeUser(conversation: Conversation, command: ReceivedCommand): Promise<void> {
  if (!(await conversation.relogin(command))) {
    conversation.kill();
    return;
  }
  conversation.state.reset();
  adoptCollation(conversation.context);
  conversation.prepared.clear();
  await conversation.session.ok({ status: conversation.status });
}

async function sendEof(conversation: Conversation): Promise<void> {
  conversation.session.put(eof, { warnings: 0, status: conversation.status });
  await conversation.session.send();
}
