import { join } from 'node:path';
import type { Disk, DiskFile } from '../disk/disk.ts';
import { missingFile } from '../disk/store-error.ts';
import type { BlockCache } from './block-cache.ts';
import { type LogFile, logFile, NO_HANDLE } from './log-file.ts';
import { LogIndex } from './log-index.ts';
import { logName, logNumber } from './log-names.ts';
import type { FollowedFile } from './log-place.ts';

/** The files of a log, oldest first, and the list of them on disk. */
export class LogFiles {
  readonly index: LogIndex;
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #base: string;
  readonly #cache: BlockCache;
  #all: LogFile[] = [];
  #purging: Promise<void> | undefined;

  constructor(disk: Disk, folder: string, base: string, cache: BlockCache) {
    this.index = new LogIndex(disk, folder, base);
    this.#disk = disk;
    this.#folder = folder;
    this.#base = base;
    this.#cache = cache;
  }

  get all(): readonly LogFile[] {
    return this.#all;
  }

  get last(): LogFile | undefined {
    return this.#all.at(-1);
  }

  /** Settled when the {@link purgeBeside} that is under way is over. */
  get purging(): Promise<void> | undefined {
    return this.#purging;
  }

  nameOf(number: number): string {
    return logName(this.#base, number);
  }

  pathOf(number: number): string {
    return join(this.#folder, this.nameOf(number));
  }

  /** The file's number; undefined where there is no file of this name. A path before the name does not matter. */
  numberOf(name: string): number | undefined {
    const number = logNumber(this.#base, name.slice(name.lastIndexOf('/') + 1));
    return number === undefined ? undefined : this.find(number)?.number;
  }

  find(number: number): LogFile | undefined {
    return this.#all.find((file) => file.number === number);
  }

  /** The next file. @throws RowlockError `STORE_MISSING` it is gone, and one behind it is there */
  after(file: FollowedFile): LogFile | undefined {
    const next = this.#all.find(({ number }) => number > file.number);
    if (next !== undefined && next.number > file.number + 1) throw missingFile(this.pathOf(file.number + 1));
    return next;
  }

  /** Of the names in the folder, the numbers of those in the list, and of what somebody has put back between them. In order. */
  among(names: readonly string[]): number[] {
    const numbers = names.flatMap((name) => logNumber(this.#base, name) ?? []).sort((a, b) => a - b);
    const listed = this.index.numbers;
    const first = numbers.findIndex((number) => listed.includes(number));
    const last = numbers.findLastIndex((number) => listed.includes(number));
    return first < 0 ? [] : numbers.slice(first, last + 1);
  }

  /** A file as it will be; {@link add} makes it one of the log's. */
  make(number: number, size: number): LogFile {
    return logFile(number, this.nameOf(number), this.pathOf(number), size);
  }

  async add(file: LogFile): Promise<void> {
    await this.index.replace([...this.#all.map(({ number }) => number), file.number]);
    this.#all.push(file);
  }

  /** Takes the files that stand in the list, with the sizes that they have. */
  async load(): Promise<void> {
    for (const number of this.index.numbers) {
      const handle = await this.#disk.open(this.pathOf(number), 'read');
      try {
        this.#all.push(this.make(number, await handle.size()));
      } finally {
        await handle.close();
      }
    }
  }

  /** A reader needs the file: it stays until {@link release}. @throws RowlockError `STORE_MISSING` somebody removed it */
  async hold(file: LogFile): Promise<void> {
    file.readers += 1;
    if (file.readers > 1 && file.handle !== NO_HANDLE) return;
    let handle: DiskFile;
    try {
      handle = await this.#disk.open(file.path, 'read');
    } catch (error) {
      this.release(file);
      throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? missingFile(file.path) : error;
    }
    if (file.handle === NO_HANDLE) file.handle = handle;
    else await handle.close();
  }

  release(file: LogFile): void {
    file.readers -= 1;
    if (file.readers > 0 || file.handle === NO_HANDLE) return;
    const { handle } = file;
    file.handle = NO_HANDLE;
    handle.close().catch(() => undefined);
  }

  /** Lets go of what readers hold. */
  async close(): Promise<void> {
    for (const file of this.#all) {
      const { handle } = file;
      // A reader that goes later closes nothing: the number of the descriptor may be another file's by then.
      file.handle = NO_HANDLE;
      await handle.close().catch(() => undefined);
    }
  }

  /**
   * Removes the files before this one, as far as no reader needs them.
   *
   * @returns the names that were kept
   */
  async purge(before: number): Promise<string[]> {
    const old = this.#all.filter(({ number }) => number < before);
    const oldest = Math.min(...this.#all.filter(({ readers }) => readers > 0).map(({ number }) => number));
    const gone = old.filter(({ number }) => number < oldest);
    if (gone.length > 0) {
      this.#all = this.#all.filter((file) => !gone.includes(file));
      // The list first: a file without a line harms nobody.
      const numbers = this.#all.map(({ number }) => number);
      const isListed = await this.index.replaceIfThereIsSpace(numbers);
      await this.#remove(gone);
      // Without its file, a line is passed over at the next start.
      if (!isListed) await this.index.replace(numbers);
    }
    return old.filter(({ number }) => number >= oldest).map(({ name }) => name);
  }

  /** As {@link purge}, beside a write, which may wait for the very space: one after the other. */
  async purgeBeside(before: number): Promise<string[]> {
    const earlier = this.#purging;
    const purge = (async () => {
      await earlier;
      return this.purge(before);
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

  async removeAll(): Promise<void> {
    const gone = this.#all;
    this.#all = [];
    await this.index.replace([]);
    await this.#remove(gone);
  }

  async #remove(gone: readonly LogFile[]): Promise<void> {
    for (const file of gone) {
      this.#cache.forget(file);
      await this.#disk.remove(file.path);
    }
  }
}
