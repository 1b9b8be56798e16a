import type { Flavor } from '../../../charset/index.ts';
import { ServerError } from '../../../errors/index.ts';
import { MysqlGtidSet, parseMariadbGtidList } from '../../../gtid/index.ts';
import type { Until } from '../../../replication/index.ts';
import type { ReplicationStatement, ThreadWords, UntilClause } from '../../../sql/index.ts';
import type { ChannelConfiguration } from '../../channel/configuration.ts';
import type { Threads } from '../../channel/threads.ts';
import type { ChannelControl } from '../../streams.ts';
import { type Answer, DONE } from '../answer.ts';
import { type Context, demand, demandReplicationAdmin, type Relay } from '../context.ts';
import { impliedChannel, mustStop, namedChannel, store } from './implied-channel.ts';
import { channelNamed } from './replica-status.ts';

type Of<K extends ReplicationStatement['kind']> = Extract<ReplicationStatement, { kind: K }>;

export const notConfigured = (): ServerError =>
  new ServerError(
    1200,
    'HY000',
    'The server is not configured as replica; fix in config file or with CHANGE REPLICATION SOURCE TO',
  );

/** The channels a statement means: the one it names, or all. */
export function channelsOf(
  context: Context,
  named: string | undefined,
  all = false,
): readonly ChannelControl[] {
  const { relay } = context;
  const channel = all ? undefined : namedChannel(context, named);
  if (channel === undefined) return relay.streams.channels.all;
  // MySQL's default channel is there even where it was never set up.
  const isUnset = relay.flavor === 'mysql' && channel === '' && relay.streams.channels.get('') === undefined;
  return isUnset ? [] : [channelNamed(relay, channel)];
}

/** What starting a channel that was never set up, or that is no more, comes to: MySQL's applier misses what the receiver kept. */
function cannotStart(threads: Threads, { relay: { flavor } }: Context): ServerError {
  if (threads.receiver || flavor === 'mariadb') return notConfigured();
  return new ServerError(
    1871,
    'HY000',
    'Replica failed to initialize connection metadata structure from the repository',
  );
}

const threadsOf = ({ receiver, applier }: ThreadWords): Threads =>
  receiver || applier ? { receiver, applier } : { receiver: true, applier: true };

const incorrectUntil = ({ flavor }: Relay): ServerError =>
  new ServerError(
    1277,
    'HY000',
    `Incorrect parameter or combination of parameters for START ${flavor === 'mysql' ? 'REPLICA' : 'SLAVE'} UNTIL`,
  );

function untilOf(clause: UntilClause | undefined, { relay }: Context): Until | undefined {
  if (clause === undefined) return undefined;
  switch (clause.kind) {
    case 'afterMtsGaps':
      return clause;
    case 'sourcePosition':
    case 'relayPosition': {
      const { kind, file, position } = clause;
      // Only a name with a number can be compared.
      if (file === undefined || position === undefined || !/\.\d+$/.test(file)) throw incorrectUntil(relay);
      return { kind, file, position };
    }
    case 'mariadbGtids':
      checkGtids(clause.gtids, () => parseMariadbGtidList(clause.gtids));
      return clause;
    default:
      if (relay.flavor === 'mariadb') {
        checkGtids(clause.gtids, () => parseMariadbGtidList(clause.gtids));
        return {
          kind: clause.kind === 'beforeGtids' ? 'beforeMariadbGtids' : 'mariadbGtids',
          gtids: clause.gtids,
        };
      }
      checkGtids(clause.gtids, () => MysqlGtidSet.parse(clause.gtids));
      return clause;
  }
}

/** The servers' notes: that UNTIL does not hold for the next start of the server, if that starts channels, or, undefined, that nobody is there to stop. */
function tellOfUntil(until: Until | undefined, { relay, session }: Context): void {
  if (until === undefined) {
    session.warn(1279, 'SQL thread is not to be started so UNTIL options are ignored', 'Note');
    return;
  }
  const isPlace = until.kind === 'sourcePosition' || until.kind === 'relayPosition';
  if (!isPlace || relay.variables.boolean('skip_replica_start')) return;
  const [word, replica] = relay.flavor === 'mysql' ? ['replica', 'REPLICA'] : ['slave', 'SLAVE'];
  session.warn(
    1278,
    `It is recommended to use --skip-${word}-start when doing step-by-step replication with START ${replica} UNTIL; otherwise, you will get problems if you get an unexpected ${word}'s ${relay.flavor === 'mysql' ? 'mysqld' : 'mariadbd'} restart`,
    'Note',
  );
}

/** The notes on a channel all of whose threads are as they should be; the spelling is MySQL's. */
const NOTHING_TO_DO = {
  mysql: { running: [3083, 'already runnning'], stopped: [3084, 'already stopped'] },
  mariadb: { running: [1254, 'Slave is already running'], stopped: [1255, 'Slave already has been stopped'] },
} as const;

function tellOfNothingToDo(
  what: 'running' | 'stopped',
  channel: string,
  { relay: { flavor }, session }: Context,
): void {
  const [code, words] = NOTHING_TO_DO[flavor][what];
  const text = flavor === 'mysql' ? `Replication thread(s) for channel '${channel}' are ${words}.` : words;
  session.warn(code, text, 'Note');
}

function checkGtids(text: string, parse: () => unknown): void {
  try {
    if (parse() !== undefined) return;
  } catch {
    // Whatever is wrong with it, the servers have one text.
  }
  throw new ServerError(1772, 'HY000', `Malformed GTID set specification '${text}'.`);
}

export async function startReplica(statement: Of<'startReplica'>, context: Context): Promise<Answer> {
  demandReplicationAdmin(context);
  const threads = threadsOf(statement.threads);
  const written = untilOf(statement.until, context);
  const isOfMariadb = written?.kind === 'mariadbGtids' || written?.kind === 'beforeMariadbGtids';
  if (isOfMariadb && !(threads.receiver && threads.applier)) throw incorrectUntil(context.relay);
  const until = threads.applier ? written : undefined;
  if (written !== undefined) tellOfUntil(until, context);
  const { user, password } = statement;
  if ((user ?? password) !== undefined && !threads.receiver) {
    throw new ServerError(
      1763,
      'HY000',
      'Setting authentication options is not possible when only the Replica SQL Thread is being started.',
    );
  }
  if (written !== undefined) impliedChannel(context, statement.channel);
  const channels = channelsOf(context, statement.channel, statement.all);
  if (channels.length === 0 && !statement.all) throw cannotStart(threads, context);
  const credentials =
    (user ?? password) === undefined ? undefined : { user: user ?? '', password: password ?? '' };
  for (const control of channels) {
    const { channel, sourceHost } = control.configuration;
    if (sourceHost === '') throw notConfigured();
    if (isOfMariadb && control.configuration.positioning === 'position') {
      throw new ServerError(
        1949,
        'HY000',
        'START SLAVE UNTIL master_gtid_pos requires that slave is using GTID',
      );
    }
    const { receiver, applier } = control.status();
    const wanted = {
      receiver: threads.receiver && receiver.state === 'OFF',
      applier: threads.applier && applier.state === 'OFF',
    };
    if (!wanted.receiver && !wanted.applier) {
      tellOfNothingToDo('running', channel, context);
      continue;
    }
    if (isOfMariadb && !(wanted.receiver && wanted.applier))
      throw new ServerError(1254, 'HY000', NOTHING_TO_DO.mariadb.running[1]);
    if (until?.kind === 'afterMtsGaps' && control.configuration.positioning === 'auto') {
      context.session.warn(
        4047,
        `The until clause SQL_AFTER_MTS_GAPS is being used for channel '${channel}' when GTID_MODE = ON and SOURCE_AUTO_POSITION=1 meaning the server did not compute internally what gaps may exist in the relay log transaction execution. To close any execution gaps use either the SQL_BEFORE_GTIDS or SQL_AFTER_GTIDS until clause.`,
      );
    }
    await control.start(wanted, until, credentials);
    if (statement.all) context.session.warn(1937, `SLAVE '${channel}' started`, 'Note');
    context.relay.audit.record('change', { what: 'START REPLICA', channel });
  }
  return DONE;
}

export async function stopReplica(statement: Of<'stopReplica'>, context: Context): Promise<Answer> {
  demandReplicationAdmin(context);
  const threads = threadsOf(statement.threads);
  const channels = channelsOf(context, statement.channel, statement.all);
  if (channels.length === 0 && !statement.all) tellOfNothingToDo('stopped', '', context);
  for (const control of channels) {
    const { channel } = control.configuration;
    const { receiver, applier } = control.status();
    const wanted = {
      receiver: threads.receiver && receiver.state !== 'OFF',
      applier: threads.applier && applier.state !== 'OFF',
    };
    if (!wanted.receiver && !wanted.applier) {
      tellOfNothingToDo('stopped', channel, context);
      continue;
    }
    await control.stop(wanted);
    if (statement.all) context.session.warn(1938, `SLAVE '${channel}' stopped`, 'Note');
    context.relay.audit.record('change', { what: 'STOP REPLICA', channel });
  }
  return DONE;
}

/** What a channel goes on with that has forgotten its place: the source's first log, at once; MariaDB's, with GTIDs. */
function withoutPlace(configuration: ChannelConfiguration, flavor: Flavor): ChannelConfiguration {
  const positioning = flavor === 'mariadb' ? 'slave_pos' : configuration.positioning;
  return { ...configuration, positioning, sourceLogFile: '', sourceLogPos: 4, sourceDelay: 0 };
}

export async function resetReplica(statement: Of<'resetReplica'>, context: Context): Promise<Answer> {
  demand(context, 'RELOAD', 'RELOAD');
  const { relay } = context;
  const channels = channelsOf(context, statement.channel);
  for (const control of channels) {
    const { receiver, applier } = control.status();
    if (receiver.state !== 'OFF' || applier.state !== 'OFF') throw mustStop(control.configuration.channel);
  }
  for (const control of channels) {
    const { configuration } = control;
    const { channel } = configuration;
    await control.reset();
    if (statement.all) {
      await relay.streams.channels.remove(channel);
      relay.state.channels.delete(channel);
    } else await store(relay, withoutPlace(configuration, relay.flavor), configuration);
    relay.audit.record('change', { what: statement.all ? 'RESET REPLICA ALL' : 'RESET REPLICA', channel });
  }
  return DONE;
}
