import { ServerError } from '../../../errors/index.ts';
import { type AdministrativeStatement, redactStatement, type ShowStatement } from '../../../sql/index.ts';
import { accountText } from '../../accounts/accounts.ts';
import { isThisMachine } from '../../accounts/host-pattern.ts';
import { shownValue } from '../../variables/variables.ts';
import { type Answer, columns, DONE, type ResultColumn, type ResultRow, rows } from '../answer.ts';
import { channelThreads } from '../channels/channel-threads.ts';
import { type Context, demand, type LiveSession } from '../context.ts';
import { evaluate } from '../evaluate.ts';
import { interruption } from '../interruption.ts';
import { filtered } from './filter.ts';
import { statusValues } from './status-values.ts';

type Shown<K extends ShowStatement['kind']> = Extract<ShowStatement, { kind: K }>;
type Of<K extends AdministrativeStatement['kind']> = Extract<AdministrativeStatement, { kind: K }>;

const PROCESSLIST = columns('Id:i User Host db Command Time:i State Info');
/** MariaDB's, behind them: how far a long statement has come. */
const PROGRESS: ResultColumn = { name: 'Progress', kind: 'decimal' };
/** SHOW PROCESSLIST without FULL shows this much. */
const SHORT_INFO = 100;

/** One line of the process list. */
function processRow({ state }: LiveSession, now: number, full: boolean): ResultRow {
  const { host, port, user } = state.applicant;
  const info = state.info === undefined ? null : redactStatement(state.info);
  return [
    state.id,
    user,
    `${isThisMachine(host) ? 'localhost' : host}${port === undefined ? '' : `:${port}`}`,
    state.schema ?? null,
    state.command,
    Math.max(0, Math.floor((now - state.since) / 1000)),
    state.state,
    full || info === null ? info : info.slice(0, SHORT_INFO),
  ];
}

/** Every line of the process list that somebody may see. Channels are the server's own: who may see all sessions sees them. */
export function processRows(context: Context, full: boolean): ResultRow[] {
  const { relay, session } = context;
  const now = relay.now();
  const sessions = visibleSessions(context).map((live) => processRow(live, now, full));
  if (!relay.accounts.has(session.account, 'PROCESS')) return sessions;
  const threads = channelThreads(relay).map(({ id, host, command, state, startedAt }): ResultRow => {
    const seconds = Math.max(0, Math.floor((now - startedAt) / 1000));
    return [id, 'system user', host, null, command, seconds, state, null];
  });
  return [...sessions, ...threads];
}

/** The sessions somebody may see: all with PROCESS, else those of the same account. */
export function visibleSessions({ relay, session }: Context): LiveSession[] {
  const all = [...relay.sessions.values()].sort((a, b) => a.state.id - b.state.id);
  if (relay.accounts.has(session.account, 'PROCESS')) return all;
  return all.filter(({ state }) => accountText(state.account) === accountText(session.account));
}

export function showProcesslist({ full }: Shown<'showProcesslist'>, context: Context): Answer {
  const found = processRows(context, full);
  if (context.relay.flavor === 'mysql') return rows(PROCESSLIST, found);
  return rows(
    [...PROCESSLIST, PROGRESS],
    found.map((row) => [...row, '0.000']),
  );
}

export async function kill(statement: Of<'kill'>, context: Context): Promise<Answer> {
  const id = Math.trunc(Number(await evaluate(statement.id, context))) || 0;
  const thread = channelThreads(context.relay).find((each) => each.id === id);
  if (thread === undefined) killSession(id, statement.what, context);
  else {
    // As with a server: a replication thread that is killed has been stopped.
    demand(context, 'SUPER or CONNECTION_ADMIN', 'SUPER', 'CONNECTION_ADMIN');
    await thread.control.stop(thread.threads);
    context.relay.audit.record('kill', { id, channel: thread.control.configuration.channel });
  }
  return DONE;
}

/** @throws ServerError 1094, 1095, 1317 */
export function killSession(id: number, what: 'connection' | 'query', context: Context): void {
  const { relay, session } = context;
  const target = relay.sessions.get(id);
  const visible = target !== undefined && visibleSessions(context).includes(target);
  if (target === undefined || !visible) throw new ServerError(1094, 'HY000', `Unknown thread id: ${id}`);
  const own = accountText(target.state.account) === accountText(session.account);
  if (!own && !relay.accounts.has(session.account, 'SUPER', 'CONNECTION_ADMIN'))
    throw new ServerError(1095, 'HY000', `You are not owner of thread ${id}`);
  relay.audit.record('kill', { id, what, by: accountText(session.account) });
  if (target.state === session && what === 'connection') throw interruption('SESSION_KILLED');
  if (what === 'connection') target.kill();
  else target.interrupt();
}

const NAME_VALUE = columns('Variable_name Value');

export function showVariables(
  { scope, filter }: Shown<'showVariables' | 'showStatus'>,
  context: Context,
): Answer {
  const { variables } = context.relay;
  const { viewer } = context.session;
  const values = variables
    .names(scope === 'session')
    .map((name) => [
      name,
      shownValue(variables.read(scope === 'global' ? 'global' : undefined, name, viewer)),
    ]);
  return filtered(NAME_VALUE, values, filter, context);
}

export function showStatus({ filter }: Shown<'showVariables' | 'showStatus'>, context: Context): Answer {
  return filtered(NAME_VALUE, statusValues(context), filter, context);
}

const WARNINGS = columns('Level Code:u Message');

export function showWarnings(
  { onlyErrors, count, limit }: Shown<'showWarnings'>,
  { session }: Context,
): Answer {
  const warnings = session.warnings.filter(({ level }) => !onlyErrors || level === 'Error');
  if (count) {
    const name = onlyErrors ? '@@session.error_count' : '@@session.warning_count';
    return rows([{ name, kind: 'unsigned' }], [[warnings.length]]);
  }
  const { offset, count: most } = limit ?? { offset: 0, count: warnings.length };
  return rows(
    WARNINGS,
    warnings.slice(offset, offset + most).map(({ level, code, message }) => [level, code, message]),
  );
}

export async function reloadTls(statement: Of<'reloadTls'>, context: Context): Promise<Answer> {
  demand(context, 'CONNECTION_ADMIN', 'CONNECTION_ADMIN', 'SUPER');
  if (statement.channel !== undefined && !/^mysql_(main|admin)$/.test(statement.channel)) {
    throw new ServerError(
      1149,
      '42000',
      'You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use',
    );
  }
  try {
    await context.relay.tls.reload();
  } catch (error) {
    if (statement.rollback || !(error instanceof ServerError)) throw error;
    // NO ROLLBACK ON ERROR: what does not load is not replaced by what did.
    context.relay.tls.disable();
    context.session.warn(error.errno, error.message);
  }
  return DONE;
}

export function shutdown(_statement: Of<'shutdown'>, context: Context): Answer {
  demand(context, 'SHUTDOWN', 'SHUTDOWN');
  context.relay.audit.record('shutdown', { by: accountText(context.session.account) });
  context.relay.shutdown();
  return DONE;
}
