import { type Connection, connect } from '../../connection/index.ts';
import { MysqlGtidSet } from '../../gtid/index.ts';
import { type Abilities, findAbilities } from './abilities.ts';
import { Crew } from './crew.ts';
import { checkOptions, type ServerTargetOptions, workersOf } from './server-target-options.ts';
import { ApplySession } from './session/apply-session.ts';
import { lockChannel, lockWorker } from './state/channel-locks.ts';
import { ChannelRecord, withExecuted } from './state/channel-record.ts';
import { type Journal, openState } from './state/state-tables.ts';
import type { Way } from './way.ts';

/** A channel that this process alone applies to a server. */
export interface OpenChannel {
  readonly abilities: Abilities;
  /** Its sessions: one as yet. */
  readonly crew: Crew;
  /** Where it stands. */
  readonly record: ChannelRecord;
  /** Of a server that keeps the source's GTIDs, what it had executed when it was opened; empty: others. */
  readonly executed: MysqlGtidSet;
  /** The definition that was under way when everything stopped. */
  readonly journal: Journal | undefined;
}

/**
 * Opens a channel: one session, its lock and its state.
 *
 * @param way how rows are applied, for sessions that are made once it is known
 */
export async function openChannel(
  channel: string,
  options: ServerTargetOptions,
  way: () => Way | undefined,
): Promise<OpenChannel> {
  return connected(options, async (connection) => {
    const abilities = await findAbilities(connection);
    checkOptions(options, abilities);
    await lockChannel(connection, channel);
    const state = await openState(connection, channel);
    const workers = workersOf(options);
    const keepsOrder = options.preserveCommitOrder !== false;
    const held = { retained: 0, queued: 0 };
    const add = async (reached: Connection): Promise<ApplySession> => {
      const session: ApplySession = await ApplySession.prepare(reached, {
        retries: options.retries,
        maxPacket: abilities.maxPacket,
        lockWait: keepsOrder && workers > 1 ? abilities.lockWait : undefined,
        held,
        isBehind: () => crew.isBehind(session),
        events: {
          waits: () => crew.makeWay(session),
          retries: (retry) => {
            session.progress.retried(retry);
            return crew.makeWay(session);
          },
          failed: (error) => crew.failSession(error, session),
          conflict: (conflict) => options.onConflict?.(conflict),
        },
      });
      const chosen = way();
      if (chosen !== undefined) session.way = chosen;
      crew.add(session);
      return session;
    };
    const crew: Crew = new Crew({
      workers,
      keepsOrder,
      waitsForGtids: abilities.canWaitForGtids,
      open: () =>
        connected(options, async (another) => {
          await findAbilities(another);
          await lockWorker(another, channel, crew.sessions.length);
          return add(another);
        }),
    });
    await add(connection);
    const isInGtids = mayKeepGtids(options, abilities) && abilities.flavor === 'mysql';
    const executed = MysqlGtidSet.parse(isInGtids ? await executedBy(connection) : '');
    const record = new ChannelRecord(channel, withExecuted(state?.position, executed));
    return { abilities, crew, record, executed, journal: state?.journal };
  });
}

/** Whether the server and who set it up let transactions have the GTIDs of the source. */
export function mayKeepGtids({ keepGtids }: ServerTargetOptions, { canKeepGtids }: Abilities): boolean {
  return keepGtids !== false && canKeepGtids;
}

const executedBy = async (connection: Connection): Promise<string> =>
  (await connection.value('SELECT @@global.gtid_executed')) ?? '';

/**
 * What a server may have set for everybody, and no session that applies can bear: transactions that begin by themselves, or only read,
 * answers cut off, statements that end before they are done, sessions that end because the source has been quiet, names in another
 * character set than the one that was asked for (`skip-character-set-client-handshake`). A year is the most that `wait_timeout` takes.
 */
const PLAIN_SESSION = [
  'SET NAMES utf8mb4, SESSION autocommit = 1, completion_type = 0, sql_select_limit = 18446744073709551615, sql_big_selects = 1, sql_safe_updates = 0, wait_timeout = 31536000 /*!50708 , max_execution_time = 0 */ /*M!100101 , max_statement_time = 0 */ /*M!100300 , idle_transaction_timeout = 0, idle_write_transaction_timeout = 0 */ /*M!100502 , sql_if_exists = 0 */',
  'SET SESSION TRANSACTION READ WRITE',
];

/** Uses a new connection, which does not stay with its locks where that fails. */
async function connected<Result>(
  { connection: given, conflicts = 'stop' }: ServerTargetOptions,
  use: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  // Whoever counts conflicts must be told what was changed, not what was there.
  const connection = await connect({
    ...(typeof given === 'function' ? await given() : given),
    foundRows: conflicts === 'stop',
  });
  try {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    for (const sql of PLAIN_SESSION) await connection.query(sql);
    return await use(connection);
  } catch (error) {
    await connection.close();
    throw error;
  }
}
