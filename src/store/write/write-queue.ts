import type { LogTail } from './log-tail.ts';

/** Bytes that go to one place of the current file, and what becomes durable with them. */
export interface WriteJob<Mark> {
  readonly kind: 'write';
  readonly tail: LogTail;
  readonly at: number;
  bytes: number;
  /** What of it still counts when it has been written ends here, at the latest. */
  reach: number;
  /** End of the last whole transaction in or before this job; undefined: nothing to make durable. */
  boundary: number | undefined;
  marks: Mark[];
}

/** Anything else that has its place in the order of writes: the next file, a cut. */
export interface StepJob {
  readonly kind: 'step';
  run(): Promise<void>;
  /** Told instead, when a job before it failed. */
  abandon?(error: unknown): void;
}

/** Runs jobs one after the other, as long as there are any. While one runs, later ones gather: that is group commit. */
export class WriteQueue<Mark> {
  #jobs: (WriteJob<Mark> | StepJob)[] = [];
  #running = false;
  readonly #write: (job: WriteJob<Mark>) => Promise<void>;
  readonly #failed: (error: unknown) => void;
  #idle: (() => void)[] = [];

  constructor(write: (job: WriteJob<Mark>) => Promise<void>, failed: (error: unknown) => void) {
    this.#write = write;
    this.#failed = failed;
  }

  /** The last job, if it still takes bytes. */
  get last(): WriteJob<Mark> | undefined {
    const last = this.#jobs.at(-1);
    return last?.kind === 'write' ? last : undefined;
  }

  push(job: WriteJob<Mark> | StepJob): void {
    this.#jobs.push(job);
  }

  /** Takes back from the jobs that wait what lies behind this place. @returns how many bytes that was */
  rewind(tail: LogTail, boundary: number): number {
    let taken = 0;
    for (const job of this.#jobs) {
      if (job.kind !== 'write' || job.tail !== tail) continue;
      const kept = Math.max(0, Math.min(job.bytes, boundary - job.at));
      taken += job.bytes - kept;
      job.bytes = kept;
    }
    return taken;
  }

  /** Starts, behind what is running now: all transactions of one packet from the network go together. */
  kick(): void {
    if (this.#running) return;
    this.#running = true;
    queueMicrotask(() => void this.#run());
  }

  async idle(): Promise<void> {
    if (this.#jobs.length > 0) this.kick();
    if (!this.#running) return;
    await new Promise<void>((resolve) => {
      this.#idle.push(resolve);
    });
  }

  async #run(): Promise<void> {
    try {
      for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) {
        await (job.kind === 'write' ? this.#write(job) : job.run());
      }
    } catch (error) {
      const dropped = this.#jobs;
      this.#jobs = [];
      this.#failed(error);
      for (const job of dropped) if (job.kind === 'step') job.abandon?.(error);
    }
    this.#running = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
