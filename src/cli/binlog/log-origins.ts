import { closeSync, openSync, readSync } from 'node:fs';
import type { LogOrigin } from '../../text/index.ts';

/** A log file, open a second time to read parts of it again; the first reading keeps its own place. */
class FileOrigin implements LogOrigin {
  readonly #path: string;
  #fd: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  read(into: Uint8Array, position: number): void {
    this.#fd ??= openSync(this.#path, 'r');
    for (let filled = 0; filled < into.length; ) {
      const count = readSync(this.#fd, into, filled, into.length - filled, position + filled);
      if (count === 0) throw new Error(`${this.#path} became shorter while it was read`);
      filled += count;
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}

/** The logs of a run, to be read again. An unfinished statement may refer to a log before the current one. */
export class LogOrigins {
  readonly #origins: FileOrigin[] = [];
  #current: FileOrigin | undefined;

  /** The current log is this file, or none that can be read again. */
  startLog(path: string | undefined): void {
    this.#current = path === undefined ? undefined : new FileOrigin(path);
    if (this.#current !== undefined) this.#origins.push(this.#current);
  }

  get current(): LogOrigin | undefined {
    return this.#current;
  }

  close(): void {
    for (const origin of this.#origins) origin.close();
  }
}
