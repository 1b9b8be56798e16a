import type { Disk, DiskFile } from '../disk/disk.ts';
import { clearInUse } from '../files/in-use.ts';
import type { LogFiles } from '../files/log-files.ts';
import type { LogTail } from './log-tail.ts';
import type { WriteJob } from './write-queue.ts';

/** The file of a log that is being written. One call at a time, but for {@link rewound}. */
export class LogWriter {
  readonly #disk: Disk;
  readonly #files: LogFiles;
  #file: DiskFile | undefined;
  /** Up to where there are bytes in the file. */
  #written = 0;
  #underWay: WriteJob<unknown> | undefined;
  #yields = false;

  constructor(disk: Disk, files: LogFiles) {
    this.#disk = disk;
    this.#files = files;
  }

  /** Whether what is under way touches neither the files' list nor the files before. */
  get yields(): boolean {
    return this.#yields;
  }

  /** Runs what may wait for space, and lets files go meanwhile. */
  async yielding(work: () => Promise<void>): Promise<void> {
    this.#yields = true;
    try {
      await work();
    } finally {
      this.#yields = false;
      await this.#files.purging;
    }
  }

  /** Goes on in a new file, durable with its opening. */
  async create(path: string, opening: Buffer): Promise<void> {
    const file = await this.#disk.open(path, 'create');
    this.#file = file;
    await file.write([opening], 0);
    await file.sync();
    this.#written = opening.length;
  }

  async write(job: WriteJob<unknown>): Promise<void> {
    const { tail, at, bytes } = job;
    if (bytes === 0) return;
    this.#underWay = job;
    await this.#file!.write(tail.pieces(at, bytes), at);
    this.#underWay = undefined;
    this.#written = Math.max(this.#written, at + bytes);
    tail.written(Math.min(at + bytes, job.reach));
  }

  /** What is written behind this boundary does not count any more, even if that is under way. */
  rewound(tail: LogTail, boundary: number): void {
    const job = this.#underWay;
    if (job?.tail === tail) job.reach = Math.min(job.reach, boundary);
  }

  async cutBack(boundary: number): Promise<void> {
    if (this.#written <= boundary) return;
    await this.#file!.truncate(boundary);
    this.#written = boundary;
  }

  async sync(): Promise<void> {
    await this.#file!.sync();
  }

  /** Ends the file in order. */
  async finish(closing: Buffer, at: number): Promise<void> {
    const file = this.#file!;
    await file.write([closing], at);
    await file.sync();
    await clearInUse(file);
    await file.sync();
    await file.close();
    this.#file = undefined;
  }

  /** Lets go of the file as it is. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  /** Writing failed. What was written behind `durable` goes, if the disk lets it; undefined: that is in another file. */
  abandon(durable: number | undefined): void {
    this.#underWay = undefined;
    if (durable !== undefined) this.#file?.truncate(durable).catch(() => undefined);
  }
}
