import { type RowlockError, UsageError } from '../errors/index.ts';
import { storeError } from './disk/store-error.ts';
import type { BlockCache } from './files/block-cache.ts';
import { LogFiles } from './files/log-files.ts';
import { LOG_MAGIC } from './files/log-opening.ts';
import type { LogPlace } from './files/log-place.ts';
import type { LogSequenceOptions } from './log-options.ts';
import type { LogFollower } from './read/log-follower.ts';
import { LogHorizon } from './read/log-horizon.ts';
import { type RecoveryPlan, recoverFiles } from './recovery/recover-files.ts';
import { GroupCommit } from './write/group-commit.ts';
import { LogAppender } from './write/log-appender.ts';
import { LogWriter } from './write/log-writer.ts';
import { WriteQueue } from './write/write-queue.ts';

/**
 * A log in several files, as servers keep it, with one writer and any number of readers.
 *
 * The writer appends bytes and says with {@link mark} where a transaction is whole; what is marked becomes durable in groups. Readers
 * see whole, durable transactions only. {@link rewind} takes back what was appended since the last mark.
 */
export class LogSequence<Mark = never> {
  readonly cache: BlockCache;
  readonly #options: LogSequenceOptions<Mark>;
  readonly #files: LogFiles;
  readonly #writer: LogWriter;
  readonly #queue: WriteQueue<Mark>;
  readonly #appender: LogAppender<Mark>;
  readonly #horizon: LogHorizon;
  readonly #commit: GroupCommit<Mark>;
  #failure: RowlockError | undefined;

  private constructor(options: LogSequenceOptions<Mark>) {
    const { disk, cache } = options;
    this.#options = options;
    this.cache = cache;
    this.#files = new LogFiles(disk, options.folder, options.base, cache);
    this.#writer = new LogWriter(disk, this.#files);
    this.#queue = new WriteQueue(
      (job) => this.#writer.yielding(() => this.#commit.write(job)),
      (error) => this.#fail(error),
    );
    this.#appender = new LogAppender(cache, this.#queue);
    this.#horizon = new LogHorizon(cache, this.#files);
    this.#commit = new GroupCommit(options, this.#files, this.#writer, this.#appender, this.#horizon);
  }

  /** Opens the log, repairs what a crash left, and starts a new file. */
  static async open<Mark>(
    options: LogSequenceOptions<Mark>,
    plan: RecoveryPlan = {},
  ): Promise<LogSequence<Mark>> {
    const log = new LogSequence(options);
    const { disk, folder } = options;
    try {
      await disk.makeFolder(folder);
      await recoverFiles(log.#files, disk, folder, plan);
      await log.#startFile((log.#files.last?.number ?? (plan.firstNumber ?? 1) - 1) + 1);
    } catch (error) {
      throw storeError(error, log.#files.index.path);
    }
    return log;
  }

  get files(): readonly {
    readonly number: number;
    readonly name: string;
    readonly size: number;
    readonly readers: number;
  }[] {
    return this.#files.all.map((file) => ({
      number: file.number,
      name: file.name,
      size: this.#horizon.limitOf(file),
      readers: file.readers,
    }));
  }

  /** Where the next byte is appended. */
  get end(): LogPlace {
    return { number: this.#appender.file.number, position: this.#appender.position };
  }

  /** Up to where readers see. */
  get durable(): LogPlace {
    return this.#horizon.durable;
  }

  nameOf(number: number): string {
    return this.#files.nameOf(number);
  }

  /** The file's number; undefined where the log has no file of this name. A path before the name does not matter. */
  numberOf(name: string): number | undefined {
    return this.#files.numberOf(name);
  }

  pathOf(number: number): string {
    return this.#files.pathOf(number);
  }

  get failure(): RowlockError | undefined {
    return this.#failure;
  }

  /** Adds a copy of `bytes[start, end)`. @throws RowlockError the disk failed before */
  append(bytes: Buffer, start = 0, end: number = bytes.length): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#appender.append(bytes, start, end);
  }

  /** Says that all appended so far is whole. */
  mark(...marks: readonly Mark[]): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#appender.mark(marks);
    this.#horizon.wakeMarked();
  }

  /** Takes back what was appended since the last mark. False: there was nothing. */
  rewind(): boolean {
    if (this.#failure !== undefined || this.#appender.isWhole) return false;
    const boundary = this.#appender.rewind();
    this.#writer.rewound(this.#appender.tail, boundary);
    this.#queue.push({ kind: 'step', run: () => this.#writer.cutBack(boundary) });
    this.#queue.kick();
    return true;
  }

  /** Undefined: go on appending. Otherwise wait: the disk is slower than what comes in. */
  room(): Promise<void> | undefined {
    return this.#failure === undefined ? this.#appender.room() : undefined;
  }

  /** Waits until all that was marked is durable. @throws RowlockError it could not be */
  async settle(): Promise<void> {
    await this.#queue.idle();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Whether all that was appended is marked. */
  get isWhole(): boolean {
    return this.#appender.isWhole;
  }

  /** Goes on in a new file. Nothing unmarked may stand at the end. */
  rotate(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#appender.isWhole) throw new UsageError('a log cannot rotate inside a transaction');
    const { file, position: at, tail } = this.#appender;
    const number = file.number + 1;
    const closing = this.#options.closing(this.nameOf(number), at);
    const finish = (): Promise<void> => this.#commit.finish(tail, closing, at);
    this.#queue.push({ kind: 'step', run: () => this.#writer.yielding(finish) });
    this.#open(number);
    this.#queue.kick();
  }

  /** Ends the log: the last file is closed as by a server that shuts down. */
  async close(): Promise<void> {
    this.rewind();
    await this.#queue.idle();
    if (this.#failure === undefined) {
      const { position, tail } = this.#appender;
      await this.#commit.finish(tail, this.#options.closing(undefined, position), position);
    } else {
      await this.#writer.close().catch(() => undefined);
    }
    await this.#files.close();
    this.#horizon.wake();
  }

  /**
   * After a failure: takes the log back to what is durable, so that it can go on.
   *
   * @throws RowlockError it still fails
   */
  async heal(): Promise<void> {
    if (this.#failure === undefined) return;
    await this.#queue.idle();
    try {
      await this.#commit.cutBack();
      this.#failure = undefined;
      await this.#startFile(this.#files.last!.number + 1);
    } catch (error) {
      this.#failure ??= storeError(error, this.#appender.file.name);
      throw this.#failure;
    }
  }

  /**
   * Removes the files before this one, as far as no reader needs them.
   *
   * @returns the names that were kept
   */
  async purgeBefore(number: number): Promise<string[]> {
    if (this.#failure !== undefined) throw this.#failure;
    const limit = (): number => Math.min(number, this.durable.number);
    // Whoever frees space must not wait behind a write, which may wait for it.
    if (this.#writer.yields) return this.#files.purgeBeside(limit());
    // In its turn among the writes: a new file changes the same list.
    return new Promise((resolve, reject) => {
      const run = (): Promise<void> => this.#files.purge(limit()).then(resolve, reject);
      this.#queue.push({ kind: 'step', run, abandon: reject });
      this.#queue.kick();
    });
  }

  /** Removes every file and begins anew. Readers of the old files must have been told. `reset` runs once they are gone. */
  async removeAll(reset: () => void, firstNumber: number): Promise<void> {
    await this.settle();
    await this.#writer.close();
    this.#appender.forget();
    try {
      await this.#files.removeAll();
      reset();
      await this.#startFile(firstNumber);
    } catch (error) {
      throw storeError(error, this.#files.index.path);
    }
  }

  /** When the file was last written, in milliseconds since 1970. */
  modifiedAt(number: number): Promise<number> {
    return this.#options.disk.modifiedAt(this.pathOf(number));
  }

  /** Reads from this place on. @throws ServerError 1373: the log has no such file */
  follow(place: LogPlace): Promise<LogFollower> {
    return this.#horizon.follow(place);
  }

  /**
   * As {@link follow}, for whoever makes durable elsewhere what it reads here: transactions are there as soon as they are whole. What it
   * has seen may be lost if writing fails, or the power does: its place may lie behind the end of a file then, in the middle of what was
   * a transaction.
   */
  followMarked(place: LogPlace): Promise<LogFollower> {
    return this.#horizon.followMarked(place);
  }

  async #startFile(number: number): Promise<void> {
    this.#open(number);
    await this.settle();
  }

  /** Everything appended from here on goes to this file. */
  #open(number: number): void {
    const opening = Buffer.concat([LOG_MAGIC, this.#options.opening(this.nameOf(number))]);
    const file = this.#files.make(number, opening.length);
    const tail = this.#appender.begin(file, opening);
    this.#queue.push({ kind: 'step', run: () => this.#commit.create(file, tail, opening) });
    this.#queue.kick();
  }

  #fail(error: unknown): void {
    this.#failure = storeError(error, this.nameOf(this.durable.number));
    this.#commit.abandon();
    this.#options.failed?.(this.#failure);
    this.#horizon.wake();
  }
}
