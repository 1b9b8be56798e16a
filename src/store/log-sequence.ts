import { type RowlockError, ServerError, UsageError } from '../errors/index.ts';
import type { BlockCache } from './block-cache.ts';
import type { Disk } from './disk.ts';
import type { LogFile } from './log-file.ts';
import { LogFiles } from './log-files.ts';
import { type FollowedLog, LogFollower } from './log-follower.ts';
import { LOG_MAGIC } from './log-opening.ts';
import type { LogSequenceOptions } from './log-options.ts';
import type { FollowedFile, LogPlace } from './log-place.ts';
import { LogTail } from './log-tail.ts';
import { LogWriter } from './log-writer.ts';
import { cutFile, type RecoveryPlan, recoverFiles } from './recover-files.ts';
import { Sleepers } from './sleepers.ts';
import { storeError } from './store-error.ts';
import { type WriteJob, WriteQueue } from './write-queue.ts';

/** Writing starts at so many bytes, while more come. */
const KICK_BYTES = 1 << 20;
/** A job takes no more bytes beyond this. */
const JOB_BYTES = 4 << 20;
/** Who appends should wait above this many bytes that are not on disk yet. */
const BACKLOG_BYTES = 16 << 20;

/**
 * A log in several files, as servers keep it, with one writer and any number of readers.
 *
 * The writer appends bytes and says with {@link mark} where a transaction is whole; what is marked becomes durable in groups. Readers
 * see whole, durable transactions only. {@link rewind} takes back what was appended since the last mark.
 */
export class LogSequence<Mark = never> implements FollowedLog {
  readonly cache: BlockCache;
  readonly #options: LogSequenceOptions<Mark>;
  readonly #disk: Disk;
  readonly #files: LogFiles;
  readonly #writer: LogWriter;
  readonly #queue: WriteQueue<Mark>;
  /** The file bytes are appended to; its job to create it may still wait. */
  #current!: LogFile;
  #tail!: LogTail;
  /** With bytes that are not in their files. */
  readonly #tails: Set<LogTail> = new Set();
  #position = 0;
  #boundary = 0;
  #durable: LogPlace = { number: 0, position: 0 };
  #backlog = 0;
  #failure: RowlockError | undefined;
  readonly #moved = new Sleepers();
  readonly #marked = new Sleepers();
  /** The log as {@link followMarked} sees it. */
  readonly #ahead: FollowedLog;
  #roomWaiters: (() => void)[] = [];

  private constructor(options: LogSequenceOptions<Mark>) {
    const { disk, cache } = options;
    this.#options = options;
    this.#disk = disk;
    this.cache = cache;
    this.#files = new LogFiles(disk, options.folder, options.base, cache);
    this.#writer = new LogWriter(disk, this.#files);
    this.#queue = new WriteQueue(
      (job) => this.#writer.yielding(() => this.#write(job)),
      (error) => this.#fail(error),
    );
    this.#ahead = {
      cache,
      limitOf: (file) => Math.max((file as LogFile).marked, this.limitOf(file)),
      after: (file) => this.after(file),
      hold: (file) => this.hold(file),
      release: (file) => this.release(file),
      whenMoved: (wake) => this.#marked.add(wake),
    };
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

  get files(): readonly { readonly number: number; readonly name: string; readonly size: number }[] {
    return this.#files.all.map((file) => ({
      number: file.number,
      name: file.name,
      size: this.limitOf(file),
    }));
  }

  /** Where the next byte is appended. */
  get end(): LogPlace {
    return { number: this.number, position: this.#position };
  }

  /** Up to where readers see. */
  get durable(): LogPlace {
    return this.#durable;
  }

  get number(): number {
    return this.#current.number;
  }

  get fileName(): string {
    return this.#current.name;
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
    const job = this.#job();
    const length = end - start;
    this.#tail.append(bytes, start, end);
    job.bytes += length;
    this.#position += length;
    this.#backlog += length;
    if (job.bytes >= KICK_BYTES) this.#queue.kick();
  }

  /** Says that all appended so far is whole. */
  mark(...marks: readonly Mark[]): void {
    if (this.#failure !== undefined) throw this.#failure;
    const job = this.#job();
    this.#boundary = this.#position;
    job.boundary = this.#position;
    for (const mark of marks) job.marks.push(mark);
    this.#current.marked = this.#position;
    this.#tail.show(this.#position);
    this.#queue.kick();
    this.#marked.wake();
  }

  /** Takes back what was appended since the last mark. False: there was nothing. */
  rewind(): boolean {
    if (this.#failure !== undefined || this.#position === this.#boundary) return false;
    const boundary = this.#boundary;
    this.#backlog -= this.#queue.rewind(this.#tail, boundary);
    this.#position = boundary;
    this.#tail.rewind(boundary);
    this.#writer.rewound(this.#tail, boundary);
    this.#queue.push({ kind: 'step', run: () => this.#writer.cutBack(boundary) });
    this.#queue.kick();
    return true;
  }

  /** Undefined: go on appending. Otherwise wait: the disk is slower than what comes in. */
  room(): Promise<void> | undefined {
    if (this.#backlog < BACKLOG_BYTES || this.#failure !== undefined) return undefined;
    return new Promise((resolve) => this.#roomWaiters.push(resolve));
  }

  /** Waits until all that was marked is durable. @throws RowlockError it could not be */
  async settle(): Promise<void> {
    await this.#queue.idle();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Goes on in a new file. Nothing unmarked may stand at the end. */
  rotate(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#position !== this.#boundary) throw new UsageError('a log cannot rotate inside a transaction');
    const { number } = this;
    const closing = this.#options.closing(this.nameOf(number + 1), this.#position);
    const at = this.#position;
    const tail = this.#tail;
    const finish = (): Promise<void> => this.#finish(tail, closing, at);
    this.#queue.push({ kind: 'step', run: () => this.#writer.yielding(finish) });
    this.#open(number + 1);
    this.#queue.kick();
  }

  /** Ends the log: the last file is closed as by a server that shuts down. */
  async close(): Promise<void> {
    this.rewind();
    await this.#queue.idle();
    if (this.#failure === undefined) {
      await this.#finish(this.#tail, this.#options.closing(undefined, this.#position), this.#position);
    } else {
      await this.#writer.close().catch(() => undefined);
    }
    await this.#files.close();
    this.#wake();
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
      await this.#writer.close().catch(() => undefined);
      const last = this.#files.last!;
      await cutFile(this.#disk, last.path, this.#durable.position, Number.POSITIVE_INFINITY);
      last.size = this.#durable.position;
      this.#failure = undefined;
      await this.#startFile(last.number + 1);
    } catch (error) {
      this.#failure ??= storeError(error, this.fileName);
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
    const limit = (): number => Math.min(number, this.#durable.number);
    // Whoever frees space must not wait behind whoever waits for it.
    if (this.#writer.yields && this.#disk.isWaiting === true) return this.#files.purgeBeside(limit());
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
    this.#tails.clear();
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
    return this.#disk.modifiedAt(this.pathOf(number));
  }

  /** Reads from this place on. @throws ServerError 1373: the log has no such file */
  follow(place: LogPlace): Promise<LogFollower> {
    return this.#follow(place, this);
  }

  /**
   * As {@link follow}, for whoever makes durable elsewhere what it reads here: transactions are there as soon as they are whole. What it
   * has seen may be lost if writing fails, or the power does: its place may lie behind the end of a file then, in the middle of what was
   * a transaction.
   */
  followMarked(place: LogPlace): Promise<LogFollower> {
    return this.#follow(place, this.#ahead);
  }

  async #follow(place: LogPlace, log: FollowedLog): Promise<LogFollower> {
    const file = this.#files.find(place.number);
    if (file === undefined) throw new ServerError(1373, 'HY000', 'Target log not found in binlog index');
    await this.hold(file);
    return new LogFollower(log, file, place.position);
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

  #job(): WriteJob<Mark> {
    const last = this.#queue.last;
    if (last !== undefined && last.bytes < JOB_BYTES) return last;
    const job: WriteJob<Mark> = {
      kind: 'write',
      tail: this.#tail,
      at: this.#position,
      bytes: 0,
      reach: Number.POSITIVE_INFINITY,
      boundary: undefined,
      marks: [],
    };
    this.#queue.push(job);
    return job;
  }

  async #write(job: WriteJob<Mark>): Promise<void> {
    const { tail, boundary, marks } = job;
    await this.#writer.write(job);
    this.#backlog -= job.bytes;
    for (const resolve of this.#roomWaiters.splice(0)) resolve();
    if (boundary === undefined) return;
    const end = { number: this.#files.last!.number, position: boundary };
    const isElsewhere = await this.#options.elsewhere?.(end);
    if (isElsewhere !== true) {
      const recorded = this.#options.record?.(end, marks);
      await Promise.all([this.#writer.sync(), recorded]);
    }
    tail.show(boundary);
    this.#durable = end;
    this.#options.settled?.(marks, end);
    this.#wake();
  }

  async #startFile(number: number): Promise<void> {
    this.#open(number);
    await this.settle();
  }

  /** Everything appended from here on goes to this file. */
  #open(number: number): void {
    const opening = Buffer.concat([LOG_MAGIC, this.#options.opening(this.nameOf(number))]);
    this.#position = opening.length;
    this.#boundary = opening.length;
    const file = this.#files.make(number, opening.length);
    this.#current = file;
    const tail = new LogTail(this.cache, file);
    tail.append(opening, 0, opening.length);
    this.#tail = tail;
    this.#tails.add(tail);
    this.#queue.push({ kind: 'step', run: () => this.#create(file, tail, opening) });
    this.#queue.kick();
  }

  async #create(file: LogFile, tail: LogTail, opening: Buffer): Promise<void> {
    await this.#writer.yielding(() => this.#writer.create(file.path, opening));
    await this.#files.add(file);
    tail.show(opening.length);
    this.#durable = { number: file.number, position: opening.length };
    this.#wake();
  }

  async #finish(tail: LogTail, closing: Buffer, at: number): Promise<void> {
    tail.finish();
    this.#tails.delete(tail);
    await this.#writer.finish(closing, at);
    const size = at + closing.length;
    this.#files.last!.size = size;
    this.#durable = { number: this.#durable.number, position: size };
  }

  #fail(error: unknown): void {
    this.#failure = storeError(error, this.nameOf(this.#durable.number));
    this.#backlog = 0;
    for (const file of this.#files.all) file.marked = 0;
    for (const tail of this.#tails) tail.abandon();
    this.#tails.clear();
    for (const resolve of this.#roomWaiters.splice(0)) resolve();
    const { number, position } = this.#durable;
    const { last } = this.#files;
    // What readers saw stays; what was appended behind it never was.
    this.#writer.abandon(last?.number === number ? position : undefined);
    // Before the first file there is none to go back to.
    if (last !== undefined) this.#current = last;
    this.#position = position;
    this.#boundary = position;
    this.#options.failed?.(this.#failure);
    this.#wake();
  }

  #wake(): void {
    this.#moved.wake();
    this.#marked.wake();
  }
}
