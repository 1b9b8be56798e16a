import { ServerError } from '../../../errors/index.ts';
import type { AdministrativeStatement, FlushTarget, Limit, ShowStatement } from '../../../sql/index.ts';
import type { BinaryLogFile, EventLimit, EventLine } from '../../streams.ts';
import { type Answer, columns, DONE, type ResultRow, rows } from '../answer.ts';
import { impliedChannel } from '../channels/implied-channel.ts';
import { channelNamed } from '../channels/replica-status.ts';
import { channelsOf } from '../channels/replication.ts';
import { type Context, demand } from '../context.ts';
import { evaluate } from '../evaluate.ts';

type Shown<K extends ShowStatement['kind']> = Extract<ShowStatement, { kind: K }>;
type Of<K extends AdministrativeStatement['kind']> = Extract<AdministrativeStatement, { kind: K }>;

const BINARY_LOGS = columns('Log_name File_size:u Encrypted');
const STATUS = columns('File Position:u Binlog_Do_DB Binlog_Ignore_DB Executed_Gtid_Set');
const EVENTS = columns('Log_name Pos:u Event_type Server_id:u End_log_pos:u Info');
const REPLICAS = columns('Server_Id:u Host Port:u Source_Id:u Replica_UUID');
const SLAVE_HOSTS = columns('Server_id:u Host Port:u Master_id:u Slave_UUID');

/** MariaDB shows one column less in each. */
export function showBinaryLogs(_statement: Shown<'showBinaryLogs'>, context: Context): Answer {
  demand(context, 'SUPER, REPLICATION CLIENT', 'SUPER', 'REPLICATION CLIENT');
  const { flavor, streams } = context.relay;
  const width = flavor === 'mariadb' ? 2 : 3;
  return rows(
    BINARY_LOGS.slice(0, width),
    streams.binaryLog.files.map(({ name, size }) => [name, size, 'No'].slice(0, width)),
  );
}

export function showBinaryLogStatus(_statement: Shown<'showBinaryLogStatus'>, context: Context): Answer {
  demand(context, 'SUPER, REPLICATION CLIENT', 'SUPER', 'REPLICATION CLIENT');
  const { flavor, streams } = context.relay;
  const { end, gtidExecuted } = streams.binaryLog;
  const width = flavor === 'mariadb' ? 4 : 5;
  return rows(STATUS.slice(0, width), [[end.file, end.position, '', '', gtidExecuted].slice(0, width)]);
}

const limitOf = (limit: Limit | undefined): EventLimit =>
  limit ?? { offset: 0, count: Number.MAX_SAFE_INTEGER };

async function* eventRows(lines: AsyncIterable<EventLine>): AsyncGenerator<ResultRow> {
  for await (const { logName, position, eventType, serverId, endLogPosition, info } of lines) {
    yield [logName, position, eventType, serverId, endLogPosition, info];
  }
}

export function showBinlogEvents(statement: Shown<'showBinlogEvents'>, context: Context): Answer {
  demand(context, 'REPLICATION SLAVE', 'REPLICATION SLAVE');
  const { file, position = 4, limit } = statement;
  return rows(
    EVENTS,
    eventRows(context.relay.streams.binaryLog.events(file, Math.max(4, position), limitOf(limit))),
  );
}

export function showRelaylogEvents(statement: Shown<'showRelaylogEvents'>, context: Context): Answer {
  demand(context, 'REPLICATION SLAVE', 'REPLICATION SLAVE');
  const { relay } = context;
  const { file, position = 4, limit } = statement;
  const channel = impliedChannel(context, statement.channel);
  // The default channel is there even where it was never set up.
  if (channel === '' && relay.streams.channels.get('') === undefined) return rows(EVENTS, []);
  const control = channelNamed(relay, channel);
  return rows(EVENTS, eventRows(control.relayLogEvents(file, Math.max(4, position), limitOf(limit))));
}

export function showReplicas(statement: Shown<'showReplicas'>, context: Context): Answer {
  demand(context, 'REPLICATION SLAVE', 'REPLICATION SLAVE');
  const { flavor, streams, variables } = context.relay;
  const shape = statement.words === 'replicas' ? REPLICAS : SLAVE_HOSTS;
  const width = flavor === 'mariadb' ? 4 : 5;
  const own = variables.number('server_id');
  return rows(
    shape.slice(0, width),
    streams.dumps.replicas.map(({ serverId, host, port, uuid }) =>
      [serverId, host, port, own, uuid].slice(0, width),
    ),
  );
}

export async function purge(statement: Of<'purge'>, context: Context): Promise<Answer> {
  demand(context, 'SUPER or BINLOG_ADMIN', 'SUPER', 'BINLOG_ADMIN');
  const before = context.relay.streams.binaryLog.files;
  const kept = await context.relay.streams.binaryLog.purgeTo(statement.to);
  return purged(before, kept, { what: 'PURGE BINARY LOGS TO', file: statement.to }, context);
}

export async function purgeBefore(statement: Of<'purgeBefore'>, context: Context): Promise<Answer> {
  demand(context, 'SUPER or BINLOG_ADMIN', 'SUPER', 'BINLOG_ADMIN');
  const value = await evaluate(statement.time, context);
  // Times are UTC here, as the relay's time zone is.
  const time = typeof value === 'number' ? value : Date.parse(`${String(value).trim().replace(' ', 'T')}Z`);
  const date = new Date(
    typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(value) : time,
  );
  if (value === null || Number.isNaN(date.getTime())) {
    throw new ServerError(1210, 'HY000', 'Incorrect arguments to PURGE LOGS BEFORE');
  }
  const before = context.relay.streams.binaryLog.files;
  const kept = await context.relay.streams.binaryLog.purgeBefore(date);
  return purged(before, kept, { what: 'PURGE BINARY LOGS BEFORE', time: date.toISOString() }, context);
}

/** A purge ends at the first file that somebody reads, and says so of that one. */
function purged(
  before: readonly BinaryLogFile[],
  kept: readonly string[],
  what: Record<string, string>,
  { relay, session }: Context,
): Answer {
  const { files } = relay.streams.binaryLog;
  const active = files.at(-1)?.name;
  const [first] = kept;
  const isRead = first !== undefined && first !== active;
  if (isRead && relay.flavor === 'mariadb') {
    session.warn(1375, `Binary log '${first}' is not purged because it is in use by a slave thread`, 'Note');
  } else if (isRead) {
    const here = new Set(files.map(({ name }) => name));
    const gone = before.filter(({ name }) => !here.has(name)).length;
    const readers = files.find(({ name }) => name === first)?.readers ?? 0;
    session.warn(
      1867,
      `file ./${first} was not purged because it was being read by ${readers} thread(s), purged only ${gone} out of ${gone + kept.length} files.`,
    );
  } else if (relay.flavor === 'mysql' && first !== undefined) {
    session.warn(1868, `file ./${active} was not purged because it is the active log file.`);
  }
  relay.audit.record('change', what);
  return DONE;
}

export async function resetBinaryLogs(statement: Of<'resetBinaryLogs'>, context: Context): Promise<Answer> {
  demand(context, 'RELOAD or FLUSH_TABLES', 'RELOAD');
  // To MariaDB, 0 is as if it was not said.
  const first = statement.first === 0 && context.relay.flavor === 'mariadb' ? undefined : statement.first;
  if (first !== undefined && (first < 1 || first > 2_000_000_000)) {
    throw new ServerError(
      3567,
      'HY000',
      `The requested value '${first}' for the next binary log index is out of range. Please use a value between '1' and '2000000000'.`,
    );
  }
  await context.relay.streams.binaryLog.reset(first);
  context.relay.audit.record('change', { what: 'RESET BINARY LOGS AND GTIDS' });
  return DONE;
}

/** What else than RELOAD is enough, by target. */
const FLUSH_PRIVILEGES: Readonly<Partial<Record<FlushTarget, string>>> = {
  privileges: 'RELOAD or FLUSH_PRIVILEGES',
  status: 'RELOAD or FLUSH_STATUS',
  tables: 'RELOAD or FLUSH_TABLES',
};

export async function flush({ targets, channel }: Of<'flush'>, context: Context): Promise<Answer> {
  const { relay } = context;
  for (const target of targets) demand(context, FLUSH_PRIVILEGES[target] ?? 'RELOAD', 'RELOAD');
  const channels = targets.includes('relayLogs') ? channelsOf(context, channel) : [];
  if (targets.includes('ssl')) await relay.tls.reload();
  if (targets.includes('errorLogs') || targets.includes('logs')) relay.reopenLogs();
  if (targets.includes('binaryLogs') || targets.includes('logs')) await relay.streams.binaryLog.rotate();
  for (const control of targets.includes('logs') ? relay.streams.channels.all : channels)
    await control.flushRelayLog();
  return DONE;
}
