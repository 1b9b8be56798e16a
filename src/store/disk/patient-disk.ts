import type { Disk, DiskFile } from './disk.ts';
import { FullDiskNotice, type PatienceOptions } from './full-disk-notice.ts';

/** EDQUOT is as passing as ENOSPC. */
const FULL: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT']);

/** Whether an error of the system says that there is no room, which somebody can make. */
export const isDiskFull = (error: unknown): boolean => FULL.has((error as NodeJS.ErrnoException).code);

/**
 * A disk that waits for space where there is none, as servers do, and goes on with what it was writing. Until {@link begin}, and after
 * {@link giveUp}, it fails at once as any other.
 *
 * Every write says where it goes, so that trying it again does no harm. Failing to sync is never tried again: what was written may be
 * gone.
 */
export class PatientDisk implements Disk {
  readonly #disk: Disk;
  readonly #notice: FullDiskNotice;
  #patient = false;
  #waiting = 0;
  #wake: Set<() => void> = new Set();

  constructor(disk: Disk, options: PatienceOptions) {
    this.#disk = disk;
    this.#notice = new FullDiskNotice(options);
  }

  /** Whether somebody waits for space now. */
  get isWaiting(): boolean {
    return this.#waiting > 0;
  }

  get impatient(): Disk {
    return this.#disk;
  }

  begin(): void {
    this.#patient = true;
  }

  /** Whoever waits is told that the disk is full. */
  giveUp(): void {
    this.#patient = false;
    this.lookAgain();
  }

  /** There may be space: whoever waits tries at once. */
  lookAgain(): void {
    for (const wake of this.#wake) wake();
    this.#wake.clear();
  }

  async open(path: string, mode: 'read' | 'write' | 'create'): Promise<DiskFile> {
    const file = await this.#patiently(path, () => this.#disk.open(path, mode));
    return {
      write: (pieces, position) => this.#patiently(path, () => file.write(pieces, position)),
      read: (into, position) => file.read(into, position),
      sync: () => file.sync(),
      truncate: (size) => file.truncate(size),
      size: () => file.size(),
      close: () => file.close(),
    };
  }

  replaceFile(path: string, content: Buffer): Promise<void> {
    return this.#patiently(path, () => this.#disk.replaceFile(path, content));
  }

  readFile(path: string): Promise<Buffer | undefined> {
    return this.#disk.readFile(path);
  }

  async remove(path: string): Promise<void> {
    await this.#disk.remove(path);
    this.lookAgain();
  }

  makeFolder(path: string): Promise<void> {
    return this.#disk.makeFolder(path);
  }

  list(folder: string): Promise<string[]> {
    return this.#disk.list(folder);
  }

  modifiedAt(path: string): Promise<number> {
    return this.#disk.modifiedAt(path);
  }

  syncFolder(folder: string): Promise<void> {
    return this.#disk.syncFolder(folder);
  }

  async #patiently<T>(path: string, write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (!this.#waitsFor(error)) throw error;
      return this.#again(path, write, error);
    }
  }

  async #again<T>(path: string, write: () => Promise<T>, first: unknown): Promise<T> {
    const { retryMs } = this.#notice;
    this.#waiting += 1;
    try {
      for (let error = first; ; ) {
        this.#notice.tell(path, Math.abs((error as NodeJS.ErrnoException).errno ?? 0));
        // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
        await this.#rest(retryMs);
        // Given up meanwhile: this attempt is the last.
        try {
          // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
          return await write();
        } catch (again) {
          if (!this.#waitsFor(again)) throw again;
          error = again;
        }
      }
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#notice.end();
    }
  }

  #waitsFor(error: unknown): boolean {
    return this.#patient && isDiskFull(error);
  }

  #rest(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wake.delete(done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#wake.add(done);
    });
  }
}
