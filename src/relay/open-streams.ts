import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { isMariadbVersion, loadZstd } from '../binlog/index.ts';
import { ConnectionError } from '../errors/index.ts';
import { BlockCache, type Disk, nodeDisk, type PatienceOptions, PatientDisk } from '../store/index.ts';
import { BinaryLog } from './binary-log/index.ts';
import { Channel, type ChannelSurroundings } from './channel/channel.ts';
import { ChannelError } from './channel/channel-error.ts';
import { channelTarget, targetUrl } from './channel/channel-target.ts';
import type { ChannelConfiguration } from './channel/configuration.ts';
import { sourceConnectOptions } from './channel/connect-options.ts';
import type { ReceiverSurroundings } from './channel/receiver.ts';
import { DumpServer } from './dump/index.ts';
import type { StreamsSurroundings } from './relay.ts';
import type { BinaryLogControl, ChannelControl, Channels, Dumps, Streams } from './streams.ts';

/** What tests put in the place of the machine. */
export interface StreamsParts {
  readonly disk?: Disk;
  readonly now?: () => number;
  readonly client?: ReceiverSurroundings['client'];
  /** Milliseconds between looks at a full disk. */
  readonly fullRetryMs?: number;
}

/** What metrics count, beside what statements may ask. */
export interface StreamCounters {
  readonly dumps: number;
  readonly dumpBytes: number;
  readonly transactions: number;
  readonly binaryLogBytes: number;
}

export interface OpenedStreams extends Streams {
  readonly counters: StreamCounters;
  close(): Promise<void>;
}

/** All logs together keep so much in memory: half for replicas, half for channels. */
const CACHE_BYTES = 24 * 1024 * 1024;

/** Opens the binary log and the channels in a folder, and repairs what a crash left. @throws RowlockError the disk refuses */
export async function openStreams(
  surroundings: StreamsSurroundings,
  parts: StreamsParts = {},
): Promise<OpenedStreams> {
  // A payload is opened where its event stands: the inflater must be there before the first one comes.
  await loadZstd();
  const { disk = nodeDisk, now = Date.now } = parts;
  const { flavor, folder, variables, privileges } = surroundings;
  const serverId = variables.number('server_id');
  const serverUuid = variables.text('server_uuid');
  const version = variables.text('version');
  const identity = {
    flavor,
    serverId,
    serverVersion: isMariadbVersion(version) === (flavor === 'mariadb') ? version : VERSIONS[flavor],
    now,
  };
  const patience: PatienceOptions = {
    onFull: (path, errno, { retry, repeat }) =>
      surroundings.report(
        new ChannelError(
          EE_DISK_FULL_WITH_RETRY_MSG,
          `Disk is full writing '${path}' (OS errno ${errno} - No space left on device). Waiting for someone to free space... ` +
            `Retry in ${retry} secs. Message reprinted in ${repeat} secs.`,
        ),
      ),
    ...(parts.fullRetryMs === undefined ? {} : { retryMs: parts.fullRetryMs }),
  };
  const logDisk = new PatientDisk(disk, patience);
  const log = await BinaryLog.open({
    ...identity,
    disk: logDisk,
    clockJumped: (milliseconds) =>
      surroundings.report(
        new Error(
          `the clock is ahead by ${Math.round(milliseconds / 1000)} s of the time that went by: for a day, no binary log is taken for ` +
            'older than it was. Set the clock right; binlog_expire_logs_seconds goes by it.',
        ),
      ),
    folder,
    base: basename(variables.text('log_bin_basename')) || 'binlog',
    cacheBytes: CACHE_BYTES,
    get maxBinlogSize() {
      return variables.number('max_binlog_size');
    },
    get expireLogsSeconds() {
      return variables.boolean('binlog_expire_logs_auto_purge')
        ? variables.number('binlog_expire_logs_seconds')
        : 0;
    },
    get spaceLimit() {
      return variables.number('max_binlog_total_size');
    },
  });
  logDisk.begin();
  const dumps = new DumpServer({
    log,
    serverId,
    serverUuid,
    hasGtids: () => flavor === 'mariadb' || variables.text('gtid_mode') !== 'OFF',
  });
  const cache = new BlockCache(CACHE_BYTES);
  const make: ChannelSurroundings = {
    relayLog: {
      ...identity,
      disk,
      folder,
      cache,
      maxRelayLogSize: () => variables.number('max_relay_log_size') || variables.number('max_binlog_size'),
    },
    patience,
    sink: log,
    isSinkWaiting: () => logDisk.isWaiting,
    receiver: {
      flavor,
      serverId,
      serverUuid,
      report: {
        host: variables.text('report_host'),
        port: variables.number('report_port'),
        user: variables.text('report_user'),
      },
      netTimeout: () => variables.number('replica_net_timeout'),
      semiSync: () => variables.boolean('rpl_semi_sync_replica_enabled'),
      relayLogSpaceLimit: () =>
        variables.boolean('relay_log_purge') ? variables.number('relay_log_space_limit') : 0,
      gtidMode: () => variables.text('gtid_mode'),
      now,
      violated: (error) => surroundings.violated(error),
      client: parts.client ?? {},
    },
    hasTarget: ({ target }) => targetUrl(target.url, variables.text('rowlock_target'), folder) !== undefined,
    target: (configuration, source, conflict) => {
      const { channel, target } = configuration;
      let conflicts = 0;
      return channelTarget(configuration, {
        flavor,
        folder,
        source,
        usual: () => variables.text('rowlock_target'),
        sessions: () => ({
          parallelWorkers: variables.number('replica_parallel_workers'),
          preserveCommitOrder: variables.boolean('replica_preserve_commit_order'),
        }),
        password: () => surroundings.password(channel, target.password, 'target'),
        conflict: (error) => {
          conflict(error);
          conflicts += 1;
          if (conflicts <= REPORTED_CONFLICTS) surroundings.report(error);
        },
      });
    },
    applier: {
      flavor,
      serverUuid,
      privileges,
      now,
      purgesRelayLogs: () => variables.boolean('relay_log_purge'),
      violated: (error) => surroundings.violated(error),
    },
    failoverSources: (channel) => surroundings.failoverSources(channel),
    moved: (configuration) => surroundings.moved(configuration),
    report: (error) => surroundings.report(error),
    connectOptions: async (configuration, credentials) => {
      const { channel, sourceUser, sourcePassword } = configuration;
      const given = credentials?.user ?? '';
      const password =
        given === '' ? await surroundings.password(channel, sourcePassword) : credentials!.password;
      const user = given === '' ? sourceUser : given;
      const publicKey = await publicKeyOf(configuration, folder, (error) => surroundings.report(error));
      return sourceConnectOptions(configuration, flavor, folder, { user, password, publicKey });
    },
  };
  const channels = new ChannelSet(make);
  try {
    for (const configuration of surroundings.channels) await channels.configure(configuration);
  } catch (error) {
    await channels.close();
    await log.close();
    throw error;
  }
  return new OpenStreamsSet(channels, log, dumps, logDisk);
}

/**
 * SOURCE_PUBLIC_KEY_PATH: what the password is encrypted with where there is no TLS. Read at every attempt. Without a key in it, the
 * channel goes without, as a replica does, and the log says so.
 */
async function publicKeyOf(
  { sourcePublicKeyPath, sourceSsl }: ChannelConfiguration,
  folder: string,
  report: (error: unknown) => void,
): Promise<string | undefined> {
  if (sourcePublicKeyPath === '' || sourceSsl) return undefined;
  const path = resolve(folder, sourcePublicKeyPath);
  try {
    const pem = await readFile(path, 'latin1');
    createPublicKey(pem);
    return pem;
  } catch (cause) {
    report(new ConnectionError(CR_AUTH_PLUGIN_ERR, `Can't locate server public key '${path}'`, { cause }));
    return undefined;
  }
}

/** CR_AUTH_PLUGIN_ERR */
const CR_AUTH_PLUGIN_ERR = 2061;

/** EE_DISK_FULL_WITH_RETRY_MSG of MySQL's error log. */
const EE_DISK_FULL_WITH_RETRY_MSG = 35;

/** Of each run of an applier: more of the same tell nothing new. */
const REPORTED_CONFLICTS = 20;

const VERSIONS = { mysql: '9.7.0-rowlock', mariadb: '11.8.6-MariaDB-rowlock' } as const;

class OpenStreamsSet implements OpenedStreams {
  readonly channels: Channels;
  readonly binaryLog: BinaryLogControl;
  readonly dumps: Dumps;
  readonly #channels: ChannelSet;
  readonly #log: BinaryLog;
  readonly #dumps: DumpServer;
  readonly #logDisk: PatientDisk;

  constructor(channels: ChannelSet, log: BinaryLog, dumps: DumpServer, logDisk: PatientDisk) {
    this.#logDisk = logDisk;
    this.channels = channels;
    this.binaryLog = log;
    this.dumps = dumps;
    this.#channels = channels;
    this.#log = log;
    this.#dumps = dumps;
  }

  get counters(): StreamCounters {
    return {
      dumps: this.#dumps.count,
      dumpBytes: this.#dumps.bytesSent,
      transactions: this.#log.transactions,
      binaryLogBytes: this.#log.bytes,
    };
  }

  async close(): Promise<void> {
    // What waits for space comes again from the source.
    this.#logDisk.giveUp();
    await this.#channels.close();
    this.#dumps.endAll();
    await this.#log.close();
  }
}

/** The channels, by name. Names are the same in capitals and small letters. */
class ChannelSet implements Channels {
  readonly #surroundings: ChannelSurroundings;
  readonly #channels = new Map<string, Channel>();

  constructor(surroundings: ChannelSurroundings) {
    this.#surroundings = surroundings;
  }

  get all(): readonly ChannelControl[] {
    return [...this.#channels].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, channel]) => channel);
  }

  get(channel: string): ChannelControl | undefined {
    return this.#channels.get(channel.toLowerCase());
  }

  async configure(configuration: ChannelConfiguration, anew = false): Promise<ChannelControl> {
    const key = configuration.channel.toLowerCase();
    const known = this.#channels.get(key);
    if (known !== undefined) {
      await known.configure(configuration, anew);
      return known;
    }
    const channel = await Channel.open(configuration, this.#surroundings);
    this.#channels.set(key, channel);
    return channel;
  }

  async remove(name: string): Promise<void> {
    const key = name.toLowerCase();
    const channel = this.#channels.get(key);
    this.#channels.delete(key);
    await channel?.remove();
  }

  async close(): Promise<void> {
    for (const channel of this.#channels.values()) await channel.close();
  }
}
