import { ServerError } from '../../../errors/index.ts';
import type { ChannelConfiguration } from '../../channel/configuration.ts';
import { saveChannel } from '../../state/channels.ts';
import type { Context, Relay } from '../context.ts';

/**
 * The channel that is named, or the one that is meant without a name; undefined: whatever there is. MySQL means all channels. MariaDB
 * means its default connection, which a session can choose; one channel that stands alone is meant by whatever name.
 */
export function namedChannel({ relay, session }: Context, channel: string | undefined): string | undefined {
  // MySQL has all of them in small letters.
  if (relay.flavor === 'mysql') return channel?.toLowerCase();
  if (channel !== undefined) return channel;
  const chosen = String(relay.variables.read('session', 'default_master_connection', session.viewer) ?? '');
  const { channels } = relay.streams;
  return chosen === '' && channels.get('') === undefined && channels.all.length < 2 ? undefined : chosen;
}

/** The channel a statement without FOR CHANNEL means. @throws ServerError 3079 */
export function impliedChannel(context: Context, named: string | undefined): string {
  const { relay } = context;
  const channel = namedChannel(context, named);
  if (channel !== undefined) return channel;
  if (relay.streams.channels.all.length > 1) {
    throw new ServerError(
      3079,
      'HY000',
      'Multiple channels exist on the replica. Please provide channel name as an argument.',
    );
  }
  return '';
}

/** Keeps the configuration on the disk and hands it to the streams. What they refuse is not kept. */
export async function store(
  relay: Relay,
  changed: ChannelConfiguration,
  before: ChannelConfiguration | undefined,
  anew = false,
): Promise<void> {
  saveChannel(relay.state.channels, changed);
  try {
    await relay.streams.channels.configure(changed, anew);
  } catch (error) {
    if (before === undefined) relay.state.channels.delete(changed.channel);
    else saveChannel(relay.state.channels, before);
    throw error;
  }
}

/** ER_REPLICA_CHANNEL_MUST_STOP */
export const mustStop = (channel: string): ServerError =>
  new ServerError(
    3081,
    'HY000',
    `This operation cannot be performed with running replication threads; run STOP REPLICA FOR CHANNEL '${channel}' first`,
  );

/** ER_REPLICA_CHANNEL_SQL_THREAD_MUST_STOP */
export const applierMustStop = (channel: string): ServerError =>
  new ServerError(
    3085,
    'HY000',
    `This operation cannot be performed with a running replica sql thread; run STOP REPLICA SQL_THREAD FOR CHANNEL '${channel}' first.`,
  );
