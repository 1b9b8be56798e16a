import { ServerError } from '../../errors/index.ts';
import type { ChannelConfiguration } from '../channel/configuration.ts';
import { saveChannel } from '../state/channels.ts';
import type { Relay } from './context.ts';

/** The channel a statement without FOR CHANNEL means. @throws ServerError 3079 */
export function impliedChannel(relay: Relay, channel: string | undefined): string {
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
