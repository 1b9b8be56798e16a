import { closeSync, openSync, write } from 'node:fs';
import { resolve } from 'node:path';

const MAGIC = Buffer.from('\xfebin', 'latin1');
const BUFFER_BYTES = 1 << 20;
/** A log tells everything that was ever written: it is for its owner, and the group at most. */
const MODE = 0o640;

/** The source names a file that lies elsewhere. */
export class StrayName extends Error {}

/** A name of a log as servers send it: a name, not a path. */
export function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);
}

/**
 * The copy of one log. While one buffer is on its way to the file, the next is filled: writing and decrypting go on side by side.
 * Errors are the operating system's.
 */
export class RawCopy {
  readonly path: string;
  readonly #fd: number;
  #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #spare = Buffer.allocUnsafe(BUFFER_BYTES);
  #length = 0;
  #writing: Promise<void> | undefined;
  #isClosed = false;

  constructor(path: string, cwd: string) {
    this.path = path;
    this.#fd = openSync(resolve(cwd, path), 'w', MODE);
    MAGIC.copy(this.#buffer);
    this.#length = MAGIC.length;
  }

  /** Takes these bytes; where it returns a promise they are still borrowed, and nothing else may be written, until it is kept. */
  write(bytes: Buffer, start: number, end: number): Promise<void> | undefined {
    const size = end - start;
    if (this.#length + size > BUFFER_BYTES) {
      if (this.#writing !== undefined || size > BUFFER_BYTES) return this.#writeWaiting(bytes, start, end);
      this.#handOver();
    }
    bytes.copy(this.#buffer, this.#length, start, end);
    this.#length += size;
    return undefined;
  }

  /** Everything so far is with the operating system afterwards. */
  async flush(): Promise<void> {
    await this.#writing;
    this.#handOver();
    await this.#writing;
  }

  /** Whoever meets its failure may call it again. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      await this.flush();
    } finally {
      closeSync(this.#fd);
    }
  }

  async #writeWaiting(bytes: Buffer, start: number, end: number): Promise<void> {
    if (end - start > BUFFER_BYTES) {
      await this.flush();
      await writeAll(this.#fd, bytes.subarray(start, end));
      return;
    }
    await this.#writing;
    this.#handOver();
    bytes.copy(this.#buffer, 0, start, end);
    this.#length = end - start;
  }

  #handOver(): void {
    if (this.#length === 0) return;
    const full = this.#buffer;
    const writing = writeAll(this.#fd, full.subarray(0, this.#length)).then(() => {
      this.#writing = undefined;
    });
    // Whoever waits for it next is told of a failure.
    writing.catch(() => undefined);
    this.#writing = writing;
    this.#buffer = this.#spare;
    this.#spare = full;
    this.#length = 0;
  }
}

/** Writes to the last byte. */
function writeAll(fd: number, bytes: Buffer): Promise<void> {
  return new Promise((done, fail) => {
    const rest = (from: number): void =>
      write(fd, bytes, from, bytes.length - from, null, (error, written) => {
        if (error !== null) fail(error);
        else if (from + written < bytes.length) rest(from + written);
        else done();
      });
    rest(0);
  });
}
