import type { BlockCache } from '../files/block-cache.ts';
import type { LogFile } from '../files/log-file.ts';
import { LogTail } from './log-tail.ts';
import type { WriteJob, WriteQueue } from './write-queue.ts';

/** Writing starts at so many bytes, while more come. */
const KICK_BYTES = 1 << 20;
/** A job takes no more bytes beyond this. */
const JOB_BYTES = 4 << 20;
/** Who appends should wait above this many bytes that are not on disk yet. */
const BACKLOG_BYTES = 16 << 20;

/** Where a log is appended to: its newest file, up to where it is whole, and what of it is not on disk yet. */
export class LogAppender<Mark> {
  readonly #cache: BlockCache;
  readonly #queue: WriteQueue<Mark>;
  /** The file bytes are appended to; its job to create it may still wait. */
  #file!: LogFile;
  #tail!: LogTail;
  /** With bytes that are not in their files. */
  readonly #tails: Set<LogTail> = new Set();
  #position = 0;
  #boundary = 0;
  #backlog = 0;
  #roomWaiters: (() => void)[] = [];

  constructor(cache: BlockCache, queue: WriteQueue<Mark>) {
    this.#cache = cache;
    this.#queue = queue;
  }

  get file(): LogFile {
    return this.#file;
  }

  get tail(): LogTail {
    return this.#tail;
  }

  /** Where the next byte is appended. */
  get position(): number {
    return this.#position;
  }

  /** Whether what was appended last is whole. */
  get isWhole(): boolean {
    return this.#position === this.#boundary;
  }

  /** Everything appended from here on goes to this file. */
  begin(file: LogFile, opening: Buffer): LogTail {
    this.#position = opening.length;
    this.#boundary = opening.length;
    this.#file = file;
    const tail = new LogTail(this.#cache, file);
    tail.append(opening, 0, opening.length);
    this.#tail = tail;
    this.#tails.add(tail);
    return tail;
  }

  append(bytes: Buffer, start: number, end: number): void {
    const job = this.#job();
    const length = end - start;
    this.#tail.append(bytes, start, end);
    job.bytes += length;
    this.#position += length;
    this.#backlog += length;
    if (job.bytes >= KICK_BYTES) this.#queue.kick();
  }

  /** All appended so far is whole. */
  mark(marks: readonly Mark[]): void {
    const job = this.#job();
    this.#boundary = this.#position;
    job.boundary = this.#position;
    for (const mark of marks) job.marks.push(mark);
    this.#file.marked = this.#position;
    this.#tail.show(this.#position);
    this.#queue.kick();
  }

  /** Takes back what is not whole. @returns where the log ends now */
  rewind(): number {
    const boundary = this.#boundary;
    this.#backlog -= this.#queue.rewind(this.#tail, boundary);
    this.#position = boundary;
    this.#tail.rewind(boundary);
    return boundary;
  }

  /** So much has been written. */
  written(bytes: number): void {
    this.#backlog -= bytes;
    this.#wakeWaiters();
  }

  /** Undefined: go on appending. Otherwise wait: the disk is slower than what comes in. */
  room(): Promise<void> | undefined {
    if (this.#backlog < BACKLOG_BYTES) return undefined;
    return new Promise((resolve) => this.#roomWaiters.push(resolve));
  }

  /** All of a file is on disk. */
  finish(tail: LogTail): void {
    tail.finish();
    this.#tails.delete(tail);
  }

  /** The files went, and whoever looks at them. */
  forget(): void {
    this.#tails.clear();
  }

  /** Writing failed: what was appended behind this place never was. @param file undefined: before the first one there is none to go back to */
  abandon(file: LogFile | undefined, position: number): void {
    this.#backlog = 0;
    for (const tail of this.#tails) tail.abandon();
    this.#tails.clear();
    this.#wakeWaiters();
    if (file !== undefined) this.#file = file;
    this.#position = position;
    this.#boundary = position;
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

  #wakeWaiters(): void {
    for (const resolve of this.#roomWaiters.splice(0)) resolve();
  }
}
