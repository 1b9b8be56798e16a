import {
  EventType,
  type RawEvent,
  type TransactionPlace,
  TransactionTracker,
} from '../../../binlog/index.ts';
import { transactionGtid, type UntilCondition } from '../../../replication/index.ts';
import type { LogFollower } from '../../../store/index.ts';
import type { SourcePlace } from '../source-place.ts';
import type { TransactionTimes } from '../status.ts';
import { type LabelledTimes, transactionTimes } from '../transaction-times.ts';
import { untilNews } from '../waiting.ts';
import type { ApplierProgress } from './applier-progress.ts';
import type { EventChecks } from './checks/event-checks.ts';
import type { Delivery } from './feeds/delivery.ts';
import { HELD_BYTES } from './feeds/second-reading.ts';
import type { TargetFeed } from './feeds/target-feed.ts';
import type { Lag } from './lag.ts';
import type { GtidOrder } from './places/gtid-order.ts';
import type { SourceDelay } from './source-delay.ts';

export interface CoordinatorOptions {
  readonly follower: LogFollower;
  /** Where the source's log stands: kept up here. */
  readonly place: SourcePlace;
  readonly checks: EventChecks;
  /** Undefined: the channel does not follow positions. */
  readonly order: GtidOrder | undefined;
  readonly delay: SourceDelay;
  readonly until: UntilCondition;
  /** The condition was met before anything is read. */
  readonly isOver: boolean;
  readonly delivery: Delivery;
  readonly feed: TargetFeed | undefined;
  readonly progress: ApplierProgress;
  readonly lag: Lag;
  readonly now: () => number;
  /** Aborted when the run is to stop. */
  readonly signal: AbortSignal;
}

/**
 * Of one run of an applier: makes transactions of the relay log's events and gives them away, one after the other, when they are due and
 * as far as they pass, until the condition of START REPLICA UNTIL is met.
 */
export class Coordinator {
  /** The run ends here. */
  isOver: boolean;
  readonly #follower: LogFollower;
  readonly #place: SourcePlace;
  readonly #checks: EventChecks;
  readonly #order: GtidOrder | undefined;
  readonly #delay: SourceDelay;
  readonly #until: UntilCondition;
  readonly #delivery: Delivery;
  readonly #feed: TargetFeed | undefined;
  readonly #progress: ApplierProgress;
  readonly #lag: Lag;
  readonly #now: () => number;
  readonly #signal: AbortSignal;
  readonly #tracker = new TransactionTracker();

  constructor(options: CoordinatorOptions) {
    this.isOver = options.isOver;
    this.#follower = options.follower;
    this.#place = options.place;
    this.#checks = options.checks;
    this.#order = options.order;
    this.#delay = options.delay;
    this.#until = options.until;
    this.#delivery = options.delivery;
    this.#feed = options.feed;
    this.#progress = options.progress;
    this.#lag = options.lag;
    this.#now = options.now;
    this.#signal = options.signal;
  }

  /** Whether the events that were taken end with a whole transaction. */
  get isBetween(): boolean {
    return this.#tracker.isBetween;
  }

  /** Learns from an event outside of transactions how to read those that follow, and where they stand. */
  learn(event: RawEvent): void {
    const { file } = this.#place;
    this.#place.visit(event);
    if (this.#place.file !== file) this.#delivery.startFile();
    if (event.type !== EventType.FORMAT_DESCRIPTION_EVENT) return;
    this.#feed?.setFormat(event);
    this.#checks.setFormat(event);
  }

  /** Takes the next event; it is borrowed until what is given back is done. */
  take(event: RawEvent): Promise<void> | undefined {
    const place = this.#tracker.place(event);
    if (place === 'outside') {
      this.learn(event);
      return undefined;
    }
    if (place === 'begins' || place === 'alone') {
      if (!this.#begin(event)) return undefined;
      if (this.#delay.left(this.#progress.processing) > 0) return this.#takeLater(event, place);
    }
    return this.#go(event, place);
  }

  /** The relay log could not be written to its end: the transaction under way comes again. */
  startAgain(): void {
    if (!this.#tracker.isBetween) this.#delivery.drop();
    this.#tracker.reset();
  }

  /** False: the run ends here. */
  #begin(event: RawEvent): boolean {
    const gtid = transactionGtid(event);
    const sourcePosition = this.#place.beginOf(event);
    if (this.#until.isReachedBefore(gtid, { ...this.#here(event.position), sourcePosition })) {
      this.isOver = true;
      return false;
    }
    this.#place.visit(event);
    this.#lag.timestamp = event.timestamp;
    const times: LabelledTimes = transactionTimes(event, this.#now);
    this.#progress.begin(times);
    const begun = { number: this.#follower.place.number, position: event.position };
    this.#order?.check(gtid, begun, this.#place);
    this.#delivery.begin(gtid, begun, times);
    this.#checks.begin();
    return true;
  }

  /** SOURCE_DELAY is waited for; what came before goes on. A stop leaves the transaction for the next start. */
  async #takeLater(event: RawEvent, place: TransactionPlace): Promise<void> {
    const times = this.#progress.processing;
    const signal = this.#signal;
    const delay = this.#delay;
    let isDue = false;
    let open = await this.#delivery.releaseDone();
    this.#progress.rest();
    try {
      for (let left = delay.left(times); left > 0 && !signal.aborted; left = delay.left(times)) {
        // oxlint-disable-next-line no-await-in-loop -- one part after the other
        await untilNews(open?.news, signal, (ended) => delay.pause(left, ended));
        // oxlint-disable-next-line no-await-in-loop -- one part after the other
        if (open !== undefined) open = await this.#delivery.releaseDone();
      }
      isDue = !signal.aborted;
    } finally {
      delay.end();
      this.#progress.goOn(isDue);
    }
    if (isDue) await this.#go(event, place);
    else this.isOver = true;
  }

  #go(event: RawEvent, place: TransactionPlace): Promise<void> | undefined {
    if (place === 'inside' || place === 'ends') this.#place.visit(event);
    this.#checks.take(event);
    return this.#checks.hasMore ? this.#goOn(event, place) : this.#taken(place);
  }

  /** One transaction in one event, too large to be unpacked at once. */
  async #goOn(event: RawEvent, place: TransactionPlace): Promise<void> {
    while (this.#checks.hasMore) {
      // oxlint-disable-next-line no-await-in-loop -- one part after the other
      await this.#delivery.writePart(this.#place.file);
      this.#checks.takeMore(event);
    }
    await this.#taken(place);
  }

  #taken(place: TransactionPlace): Promise<void> | undefined {
    if (place === 'ends' || place === 'alone') return this.#commit();
    const delivery = this.#delivery;
    return delivery.buffer.bytes > HELD_BYTES ? delivery.writePart(this.#place.file) : undefined;
  }

  #commit(): Promise<void> | undefined {
    const times = this.#progress.processing;
    const wait = this.#delivery.commit(this.#place, this.#follower);
    if (wait !== undefined) return wait.then(() => this.#committed(times));
    this.#committed(times);
    return undefined;
  }

  #committed(times: TransactionTimes): void {
    this.#progress.read(times);
    const here = this.#here(this.#follower.position);
    if (this.#until.isReachedAfter(this.#delivery.gtid, here)) this.isOver = true;
  }

  #here(relayPosition: number): {
    sourceFile: string;
    sourcePosition: number;
    relayFile: string;
    relayPosition: number;
  } {
    const { file, position } = this.#place;
    return { sourceFile: file, sourcePosition: position, relayFile: this.#follower.fileName, relayPosition };
  }
}
