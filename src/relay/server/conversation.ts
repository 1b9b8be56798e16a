import type { ReceivedCommand, Session } from '../../connection/index.ts';
import { ProtocolError, RowlockError, ServerError } from '../../errors/index.ts';
import { inPlainMode, readStatement, StatementCursor } from '../../sql/index.ts';
import {
  binlogDump,
  binlogDumpGtid,
  Command,
  column,
  eof,
  initDb,
  prepareOk,
  processKill,
  registerSlave,
  ServerStatus,
  setOption,
  statementClose,
  statementExecute,
  statementLongData,
  statementPrepare,
  statementReset,
  textColumn,
} from '../../wire/index.ts';
import { checkSchema } from '../statements/catalogue.ts';
import { type Context, demand, type LiveSession, type Relay } from '../statements/context.ts';
import { execute } from '../statements/execute.ts';
import type { SessionState } from '../statements/session-state.ts';
import { killSession } from '../statements/sessions.ts';
import { lookAtTables, readableTable } from '../statements/stored-tables.ts';
import { dumpOrder } from './dump-order.ts';
import { bound, PreparedStatements } from './prepared-statements.ts';
import { wireColumn, writeAnswer } from './result-writer.ts';

/** Told of what nobody expected: it is a mistake of ours. */
export type FailureReport = (error: unknown) => void;

/** Who may log in again as somebody else: COM_CHANGE_USER. Undefined: refused, and told so. */
export type Relogin = (command: ReceivedCommand) => Promise<boolean>;

type CommandReader = (conversation: Conversation, command: ReceivedCommand) => Promise<void>;

/** One session after its login: hears commands and answers them until one side goes. */
export class Conversation implements LiveSession {
  readonly state: SessionState;
  readonly #session: Session;
  readonly #relay: Relay;
  readonly #report: FailureReport;
  readonly #relogin: Relogin;
  readonly #prepared = new PreparedStatements();
  readonly #ended = new AbortController();
  #multiStatements: boolean;

  constructor(
    session: Session,
    state: SessionState,
    relay: Relay,
    hooks: { readonly report: FailureReport; readonly relogin: Relogin; readonly multiStatements: boolean },
  ) {
    this.#session = session;
    this.state = state;
    state.ended = this.#ended.signal;
    this.#relay = relay;
    this.#report = hooks.report;
    this.#relogin = hooks.relogin;
    this.#multiStatements = hooks.multiStatements;
  }

  get #context(): Context {
    return { relay: this.#relay, session: this.state };
  }

  /** Runs to the end of the conversation. */
  async run(): Promise<void> {
    const { variables } = this.#relay;
    this.#session.limitPackets(variables.number('max_allowed_packet'));
    try {
      while (!this.#ended.signal.aborted) {
        this.#tell('Sleep', '', undefined);
        const command = await this.#nextCommand();
        if (command === undefined) return;
        await this.#answer(command);
      }
    } finally {
      this.#ended.abort();
      this.#session.destroy();
    }
  }

  kill(): void {
    this.#ended.abort();
    this.#session.destroy();
  }

  interrupt(): void {
    if (this.state.command.startsWith('Binlog Dump')) this.kill();
  }

  async #nextCommand(): Promise<ReceivedCommand | undefined> {
    const seconds = Number(this.#relay.variables.read(undefined, 'wait_timeout', this.state.viewer));
    const timer = setTimeout(() => this.#session.destroy(), Math.min(seconds, 2_000_000) * 1000);
    try {
      return await this.#session.command();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      // The packet was not read, and what follows it cannot be told apart any more.
      await this.#session.error({
        errno: 1153,
        sqlState: '08S01',
        message: "Got a packet bigger than 'max_allowed_packet' bytes",
      });
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  async #answer(command: ReceivedCommand): Promise<void> {
    this.#relay.counters.questions += 1;
    this.#relay.counters.bytesReceived += command.payload.length;
    const answer = commands[command.code];
    try {
      if (answer === undefined) throw new ServerError(1047, '08S01', 'Unknown command');
      await answer(this, command);
    } catch (error) {
      await this.#refuse(error);
    }
  }

  async #refuse(error: unknown): Promise<void> {
    const refusal = refusalOf(error);
    if (refusal === undefined) {
      this.#report(error);
      await this.#session.error({ errno: 1105, sqlState: 'HY000', message: 'Unknown error' });
      return;
    }
    this.state.warn(refusal.errno, refusal.message, 'Error');
    await this.#session.error(refusal);
    if ((error as RowlockError).code === 'SESSION_KILLED') this.kill();
  }

  #tell(command: string, stage: string, info: string | undefined): void {
    this.state.command = command;
    this.state.state = stage;
    this.state.info = info;
    this.state.since = this.#relay.now();
  }

  /** A text of statements, each with a result of its own. An error ends them. */
  async statements(text: Buffer, binary: boolean): Promise<void> {
    const cursor = new StatementCursor(text, { flavor: this.#relay.flavor });
    for (let first = true; ; first = false) {
      const from = cursor.start;
      this.#tell(binary ? 'Execute' : 'Query', 'executing', text.toString());
      const said = this.state.takeWarnings();
      const statement = readStatement(cursor);
      while (cursor.acceptSymbol(';'));
      // A comment alone is a statement that does nothing.
      if (statement.kind === 'empty' && first && cursor.atEnd && /^[\s;]*$/.test(text.toString('latin1')))
        throw new ServerError(1065, '42000', 'Query was empty');
      if (!cursor.atEnd && (!this.#multiStatements || binary)) throw cursor.fail();
      if (statement.kind === 'showWarnings') this.state.warnings = said;
      this.state.info = cursor.slice(from, cursor.atEnd ? text.length : cursor.start);
      const { statements } = this.#relay.counters;
      statements.set(statement.kind, (statements.get(statement.kind) ?? 0) + 1);
      const answer = await execute(statement, this.#context);
      const more = !cursor.atEnd;
      const warnings = statement.kind === 'showWarnings' ? 0 : this.state.warnings.length;
      await writeAnswer(this.#session, answer, { binary, more, warnings: Math.min(warnings, 0xffff) });
      if (!more) return;
    }
  }

  /** What a client wrote, as it reads without the modes of its session that change where a string ends. */
  #plain(text: Buffer): Buffer {
    const modes = String(this.#relay.variables.read(undefined, 'sql_mode', this.state.viewer) ?? '');
    return inPlainMode(text, modes, this.#relay.flavor);
  }

  async query(command: ReceivedCommand): Promise<void> {
    await this.statements(this.#plain(Buffer.from(this.#session.statement(command))), false);
  }

  async ping(): Promise<void> {
    await this.#session.ok();
  }

  async initDb(command: ReceivedCommand): Promise<void> {
    await lookAtTables(this.#relay);
    this.state.schema = checkSchema(this.#session.read(initDb, command).schema, this.#context);
    await this.#session.ok();
  }

  async statistics(): Promise<void> {
    const { counters, now, startedAt, sessions } = this.#relay;
    const uptime = Math.max(1, Math.floor((now() - startedAt) / 1000));
    const perSecond = (counters.questions / uptime).toFixed(3);
    this.#session.putBytes(
      Buffer.from(
        `Uptime: ${uptime}  Threads: ${sessions.size}  Questions: ${counters.questions}  Slow queries: 0  Opens: 0  ` +
          `Flush tables: 0  Open tables: 0  Queries per second avg: ${perSecond}`,
      ),
    );
    await this.#session.send();
  }

  async processKill(command: ReceivedCommand): Promise<void> {
    killSession(this.#session.read(processKill, command).connectionId, 'connection', this.#context);
    await this.#session.ok();
  }

  async processInfo(): Promise<void> {
    await this.statements(Buffer.from('SHOW PROCESSLIST'), false);
  }

  async setOption(command: ReceivedCommand): Promise<void> {
    this.#multiStatements = this.#session.read(setOption, command).option === 0;
    await this.#eof();
  }

  async debug(): Promise<void> {
    await this.#eof();
  }

  async #eof(): Promise<void> {
    this.#session.put(eof, { warnings: 0, status: ServerStatus.AUTOCOMMIT });
    await this.#session.send();
  }

  async resetConnection(): Promise<void> {
    this.state.reset();
    this.#prepared.clear();
    await this.#session.ok();
  }

  async changeUser(command: ReceivedCommand): Promise<void> {
    if (!(await this.#relogin(command))) {
      this.kill();
      return;
    }
    this.state.reset();
    this.#prepared.clear();
    await this.#session.ok();
  }

  /** COM_FIELD_LIST: columns of a table, for the completion of old clients. */
  async fieldList({ payload }: ReceivedCommand): Promise<void> {
    const end = payload.indexOf(0, 1);
    const table = payload.toString('utf8', 1, end < 0 ? payload.length : end);
    const schema = checkSchema(this.state.schema ?? '', this.#context);
    const view = this.#relay.engine.view(schema, table);
    const columns = view?.columns ?? readableTable(schema, table, this.#context)?.columns;
    if (columns === undefined)
      throw new ServerError(1146, '42S02', `Table '${schema}.${table}' doesn't exist`);
    for (const { name } of columns) this.#session.put(column, wireColumn({ name, kind: 'text' }));
    await this.#eof();
  }

  async prepare(command: ReceivedCommand): Promise<void> {
    const text = this.#plain(this.#session.read(statementPrepare, command).statement);
    const { id, statement } = this.#prepared.prepare(text);
    const parameters = statement.places.length;
    this.#session.put(prepareOk, { statementId: id, columns: 0, parameters, warnings: 0 });
    for (let i = 0; i < parameters; i += 1) this.#session.put(column, textColumn('?'));
    if (parameters > 0) this.#session.put(eof, { warnings: 0, status: ServerStatus.AUTOCOMMIT });
    await this.#session.send();
  }

  async executePrepared(command: ReceivedCommand): Promise<void> {
    const statement = this.#prepared.get(command.payload.readUInt32LE(1));
    const { places, types } = statement;
    const { parameters } = this.#session.read(statementExecute(places.length, types), command);
    statement.types = parameters;
    const text = bound(statement, parameters);
    statement.longData.clear();
    await this.statements(text, true);
  }

  async closePrepared(command: ReceivedCommand): Promise<void> {
    this.#prepared.close(this.#session.read(statementClose, command).statementId);
  }

  async resetPrepared(command: ReceivedCommand): Promise<void> {
    this.#prepared.get(this.#session.read(statementReset, command).statementId).longData.clear();
    await this.#session.ok();
  }

  async longData(command: ReceivedCommand): Promise<void> {
    const { statementId, parameter, data } = this.#session.read(statementLongData, command);
    this.#prepared.addLongData(statementId, parameter, data);
  }

  async registerReplica(command: ReceivedCommand): Promise<void> {
    demand(this.#context, 'REPLICATION SLAVE', 'REPLICATION SLAVE');
    const { serverId, host, port } = this.#session.read(registerSlave, command);
    const { userVariables } = this.state;
    const uuid = String(userVariables.get('replica_uuid') ?? userVariables.get('slave_uuid') ?? '');
    this.#relay.streams.dumps.register(this.#session, { serverId, host, port, uuid });
    await this.#session.ok();
  }

  async dump(command: ReceivedCommand): Promise<void> {
    demand(this.#context, 'REPLICATION SLAVE', 'REPLICATION SLAVE');
    const gtid = command.code === Command.COM_BINLOG_DUMP_GTID;
    const request = gtid
      ? this.#session.read(binlogDumpGtid, command)
      : this.#session.read(binlogDump, command);
    this.#tell(
      gtid ? 'Binlog Dump GTID' : 'Binlog Dump',
      'Source has sent all binlog to replica; waiting for more updates',
      undefined,
    );
    this.#relay.counters.dumps += 1;
    const order = dumpOrder(request, this.state, this.#relay.flavor);
    await this.#relay.streams.dumps.serve(this.#session, order, this.#ended.signal);
    // The servers hang up behind a dump that waited; one that did not wait may be followed by another.
    if (!order.nonBlocking) this.kill();
  }
}

const commands: Readonly<Record<number, CommandReader>> = {
  [Command.COM_QUERY]: (conversation, command) => conversation.query(command),
  [Command.COM_PING]: (conversation) => conversation.ping(),
  [Command.COM_INIT_DB]: (conversation, command) => conversation.initDb(command),
  [Command.COM_FIELD_LIST]: (conversation, command) => conversation.fieldList(command),
  [Command.COM_STATISTICS]: (conversation) => conversation.statistics(),
  [Command.COM_PROCESS_INFO]: (conversation) => conversation.processInfo(),
  [Command.COM_PROCESS_KILL]: (conversation, command) => conversation.processKill(command),
  [Command.COM_DEBUG]: (conversation) => conversation.debug(),
  [Command.COM_CHANGE_USER]: (conversation, command) => conversation.changeUser(command),
  [Command.COM_RESET_CONNECTION]: (conversation) => conversation.resetConnection(),
  [Command.COM_SET_OPTION]: (conversation, command) => conversation.setOption(command),
  [Command.COM_STMT_PREPARE]: (conversation, command) => conversation.prepare(command),
  [Command.COM_STMT_EXECUTE]: (conversation, command) => conversation.executePrepared(command),
  [Command.COM_STMT_SEND_LONG_DATA]: (conversation, command) => conversation.longData(command),
  [Command.COM_STMT_CLOSE]: (conversation, command) => conversation.closePrepared(command),
  [Command.COM_STMT_RESET]: (conversation, command) => conversation.resetPrepared(command),
  [Command.COM_REGISTER_SLAVE]: (conversation, command) => conversation.registerReplica(command),
  [Command.COM_BINLOG_DUMP]: (conversation, command) => conversation.dump(command),
  [Command.COM_BINLOG_DUMP_GTID]: (conversation, command) => conversation.dump(command),
};

interface Told {
  readonly errno: number;
  readonly sqlState: string;
  readonly message: string;
}

/** What the client is told of an error; undefined: nothing it could understand. */
function refusalOf(error: unknown): Told | undefined {
  if (error instanceof ServerError) return error;
  if (error instanceof ProtocolError)
    return { errno: 1835, sqlState: 'HY000', message: 'Malformed communication packet.' };
  if (error instanceof RowlockError) return { errno: 1105, sqlState: 'HY000', message: error.describe() };
  return undefined;
}
