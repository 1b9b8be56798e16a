import { ServerError } from '../../errors/index.ts';
import type { BlockCache } from '../files/block-cache.ts';
import type { LogFile } from '../files/log-file.ts';
import type { LogFiles } from '../files/log-files.ts';
import type { FollowedFile, LogPlace } from '../files/log-place.ts';
import { type FollowedLog, LogFollower } from './log-follower.ts';
import { Sleepers } from './sleepers.ts';

/**
 * How far the readers of a log see: whole transactions that are durable, and some readers every whole one. Who has seen all of it is woken
 * when it moves.
 */
export class LogHorizon implements FollowedLog {
  readonly cache: BlockCache;
  readonly #files: LogFiles;
  #durable: LogPlace = { number: 0, position: 0 };
  readonly #moved = new Sleepers();
  readonly #marked = new Sleepers();
  /** The log as {@link followMarked} sees it. */
  readonly #ahead: FollowedLog;

  constructor(cache: BlockCache, files: LogFiles) {
    this.cache = cache;
    this.#files = files;
    this.#ahead = {
      cache,
      limitOf: (file) => Math.max((file as LogFile).marked, this.limitOf(file)),
      after: (file) => this.after(file),
      hold: (file) => this.hold(file),
      release: (file) => this.release(file),
      whenMoved: (wake) => this.#marked.add(wake),
    };
  }

  get durable(): LogPlace {
    return this.#durable;
  }

  /** What ends here is durable. It is seen from {@link wake} on. */
  set durable(place: LogPlace) {
    this.#durable = place;
  }

  /** There is more to see, or never will be. */
  wake(): void {
    this.#moved.wake();
    this.#marked.wake();
  }

  /** The file's mark has moved. */
  wakeMarked(): void {
    this.#marked.wake();
  }

  /** Reads what is durable. @throws ServerError 1373: the log has no such file */
  follow(place: LogPlace): Promise<LogFollower> {
    return this.#follow(place, this);
  }

  /** Reads what is whole. @throws ServerError 1373: the log has no such file */
  followMarked(place: LogPlace): Promise<LogFollower> {
    return this.#follow(place, this.#ahead);
  }

  limitOf(file: FollowedFile): number {
    if (file.number === this.#durable.number) return this.#durable.position;
    return (file as LogFile).size;
  }

  after(file: FollowedFile): FollowedFile | undefined {
    return this.#files.after(file);
  }

  hold(file: FollowedFile): Promise<void> {
    return this.#files.hold(file as LogFile);
  }

  release(file: FollowedFile): void {
    this.#files.release(file as LogFile);
  }

  whenMoved(wake: () => void): () => void {
    return this.#moved.add(wake);
  }

  async #follow(place: LogPlace, log: FollowedLog): Promise<LogFollower> {
    const file = this.#files.find(place.number);
    if (file === undefined) throw new ServerError(1373, 'HY000', 'Target log not found in binlog index');
    await this.hold(file);
    return new LogFollower(log, file, place.position);
  }
}
