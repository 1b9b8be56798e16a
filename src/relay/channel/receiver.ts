import { EventType, type Flavor, RawEvent } from '../../binlog/index.ts';
import { type Connection, type ConnectOptions, connect } from '../../connection/index.ts';
import {
  EventJudge,
  gtidText,
  ReplicationError,
  SourceClient,
  type SourceClientOptions,
  type StartPoint,
  type TransactionGtid,
} from '../../replication/index.ts';
import { ChannelError, violationError } from './channel-error.ts';
import type { ChannelConfiguration } from './configuration.ts';
import { fatalErrno, otherFamily, receiverFailure, retryFailure } from './receiver-failure.ts';
import type { RelayLog } from './relay-log.ts';
import { NO_USER } from './replica-words.ts';
import type { SourceFailover } from './source-failover.ts';
import { sourceRefusal, stopsChannel } from './source-refusal.ts';
import {
  type LastError,
  NO_ERROR,
  NO_TRANSACTION,
  type ReceiverStatus,
  type ServiceState,
  type TransactionTimes,
} from './status.ts';
import { finished, transactionTimes } from './transaction-times.ts';

/** What a receiver needs beside its configuration. */
export interface ReceiverSurroundings {
  readonly flavor: Flavor;
  readonly serverId: number;
  readonly serverUuid: string;
  readonly report: { readonly host: string; readonly port: number; readonly user: string };
  /** Seconds. */
  netTimeout(): number;
  semiSync(): boolean;
  /** Bytes of relay logs above which to wait for the applier; 0: any. */
  relayLogSpaceLimit(): number;
  /** OFF, OFF_PERMISSIVE, ON_PERMISSIVE, ON. */
  gtidMode(): string;
  readonly now: () => number;
  /** How to reach the source: asked at every attempt, for secrets and files may change. */
  connectOptions(): Promise<ConnectOptions>;
  /** Where to begin, given what the relay log has. */
  start(): StartPoint;
  /** A transaction that no row-only channel lets through. */
  violated(error: ChannelError): void;
  readonly failover: SourceFailover;
  readonly client?: Pick<SourceClientOptions, 'open' | 'sleep' | 'random'>;
}

/** ER_SERVER_REPLICA_RELAY_LOG_WRITE_FAILURE */
const COULD_NOT_QUEUE = 13_122;

/**
 * The receiver of a channel: reads a source and puts whole transactions that may pass into the relay log. Nothing that may not pass is
 * written, not even for a moment: every event is judged before it is kept.
 */
export class Receiver {
  readonly #settings: () => ChannelConfiguration;
  readonly #log: RelayLog;
  readonly #surroundings: ReceiverSurroundings;
  #client: SourceClient | undefined;
  #running: Promise<void> | undefined;
  #state: ServiceState = 'OFF';
  #stage = '';
  #lastError: LastError = NO_ERROR;
  /** Of the runs before this one. */
  #heartbeats = 0;
  #startedAt = 0;
  #lastHeartbeatAt: number | undefined;
  #queueing: TransactionTimes = NO_TRANSACTION;
  #lastQueued: TransactionTimes = NO_TRANSACTION;
  #connection: Connection | undefined;
  #connectsTried = 0;
  #attempt = 0;
  #bytes = 0;
  #transactions = 0;
  #violations = 0;
  #serverId = 0;
  #serverUuid = '';

  constructor(settings: () => ChannelConfiguration, log: RelayLog, surroundings: ReceiverSurroundings) {
    this.#settings = settings;
    this.#log = log;
    this.#surroundings = surroundings;
  }

  get #configuration(): ChannelConfiguration {
    return this.#settings();
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  status(): ReceiverStatus {
    const tls = this.#connection?.tls;
    const { settled } = this.#log;
    const configured = this.#configuration.positioning === 'position';
    const isEmpty = this.#log.isEmpty;
    return {
      state: this.#state,
      stage: this.#stage,
      lastError: this.#lastError,
      sourceLogFile: isEmpty && configured ? this.#configuration.sourceLogFile : settled.file,
      readSourceLogPos: isEmpty && configured ? this.#configuration.sourceLogPos : settled.position,
      sourceServerId: this.#serverId,
      sourceUuid: this.#serverUuid,
      retrievedGtidSet: this.#surroundings.flavor === 'mysql' ? this.#log.retrieved : '',
      gtidIoPos: this.#surroundings.flavor === 'mariadb' ? this.#log.ledger.position : '',
      startedAt: this.#startedAt,
      semiSync: this.#client?.facts?.semisync === true && this.#state === 'ON',
      receivedHeartbeats: this.#heartbeats + (this.#client?.heartbeats ?? 0),
      lastHeartbeatAt: this.#lastHeartbeatAt,
      queueing: this.#queueing,
      lastQueued: this.#lastQueued,
      connectionId: this.#connection?.connectionId ?? 0,
      tlsVersion: tls?.protocol ?? '',
      tlsCipher: tls?.cipher ?? '',
      connectsTried: this.#connectsTried,
      bytesReceived: this.#bytes,
      transactionsReceived: this.#transactions,
      violations: this.#violations,
    };
  }

  /** Begins; what happens from here on is in the status. */
  start(): void {
    if (this.#running !== undefined) return;
    this.#lastError = NO_ERROR;
    this.#startedAt = this.#surroundings.now();
    this.#state = 'CONNECTING';
    this.#stage = 'Connecting to source';
    this.#surroundings.failover.begin();
    this.#running = this.#follow().then(
      () => this.#stopped(),
      (error: unknown) => {
        this.#fail(error);
        this.#stopped();
      },
    );
  }

  /** Ends at once: an unfinished transaction is taken back. */
  async stop(): Promise<void> {
    this.#surroundings.failover.stop();
    this.#client?.close();
    this.#log.stopWaiting();
    await this.#running;
  }

  /** RESET REPLICA: what is remembered of the source is forgotten. */
  forget(): void {
    this.#lastError = NO_ERROR;
    this.#queueing = NO_TRANSACTION;
    this.#lastQueued = NO_TRANSACTION;
    this.#heartbeats = 0;
    this.#serverId = 0;
    this.#serverUuid = '';
  }

  #stopped(): void {
    this.#running = undefined;
    this.#heartbeats += this.#client?.heartbeats ?? 0;
    this.#client = undefined;
    this.#connection = undefined;
    this.#state = 'OFF';
    this.#stage = '';
    this.#queueing = NO_TRANSACTION;
  }

  #fail(error: unknown): void {
    const { errno, message } = receiverFailure(
      error,
      this.#configuration,
      this.#surroundings.flavor,
      this.#attempt,
    );
    this.#lastError = { number: errno, message, at: this.#surroundings.now() };
  }

  /** Reads a source, and where it is gone or a better one is there, the next. */
  async #follow(): Promise<void> {
    const { failover } = this.#surroundings;
    for (let moved = true; moved; ) {
      moved = false;
      const unwatch = failover.watch(() => {
        moved = true;
        this.#client?.close();
      });
      try {
        await this.#run();
      } catch (error) {
        // Without a second attempt, the first one's error is the last.
        const gaveUp = error instanceof ReplicationError && error.code === 'REPLICATION_GAVE_UP';
        const isOver = gaveUp || !stopsChannel(error);
        if (isOver) this.#fail(error);
        if (!moved && !(isOver && failover.moveOn())) throw error;
        moved = true;
      } finally {
        unwatch();
      }
      if (moved) this.#leave();
    }
  }

  /** The source that was read is another one now. */
  #leave(): void {
    this.#heartbeats += this.#client?.heartbeats ?? 0;
    this.#client = undefined;
    this.#connection = undefined;
    this.#serverId = 0;
    this.#attempt = 0;
    this.#state = 'CONNECTING';
    this.#stage = 'Connecting to source';
  }

  async #run(): Promise<void> {
    await this.#log.heal();
    const client = new SourceClient(this.#clientOptions());
    this.#client = client;
    const log = this.#log;
    // The disk may fail while nothing comes: who waits for events must hear of it.
    log.failed = () => client.close();
    const event = new RawEvent();
    const judge = this.#configuration.requireRowFormat
      ? new EventJudge(this.#surroundings.flavor)
      : undefined;
    try {
      for (;;) {
        const { heartbeats } = client;
        while (client.next(event)) this.#take(client, event, judge);
        if (client.heartbeats > heartbeats) this.#lastHeartbeatAt = this.#surroundings.now();
        const room = log.room();
        if (room !== undefined) await room;
        if (client.place !== 'begins' && client.place !== 'inside') await this.#waitForSpace(client);
        if (log.log.failure !== undefined) throw log.log.failure;
        const waited = await client.wait();
        if (log.log.failure !== undefined) throw log.log.failure;
        if (waited === 'ended') return;
        if (waited === 'resumed') {
          log.rewind();
          judge?.reset();
          this.#transaction = undefined;
          this.#skipping = false;
        }
        if (this.#state !== 'ON') this.#connected(client);
      }
    } finally {
      client.close();
      if (log.log.failure === undefined) {
        log.rewind();
        await log.settle();
      }
    }
  }

  /** The relay log is as long as it may be: the applier must go on first. */
  async #waitForSpace(client: SourceClient): Promise<void> {
    const limit = this.#surroundings.relayLogSpaceLimit();
    const stage = this.#stage;
    for (let freed = this.#log.freed(limit); freed !== undefined; freed = this.#log.freed(limit)) {
      this.#stage = 'Waiting for the replica SQL thread to free relay log space';
      await freed;
      if (client.link.name === 'stopped') return;
    }
    this.#stage = stage;
  }

  #connected(client: SourceClient): void {
    const facts = client.facts;
    if (facts === undefined || client.link.name !== 'streaming') return;
    if (facts.flavor !== this.#surroundings.flavor) {
      throw otherFamily(this.#surroundings.flavor, facts.version);
    }
    this.#serverId = facts.serverId;
    this.#serverUuid = facts.serverUuid ?? '';
    this.#state = 'ON';
    this.#attempt = 0;
    this.#surroundings.failover.connected();
    this.#stage = 'Waiting for source to send event';
    this.#lastError = NO_ERROR;
  }

  #transaction: TransactionGtid | undefined;
  #skipping = false;

  #take(client: SourceClient, event: RawEvent, judge: EventJudge | undefined): void {
    if (this.#state !== 'ON') this.#connected(client);
    const log = this.#log;
    const { type } = event;
    this.#bytes += event.length;
    const judgement = judge?.check(event);
    if (judgement !== undefined) {
      this.#violations += 1;
      log.rewind();
      const gtid = client.gtid === undefined ? '' : gtidText(client.gtid);
      const place = { file: client.file, position: event.position, gtid };
      const error = violationError(this.#configuration.channel, judgement, place);
      this.#surroundings.violated(error);
      throw error;
    }
    if (!client.inLog || client.place === 'outside') {
      this.#takeOutside(client, event, type);
      return;
    }
    const begins = client.place === 'begins' || client.place === 'alone';
    if (begins) {
      log.rewind();
      this.#transaction = client.gtid;
      this.#checkGtidMode(client, event.position);
      this.#skipping = this.#isIgnored(event, client.gtid);
      this.#queueing = transactionTimes(event, this.#surroundings.now);
    }
    if (!this.#skipping) log.append(event);
    if (client.place !== 'ends' && client.place !== 'alone') return;
    this.#commit(client);
  }

  /** What replicas behind this relay would not take must not come in. */
  #checkGtidMode({ gtid, file }: SourceClient, position: number): void {
    if (this.#surroundings.flavor !== 'mysql') return;
    const mode = this.#surroundings.gtidMode();
    const { channel, assignGtidsToAnonymousTransactions: assign } = this.#configuration;
    if (mode === 'ON' && gtid === undefined && assign === 'OFF') {
      throw new ChannelError(
        COULD_NOT_QUEUE,
        `Cannot replicate anonymous transaction when @@GLOBAL.GTID_MODE = ON, at file ${file}, position ${position}. Give such ` +
          `transactions GTIDs: CHANGE REPLICATION SOURCE TO ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS=LOCAL FOR CHANNEL '${channel}'; or, ` +
          'where replicas have no GTIDs either, set gtid_mode.',
      );
    }
    if (mode === 'OFF' && gtid !== undefined) {
      throw new ChannelError(
        COULD_NOT_QUEUE,
        `Cannot replicate GTID-transaction when @@GLOBAL.GTID_MODE = OFF, at file ${file}, position ${position}.`,
      );
    }
  }

  #takeOutside(client: SourceClient, event: RawEvent, type: number): void {
    const { file } = client;
    if (type === EventType.FORMAT_DESCRIPTION_EVENT) this.#log.setFormat(event, file, event.position);
    else if (type === EventType.ROTATE_EVENT && client.inLog) {
      const next = event.bytes.toString('utf8', event.bodyStart + 8, event.bodyEnd);
      this.#log.follow(event, next, 4);
    }
  }

  #commit(client: SourceClient): void {
    const { file, position } = client;
    const gtid = this.#skipping ? undefined : this.#transaction;
    const queued = this.#queueing;
    const ack = client.ackWanted;
    this.#log.commit({
      gtid,
      file,
      position,
      done: () => {
        this.#transactions += 1;
        this.#lastQueued = finished(queued, this.#surroundings.now);
        if (ack) client.acknowledge(file, position);
      },
    });
    this.#queueing = NO_TRANSACTION;
  }

  /** What a channel leaves out: its own transactions come back in a ring, others because it was told so. */
  #isIgnored({ serverId }: RawEvent, gtid: TransactionGtid | undefined): boolean {
    const { ignoreServerIds, doDomainIds, ignoreDomainIds } = this.#configuration;
    if (serverId === this.#surroundings.serverId || ignoreServerIds.includes(serverId)) return true;
    if (gtid?.flavor !== 'mariadb') return false;
    if (doDomainIds.length > 0) return !doDomainIds.includes(gtid.domainId);
    return ignoreDomainIds.includes(gtid.domainId);
  }

  #clientOptions(): SourceClientOptions {
    const configuration = this.#configuration;
    const { flavor, serverId, serverUuid, report, client, now } = this.#surroundings;
    const netTimeout = this.#surroundings.netTimeout();
    const delayMs = configuration.sourceConnectRetry * 1000;
    return {
      connection: async (signal) => {
        this.#connectsTried += 1;
        const options = await this.#surroundings.connectOptions();
        if (options.user === '') throw new ChannelError(fatalErrno(flavor), NO_USER[flavor]);
        const connection = await connect({ ...options, signal }).catch((error: unknown) => {
          throw sourceRefusal(error);
        });
        this.#connection = connection;
        return connection;
      },
      start: this.#surroundings.start(),
      identity: { serverId, serverUuid, replica: report },
      by: configuration.positioning === 'position' ? 'position' : 'gtid',
      netTimeoutMs: netTimeout * 1000,
      heartbeatMs: Math.min(configuration.sourceHeartbeatPeriod, netTimeout) * 1000,
      retry: {
        attempts:
          configuration.sourceRetryCount === 0 ? Number.MAX_SAFE_INTEGER : configuration.sourceRetryCount - 1,
        delayMs,
        maxDelayMs: delayMs,
        jitter: 0,
        initial: true,
      },
      isFinal: stopsChannel,
      onRetry: ({ error, attempt }) => {
        const wasOn = this.#state === 'ON';
        this.#attempt = attempt;
        this.#connection = undefined;
        this.#state = 'CONNECTING';
        if (this.#serverId === 0) this.#stage = 'Connecting to source';
        else if (wasOn) this.#stage = 'Waiting to reconnect after a failed source event read';
        else this.#stage = 'Reconnecting after a failed source event read';
        const { errno, message } = retryFailure(error, configuration, flavor, attempt, this.#serverId > 0);
        this.#lastError = { number: errno, message, at: now() };
      },
      semisync: this.#surroundings.semiSync(),
      annotations: true,
      ...client,
    };
  }
}
