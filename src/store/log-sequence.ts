import { join } from 'node:path';
import { EventFlag, type RawEvent } from '../binlog/index.ts';
import { RowlockError, ServerError, UsageError } from '../errors/index.ts';
import type { BlockCache } from './block-cache.ts';
import type { Disk, DiskFile } from './disk.ts';
import { type FollowedLog, LogFollower } from './log-follower.ts';
import { LogIndex } from './log-index.ts';
import { logName, logNumber } from './log-names.ts';
import { LOG_MAGIC } from './log-opening.ts';
import type { FollowedFile, LogPlace } from './log-place.ts';
import { LogTail } from './log-tail.ts';
import { scanLog } from './recover-log.ts';
import { storeError } from './store-error.ts';
import { type WriteJob, WriteQueue } from './write-queue.ts';

/** What a log of files is made with. */
export interface LogSequenceOptions<Mark> {
  readonly disk: Disk;
  readonly folder: string;
  /** `binlog`: files are `binlog.000001` … */
  readonly base: string;
  readonly cache: BlockCache;
  /** What a new file begins with, behind the magic. Asked when all transactions of the file before are appended. */
  opening(file: string): Buffer;
  /** What a file ends with. @param next undefined: the writer ends */
  closing(next: string | undefined, position: number): Buffer;
  /** Makes the marks durable elsewhere, at the same time as the log itself. Neither counts without the other. */
  record?(end: LogPlace, marks: readonly Mark[]): Promise<void>;
  /**
   * Whether what ends here is durable elsewhere too, once it is: then this log counts it as durable without waiting for the disk. False:
   * it will not be; undefined: nobody is about to make it so.
   */
  elsewhere?(end: LogPlace): Promise<boolean> | undefined;
  /** Told when transactions have become durable, in order. */
  settled?(marks: readonly Mark[], end: LogPlace): void;
  /** Told when writing failed: what was appended and is not durable is lost. */
  failed?(error: RowlockError): void;
}

/** What to do with what a crash left. */
export interface RecoveryPlan {
  /** Given the end of the last whole transaction: where to cut. Default: there. */
  cutAt?(end: LogPlace): LogPlace;
  /** Told every event of the newest file that is kept, in order; borrowed. */
  visit?(event: RawEvent, file: string): void;
  /** Number of the first file of an empty log. */
  firstNumber?: number;
}

interface LogFile extends FollowedFile {
  readonly path: string;
  /** Final once a later file exists. */
  size: number;
  readers: number;
  handle: DiskFile;
  /** End of the last whole transaction that was appended, durable or not. */
  marked: number;
}

/** Writing starts at so many bytes, while more come. */
const KICK_BYTES = 1 << 20;
/** A job takes no more bytes beyond this. */
const JOB_BYTES = 4 << 20;
/** Who appends should wait above this many bytes that are not on disk yet. */
const BACKLOG_BYTES = 16 << 20;
/** Offset of the low byte of the first event's flags. */
const FLAGS_AT = LOG_MAGIC.length + 17;

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
  readonly #index: LogIndex;
  #files: LogFile[] = [];
  #writing: DiskFile | undefined;
  /** The file bytes are appended to; its job to create it may still wait. */
  #number = 0;
  #tail!: LogTail;
  /** What is under way touches neither the list of files nor the index. */
  #yields = false;
  /** Files that go beside it, for it waits for their space. */
  #purging: Promise<unknown> | undefined;
  /** With bytes that are not in their files. */
  readonly #tails: Set<LogTail> = new Set();
  #underWay: WriteJob<Mark> | undefined;
  #position = 0;
  #boundary = 0;
  #durable: LogPlace = { number: 0, position: 0 };
  #written = 0;
  #backlog = 0;
  #failure: RowlockError | undefined;
  readonly #queue: WriteQueue<Mark>;
  #moved: Set<() => void> = new Set();
  #marked: Set<() => void> = new Set();
  /** The log as {@link followMarked} sees it. */
  readonly #ahead: FollowedLog;
  /** The file of {@link number}. */
  #current: LogFile | undefined;
  #roomWaiters: (() => void)[] = [];

  private constructor(options: LogSequenceOptions<Mark>) {
    this.#options = options;
    this.#disk = options.disk;
    this.cache = options.cache;
    this.#index = new LogIndex(options.disk, options.folder, options.base);
    this.#queue = new WriteQueue(
      (job) => this.#write(job),
      (error) => this.#fail(error),
    );
    this.#ahead = {
      cache: this.cache,
      limitOf: (file) => Math.max((file as LogFile).marked, this.limitOf(file)),
      after: (file) => this.after(file),
      hold: (file) => this.hold(file),
      release: (file) => this.release(file),
      whenMoved: (wake) => {
        this.#marked.add(wake);
        return () => this.#marked.delete(wake);
      },
    };
  }

  /** Opens the log, repairs what a crash left, and starts a new file. */
  static async open<Mark>(
    options: LogSequenceOptions<Mark>,
    plan: RecoveryPlan = {},
  ): Promise<LogSequence<Mark>> {
    const log = new LogSequence(options);
    try {
      await options.disk.makeFolder(options.folder);
      await log.#recover(plan);
      await log.#startFile((log.#files.at(-1)?.number ?? (plan.firstNumber ?? 1) - 1) + 1);
    } catch (error) {
      throw storeError(error, log.#index.path);
    }
    return log;
  }

  get files(): readonly { readonly number: number; readonly name: string; readonly size: number }[] {
    return this.#files.map((file) => ({ number: file.number, name: file.name, size: this.limitOf(file) }));
  }

  /** Where the next byte is appended. */
  get end(): LogPlace {
    return { number: this.#number, position: this.#position };
  }

  /** Up to where readers see. */
  get durable(): LogPlace {
    return this.#durable;
  }

  get fileName(): string {
    return this.nameOf(this.#number);
  }

  nameOf(number: number): string {
    return logName(this.#options.base, number);
  }

  /** The file's number; undefined where the log has no file of this name. A path before the name does not matter. */
  numberOf(name: string): number | undefined {
    const number = logNumber(this.#options.base, name.slice(name.lastIndexOf('/') + 1));
    return this.#files.some((file) => file.number === number) ? number : undefined;
  }

  pathOf(number: number): string {
    return join(this.#options.folder, this.nameOf(number));
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
    this.#current!.marked = this.#position;
    this.#tail.show(this.#position);
    this.#queue.kick();
    wakeAll(this.#marked);
  }

  /** Takes back what was appended since the last mark. False: there was nothing. */
  rewind(): boolean {
    if (this.#failure !== undefined || this.#position === this.#boundary) return false;
    const boundary = this.#boundary;
    for (let job = this.#queue.last; job !== undefined; job = this.#queue.last) {
      if (job.at < boundary || job.boundary !== undefined) {
        this.#backlog -= job.bytes;
        job.bytes = Math.max(0, Math.min(job.bytes, boundary - job.at));
        this.#backlog += job.bytes;
        break;
      }
      this.#backlog -= job.bytes;
      this.#queue.dropLast();
    }
    this.#position = boundary;
    this.#tail.rewind(boundary);
    const writing = this.#underWay;
    if (writing?.tail === this.#tail) writing.reach = Math.min(writing.reach, boundary);
    this.#queue.push({
      kind: 'step',
      run: async () => {
        if (this.#written <= boundary) return;
        await this.#writing!.truncate(boundary);
        this.#written = boundary;
      },
    });
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
    this.#queue.push({ kind: 'step', run: () => this.#yielding(() => this.#finish(tail, closing, at)) });
    this.#open(number + 1);
    this.#queue.kick();
  }

  get number(): number {
    return this.#number;
  }

  /** Ends the log: the last file is closed as by a server that shuts down. */
  async close(): Promise<void> {
    this.rewind();
    await this.#queue.idle();
    if (this.#failure === undefined) {
      await this.#finish(this.#tail, this.#options.closing(undefined, this.#position), this.#position);
    } else {
      await this.#writing?.close().catch(() => undefined);
    }
    for (const file of this.#files) if (file.readers > 0) await file.handle.close().catch(() => undefined);
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
      await this.#writing?.close().catch(() => undefined);
      this.#writing = undefined;
      const last = this.#files.at(-1)!;
      const file = await this.#disk.open(last.path, 'write');
      await file.truncate(this.#durable.position);
      last.size = this.#durable.position;
      await file.sync();
      await this.#markInUse(file, false);
      await file.close();
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
    // Whoever frees space must not wait behind whoever waits for it.
    if (this.#yields && this.#disk.isWaiting === true) return this.#purgeBeside(number);
    // In its turn among the writes: a new file changes the same list.
    return new Promise((resolve, reject) => {
      const run = (): Promise<void> => this.#purge(number).then(resolve, reject);
      this.#queue.push({ kind: 'step', run, abandon: reject });
      this.#queue.kick();
    });
  }

  async #purgeBeside(number: number): Promise<string[]> {
    const before = this.#purging;
    const purge = (async () => {
      await before;
      return this.#purge(number, true);
    })();
    const settled = purge.then(
      () => undefined,
      () => undefined,
    );
    this.#purging = settled;
    try {
      return await purge;
    } finally {
      if (this.#purging === settled) this.#purging = undefined;
    }
  }

  /** Runs what may wait for space, and lets files go meanwhile. */
  async #yielding(work: () => Promise<void>): Promise<void> {
    this.#yields = true;
    try {
      await work();
    } finally {
      this.#yields = false;
      await this.#purging;
    }
  }

  /** @param isFull the list cannot be written before a file is gone; without its file, a line is passed over at the next start */
  async #purge(number: number, isFull = false): Promise<string[]> {
    const oldest = Math.min(...this.#files.filter(({ readers }) => readers > 0).map((file) => file.number));
    const limit = Math.min(number, this.#durable.number);
    const gone = this.#files.filter((file) => file.number < limit && file.number < oldest);
    const kept = this.#files.filter((file) => file.number < limit && file.number >= oldest);
    if (gone.length > 0) {
      this.#files = this.#files.filter((file) => !gone.includes(file));
      const remove = async (): Promise<void> => {
        for (const file of gone) {
          this.cache.forget(file);
          await this.#disk.remove(file.path);
        }
      };
      if (isFull) await remove();
      // Else the list first: a file without a line harms nobody.
      await this.#index.replace(this.#files.map((file) => file.number));
      if (!isFull) await remove();
    }
    return kept.map(({ name }) => name);
  }

  /** Removes every file and begins anew. Readers of the old files must have been told. `reset` runs once they are gone. */
  async removeAll(reset: () => void, firstNumber: number): Promise<void> {
    await this.settle();
    await this.#writing?.close();
    this.#writing = undefined;
    const gone = this.#files;
    this.#files = [];
    this.#tails.clear();
    try {
      await this.#index.replace([]);
      for (const file of gone) {
        this.cache.forget(file);
        await this.#disk.remove(file.path);
      }
      reset();
      await this.#startFile(firstNumber);
    } catch (error) {
      throw storeError(error, this.#index.path);
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
    const file = this.#files.find(({ number }) => number === place.number);
    if (file === undefined) throw new ServerError(1373, 'HY000', 'Target log not found in binlog index');
    await this.hold(file);
    return new LogFollower(log, file, place.position);
  }

  limitOf(file: FollowedFile): number {
    if (file.number === this.#durable.number) return this.#durable.position;
    return (file as LogFile).size;
  }

  after(file: FollowedFile): FollowedFile | undefined {
    return this.#files.find(({ number }) => number > file.number);
  }

  async hold(followed: FollowedFile): Promise<void> {
    const file = followed as LogFile;
    file.readers += 1;
    if (file.readers > 1 && file.handle !== NO_HANDLE) return;
    const handle = await this.#disk.open(file.path, 'read');
    if (file.handle === NO_HANDLE) file.handle = handle;
    else await handle.close();
  }

  release(followed: FollowedFile): void {
    const file = followed as LogFile;
    file.readers -= 1;
    if (file.readers > 0 || file.handle === NO_HANDLE) return;
    const { handle } = file;
    file.handle = NO_HANDLE;
    handle.close().catch(() => undefined);
  }

  whenMoved(wake: () => void): () => void {
    this.#moved.add(wake);
    return () => this.#moved.delete(wake);
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

  #write(job: WriteJob<Mark>): Promise<void> {
    return this.#yielding(() => this.#writeJob(job));
  }

  async #writeJob(job: WriteJob<Mark>): Promise<void> {
    const { tail, at, bytes, boundary, marks } = job;
    const { number } = this.#files.at(-1)!;
    if (bytes > 0) {
      this.#underWay = job;
      await this.#writing!.write(tail.pieces(at, bytes), at);
      this.#underWay = undefined;
      this.#written = Math.max(this.#written, at + bytes);
      tail.written(Math.min(at + bytes, job.reach));
    }
    this.#backlog -= bytes;
    for (const resolve of this.#roomWaiters.splice(0)) resolve();
    if (boundary === undefined) return;
    const end = { number, position: boundary };
    const isElsewhere = await this.#options.elsewhere?.(end);
    if (isElsewhere !== true) {
      const recorded = this.#options.record?.(end, marks);
      await Promise.all([this.#writing!.sync(), recorded]);
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
    this.#number = number;
    const opening = Buffer.concat([LOG_MAGIC, this.#options.opening(this.nameOf(number))]);
    this.#position = opening.length;
    this.#boundary = opening.length;
    const file = logFile(number, this.nameOf(number), this.pathOf(number), opening.length);
    this.#current = file;
    const tail = new LogTail(this.cache, file);
    tail.append(opening, 0, opening.length);
    this.#tail = tail;
    this.#tails.add(tail);
    this.#queue.push({ kind: 'step', run: () => this.#create(file, tail, opening) });
    this.#queue.kick();
  }

  async #create(created: LogFile, tail: LogTail, opening: Buffer): Promise<void> {
    const { number } = created;
    await this.#yielding(async () => {
      const file = await this.#disk.open(created.path, 'create');
      this.#writing = file;
      await file.write([opening], 0);
      await file.sync();
    });
    await this.#index.replace([...this.#files.map((each) => each.number), number]);
    this.#files.push(created);
    this.#written = opening.length;
    tail.show(opening.length);
    this.#durable = { number, position: opening.length };
    this.#wake();
  }

  async #finish(tail: LogTail, closing: Buffer, at: number): Promise<void> {
    tail.finish();
    this.#tails.delete(tail);
    const file = this.#writing!;
    await file.write([closing], at);
    await file.sync();
    await this.#markInUse(file, false);
    await file.sync();
    await file.close();
    this.#writing = undefined;
    const size = at + closing.length;
    this.#files.at(-1)!.size = size;
    this.#durable = { number: this.#durable.number, position: size };
  }

  async #markInUse(file: DiskFile, inUse: boolean): Promise<void> {
    const flags = Buffer.alloc(1);
    await file.read(flags, FLAGS_AT);
    flags[0] = (flags[0]! & ~EventFlag.BINLOG_IN_USE) | (inUse ? EventFlag.BINLOG_IN_USE : 0);
    await file.write([flags], FLAGS_AT);
  }

  async #recover(plan: RecoveryPlan): Promise<void> {
    await this.#index.load();
    const present = new Set(await this.#disk.list(this.#options.folder));
    const numbers = this.#index.numbers.filter((number) => present.has(this.nameOf(number)));
    let cut: LogPlace | undefined;
    while (numbers.length > 0) {
      const number = numbers.at(-1)!;
      const scan = await scanLog(this.#disk, this.pathOf(number));
      if (scan.isLog && !scan.inUse && scan.wholeEnd === scan.size) break;
      if (scan.isLog) {
        const end = { number, position: scan.wholeEnd };
        const wanted = cut ?? plan.cutAt?.(end) ?? end;
        if (wanted.number >= number) {
          await this.#cutFile(wanted.number > number ? end : wanted, scan.size);
          break;
        }
        cut = wanted;
      }
      // Begun, and nothing in it counts.
      numbers.pop();
      await this.#disk.remove(this.pathOf(number));
    }
    if (numbers.length < this.#index.numbers.length) await this.#index.replace(numbers);
    for (const number of numbers) {
      const path = this.pathOf(number);
      const file = await this.#disk.open(path, 'read');
      this.#files.push(logFile(number, this.nameOf(number), path, await file.size()));
      await file.close();
    }
    const last = this.#files.at(-1);
    if (last !== undefined && plan.visit !== undefined) {
      await scanLog(this.#disk, last.path, (event) => plan.visit?.(event, last.name));
    }
  }

  async #cutFile({ number, position }: LogPlace, size: number): Promise<void> {
    const file = await this.#disk.open(this.pathOf(number), 'write');
    if (position < size) await file.truncate(position);
    await this.#markInUse(file, false);
    await file.sync();
    await file.close();
  }

  #fail(error: unknown): void {
    this.#failure = storeError(error, this.nameOf(this.#durable.number));
    this.#backlog = 0;
    this.#underWay = undefined;
    for (const file of this.#files) file.marked = 0;
    for (const tail of this.#tails) tail.abandon();
    this.#tails.clear();
    for (const resolve of this.#roomWaiters.splice(0)) resolve();
    // What readers saw stays; what was appended behind it never was.
    const writing = this.#writing;
    const { number, position } = this.#durable;
    if (writing !== undefined && this.#files.at(-1)?.number === number) {
      writing.truncate(position).catch(() => undefined);
    }
    this.#number = number;
    this.#position = position;
    this.#boundary = position;
    this.#options.failed?.(this.#failure);
    this.#wake();
  }

  #wake(): void {
    wakeAll(this.#moved);
    wakeAll(this.#marked);
  }
}

function wakeAll(sleepers: Set<() => void>): void {
  if (sleepers.size === 0) return;
  const waiting = [...sleepers];
  sleepers.clear();
  for (const wake of waiting) wake();
}

const NO_HANDLE: DiskFile = {
  write: () => Promise.reject(new UsageError('the file is not open')),
  read: () => Promise.reject(new UsageError('the file is not open')),
  sync: () => Promise.resolve(),
  truncate: () => Promise.resolve(),
  size: () => Promise.resolve(0),
  close: () => Promise.resolve(),
};

function logFile(number: number, name: string, path: string, size: number): LogFile {
  return { number, name, path, size, readers: 0, handle: NO_HANDLE, marked: 0 };
}
