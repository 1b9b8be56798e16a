import { basename, dirname } from 'node:path';
import type { Disk, DiskFile } from './disk.ts';

/** What reaches the platter or not, as a whole. */
const BLOCK_BYTES = 512;

interface Stored {
  /** What a reader sees. */
  bytes: Buffer;
  /** What a power cut leaves for sure. */
  synced: Buffer;
  /** Where `bytes` stand, with room behind them: a file that grows is not copied for every line. */
  memory?: Buffer;
  modifiedAt: number;
}

/**
 * A disk for tests, in memory: {@link crash} forgets what was not synced, or keeps any part of it; {@link space} runs out;
 * {@link failure} is thrown by every write.
 */
export class ForgetfulDisk implements Disk {
  /** Names with their content; what a directory sync made durable stands in {@link #durableNames}. */
  readonly #files = new Map<string, Stored>();
  readonly #durableNames = new Map<string, Stored>();
  /** Bytes that may still be written. */
  space = Number.POSITIVE_INFINITY;
  failure: Error | undefined;
  syncs = 0;
  now = 0;

  /**
   * The power goes: gives the disk as the next start finds it. `keep` says how much of what was not synced happened to reach the
   * platter (0 to 1), `hole` whether a block of that did not, though later ones did.
   */
  crash(keep: () => number = () => 0, hole: () => boolean = () => false): ForgetfulDisk {
    const next = new ForgetfulDisk();
    for (const [name, file] of this.#durableNames) {
      const grown = Math.max(0, file.bytes.length - file.synced.length);
      const kept = file.synced.length + Math.floor(grown * keep());
      const bytes = Buffer.concat([file.synced, file.bytes.subarray(file.synced.length, kept)]);
      for (let at = file.synced.length; at < kept; ) {
        const end = Math.min(kept, at - (at % BLOCK_BYTES) + BLOCK_BYTES);
        if (hole()) bytes.fill(0, at, end);
        at = end;
      }
      const found = { bytes, synced: bytes, modifiedAt: file.modifiedAt };
      next.#files.set(name, found);
      next.#durableNames.set(name, found);
    }
    return next;
  }

  /** All bytes on the disk, for searching. */
  everything(): Buffer {
    return Buffer.concat([...this.#files.values()].flatMap(({ bytes, synced }) => [bytes, synced]));
  }

  async open(path: string, mode: 'read' | 'write' | 'create'): Promise<DiskFile> {
    let file = this.#files.get(path);
    if (mode === 'create') {
      if (this.failure !== undefined) throw this.failure;
      file = { bytes: Buffer.alloc(0), synced: Buffer.alloc(0), modifiedAt: this.now };
      this.#files.set(path, file);
    }
    if (file === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
    return this.#handle(file);
  }

  async readFile(path: string): Promise<Buffer | undefined> {
    return this.#files.get(path)?.bytes;
  }

  async replaceFile(path: string, content: Buffer): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    const bytes = Buffer.from(content);
    this.#files.set(path, { bytes, synced: bytes, modifiedAt: this.now });
    await this.syncFolder(dirname(path));
  }

  async remove(path: string): Promise<void> {
    this.#files.delete(path);
  }

  async makeFolder(): Promise<void> {
    // Folders are where files are.
  }

  async list(folder: string): Promise<string[]> {
    return [...this.#files.keys()].filter((path) => dirname(path) === folder).map((path) => basename(path));
  }

  async modifiedAt(path: string): Promise<number> {
    return this.#files.get(path)?.modifiedAt ?? 0;
  }

  async syncFolder(folder: string): Promise<void> {
    for (const [path, file] of this.#files) if (dirname(path) === folder) this.#durableNames.set(path, file);
    for (const path of this.#durableNames.keys()) {
      if (dirname(path) === folder && !this.#files.has(path)) this.#durableNames.delete(path);
    }
  }

  #handle(file: Stored): DiskFile {
    return {
      write: async (pieces, position) => {
        if (this.failure !== undefined) throw this.failure;
        const added = Buffer.concat(pieces);
        const fits = Math.min(added.length, this.space);
        this.space -= fits;
        const { length } = file.bytes;
        const size = Math.max(length, position + fits);
        // What was synced must stay as it is: only what is behind everything goes where the rest stands.
        const { memory } = file;
        if (memory === undefined || position < length || size > memory.length) {
          file.memory = Buffer.alloc(size * 2);
          file.bytes.copy(file.memory);
        }
        added.copy(file.memory!, position, 0, fits);
        file.bytes = file.memory!.subarray(0, size);
        file.modifiedAt = this.now;
        if (fits < added.length) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
      },
      read: async (into, position) => file.bytes.copy(into, 0, position, position + into.length),
      sync: async () => {
        if (this.failure !== undefined) throw this.failure;
        this.syncs += 1;
        file.synced = file.bytes;
      },
      truncate: async (size) => {
        file.bytes = Buffer.from(file.bytes.subarray(0, size));
        delete file.memory;
      },
      size: async () => file.bytes.length,
      close: async () => undefined,
    };
  }
}
