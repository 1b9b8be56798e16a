import { ServerError } from '../../src/errors/index.ts';
import type { ChannelConfiguration } from '../../src/relay/channel/configuration.ts';
import { type ChannelStatus, NO_ERROR, NO_TRANSACTION } from '../../src/relay/channel/status.ts';
import type {
  BinaryLogControl,
  ChannelControl,
  Channels,
  Dumps,
  EventLine,
  RegisteredReplica,
  Streams,
} from '../../src/relay/streams.ts';
import { NO_UNTIL } from '../../src/replication/index.ts';

/** Channels that keep their configuration and move nothing, in front of an empty log: what statements need to be tried. */
export class IdleStreams implements Streams {
  readonly channels: Channels;
  readonly binaryLog: BinaryLogControl;
  readonly dumps: Dumps & { readonly registered: RegisteredReplica[] };
  readonly #channels = new Map<string, IdleChannel>();

  constructor(configurations: readonly ChannelConfiguration[] = []) {
    for (const configuration of configurations) {
      this.#channels.set(configuration.channel, new IdleChannel(configuration));
    }
    const channels = this.#channels;
    this.channels = {
      get all() {
        return [...channels.values()].sort((a, b) =>
          a.configuration.channel < b.configuration.channel ? -1 : 1,
        );
      },
      get: (channel) => channels.get(channel),
      configure: async (configuration) => {
        const control = channels.get(configuration.channel) ?? new IdleChannel(configuration);
        control.configuration = configuration;
        channels.set(configuration.channel, control);
        return control;
      },
      remove: async (channel) => {
        channels.delete(channel);
      },
    };
    this.binaryLog = EMPTY_LOG;
    const registered: RegisteredReplica[] = [];
    this.dumps = {
      registered,
      semiSync: { clients: 0, acknowledged: 0 },
      get replicas() {
        return registered;
      },
      register: (_session, replica) => {
        registered.push(replica);
      },
      serve: async () => {
        throw new ServerError(1236, 'HY000', 'Binary log is not open');
      },
      finish: async () => undefined,
    };
  }
}

class IdleChannel implements ChannelControl {
  configuration: ChannelConfiguration;
  /** What its applier says of the source's log. */
  applied = { sourceLogFile: '', execSourceLogPos: 0 };
  #receiver = false;
  #applier = false;

  constructor(configuration: ChannelConfiguration) {
    this.configuration = configuration;
  }

  status(): ChannelStatus {
    return {
      channel: this.configuration.channel,
      relayLogSpace: 0,
      receiver: {
        state: this.#receiver ? 'CONNECTING' : 'OFF',
        stage: this.#receiver ? 'Connecting to source' : '',
        lastError: NO_ERROR,
        sourceLogFile: this.configuration.sourceLogFile,
        readSourceLogPos: this.configuration.sourceLogPos,
        sourceServerId: 0,
        sourceUuid: '',
        retrievedGtidSet: '',
        gtidIoPos: '',
        startedAt: 0,
        semiSync: false,
        receivedHeartbeats: 0,
        lastHeartbeatAt: undefined,
        queueing: NO_TRANSACTION,
        lastQueued: NO_TRANSACTION,
        connectionId: 0,
        tlsVersion: '',
        tlsCipher: '',
        connectsTried: 0,
        bytesReceived: 0,
        transactionsReceived: 0,
        violations: 0,
      },
      applier: {
        state: this.#applier ? 'ON' : 'OFF',
        stage: '',
        lastError: NO_ERROR,
        startedAt: 0,
        relayLogFile: '',
        relayLogPos: 4,
        ...this.applied,
        executedGtidSet: '',
        gtidSlavePos: '',
        secondsBehindSource: null,
        remainingDelay: null,
        until: NO_UNTIL,
        processing: NO_TRANSACTION,
        lastProcessed: NO_TRANSACTION,
        workers: [],
        coordinator: { lastError: NO_ERROR, lastProcessed: NO_TRANSACTION, processing: NO_TRANSACTION },
        transactionsRetried: 0,
        transactionsApplied: 0,
        lastRetry: undefined,
        conflicts: 0,
        lastConflict: NO_ERROR,
      },
    };
  }

  async start(threads: { readonly receiver: boolean; readonly applier: boolean }): Promise<void> {
    this.#receiver ||= threads.receiver;
    this.#applier ||= threads.applier;
  }

  async stop(threads: { readonly receiver: boolean; readonly applier: boolean }): Promise<void> {
    if (threads.receiver) this.#receiver = false;
    if (threads.applier) this.#applier = false;
  }

  async reset(): Promise<void> {
    this.#receiver = this.#applier = false;
  }

  async flushRelayLog(): Promise<void> {
    // There is none.
  }

  relayLogEvents(): AsyncIterable<EventLine> {
    return noEvents();
  }
}

async function* noEvents(): AsyncGenerator<EventLine> {
  // A log without events.
}

const EMPTY_LOG: BinaryLogControl = {
  files: [],
  end: { file: '', position: 0 },
  gtidExecuted: '',
  gtidPurged: '',
  gtidPosition: '',
  events(file) {
    if (file === undefined) return noEvents();
    throw new ServerError(
      1220,
      'HY000',
      'Error when executing command SHOW BINLOG EVENTS: Could not find target log',
    );
  },
  executeEmpty: async () => undefined,
  rotate: async () => undefined,
  purgeTo: async () => {
    throw new ServerError(1373, 'HY000', 'Target log not found in binlog index');
  },
  purgeBefore: async () => [],
  reset: async () => undefined,
  beginBehind: async () => undefined,
  gtidPositionAt: async () => undefined,
};
