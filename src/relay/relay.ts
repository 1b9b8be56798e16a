import { join, resolve } from 'node:path';
import type { Flavor } from '../charset/index.ts';
import { Accounts } from './accounts/accounts.ts';
import { LoginBrake } from './accounts/login-brake.ts';
import { Logins } from './accounts/logins.ts';
import type { ChannelError } from './channel/channel-error.ts';
import type { ChannelConfiguration, SecretSource } from './channel/configuration.ts';
import type { FailoverSource } from './channel/receiver/failover-source.ts';
import { prepareCertificates, prepareFolder, prepareRoot, prepareRsaKey } from './first-start.ts';
import { demandFlavor, type FactsOptions, relayFacts, VERSIONS } from './relay-facts.ts';
import { RelayServer } from './server/relay-server.ts';
import { TlsStore } from './server/tls-store.ts';
import { loadChannels, saveChannel } from './state/channels.ts';
import { FailoverSources } from './state/failover-sources.ts';
import { openKey, Secrets } from './state/sealing.ts';
import { State } from './state/state.ts';
import { targetPasswordPurpose } from './statements/channels/change-target.ts';
import { passwordPurpose } from './statements/channels/source-settings.ts';
import type { AuditLog, Relay as RelayContext, ViewSource } from './statements/context.ts';
import type { PrivilegeChecks, Streams } from './streams.ts';
import { tablesOf } from './tables/relay-tables.ts';
import { Variables } from './variables/variables.ts';
import { QueryEngine } from './views/query-engine.ts';
import type { StartReader } from './views/reading/reader-process.ts';

/** What the streams of a relay are opened with. */
export interface StreamsSurroundings {
  /** The data folder, absolute. */
  readonly folder: string;
  readonly flavor: Flavor;
  /** Settings as they are now; ask again when they matter. */
  readonly variables: Pick<Variables, 'number' | 'text' | 'boolean' | 'onChange'>;
  readonly privileges: PrivilegeChecks;
  /** Channels of the last run. */
  readonly channels: readonly ChannelConfiguration[];
  /** A channel's password, at the moment it connects. */
  password(channel: string, source: SecretSource | undefined, of?: 'source' | 'target'): Promise<string>;
  /** Something happened that was not asked for: a lost disk. */
  report(error: unknown): void;
  /** The sources a channel may fail over to, the heaviest first. */
  failoverSources(channel: string): readonly FailoverSource[];
  /** A channel went over to another source: it is its own from now on. */
  moved(configuration: ChannelConfiguration): void;
  /** A source sent what the channel does not let through. */
  violated(error: ChannelError): void;
}

/** Streams that can be closed. */
export type OpenStreams = (
  surroundings: StreamsSurroundings,
) => Promise<Streams & { close(): Promise<void> }>;

/** What a relay is started with. */
export interface RelayOptions extends FactsOptions {
  readonly folder: string;
  /** Undefined: the default, 3307; a port of 0 takes any free one. */
  readonly port: number;
  /** Relative to the data folder; empty: none. */
  readonly socket: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly openStreams: OpenStreams;
  /** Queries over tables that channels fill run there. */
  readonly startReader: StartReader;
  readonly audit: AuditLog;
  readonly report: (error: unknown) => void;
  /** SHUTDOWN was asked for. */
  readonly onShutdown: () => void;
  /** FLUSH ERROR LOGS: log files that were renamed are begun anew. */
  readonly reopenLogs: () => void;
  /** Channels of the last run stay stopped. */
  readonly skipReplicaStart: boolean;
  readonly now?: () => number;
}

/** A running relay. */
export interface RunningRelay {
  /** 0: no TCP. */
  readonly port: number;
  /** Absolute; empty: none. */
  readonly socket: string;
  readonly folder: string;
  readonly streams: Streams;
  /** What metrics and health checks look at. */
  readonly context: RelayContext;
  /** SIGHUP. @throws ServerError what does not load leaves everything as it was */
  reloadTls(): Promise<void>;
  close(): Promise<void>;
}

/** Opens or makes the data folder, the streams, and the doors. @throws UsageError, StoreError, ServerError */
export async function openRelay(options: RelayOptions): Promise<RunningRelay> {
  const { flavor, now = Date.now, audit, report } = options;
  const folder = resolve(options.folder);
  await prepareFolder(folder);
  const state = await State.open(join(folder, 'relay.sqlite'));
  const closers: (() => Promise<void> | void)[] = [() => state.close()];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    demandFlavor(state, flavor, folder);
    const secrets = new Secrets(await openKey(join(folder, 'secret.key')), folder, options.environment);
    await prepareCertificates(folder, () => new Date(now()));
    const accounts = new Accounts(state.accounts);
    const socket = options.socket === '' ? '' : resolve(folder, options.socket);
    const failover = new FailoverSources(state.failover);
    let streams: (Streams & { close(): Promise<void> }) | undefined;
    const sources = {
      flavor,
      now,
      get streams(): Streams {
        return streams!;
      },
    };
    const variables = new Variables(sources, state.variables, relayFacts(options, folder, socket, state));
    const channels = loadChannels(state.channels, variables.number('replica_net_timeout'));
    await tellOfLostSecrets(channels, secrets, report);
    streams = await options.openStreams({
      folder,
      flavor,
      variables,
      privileges: accounts,
      channels,
      password: (channel, source, of = 'source') =>
        secrets.reveal(source, of === 'source' ? passwordPurpose(channel) : targetPasswordPurpose(channel)),
      report,
      failoverSources: (channel) => failover.of(channel),
      moved: (configuration) => {
        const { channel, sourceHost: host, sourcePort: port } = configuration;
        audit.record('change', { what: 'FAILOVER', channel, host, port });
        try {
          saveChannel(state.channels, configuration);
        } catch (error) {
          report(error);
        }
      },
      violated: ({ errno, message }) => audit.record('violation', { errno, message }),
    });
    closers.push(() => streams!.close());
    const tls = new TlsStore(variables, folder, audit, now);
    await tls.reload();
    const engine = await QueryEngine.open<ViewSource>(tablesOf(flavor), options.startReader);
    closers.push(() => engine.close());
    const server = new RelayServer(report);
    const context: RelayContext = {
      flavor,
      version: VERSIONS[flavor],
      startedAt: now(),
      now,
      streams,
      accounts,
      logins: new Logins(accounts, new LoginBrake(now), now),
      variables,
      state,
      failover,
      secrets,
      engine,
      sessions: server.sessions,
      counters: {
        connections: 0,
        abortedConnects: 0,
        abortedClients: 0,
        questions: 0,
        maxUsedConnections: 0,
        bytesReceived: 0,
        bytesSent: 0,
        sslAccepts: 0,
        dumps: 0,
        statements: new Map(),
      },
      tls,
      audit,
      shutdown: options.onShutdown,
      reopenLogs: options.reopenLogs,
    };
    closers.push(() => server.close());
    const port = await server.listen(context, tls, await prepareRsaKey(folder), {
      port: options.port,
      bindAddress: options.bindAddress,
      socket,
    });
    variables.settle('port', port);
    variables.settle('skip_replica_start', options.skipReplicaStart);
    await prepareRoot(folder, accounts, { socket, port }, { flavor, now: now() });
    if (!options.skipReplicaStart) await startChannels(streams, report);
    audit.record('start', { port, socket, folder, flavor });
    return { port, socket, folder, streams, context, reloadTls: () => tls.reload(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A key that was lost was made anew: what was sealed with the old one has to be given again, sooner than when a channel asks for it. */
async function tellOfLostSecrets(
  channels: readonly ChannelConfiguration[],
  secrets: Secrets,
  report: (error: unknown) => void,
): Promise<void> {
  for (const { channel, sourcePassword, target } of channels) {
    const kept = [
      [sourcePassword, passwordPurpose(channel)],
      [target.password, targetPasswordPurpose(channel)],
    ] as const;
    for (const [secret, purpose] of kept)
      if (secret?.kind === 'stored') await secrets.reveal(secret, purpose).catch(report);
  }
}

/** As a server does when it starts. A channel that cannot start says so in its status. */
async function startChannels(streams: Streams, report: (error: unknown) => void): Promise<void> {
  for (const control of streams.channels.all) {
    if (control.configuration.sourceHost === '') continue;
    await control.start({ receiver: true, applier: true }).catch(report);
  }
}
