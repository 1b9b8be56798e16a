import { ServerError } from '../../errors/index.ts';
import type { LogSequence } from '../../store/index.ts';
import type { Commit } from './commit.ts';
import { gtidsBefore } from './gtids-at.ts';
import type { BinaryLogOptions } from './options.ts';
import { SteadyClock } from './steady-clock.ts';

/** Which files of the binary log go: those that somebody names, and those that age and size say must. None that a replica reads. */
export class Purging {
  readonly #log: LogSequence<Commit>;
  readonly #options: BinaryLogOptions;
  readonly #ageClock: SteadyClock;
  #purged = '';
  /** The file whose head said so; undefined: none did. */
  #learntOf: number | undefined;
  /** The head that is being read now. */
  #learning: Promise<void> | undefined;

  constructor(log: LogSequence<Commit>, options: BinaryLogOptions) {
    this.#log = log;
    this.#options = options;
    const { now } = options;
    this.#ageClock = new SteadyClock({ now, jumped: (milliseconds) => options.clockJumped?.(milliseconds) });
  }

  /** The GTIDs of what stood before the first file. */
  get purged(): string {
    return this.#purged;
  }

  /** Nothing stood there: the log begins anew. */
  forget(): void {
    this.#purged = '';
    this.#learntOf = undefined;
  }

  /** Files before this one. @returns the names that were kept @throws ServerError 1373 */
  async to(file: string): Promise<readonly string[]> {
    const number = this.#log.numberOf(file);
    if (number === undefined) throw new ServerError(1373, 'HY000', 'Target log not found in binlog index');
    return this.#purge(number);
  }

  /** Files that were last written before this time. @returns the names that were kept, the active one among them */
  async before(time: Date): Promise<readonly string[]> {
    let limit = 0;
    const { files } = this.#log;
    for (const { number } of files) {
      if ((await this.#log.modifiedAt(number)) >= time.getTime()) break;
      limit = number + 1;
    }
    const newest = files.at(-1);
    const kept = await this.#purge(limit);
    return newest !== undefined && limit > newest.number ? [...kept, newest.name] : kept;
  }

  async #purge(number: number): Promise<readonly string[]> {
    let kept = await this.#log.purgeBefore(number);
    // Our own look at a head keeps its file as a replica's reading does, but not for long.
    while (kept.length > 0 && this.#learning !== undefined) {
      await this.#learning;
      kept = await this.#log.purgeBefore(number);
    }
    await this.learn();
    return kept;
  }

  /** What age and size say must go. */
  async old(): Promise<void> {
    const { expireLogsSeconds, spaceLimit } = this.#options;
    if (expireLogsSeconds > 0) await this.before(new Date(this.#ageClock.now() - expireLogsSeconds * 1000));
    if (spaceLimit <= 0) return;
    let total = this.#log.files.reduce((sum, { size }) => sum + size, 0);
    let limit = 0;
    for (const { number, size } of this.#log.files) {
      if (total <= spaceLimit) break;
      total -= size;
      limit = number + 1;
    }
    if (limit > 0) await this.#purge(limit);
  }

  /** What stands before the first file. */
  async learn(): Promise<void> {
    while (this.#learning !== undefined) await this.#learning;
    const [first] = this.#log.files;
    if (first === undefined || first.number === this.#learntOf) return;
    this.#learning = this.#learnOf(first.number).finally(() => {
      this.#learning = undefined;
    });
    await this.#learning;
  }

  async #learnOf(number: number): Promise<void> {
    this.#purged = await gtidsBefore(this.#log, number);
    this.#learntOf = number;
  }
}
