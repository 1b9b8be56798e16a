import type { RowlockError } from '../../errors/index.ts';
import { MariadbReplicaState, MysqlGtidSet } from '../../gtid/index.ts';
import type { StartPoint, Until } from '../../replication/index.ts';
import { type PatienceOptions, PatientDisk } from '../../store/index.ts';
import { eventLines } from '../binary-log/index.ts';
import type { ChannelControl, EventLimit, EventLine } from '../streams.ts';
import { Applier, type ApplierSurroundings } from './applier/applier.ts';
import type { ChannelTargetInUse } from './applier/feeds/target-feed.ts';
import { applierStopped, receiverStopped, unreachable } from './channel-failure.ts';
import type { ChannelConfiguration } from './configuration.ts';
import { sameOrigin, sameServer } from './origin.ts';
import type { FailoverSource } from './receiver/failover-source.ts';
import { Receiver, type ReceiverSurroundings } from './receiver/receiver.ts';
import { SourceFailover } from './receiver/source-failover.ts';
import { RelayLog } from './relay-log.ts';
import type { RelayLogOptions } from './relay-log-options.ts';
import { isBehind } from './source-place.ts';
import { stageWords } from './stage-words.ts';
import type { ApplierStatus, ChannelStatus, ReceiverStatus } from './status.ts';
import type { StartCredentials, Threads } from './threads.ts';
import type { TransactionSink } from './transaction-sink.ts';

export interface ChannelSurroundings {
  readonly relayLog: Omit<RelayLogOptions, 'base'>;
  /** What to do while the relay log's disk is full. */
  readonly patience: PatienceOptions;
  readonly sink: TransactionSink;
  /** Whether the sink waits for space. */
  isSinkWaiting(): boolean;
  readonly receiver: Omit<
    ReceiverSurroundings,
    'connectOptions' | 'start' | 'failover' | 'unreachable' | 'stopped'
  >;
  readonly applier: Omit<ApplierSurroundings, 'isReceiving' | 'target' | 'stopped'>;
  /** Where its rows go, beside the sink; `source`: how to reach the source. */
  target(
    configuration: ChannelConfiguration,
    source: ReceiverSurroundings['connectOptions'],
    conflict: (error: Error) => void,
  ): ChannelTargetInUse | undefined;
  /** Whether it has one. */
  hasTarget(configuration: ChannelConfiguration): boolean;
  /** The sources a channel may fail over to, the heaviest first. */
  failoverSources(channel: string): readonly FailoverSource[];
  /** A channel reads from another source from now on: to be kept. */
  moved(configuration: ChannelConfiguration): void;
  report(error: unknown): void;
  /** How to reach the source now. */
  connectOptions(
    configuration: ChannelConfiguration,
    credentials: StartCredentials | undefined,
  ): ReturnType<ReceiverSurroundings['connectOptions']>;
}

/** One source's way through the relay: a receiver, its relay log, and an applier. */
export class Channel implements ChannelControl {
  configuration: ChannelConfiguration;
  readonly #surroundings: ChannelSurroundings;
  readonly #log: RelayLog;
  readonly #disk: PatientDisk;
  readonly #receiver: Receiver;
  readonly #applier: Applier;
  #credentials: StartCredentials | undefined;

  private constructor(
    configuration: ChannelConfiguration,
    log: RelayLog,
    disk: PatientDisk,
    surroundings: ChannelSurroundings,
  ) {
    this.#disk = disk;
    this.configuration = configuration;
    this.#log = log;
    this.#surroundings = surroundings;
    const report = (error: RowlockError | undefined): void => {
      if (error !== undefined) surroundings.report(error);
    };
    this.#receiver = new Receiver(() => this.configuration, log, {
      ...surroundings.receiver,
      connectOptions: () => surroundings.connectOptions(this.configuration, this.#credentials),
      start: () => this.#start(),
      unreachable: (failure) => report(unreachable(this.configuration.channel, failure)),
      stopped: (failure) => report(receiverStopped(this.configuration.channel, failure)),
      failover: new SourceFailover({
        configuration: () => this.configuration,
        sources: (name) => surroundings.failoverSources(name),
        move: ({ host, port }) => {
          this.configuration = { ...this.configuration, sourceHost: host, sourcePort: port };
          surroundings.moved(this.configuration);
        },
        connectOptions: (there) => surroundings.connectOptions(there, this.#credentials),
        report: (error) => surroundings.report(error),
      }),
    });
    this.#applier = new Applier(() => this.configuration, log, surroundings.sink, {
      ...surroundings.applier,
      isReceiving: () => this.#receiver.status().state === 'ON',
      stopped: (errno) => report(applierStopped(this.configuration.channel, errno)),
      target: {
        isNamed: () => surroundings.hasTarget(this.configuration),
        make: (conflict) =>
          surroundings.target(
            this.configuration,
            () => surroundings.connectOptions(this.configuration, this.#credentials),
            conflict,
          ),
      },
    });
    log.elsewhere = (end) => this.#applier.durable(end);
  }

  /** Opens the channel's relay log. */
  static async open(
    configuration: ChannelConfiguration,
    surroundings: ChannelSurroundings,
  ): Promise<Channel> {
    const base = relayLogBase(configuration.channel);
    const disk = new PatientDisk(surroundings.relayLog.disk, surroundings.patience);
    const log = await RelayLog.open({ ...surroundings.relayLog, disk, base });
    return new Channel(configuration, log, disk, surroundings);
  }

  status(): ChannelStatus {
    const receiver = this.#receiver.status();
    const applier = this.#applier.status();
    const { flavor } = this.#surroundings.relayLog;
    const { sourceLogFile, readSourceLogPos } = receiver;
    const place = this.#hasAppliedAll(receiver, applier)
      ? { sourceLogFile, execSourceLogPos: readSourceLogPos }
      : this.#placeGiven(applier);
    const stageOf = ({ state, stage }: ReceiverStatus | ApplierStatus, isWaiting: boolean): string =>
      isWaiting && state !== 'OFF' ? 'Waiting for disk space' : stageWords(stage, flavor);
    return {
      channel: this.configuration.channel,
      receiver: { ...receiver, stage: stageOf(receiver, this.#disk.isWaiting) },
      applier: { ...applier, ...place, stage: stageOf(applier, this.#surroundings.isSinkWaiting()) },
      relayLogSpace: this.#log.space,
    };
  }

  /** Whether the applier stands where the receiver does: no transaction is between them. */
  #hasAppliedAll(receiver: ReceiverStatus, applier: ApplierStatus): boolean {
    if (receiver.state !== 'ON') return false;
    const log = this.#log;
    // Where nothing was ever received, nor is on its way, there is nothing to apply.
    if (log.isEmpty) return !log.isUnderWay && this.configuration.positioning !== 'position';
    return applier.state === 'ON' && log.holdsAll && log.endsBy(this.#applier.place);
  }

  /** Where nothing was applied yet: it goes on where the channel was told to begin. */
  #placeGiven(applier: ApplierStatus): Partial<ApplierStatus> {
    const { positioning, sourceLogFile, sourceLogPos: execSourceLogPos } = this.configuration;
    const isGiven = positioning === 'position' && sourceLogFile !== '';
    return isGiven && applier.sourceLogFile === '' ? { sourceLogFile, execSourceLogPos } : {};
  }

  /** Takes other settings. Where the source or the place to begin is another one, what was received of the old one goes. */
  async configure(configuration: ChannelConfiguration, anew = false): Promise<void> {
    const old = this.configuration;
    this.configuration = configuration;
    if (!anew && sameOrigin(old, configuration)) return;
    if (this.#receiver.isRunning || this.#applier.isRunning) return;
    await this.#forget();
    this.#receiver.forget();
    if (!sameServer(old, configuration)) this.#receiver.forgetServer();
  }

  async start(threads: Threads, until?: Until, credentials?: StartCredentials): Promise<void> {
    if (threads.receiver) {
      this.#credentials = credentials;
      this.#disk.begin();
      this.#receiver.start();
    }
    if (threads.applier) this.#applier.start(until);
  }

  async stop(threads: Threads): Promise<void> {
    // What the relay log has no space for is taken back, and comes again.
    if (threads.receiver) this.#disk.giveUp();
    await Promise.all([
      threads.receiver ? this.#receiver.stop() : undefined,
      threads.applier ? this.#applier.stop() : undefined,
    ]);
  }

  async reset(): Promise<void> {
    await this.#forget();
    this.#receiver.forget();
    this.#receiver.forgetError();
    this.#receiver.forgetServer();
  }

  flushRelayLog(): Promise<void> {
    return this.#log.flush();
  }

  relayLogEvents(file: string | undefined, position: number, limit: EventLimit): AsyncIterable<EventLine> {
    const { flavor } = this.#surroundings.relayLog;
    return eventLines(this.#log.log, flavor, file, position, limit, 'SHOW RELAYLOG EVENTS');
  }

  async close(): Promise<void> {
    await this.stop({ receiver: true, applier: true });
    await this.#log.close();
  }

  /** The channel is no more: nor are its files. */
  async remove(): Promise<void> {
    await this.close();
    this.#applier.forget();
    const { disk, folder } = this.#surroundings.relayLog;
    await RelayLog.remove(disk, folder, relayLogBase(this.configuration.channel));
  }

  async #forget(): Promise<void> {
    await this.#log.heal();
    this.#applier.forget();
    await this.#surroundings.sink.settle();
    await this.#log.reset();
  }

  /** Where the receiver begins: behind what is in the relay log and in the sink. */
  #start(): StartPoint {
    const { configuration } = this;
    const { flavor } = this.#surroundings.receiver;
    const { sink } = this.#surroundings;
    if (configuration.positioning !== 'position') {
      return { gtids: flavor === 'mysql' ? this.#executedSet(sink) : this.#executedState(sink) };
    }
    const { settled } = this.#log;
    const applied = sink.place(configuration.channel);
    const place = applied && { file: String(applied['f']), position: Number(applied['q']) };
    // What was applied may not have reached the disk here.
    if (!this.#log.isEmpty && !(place !== undefined && isBehind(settled, place))) {
      return { file: settled.file, position: settled.position };
    }
    // Files of the relay log were read, and none of them had anything of the source.
    if (place !== undefined && place.file !== '') return place;
    if (configuration.sourceLogFile === '') return 'beginning';
    return { file: configuration.sourceLogFile, position: Math.max(4, configuration.sourceLogPos) };
  }

  #executedSet(sink: TransactionSink): string {
    const executed = MysqlGtidSet.parse(sink.gtidExecuted);
    return executed.union(MysqlGtidSet.parse(this.#log.retrieved)).format(',');
  }

  #executedState(sink: TransactionSink): string {
    const state = MariadbReplicaState.parse(sink.gtidPosition);
    for (const gtid of MariadbReplicaState.parse(this.#log.ledger.position).gtids()) {
      const known = state.last(gtid.domainId);
      if (known === undefined || known.seqNo < gtid.seqNo) state.update(gtid);
    }
    return state.format();
  }
}

/** `relay-bin`, and `relay-bin-name` of a named channel; what a file name may not hold is written as MySQL writes it: `@0020`. */
function relayLogBase(channel: string): string {
  if (channel === '') return 'relay-bin';
  const safe = channel
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]/g, (character) => `@${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `relay-bin-${safe}`;
}
