import { RawEvent } from '../../../binlog/index.ts';
import type { LogFollower } from '../../../store/index.ts';
import type { SourcePlace } from '../source-place.ts';
import { nextTurn, untilNews } from '../waiting.ts';
import type { ApplierProgress } from './applier-progress.ts';
import type { Coordinator } from './coordinator.ts';
import type { Delivery } from './feeds/delivery.ts';
import type { TargetFeed } from './feeds/target-feed.ts';
import type { Lag } from './lag.ts';
import type { Checkpoint } from './places/checkpoint.ts';

export interface RelayLogReaderOptions {
  readonly follower: LogFollower;
  readonly coordinator: Coordinator;
  readonly delivery: Delivery;
  readonly feed: TargetFeed | undefined;
  readonly checkpoint: Checkpoint;
  /** Where the source's log stands. */
  readonly place: SourcePlace;
  readonly progress: ApplierProgress;
  readonly lag: Lag;
  /** Aborted when the run is to stop. */
  readonly signal: AbortSignal;
}

/** Where a file's events begin. */
const START = 4;
/**
 * Between two blocks of the relay log the network and the disk have their turn, once so much time has passed. The receiver takes about
 * as long with all that it may hold: were this much less, the applier would fall behind it until it has to read from the disk.
 */
const TURN_MS = 4;

/** Walks a relay log for a run of the applier: every event goes to the coordinator, from file to file, and at the end more is waited for. */
export class RelayLogReader {
  readonly #options: RelayLogReaderOptions;
  readonly #event = new RawEvent();

  constructor(options: RelayLogReaderOptions) {
    this.#options = options;
  }

  /** Reads up to where the last run ended: the heads that say how to read what follows. */
  async pass(until: number): Promise<void> {
    const { follower, coordinator } = this.#options;
    const event = this.#event;
    while (follower.position < until && !follower.atEnd) {
      // oxlint-disable-next-line no-await-in-loop -- one block after the other
      if (!follower.next(event)) await follower.load();
      else coordinator.learn(event);
    }
  }

  /** Reads until the coordinator has what it wants, or the signal aborts and no transaction is under way. */
  async follow(): Promise<void> {
    const { follower, coordinator, delivery, signal } = this.#options;
    const event = this.#event;
    let turnEnds = 0;
    while (!coordinator.isOver) {
      while (follower.next(event)) {
        const wait = coordinator.take(event);
        if (wait !== undefined) await wait;
        if (coordinator.isOver || (signal.aborted && coordinator.isBetween)) return;
      }
      // A transaction that waits for a lock in the target is not waited for: others may have come that need not wait.
      const left = follower.atEnd ? await delivery.releaseDone() : undefined;
      if (!follower.atEnd) {
        if (performance.now() >= turnEnds) {
          await nextTurn();
          turnEnds = performance.now() + TURN_MS;
        }
        await follower.load();
      } else if (await follower.advance()) await this.#moveOn();
      else {
        if (signal.aborted) return;
        await this.#rest(left?.news);
        if (signal.aborted && follower.atEnd) return;
      }
    }
  }

  /** The next file of the relay log begins. */
  async #moveOn(): Promise<void> {
    const { follower, coordinator, delivery, feed, checkpoint, place } = this.#options;
    const { number } = follower.place;
    if (!coordinator.isBetween) await feed?.abandon();
    // Files before this one may go as soon as the target is here.
    await delivery.release();
    coordinator.startAgain();
    await feed?.moveOn({ number, position: START });
    checkpoint.moveOn(number, place);
  }

  /** All has been read. @param news of what is still under way in the target; undefined: all has been applied */
  async #rest(news: Promise<void> | undefined): Promise<void> {
    const { follower, progress, lag, signal } = this.#options;
    lag.isCaughtUp = news === undefined;
    progress.stage = 'Replica has read all relay log; waiting for more updates';
    await untilNews(news, signal, (ended) => follower.wait(ended));
    lag.isCaughtUp = false;
  }
}
