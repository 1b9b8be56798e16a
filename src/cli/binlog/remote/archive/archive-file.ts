import { closeSync, fdatasyncSync, ftruncateSync, openSync } from 'node:fs';
import { isSystemError } from '../../../../errors/index.ts';
import { LOG_MAGIC } from '../../../../store/index.ts';
import { descriptorSink } from '../../../command-io.ts';
import { ARCHIVE_MODE } from './archive-folder.ts';

/** Writes larger than this go past the buffer. */
const BUFFER_BYTES = 1 << 20;

/**
 * A copy that grows. Only whole events reach the operating system in the end, in their order: what a crash leaves is some of the
 * bytes written last, and the next start cuts there. Errors are the operating system's.
 */
export class ArchiveFile {
  readonly name: string;
  readonly path: string;
  readonly #fd: number;
  readonly #sink: { write(bytes: Uint8Array): void };
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #buffered = 0;
  #size: number;
  /** Whether the disk may not have everything yet. */
  #dirty = false;
  #isClosed = false;

  private constructor(name: string, path: string, fd: number, size: number) {
    this.name = name;
    this.path = path;
    this.#fd = fd;
    this.#sink = namedSink(path, fd);
    this.#size = size;
  }

  static create(name: string, path: string): ArchiveFile {
    const file = new ArchiveFile(name, path, openSync(path, 'ax', ARCHIVE_MODE), 0);
    file.write(LOG_MAGIC, 0, LOG_MAGIC.length);
    return file;
  }

  /** Goes on behind the first `size` bytes of a file; what follows them goes. */
  static goOn(name: string, path: string, size: number): ArchiveFile {
    const file = new ArchiveFile(name, path, openSync(path, 'a'), size);
    file.cut(size);
    if (size < LOG_MAGIC.length) {
      file.cut(0);
      file.write(LOG_MAGIC, 0, LOG_MAGIC.length);
    }
    return file;
  }

  /** Bytes written so far, buffered ones included. */
  get size(): number {
    return this.#size;
  }

  get dirty(): boolean {
    return this.#dirty;
  }

  write(bytes: Buffer, start: number, end: number): void {
    const count = end - start;
    if (this.#buffered + count > BUFFER_BYTES) this.flush();
    if (count > BUFFER_BYTES) this.#sink.write(bytes.subarray(start, end));
    else {
      bytes.copy(this.#buffer, this.#buffered, start, end);
      this.#buffered += count;
    }
    this.#size += count;
    this.#dirty = true;
  }

  /** Hands everything so far to the operating system: other programs see it. */
  flush(): void {
    if (this.#buffered === 0) return;
    this.#sink.write(this.#buffer.subarray(0, this.#buffered));
    this.#buffered = 0;
  }

  /** Everything so far survives a power cut afterwards. */
  sync(): void {
    this.flush();
    if (this.#dirty) named(this.path, () => fdatasyncSync(this.#fd));
    this.#dirty = false;
  }

  /** Takes back everything behind `size`. */
  cut(size: number): void {
    this.flush();
    named(this.path, () => ftruncateSync(this.#fd, size));
    this.#size = size;
    this.#dirty = true;
  }

  /** Whoever meets its failure may call it again. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      this.sync();
    } finally {
      closeSync(this.#fd);
    }
  }
}

/** What the operating system says of a descriptor names no file. */
function named(path: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw isSystemError(error) ? Object.assign(error, { path }) : error;
  }
}

function namedSink(path: string, fd: number): { write(bytes: Uint8Array): void } {
  const sink = descriptorSink(fd);
  return { write: (bytes) => named(path, () => sink.write(bytes)) };
}
