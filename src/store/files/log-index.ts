import { join } from 'node:path';
import type { Disk } from '../disk/disk.ts';
import { isDiskFull } from '../disk/patient-disk.ts';
import { logName, logNumber } from './log-names.ts';

/** The list of a log's files, `base.index`: one `./name` a line, oldest first. It is replaced as a whole, never edited. */
export class LogIndex {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #base: string;
  #numbers: number[] = [];

  constructor(disk: Disk, folder: string, base: string) {
    this.#disk = disk;
    this.#folder = folder;
    this.#base = base;
  }

  get path(): string {
    return join(this.#folder, `${this.#base}.index`);
  }

  get numbers(): readonly number[] {
    return this.#numbers;
  }

  async load(): Promise<void> {
    const text = (await this.#disk.readFile(this.path))?.toString() ?? '';
    this.#numbers = text.split('\n').flatMap((line) => {
      // Servers write either form; what stands before the last slash is where the file was.
      const number = logNumber(this.#base, line.slice(line.lastIndexOf('/') + 1));
      return number === undefined ? [] : [number];
    });
  }

  async replace(numbers: readonly number[], disk: Disk = this.#disk): Promise<void> {
    const lines = numbers.map((number) => `./${logName(this.#base, number)}\n`);
    await disk.replaceFile(this.path, Buffer.from(lines.join('')));
    this.#numbers = [...numbers];
  }

  /** As {@link replace}, but waits for no space: false where there is none. */
  async replaceIfThereIsSpace(numbers: readonly number[]): Promise<boolean> {
    try {
      await this.replace(numbers, this.#disk.impatient);
      return true;
    } catch (error) {
      if (isDiskFull(error)) return false;
      throw error;
    }
  }
}
