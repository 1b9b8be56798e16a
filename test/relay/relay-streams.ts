import { type ChannelConfiguration, defaultConfiguration } from '../../src/relay/channel/configuration.ts';
import type { FailoverSource } from '../../src/relay/channel/receiver/failover-source.ts';
import { type OpenedStreams, openStreams, type StreamsParts } from '../../src/relay/open-streams.ts';
import type { StreamsSurroundings } from '../../src/relay/relay.ts';
import type { ChannelControl, PrivilegeChecks } from '../../src/relay/streams.ts';
import type { Loopback } from '../connection/loopback.ts';
import { fixedUuid, listenForReplicas } from './dump-server.ts';

const SETTINGS: Readonly<Record<string, string | number | boolean>> = {
  replica_parallel_workers: 4,
  replica_preserve_commit_order: true,
  server_id: 900,
  gtid_mode: 'ON_PERMISSIVE',
  max_binlog_size: 1 << 30,
  max_relay_log_size: 0,
  relay_log_purge: true,
  relay_log_space_limit: 0,
  max_binlog_total_size: 0,
  binlog_expire_logs_auto_purge: true,
  binlog_expire_logs_seconds: 2_592_000,
  replica_net_timeout: 60,
  rpl_semi_sync_replica_enabled: false,
  report_host: 'relay',
  report_port: 3307,
  report_user: '',
};

export const VERSIONS = { mysql: '9.7.0-rowlock', mariadb: '11.8.6-MariaDB-rowlock' } as const;

/** Streams with a door for replicas. */
export interface TestRelay {
  readonly streams: OpenedStreams;
  readonly server: Loopback;
  readonly uuid: string;
  readonly reports: unknown[];
  /** As they are asked for: changes count at once. */
  readonly settings: Record<string, string | number | boolean>;
  /** Configurations of channels that went over to another source. */
  readonly moves: readonly ChannelConfiguration[];
  close(): Promise<void>;
}

export interface TestRelayOptions {
  readonly flavor?: 'mysql' | 'mariadb';
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  readonly privileges?: PrivilegeChecks;
  readonly channels?: readonly ChannelConfiguration[];
  /** The heaviest first. */
  readonly failover?: readonly FailoverSource[];
  readonly parts?: StreamsParts;
  readonly name?: string;
}

const ALLOW_ALL: PrivilegeChecks = {
  exists: () => true,
  mayApply: () => true,
  mayReload: () => true,
  allows: () => true,
};

export async function openTestRelay(folder: string, options: TestRelayOptions = {}): Promise<TestRelay> {
  const {
    flavor = 'mysql',
    settings = {},
    privileges = ALLOW_ALL,
    channels = [],
    failover = [],
    parts,
    name = 'relay',
  } = options;
  const uuid = fixedUuid(name);
  const values: Record<string, string | number | boolean> = {
    ...SETTINGS,
    server_uuid: uuid,
    version: VERSIONS[flavor],
    ...settings,
  };
  const reports: unknown[] = [];
  const moves: ChannelConfiguration[] = [];
  const value = (key: string): string | number | boolean => values[key] ?? '';
  const surroundings: StreamsSurroundings = {
    folder,
    flavor,
    variables: {
      number: (key: string) => Number(value(key)),
      text: (key: string) => String(value(key)),
      boolean: (key: string) => value(key) === true,
      onChange: () => undefined,
    },
    privileges,
    channels,
    password: async (_channel, _source, of) => (of === 'target' ? 'x' : ''),
    report: (error) => void reports.push(error),
    failoverSources: (channel) => failover.filter((source) => source.channel === channel),
    moved: (configuration) => void moves.push(configuration),
    violated: (error) => void reports.push(error),
  };
  const streams = await openStreams(surroundings, parts);
  const server = await listenForReplicas({
    dumps: streams.dumps,
    serverId: Number(value('server_id')),
    serverUuid: uuid,
    flavor,
    serverVersion: VERSIONS[flavor],
  });
  return {
    streams,
    server,
    uuid,
    reports,
    moves,
    settings: values,
    close: async () => {
      await server.close();
      await streams.close();
    },
  };
}

/** A channel to root without a password on this port. */
export function channelTo(port: number, changes: Partial<ChannelConfiguration> = {}): ChannelConfiguration {
  return {
    ...defaultConfiguration('', 60),
    sourceHost: '127.0.0.1',
    sourcePort: port,
    sourceUser: 'repl',
    sourceConnectRetry: 1,
    positioning: 'auto',
    ...changes,
  };
}

/** Waits for what is true sooner or later, a turn of the event loop at a time. */
export async function until(what: () => boolean, failed: () => string, limitMs = 60_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!what()) {
    if (Date.now() > end) throw new Error(`it never came: ${failed()}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}

/** Fails early with what the channel says. */
export async function untilApplied(channel: ChannelControl, done: () => boolean): Promise<void> {
  await until(
    () => {
      const { receiver, applier } = channel.status();
      if (applier.lastError.number !== 0) throw new Error(`applier: ${applier.lastError.message}`);
      if (receiver.state === 'OFF' && receiver.lastError.number !== 0)
        throw new Error(`receiver: ${receiver.lastError.message}`);
      return done();
    },
    () => JSON.stringify(channel.status(), undefined, 1),
  );
}
