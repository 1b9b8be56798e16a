import type { Flavor } from '../../../binlog/index.ts';
import type { RowlockError } from '../../../errors/index.ts';
import { ReplicateFilter, type UntilCondition } from '../../../replication/index.ts';
import type { LogFollower, LogPlace } from '../../../store/index.ts';
import type { PrivilegeChecks } from '../../streams.ts';
import type { ChannelError } from '../channel-error.ts';
import type { ChannelConfiguration } from '../configuration.ts';
import type { RelayLog } from '../relay-log.ts';
import { SourcePlace } from '../source-place.ts';
import type { TransactionSink } from '../transaction-sink.ts';
import type { ApplierProgress } from './applier-progress.ts';
import { demandChecksAccount } from './checks/checks-account.ts';
import { EventChecks } from './checks/event-checks.ts';
import { demandTables } from './checks/primary-key-check.ts';
import { Coordinator } from './coordinator.ts';
import type { Delivery } from './feeds/delivery.ts';
import { SecondReading } from './feeds/second-reading.ts';
import { type ChannelTargetMaker, TargetFeed } from './feeds/target-feed.ts';
import type { Lag } from './lag.ts';
import type { Checkpoint } from './places/checkpoint.ts';
import { GtidOrder } from './places/gtid-order.ts';
import { demandFile, startPlace } from './places/start-place.ts';
import { RelayLogReader } from './relay-log-reader.ts';
import type { SourceDelay } from './source-delay.ts';

/** What an applier's runs need of the relay around them. */
export interface RunSurroundings {
  readonly flavor: Flavor;
  readonly privileges: PrivilegeChecks;
  readonly now: () => number;
  violated(error: ChannelError): void;
  /** Where the channel's rows go, beside the binary log. */
  readonly target?: ChannelTargetMaker;
}

export interface ApplierRunOptions {
  readonly configuration: ChannelConfiguration;
  readonly log: RelayLog;
  readonly sink: TransactionSink;
  readonly surroundings: RunSurroundings;
  readonly progress: ApplierProgress;
  readonly checkpoint: Checkpoint;
  readonly delivery: Delivery;
  readonly delay: SourceDelay;
  readonly lag: Lag;
  readonly until: UntilCondition;
}

/** Where a file's events begin. */
const START = 4;

/** One run of an applier, from behind what both the binary log and the target have: with one target, as long as that is there. */
export class ApplierRun {
  readonly #options: ApplierRunOptions;
  readonly #filter: ReplicateFilter;

  constructor(options: ApplierRunOptions) {
    this.#options = options;
    this.#filter = new ReplicateFilter(options.configuration.filters);
  }

  /** @param stop aborted when the run is to end, by whoever started it, or here where the sink has lost what it was given */
  async run(stop: AbortController): Promise<void> {
    const { configuration, surroundings, sink, checkpoint, progress } = this.#options;
    const { privilegeChecksUser, channel } = configuration;
    if (privilegeChecksUser !== undefined)
      demandChecksAccount(surroundings.privileges, privilegeChecksUser, channel);
    await sink.heal();
    const logged = checkpoint.recall();
    const feed = await this.#openTarget(logged);
    try {
      await this.#apply(feed, logged, stop);
    } finally {
      progress.close();
      await feed?.close();
    }
  }

  get #first(): LogPlace {
    return { number: this.#options.log.log.files[0]!.number, position: START };
  }

  /** Opens the channel's target, if it has one. @param logged undefined: nothing has been applied yet */
  async #openTarget(logged: LogPlace | undefined): Promise<TargetFeed | undefined> {
    const { configuration, surroundings, progress } = this.#options;
    const { log } = this.#options.log;
    const inUse = surroundings.target?.make((error) => progress.noteConflict(error));
    if (inUse === undefined) {
      demandTables(configuration.requireTablePrimaryKeyCheck);
      return undefined;
    }
    const places = { start: logged, first: this.#first, nameOf: (number: number) => log.nameOf(number) };
    const filter = this.#filter;
    const renamed = filter.renames ? (schema: string): string => filter.rewritten(schema) : undefined;
    const feed = await TargetFeed.open(inUse, configuration.channel, places, renamed);
    progress.open(feed);
    return feed;
  }

  async #apply(
    feed: TargetFeed | undefined,
    logged: LogPlace | undefined,
    stop: AbortController,
  ): Promise<void> {
    const { sink, checkpoint, delivery, log } = this.#options;
    // From now on the place counts that the target remembers: nothing may be applied before that is written down.
    if (feed !== undefined && logged === undefined) await checkpoint.begin(this.#first);
    checkpoint.noticeGap();
    const found = startPlace(log.log, checkpoint.applied, feed?.place);
    if (found === undefined && logged !== undefined) demandFile(log.log, logged);
    const begun = found ?? this.#first;
    if (found === undefined) await feed?.restart(begun);
    const start = found === undefined ? begun : checkpoint.applied.relay;
    const follower = await this.#open(begun.number, feed !== undefined);
    let lost: RowlockError | undefined;
    const forget = sink.onFailure((error) => {
      lost = error;
      checkpoint.forgetTakenOver();
      stop.abort();
    });
    try {
      const reader = this.#reader(follower, feed, start, stop.signal);
      await reader.pass(begun.position);
      await reader.follow();
      await sink.settle();
      if (lost !== undefined) throw lost as RowlockError;
    } finally {
      forget();
      follower.close();
      try {
        await delivery.end(lost !== undefined);
      } finally {
        // Whatever stopped it: what it took over before is safe once it says that it has stopped.
        await sink.settle().catch(() => undefined);
        checkpoint.forgetTakenOver();
      }
    }
  }

  #open(number: number, hasTarget: boolean): Promise<LogFollower> {
    const { log } = this.#options;
    const head = { number, position: START };
    // Two disks need not be waited for one after the other: the binary log makes durable what this one has not yet. A target is held
    // against the relay log when it goes on, so it never has what could be lost here.
    return hasTarget ? log.read(head) : log.readMarked(head);
  }

  /** @param logged up to where the binary log has the relay log */
  #reader(
    follower: LogFollower,
    feed: TargetFeed | undefined,
    logged: LogPlace,
    signal: AbortSignal,
  ): RelayLogReader {
    const { configuration, log, surroundings, sink, checkpoint, delivery, progress, until, delay, lag } =
      this.#options;
    const { flavor, privileges, now } = surroundings;
    const place = new SourcePlace();
    const checks = new EventChecks({
      configuration,
      flavor,
      filter: this.#filter,
      privileges,
      hasTarget: surroundings.target?.isNamed() === true,
      delivery,
      place,
      violated: (error) => surroundings.violated(error),
    });
    delivery.start(feed, logged, (from, to) => {
      const { checksums } = follower;
      const open = (begun: LogPlace): Promise<LogFollower> => log.read(begun);
      return new SecondReading({ from, to, checksums, open, filter: checks.filtering() });
    });
    const isByPosition = configuration.positioning === 'position';
    const order = isByPosition ? new GtidOrder({ sink, checkpoint, logged }) : undefined;
    const { sourceFile, sourcePosition, relayNumber, relayPosition } = checkpoint.applied;
    const relayFile = log.log.nameOf(relayNumber);
    const isOver = until.begin(sink.gtidExecuted, { sourceFile, sourcePosition, relayFile, relayPosition });
    const shared = { follower, place, delivery, feed, progress, lag, signal };
    const coordinator = new Coordinator({ ...shared, checks, order, delay, until, isOver, now });
    return new RelayLogReader({ ...shared, coordinator, checkpoint });
  }
}
