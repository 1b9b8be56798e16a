import { constants } from 'node:os';
import { type Until, UntilCondition } from '../../../replication/index.ts';
import { FullDiskNotice, type LogPlace, type PatienceOptions } from '../../../store/index.ts';
import { isTargetFull, isTargetLost } from '../../../target/index.ts';
import { ChannelError } from '../channel-error.ts';
import type { ChannelConfiguration } from '../configuration.ts';
import type { RelayLog } from '../relay-log.ts';
import type { ApplierStatus } from '../status.ts';
import type { TransactionSink } from '../transaction-sink.ts';
import { pause } from '../waiting.ts';
import { ApplierProgress } from './applier-progress.ts';
import { ApplierRun, type RunSurroundings } from './applier-run.ts';
import { Delivery } from './feeds/delivery.ts';
import { Lag } from './lag.ts';
import { Checkpoint } from './places/checkpoint.ts';
import { SourceDelay } from './source-delay.ts';

export interface ApplierSurroundings extends RunSurroundings {
  readonly serverUuid: string;
  /** relay_log_purge: files that are applied go. */
  purgesRelayLogs(): boolean;
  /** Whether the receiver is connected: without it, nobody knows how far behind this is. */
  isReceiving(): boolean;
  /** How a target of ours is waited for that has no space. */
  readonly patience: PatienceOptions;
  /** The applier stopped, and not because it was told to. @param errno as Last_SQL_Errno has it */
  stopped(errno: number): void;
}

/**
 * The applier of a channel: takes whole transactions from the relay log over into the sink, as far as filters, privileges and the guard
 * let them pass, and remembers with each of them where to go on.
 */
export class Applier {
  readonly #settings: () => ChannelConfiguration;
  readonly #log: RelayLog;
  readonly #sink: TransactionSink;
  readonly #surroundings: ApplierSurroundings;
  readonly #progress: ApplierProgress;
  readonly #checkpoint: Checkpoint;
  readonly #delivery: Delivery;
  readonly #delay: SourceDelay;
  readonly #lag = new Lag();
  readonly #full: FullDiskNotice;
  #running: Promise<void> | undefined;
  #stop = new AbortController();
  #until = new UntilCondition(undefined);

  constructor(
    settings: () => ChannelConfiguration,
    log: RelayLog,
    sink: TransactionSink,
    surroundings: ApplierSurroundings,
  ) {
    this.#settings = settings;
    this.#log = log;
    this.#sink = sink;
    this.#surroundings = surroundings;
    this.#full = new FullDiskNotice(surroundings.patience);
    const { now, flavor } = surroundings;
    this.#progress = new ApplierProgress(now, flavor);
    this.#checkpoint = new Checkpoint({
      sink,
      log,
      channel: () => settings().channel,
      purgesRelayLogs: () => surroundings.purgesRelayLogs(),
      applied: (times) => this.#progress.apply(times),
    });
    this.#delivery = new Delivery({
      sink,
      checkpoint: this.#checkpoint,
      uuidForAnonymous: () => this.#uuidForAnonymous(),
    });
    this.#delay = new SourceDelay(() => settings().sourceDelay, now);
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Behind the last transaction that was applied, in the relay log. */
  get place(): LogPlace {
    const { relayNumber: number, relayPosition: position } = this.#checkpoint.applied;
    return { number, position };
  }

  status(): ApplierStatus {
    const { flavor, now } = this.#surroundings;
    const { applied } = this.#checkpoint;
    return {
      ...this.#progress.told(),
      relayLogFile: this.#log.log.nameOf(applied.relayNumber),
      relayLogPos: applied.relayPosition,
      sourceLogFile: applied.sourceFile,
      execSourceLogPos: applied.sourcePosition,
      executedGtidSet: flavor === 'mysql' ? this.#sink.gtidExecuted : '',
      gtidSlavePos: flavor === 'mariadb' ? this.#sink.gtidPosition : '',
      secondsBehindSource: this.isRunning
        ? this.#lag.seconds(now(), this.#surroundings.isReceiving(), this.#delivery.oldest)
        : null,
      remainingDelay: this.#delay.remaining,
      until: this.#until.status,
    };
  }

  /** Begins; what happens from here on is in the status. */
  start(until: Until | undefined): void {
    if (this.#running !== undefined) return;
    this.#until = new UntilCondition(until);
    this.#stop = new AbortController();
    this.#progress.start();
    this.#running = this.#keepRunning().then(
      () => this.#stopped(),
      (error: unknown) => {
        this.#progress.fail(error);
        this.#stopped();
        this.#surroundings.stopped(this.#progress.lastError.number);
      },
    );
  }

  /** Ends behind the transaction that is under way. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Whether the binary log has for good what ends here in the relay log, once it has: see {@link Checkpoint.durable}. */
  durable(place: LogPlace): Promise<boolean> | undefined {
    return this.#checkpoint.durable(place);
  }

  /** RESET REPLICA: begins with the relay log's first file. */
  forget(): void {
    this.#progress.forget();
    this.#until = new UntilCondition(undefined);
    this.#checkpoint.forget();
  }

  #stopped(): void {
    this.#running = undefined;
    this.#progress.stop();
    this.#delay.end();
  }

  /** Runs, and goes on where the target stands when that was lost: as often, and with the pauses, as the receiver with a source. */
  async #keepRunning(): Promise<void> {
    const { signal } = this.#stop;
    for (let losses = 1; ; losses += 1) {
      const before = this.#progress.transactions;
      this.#progress.stage = 'Waiting for the next event in relay log';
      try {
        // oxlint-disable-next-line no-await-in-loop -- one life of the target after the other
        await this.#run();
        return;
      } catch (error) {
        const { sourceConnectRetry, sourceRetryCount } = this.#settings();
        if (this.#progress.transactions > before) losses = 1;
        const cause = error instanceof ChannelError ? error.cause : undefined;
        if (isTargetFull(cause) && !signal.aborted) {
          if (this.#progress.transactions > before) this.#full.end();
          losses = 0;
          // oxlint-disable-next-line no-await-in-loop -- one life of the target after the other
          await this.#waitForSpace(cause.path, signal);
          if (signal.aborted) return;
          continue;
        }
        const isLost = isTargetLost(cause);
        const mayGoOn = sourceRetryCount === 0 || losses < sourceRetryCount;
        if (!isLost || !mayGoOn || signal.aborted) throw error;
        this.#progress.lose(error);
        // oxlint-disable-next-line no-await-in-loop -- one life of the target after the other
        await pause(sourceConnectRetry * 1000, signal);
        if (signal.aborted) return;
      }
    }
  }

  async #waitForSpace(path: string, signal: AbortSignal): Promise<void> {
    this.#progress.waitForSpace();
    this.#full.tell(path, constants.errno.ENOSPC);
    await pause(this.#full.retryMs, signal);
  }

  #run(): Promise<void> {
    return new ApplierRun({
      configuration: this.#settings(),
      log: this.#log,
      sink: this.#sink,
      surroundings: this.#surroundings,
      progress: this.#progress,
      checkpoint: this.#checkpoint,
      delivery: this.#delivery,
      delay: this.#delay,
      lag: this.#lag,
      until: this.#until,
    }).run(this.#stop);
  }

  #uuidForAnonymous(): string | undefined {
    const { assignGtidsToAnonymousTransactions: assign } = this.#settings();
    if (assign === 'OFF' || this.#surroundings.flavor !== 'mysql') return undefined;
    return assign === 'LOCAL' ? this.#surroundings.serverUuid : assign.toLowerCase();
  }
}
