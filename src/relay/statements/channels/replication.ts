import type { Flavor } from '../../../charset/index.ts';
import { ServerError } from '../../../errors/index.ts';
import type { ReplicationStatement, ThreadWords } from '../../../sql/index.ts';
import type { ChannelConfiguration } from '../../channel/configuration.ts';
import type { Threads } from '../../channel/threads.ts';
import type { ChannelControl } from '../../streams.ts';
import { type Answer, DONE } from '../answer.ts';
import { type Context, demand, demandReplicationAdmin } from '../context.ts';
import { impliedChannel, mustStop, namedChannel, store } from './implied-channel.ts';
import { channelNamed, hasSource } from './replica-status.ts';
import { incorrectUntil, namesPlace, tellOfUntil, untilOf } from './until.ts';

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

/** The channels that START and STOP mean: of all of them, those that were told of a source. */
function meantChannels(
  { channel, all }: Of<'startReplica' | 'stopReplica'>,
  context: Context,
): readonly ChannelControl[] {
  const found = channelsOf(context, channel, all);
  return !all && namedChannel(context, channel) !== undefined ? found : found.filter(hasSource);
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

const isStopped = (control: ChannelControl): boolean => {
  const { receiver, applier } = control.status();
  return receiver.state === 'OFF' && applier.state === 'OFF';
};

const threadsOf = ({ receiver, applier }: ThreadWords): Threads =>
  receiver || applier ? { receiver, applier } : { receiver: true, applier: true };

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

export async function startReplica(statement: Of<'startReplica'>, context: Context): Promise<Answer> {
  demandReplicationAdmin(context);
  const { relay, session } = context;
  const threads = threadsOf(statement.threads);
  const { user, password, until: clause } = statement;
  const isOfMariadb =
    relay.flavor === 'mariadb' &&
    clause !== undefined &&
    !namesPlace(clause) &&
    clause.kind !== 'afterMtsGaps';
  if (isOfMariadb && !(threads.receiver && threads.applier)) throw incorrectUntil(relay);
  const isHalf =
    clause !== undefined &&
    namesPlace(clause) &&
    (clause.file === undefined || clause.position === undefined);
  if (isHalf) throw incorrectUntil(relay);
  if ((user ?? password) !== undefined && !threads.receiver) {
    throw new ServerError(
      1763,
      'HY000',
      'Setting authentication options is not possible when only the Replica SQL Thread is being started.',
    );
  }
  if (clause !== undefined) impliedChannel(context, statement.channel);
  const channels = meantChannels(statement, context);
  // MariaDB reads the list before it looks whether there is a source.
  if (isOfMariadb && channels.every(isStopped)) untilOf(clause, context);
  if (channels.length === 0 && !statement.all) throw cannotStart(threads, context);
  const credentials =
    (user ?? password) === undefined ? undefined : { user: user ?? '', password: password ?? '' };
  for (const control of channels) {
    const { channel, positioning } = control.configuration;
    if (!hasSource(control)) throw notConfigured();
    const { receiver, applier } = control.status();
    const wanted = {
      receiver: threads.receiver && receiver.state === 'OFF',
      applier: threads.applier && applier.state === 'OFF',
    };
    if (isOfMariadb && !(wanted.receiver && wanted.applier))
      throw new ServerError(1254, 'HY000', NOTHING_TO_DO.mariadb.running[1]);
    if (isOfMariadb && positioning === 'position') {
      throw new ServerError(
        1949,
        'HY000',
        'START SLAVE UNTIL master_gtid_pos requires that slave is using GTID',
      );
    }
    if (!wanted.receiver && !wanted.applier) {
      if (!statement.all) tellOfNothingToDo('running', channel, context);
      continue;
    }
    const until = clause !== undefined && wanted.applier ? untilOf(clause, context) : undefined;
    if (clause !== undefined) tellOfUntil(until, context);
    if (until?.kind === 'afterMtsGaps' && positioning === 'auto') {
      session.warn(
        4047,
        `The until clause SQL_AFTER_MTS_GAPS is being used for channel '${channel}' when GTID_MODE = ON and SOURCE_AUTO_POSITION=1 meaning the server did not compute internally what gaps may exist in the relay log transaction execution. To close any execution gaps use either the SQL_BEFORE_GTIDS or SQL_AFTER_GTIDS until clause.`,
      );
    }
    await control.start(wanted, until, credentials);
    if (statement.all) session.warn(1937, `SLAVE '${channel}' started`, 'Note');
    relay.audit.record('change', { what: 'START REPLICA', channel });
  }
  return DONE;
}

export async function stopReplica(statement: Of<'stopReplica'>, context: Context): Promise<Answer> {
  demandReplicationAdmin(context);
  const threads = threadsOf(statement.threads);
  const channels = meantChannels(statement, context);
  if (channels.length === 0 && !statement.all) tellOfNothingToDo('stopped', '', context);
  for (const control of channels) {
    const { channel } = control.configuration;
    const { receiver, applier } = control.status();
    const wanted = {
      receiver: threads.receiver && receiver.state !== 'OFF',
      applier: threads.applier && applier.state !== 'OFF',
    };
    if (!wanted.receiver && !wanted.applier) {
      if (!statement.all) tellOfNothingToDo('stopped', channel, context);
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
  const running = channels.find((control) => !isStopped(control));
  if (running !== undefined) throw mustStop(running.configuration.channel);
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
