import { RawEvent } from '../../../binlog/index.ts';
import { ReplicationError, SourceClient } from '../../../replication/index.ts';
import type { ChannelConfiguration } from '../configuration.ts';
import type { RelayLog } from '../relay-log.ts';
import type { SourceFilePlace } from '../source-place.ts';
import type { ReceiverStatus } from '../status.ts';
import { type Failure, otherFamily, receiverFailure } from './receiver-failure.ts';
import { ReceiverProgress } from './receiver-progress.ts';
import { RelayLogWriter, type WriterSurroundings } from './relay-log-writer.ts';
import { type SourceSurroundings, sourceClientOptions } from './source-client-options.ts';
import type { SourceFailover } from './source-failover.ts';
import { stopsChannel } from './source-refusal.ts';

/** What a receiver needs beside its configuration. */
export interface ReceiverSurroundings extends SourceSurroundings, WriterSurroundings {
  /** Bytes of relay logs above which to wait for the applier; 0: any. */
  relayLogSpaceLimit(): number;
  /** The receiver stopped, and not because it was told to. */
  stopped(failure: Failure): void;
  readonly failover: SourceFailover;
}

/** The receiver of a channel: reads a source, or one after the other, and keeps what it sends in the relay log. */
export class Receiver {
  readonly #settings: () => ChannelConfiguration;
  readonly #log: RelayLog;
  readonly #surroundings: ReceiverSurroundings;
  readonly #progress: ReceiverProgress;
  #client: SourceClient | undefined;
  #running: Promise<void> | undefined;

  constructor(settings: () => ChannelConfiguration, log: RelayLog, surroundings: ReceiverSurroundings) {
    this.#settings = settings;
    this.#log = log;
    this.#surroundings = surroundings;
    this.#progress = new ReceiverProgress(surroundings.now);
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  status(): ReceiverStatus {
    const { flavor } = this.#surroundings;
    const { settled, isEmpty, retrieved, ledger } = this.#log;
    const { positioning, sourceLogFile, sourceLogPos } = this.#settings();
    const isConfigured = isEmpty && positioning === 'position';
    const place = this.#placeInSource ?? settled;
    return {
      ...this.#progress.told(this.#heartbeats),
      sourceLogFile: isConfigured ? sourceLogFile : place.file,
      readSourceLogPos: isConfigured ? sourceLogPos : place.position,
      retrievedGtidSet: flavor === 'mysql' ? retrieved : '',
      gtidIoPos: flavor === 'mariadb' ? ledger.position : '',
      semiSync: this.#client?.facts?.semisync === true && this.#progress.state === 'ON',
    };
  }

  /** Where the source stands behind its last transaction: what heads its files, and what it says of itself, is not kept. */
  get #placeInSource(): SourceFilePlace | undefined {
    const client = this.#client;
    if (client?.link.name !== 'streaming') return undefined;
    // One that has nothing for us says all the same where it stands.
    if (this.#log.isEmpty) return client;
    const { file = '', position = 4 } = (this.#log.holdsAll ? client.boundary : undefined) ?? {};
    return file === '' ? undefined : { file, position };
  }

  /** Begins; what happens from here on is in the status. */
  start(): void {
    if (this.#running !== undefined) return;
    this.#progress.start();
    this.#surroundings.failover.begin();
    this.#running = this.#follow().then(
      () => this.#stopped(),
      (error: unknown) => {
        const failure = this.#fail(error);
        this.#stopped();
        this.#surroundings.stopped(failure);
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

  /** What is remembered of what was received is forgotten. */
  forget(): void {
    this.#progress.forget();
  }

  /** RESET REPLICA: nor what went wrong is known any more. */
  forgetError(): void {
    this.#progress.forgetError();
  }

  /** Who the source was is forgotten. */
  forgetServer(): void {
    this.#progress.forgetServer();
  }

  get #heartbeats(): number {
    return this.#client?.heartbeats ?? 0;
  }

  #stopped(): void {
    this.#running = undefined;
    this.#progress.stop(this.#heartbeats);
    this.#client = undefined;
  }

  #fail(error: unknown): Failure {
    const { flavor } = this.#surroundings;
    const progress = this.#progress;
    const failure = receiverFailure(error, this.#settings(), flavor, progress.attempt, progress.hasAnswered);
    progress.fail(failure);
    return failure;
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
        // oxlint-disable-next-line no-await-in-loop -- one source after the other
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
    this.#progress.leave(this.#heartbeats);
    this.#client = undefined;
  }

  /** Reads one source into the relay log, as long as it lasts. */
  async #run(): Promise<void> {
    const log = this.#log;
    const progress = this.#progress;
    await log.heal();
    const client = new SourceClient(sourceClientOptions(this.#settings(), this.#surroundings, progress));
    this.#client = client;
    // The disk may fail while nothing comes: who waits for events must hear of it.
    log.failed = () => client.close();
    const event = new RawEvent();
    try {
      const writer = new RelayLogWriter(this.#settings, log, client, progress, this.#surroundings);
      for (;;) {
        const { heartbeats } = client;
        while (client.next(event)) {
          if (progress.state !== 'ON') this.#connected(client);
          writer.take(event);
        }
        if (client.heartbeats > heartbeats) progress.beat();
        const room = log.room();
        if (room !== undefined) await room;
        if (client.place !== 'begins' && client.place !== 'inside') await this.#waitForSpace(client);
        if (log.log.failure !== undefined) throw log.log.failure;
        const waited = await client.wait();
        if (log.log.failure !== undefined) throw log.log.failure;
        if (waited === 'ended') return;
        if (waited === 'resumed') writer.resume();
        if (progress.state !== 'ON') this.#connected(client);
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
    const progress = this.#progress;
    const { stage } = progress;
    for (let freed = this.#log.freed(limit); freed !== undefined; freed = this.#log.freed(limit)) {
      progress.stage = 'Waiting for the replica SQL thread to free relay log space';
      // oxlint-disable-next-line no-await-in-loop -- until there is enough
      await freed;
      if (client.link.name === 'stopped') return;
    }
    progress.stage = stage;
  }

  #connected({ facts, link }: SourceClient): void {
    if (facts === undefined || link.name !== 'streaming') return;
    if (facts.flavor !== this.#surroundings.flavor)
      throw otherFamily(this.#surroundings.flavor, facts.version);
    this.#progress.connected(facts);
    this.#surroundings.failover.connected();
  }
}
