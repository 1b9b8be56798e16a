import { closeSync, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SpillFile } from '../../text/index.ts';

/** What has been written before is written again more quickly: so much of the file stays when it is cleared. */
const KEPT_BYTES = 1 << 27;

/**
 * A temporary file that is made when it is first needed and has no name from then on: rows must not stay behind on the disk, however
 * the process ends. Only the user can read it.
 */
export class TemporaryFile implements SpillFile {
  readonly #folder: string;
  #fd: number | undefined;
  #length = 0;

  constructor(folder: string = tmpdir()) {
    this.#folder = folder;
  }

  append(bytes: Uint8Array): number {
    this.#fd ??= this.#create();
    const offset = this.#length;
    for (let written = 0; written < bytes.length; ) {
      const count = writeSync(this.#fd, bytes, written, bytes.length - written, this.#length);
      written += count;
      this.#length += count;
    }
    return offset;
  }

  read(into: Uint8Array, offset: number): void {
    for (let filled = 0; filled < into.length; ) {
      const count = readSync(this.#fd!, into, filled, into.length - filled, offset + filled);
      if (count === 0) throw new Error(`temporary file in ${this.#folder} ends at ${offset + filled}`);
      filled += count;
    }
  }

  clear(): void {
    if (this.#fd !== undefined && this.#length > KEPT_BYTES) ftruncateSync(this.#fd, KEPT_BYTES);
    this.#length = 0;
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #create(): number {
    const path = join(this.#folder, `rowlock-${process.pid}-${Math.random().toString(36).slice(2)}`);
    const fd = openSync(path, 'wx+', 0o600);
    try {
      unlinkSync(path);
    } catch {
      // Windows keeps an open file's name; it goes with the process's other temporary files.
    }
    return fd;
  }
}
