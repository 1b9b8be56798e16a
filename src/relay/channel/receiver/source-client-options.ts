import type { Flavor } from '../../../binlog/index.ts';
import { type Connection, type ConnectOptions, connect } from '../../../connection/index.ts';
import { rest, type SourceClientOptions, type StartPoint } from '../../../replication/index.ts';
import { ChannelError } from '../channel-error.ts';
import type { ChannelConfiguration } from '../configuration.ts';
import { type Failure, fatalErrno, retryFailure } from './receiver-failure.ts';
import type { ReceiverProgress } from './receiver-progress.ts';
import { NO_USER } from './replica-words.ts';
import { isNotRegistered, sourceRefusal, stopsChannel } from './source-refusal.ts';

/** What following a channel's source needs of the relay around it. */
export interface SourceSurroundings {
  readonly flavor: Flavor;
  readonly serverId: number;
  readonly serverUuid: string;
  readonly report: { readonly host: string; readonly port: number; readonly user: string };
  /** Seconds. */
  netTimeout(): number;
  semiSync(): boolean;
  /** How to reach the source: asked at every attempt, for secrets and files may change. */
  connectOptions(): Promise<ConnectOptions>;
  /** The source is not reached, and is tried again: said once, until it has answered. */
  unreachable(failure: Failure): void;
  /** Where to begin, given what the relay log has. */
  start(): StartPoint;
  readonly client?: Pick<SourceClientOptions, 'open' | 'sleep' | 'random'>;
}

/** How a channel follows its source: as CHANGE REPLICATION SOURCE says, and as a replica announces itself. */
export function sourceClientOptions(
  configuration: ChannelConfiguration,
  surroundings: SourceSurroundings,
  progress: ReceiverProgress,
): SourceClientOptions {
  const { sourceRetryCount, sourceHeartbeatPeriod, positioning } = configuration;
  const { flavor, serverId, serverUuid, report, client } = surroundings;
  const netTimeout = surroundings.netTimeout();
  const delayMs = configuration.sourceConnectRetry * 1000;
  const sleep = client?.sleep ?? rest;
  // As a replica does: after what makes no sense, too, the link is opened again at once, and pauses lie between attempts.
  let isLost = false;
  let isTold = false;
  return {
    connection: (signal) => connectToSource(surroundings, progress, signal),
    start: surroundings.start(),
    identity: { serverId, serverUuid, replica: report },
    by: positioning === 'position' ? 'position' : 'gtid',
    netTimeoutMs: netTimeout * 1000,
    heartbeatMs: Math.min(sourceHeartbeatPeriod, netTimeout) * 1000,
    retry: {
      attempts: sourceRetryCount === 0 ? Number.MAX_SAFE_INTEGER : sourceRetryCount - 1,
      delayMs,
      maxDelayMs: delayMs,
      jitter: 0,
      initial: true,
      perOutage: true,
    },
    isFinal: stopsChannel,
    onRetry: ({ error, attempt, delayMs: pauseMs }) => {
      const wasOn = progress.state === 'ON';
      // An outage begins: nothing failed yet but the link.
      const isCut = attempt === 0;
      isLost = attempt === 1 && wasOn;
      if (isCut ? pauseMs === 0 : wasOn) isTold = false;
      progress.retry(attempt, isNotRegistered(error));
      if (isCut && pauseMs === 0) return;
      const failure = retryFailure(error, configuration, flavor, attempt, progress.hasAnswered);
      if (!isCut) progress.fail(failure);
      if (isLost || isTold) return;
      isTold = true;
      surroundings.unreachable(failure);
    },
    semisync: surroundings.semiSync(),
    annotations: true,
    ...client,
    sleep: (milliseconds, signal) => sleep(isLost ? 0 : milliseconds, signal),
  };
}

async function connectToSource(
  surroundings: SourceSurroundings,
  progress: ReceiverProgress,
  signal: AbortSignal,
): Promise<Connection> {
  progress.connectsTried += 1;
  const options = await surroundings.connectOptions();
  if (options.user === '')
    throw new ChannelError(fatalErrno(surroundings.flavor), NO_USER[surroundings.flavor]);
  const connection = await connect({ ...options, signal }).catch((error: unknown) => {
    throw sourceRefusal(error);
  });
  progress.connection = connection;
  return connection;
}
