import type { ReadOrder, ReadResult } from './read-order.ts';
import { ReaderProcess, type StartReader } from './reader-process.ts';

/**
 * Queries that read at a time; others wait in line, as behind innodb_thread_concurrency. Each takes a processor, which the channels need
 * as well, and some 60 MB.
 */
const MOST = 4;
/** A reader that nobody has needed for so long is ended. */
const IDLE_MS = 60_000;

interface Waiting {
  readonly go: (reader: ReaderProcess | undefined) => void;
}

/** The processes that read replicated tables: started when they are wanted, kept for the next query, ended when nobody comes. */
export class Readers {
  readonly #start: StartReader;
  readonly #idle: { readonly reader: ReaderProcess; readonly timer: NodeJS.Timeout }[] = [];
  readonly #all = new Set<ReaderProcess>();
  readonly #line: Waiting[] = [];
  #busy = 0;

  constructor(start: StartReader) {
    this.#start = start;
  }

  /** Carries out an order when it is its turn. @throws ServerError what it came to, or the reason of `signal` */
  async read(order: ReadOrder, signal: AbortSignal | undefined): Promise<ReadResult> {
    let reader = await this.#turn(signal);
    try {
      reader ??= this.#idleOne() ?? this.#started();
      return await reader.read(order, signal);
    } finally {
      this.#giveBack(reader);
    }
  }

  /** Ends them all. Nobody may be waiting for one. */
  async close(): Promise<void> {
    for (const { timer } of this.#idle.splice(0)) clearTimeout(timer);
    await Promise.all([...this.#all].map((reader) => reader.end()));
  }

  /** Waits for a turn, which may come with the reader of the query before. */
  async #turn(signal: AbortSignal | undefined): Promise<ReaderProcess | undefined> {
    signal?.throwIfAborted();
    if (this.#busy < MOST) {
      this.#busy += 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#line.splice(this.#line.indexOf(waiting), 1);
        reject(signal?.reason);
      };
      const waiting: Waiting = {
        go: (reader) => {
          signal?.removeEventListener('abort', leave);
          resolve(reader);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#line.push(waiting);
    });
  }

  #idleOne(): ReaderProcess | undefined {
    for (let found = this.#idle.pop(); found !== undefined; found = this.#idle.pop()) {
      clearTimeout(found.timer);
      if (!found.reader.isGone) return found.reader;
      this.#all.delete(found.reader);
    }
    return undefined;
  }

  #started(): ReaderProcess {
    const reader = new ReaderProcess(this.#start);
    this.#all.add(reader);
    return reader;
  }

  #giveBack(reader: ReaderProcess | undefined): void {
    const left = reader?.isGone === true ? undefined : reader;
    if (reader !== left) void reader?.end().then(() => this.#all.delete(reader));
    const next = this.#line.shift();
    if (next !== undefined) {
      next.go(left);
      return;
    }
    this.#busy -= 1;
    if (left === undefined) return;
    const timer = setTimeout(() => {
      this.#idle.splice(
        this.#idle.findIndex((each) => each.reader === left),
        1,
      );
      void left.end().then(() => this.#all.delete(left));
    }, IDLE_MS);
    this.#idle.push({ reader: left, timer: timer.unref() });
  }
}
