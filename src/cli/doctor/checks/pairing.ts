import type { ChannelFacts } from '../facts/channel-facts.ts';
import type { ServerFacts } from '../facts/server-facts.ts';
import type { Diagnosis } from '../mends/mend.ts';

/** A source, one of its replicas, and the channel between them. */
export interface Pair {
  readonly source: ServerFacts;
  readonly replica: ServerFacts;
  readonly channel: ChannelFacts;
  /** Server ids that are taken. */
  readonly ids: ReadonlySet<number>;
}

/** A finding about two servers, told on the one that the mend changes. */
export interface PairFinding extends Diagnosis {
  readonly on: 'source' | 'replica';
}

/** How a report names a server. */
export function serverLabel({ address: { host, port } }: ServerFacts): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** How a report names the channel of a pair, seen from the source. */
export function fromSource({ replica, channel }: Pair): string {
  return channel.name === ''
    ? `replica ${serverLabel(replica)}`
    : `channel '${channel.name}' of ${serverLabel(replica)}`;
}

/** Whether a channel comes from this source: as it said when it was last reached, else by address. */
function comesFrom(channel: ChannelFacts, { address, variables }: ServerFacts): boolean {
  const uuid = variables?.get('server_uuid') ?? '';
  if (channel.sourceUuid !== '' && uuid !== '') return channel.sourceUuid === uuid;
  const reached = channel.sourceId !== '' && channel.sourceId !== '0';
  const byAddress = channel.port === address.port && channel.host === address.host;
  return (
    byAddress ||
    (reached && channel.sourceId === variables?.get('server_id') && channel.port === address.port)
  );
}

/**
 * The channels of a replica that come from a source. Of one source and one channel that never reached anybody nobody doubts
 * that they belong together, whatever name the channel has for it.
 */
export function channelsFrom(
  source: ServerFacts,
  replica: ServerFacts,
  sources: number,
): readonly ChannelFacts[] {
  const channels = replica.channels ?? [];
  const own = channels.filter((channel) => comesFrom(channel, source));
  const reached = channels.some(
    ({ sourceUuid, sourceId }) => sourceUuid !== '' || !['', '0'].includes(sourceId),
  );
  return own.length === 0 && sources === 1 && channels.length === 1 && !reached ? channels : own;
}
