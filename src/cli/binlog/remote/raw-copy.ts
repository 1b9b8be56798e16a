import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { descriptorSink } from '../../command-io.ts';

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

/** The copy of one log. Errors are the operating system's. */
export class RawCopy {
  readonly path: string;
  readonly #fd: number;
  readonly #sink: { write(bytes: Uint8Array): void };
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #length = 0;

  constructor(path: string, cwd: string) {
    this.path = path;
    this.#fd = openSync(resolve(cwd, path), 'w', MODE);
    this.#sink = descriptorSink(this.#fd);
    this.write(MAGIC, 0, MAGIC.length);
  }

  write(bytes: Buffer, start: number, end: number): void {
    const size = end - start;
    if (this.#length + size > BUFFER_BYTES) this.flush();
    if (size > BUFFER_BYTES) {
      this.#sink.write(bytes.subarray(start, end));
      return;
    }
    bytes.copy(this.#buffer, this.#length, start, end);
    this.#length += size;
  }

  /** Everything so far is with the operating system afterwards. */
  flush(): void {
    if (this.#length === 0) return;
    this.#sink.write(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
  }

  close(): void {
    try {
      this.flush();
    } finally {
      closeSync(this.#fd);
    }
  }
}
