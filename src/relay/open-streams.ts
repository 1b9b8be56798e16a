import { basename } from 'node:path';
import { isMariadbVersion, loadZstd } from '../binlog/index.ts';
import { RowlockError } from '../errors/index.ts';
import {
  BlockCache,
  type Disk,
  type LogCut,
  nodeDisk,
  type PatienceOptions,
  PatientDisk,
} from '../store/index.ts';
import { BinaryLog, LogControl } from './binary-log/index.ts';
import { channelTarget, targetUrl } from './channel/applier/feeds/channel-target.ts';
import type { ChannelSurroundings } from './channel/channel.ts';
import { ChannelError } from './channel/channel-error.ts';
import { sourceConnectOptions } from './channel/receiver/connect-options.ts';
import type { ReceiverSurroundings } from './channel/receiver/receiver.ts';
import { ChannelSet } from './channel-set.ts';
import { DumpServer } from './dump/index.ts';
import type { StreamsSurroundings } from './relay.ts';
import { publicKeyOf } from './source-public-key.ts';
import type { BinaryLogControl, Channels, Dumps, Streams } from './streams.ts';

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
  const cutFrom =
    (which: string) =>
    ({ path, position, bytes }: LogCut): void =>
      surroundings.report(
        new RowlockError('STORE_CUT', `${bytes} bytes were cut off the ${which} when it was opened`, {
          context: { file: path, position },
          hint: 'A crash or a power cut leaves a torn end. What was in it, the channel receives again.',
        }),
      );
  const logDisk = new PatientDisk(disk, patience);
  const log = await BinaryLog.open({
    ...identity,
    disk: logDisk,
    cut: cutFrom('binary log'),
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
      cut: cutFrom('relay log'),
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
      patience,
      purgesRelayLogs: () => variables.boolean('relay_log_purge'),
      violated: (error) => surroundings.violated(error),
    },
    failoverSources: (channel) => surroundings.failoverSources(channel),
    moved: (configuration) => surroundings.moved(configuration),
    report: (error) => surroundings.report(error),
    connectOptions: async (configuration, credentials) => {
      const { channel, sourceUser, sourcePassword } = configuration;
      const { user, password } = credentials ?? {
        user: sourceUser,
        password: await surroundings.password(channel, sourcePassword),
      };
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
  const control = new LogControl(log, { disk: logDisk, serverId, now });
  return new OpenStreamsSet(channels, log, control, dumps, logDisk);
}

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

  constructor(
    channels: ChannelSet,
    log: BinaryLog,
    control: LogControl,
    dumps: DumpServer,
    logDisk: PatientDisk,
  ) {
    this.#logDisk = logDisk;
    this.channels = channels;
    this.binaryLog = control;
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
