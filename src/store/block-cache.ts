import { RowlockError } from '../errors/index.ts';
import type { DiskFile } from './disk.ts';

/** A piece of a file. `bytes[0, length)` is filled; it only grows. */
export interface Block {
  readonly bytes: Buffer;
  length: number;
}

interface Entry extends Block {
  loading: Promise<void> | undefined;
}

/** What a cache reads from. The object itself is the key. */
export interface CachedFile {
  readonly handle: DiskFile;
}

export const BLOCK_BYTES: number = 256 * 1024;
const DEFAULT_CAPACITY = 32 * 1024 * 1024;

/**
 * Blocks of log files in memory, shared by everybody who reads: many readers at one place cost one read. Only bytes that will never
 * change may be asked for. The least recently used blocks go first; who still holds one keeps it.
 */
export class BlockCache {
  readonly #capacity: number;
  /** In order of use. One key a block: file → number. */
  readonly #entries = new Map<CachedFile, Map<number, Entry>>();
  readonly #order = new Map<Entry, { readonly file: CachedFile; readonly index: number }>();

  constructor(capacityBytes: number = DEFAULT_CAPACITY) {
    this.#capacity = Math.max(2, Math.floor(capacityBytes / BLOCK_BYTES));
  }

  /** The block if its first `needed` bytes are here. */
  peek(file: CachedFile, index: number, needed: number): Block | undefined {
    const entry = this.#entries.get(file)?.get(index);
    if (entry === undefined || entry.length < needed) return undefined;
    const key = this.#order.get(entry)!;
    this.#order.delete(entry);
    this.#order.set(entry, key);
    return entry;
  }

  /** Reads until the block's first `needed` bytes are here, `wanted` at best. */
  async load(file: CachedFile, index: number, needed: number, wanted: number): Promise<void> {
    const entry = this.#entry(file, index);
    while (entry.length < needed) {
      entry.loading ??= this.#read(file, index, entry, wanted).finally(() => {
        entry.loading = undefined;
      });
      await entry.loading;
    }
  }

  /** Takes bytes that were just written, up to `limit`, where they continue a block that somebody reads. */
  extend(file: CachedFile, position: number, pieces: readonly Buffer[], limit: number): void {
    const blocks = this.#entries.get(file);
    if (blocks === undefined) return;
    let at = position;
    for (const piece of pieces) {
      for (let taken = 0; taken < piece.length; ) {
        const offset = at % BLOCK_BYTES;
        const count = Math.min(piece.length - taken, BLOCK_BYTES - offset, limit - at);
        if (count <= 0) return;
        const index = (at - offset) / BLOCK_BYTES;
        const entry = offset === 0 ? this.#entry(file, index) : blocks.get(index);
        if (entry !== undefined && entry.loading === undefined && entry.length === offset) {
          piece.copy(entry.bytes, offset, taken, taken + count);
          entry.length = offset + count;
        }
        taken += count;
        at += count;
      }
    }
  }

  forget(file: CachedFile): void {
    for (const entry of this.#entries.get(file)?.values() ?? []) this.#order.delete(entry);
    this.#entries.delete(file);
  }

  #entry(file: CachedFile, index: number): Entry {
    let blocks = this.#entries.get(file);
    if (blocks === undefined) this.#entries.set(file, (blocks = new Map()));
    let entry = blocks.get(index);
    if (entry === undefined) {
      entry = { bytes: Buffer.allocUnsafeSlow(BLOCK_BYTES), length: 0, loading: undefined };
      blocks.set(index, entry);
      this.#order.set(entry, { file, index });
      this.#evict();
    }
    return entry;
  }

  async #read(file: CachedFile, index: number, entry: Entry, wanted: number): Promise<void> {
    const from = entry.length;
    const count = await file.handle.read(entry.bytes.subarray(from, wanted), index * BLOCK_BYTES + from);
    if (count === 0) {
      throw new RowlockError(
        'STORE_READ',
        `a log ends at ${index * BLOCK_BYTES + from}, shorter than it was`,
        {
          hint: 'Somebody cut or replaced a file under the running relay.',
        },
      );
    }
    entry.length = from + count;
  }

  #evict(): void {
    for (const [entry, { file, index }] of this.#order) {
      if (this.#order.size <= this.#capacity) return;
      if (entry.loading !== undefined) continue;
      this.#order.delete(entry);
      const blocks = this.#entries.get(file);
      blocks?.delete(index);
      if (blocks?.size === 0) this.#entries.delete(file);
    }
  }
}
