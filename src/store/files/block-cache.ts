import { RowlockError } from '../../errors/index.ts';
import type { DiskFile } from '../disk/disk.ts';

/** A piece of a file. `bytes[0, length)` may be read; it only grows. */
export interface Block {
  readonly bytes: Buffer;
  length: number;
}

/** A block that is being written: `bytes[0, filled)` stands in memory, and what of it lies behind `length` is for nobody yet. */
export interface WrittenBlock extends Block {
  filled: number;
  /** Its bytes are not in the file yet, or more of them follow: it stays. */
  isHeld: boolean;
}

interface Entry extends WrittenBlock {
  loading: Promise<void> | undefined;
  /** So many look at its bytes now: they are not used for anything else until nobody does. */
  readers: number;
  /** Its memory is for other blocks: this one has gone. */
  isSpare: boolean;
}

/** What a cache reads from. The object itself is the key. */
export interface CachedFile {
  readonly handle: DiskFile;
}

export const BLOCK_BYTES: number = 256 * 1024;
const DEFAULT_CAPACITY = 32 * 1024 * 1024;
/** Memory of blocks that went, for those that come. New memory costs more than what is written to it. */
const KEPT_FREE = 8;

/**
 * Blocks of log files in memory, shared by everybody who reads: many readers at one place cost one read. Only bytes that will never
 * change may be asked for. Whoever writes a log does so in blocks of the cache, too: what was just written is read without the disk.
 * The least recently used blocks go first, and none that somebody looks at. The memory of what went is used again: left to the garbage
 * collector, it would be many times what the cache may hold, for it counts little of what lies outside of its heap.
 */
export class BlockCache {
  readonly #capacity: number;
  /** In order of use. One key a block: file → number. */
  readonly #entries = new Map<CachedFile, Map<number, Entry>>();
  readonly #order = new Map<Entry, { readonly file: CachedFile; readonly index: number }>();
  readonly #free: Buffer[] = [];

  constructor(capacityBytes: number = DEFAULT_CAPACITY) {
    this.#capacity = Math.max(2, Math.floor(capacityBytes / BLOCK_BYTES));
  }

  /** The block if its first `needed` bytes are here. They stay as they are until it is given back with {@link leave}. */
  look(file: CachedFile, index: number, needed: number): Block | undefined {
    const entry = this.#entries.get(file)?.get(index);
    if (entry === undefined || entry.length < needed) return undefined;
    const key = this.#order.get(entry)!;
    this.#order.delete(entry);
    this.#order.set(entry, key);
    entry.readers += 1;
    return entry;
  }

  /** Who looked at a block does so no more. */
  leave(block: Block): void {
    const entry = block as Entry;
    entry.readers -= 1;
    if (entry.isSpare) this.#keep(entry);
  }

  /** Reads until the block's first `needed` bytes are here, `wanted` at best. */
  async load(file: CachedFile, index: number, needed: number, wanted: number): Promise<void> {
    const entry = this.#entries.get(file)?.get(index) ?? this.#add(file, index);
    while (entry.length < needed) {
      entry.loading ??= this.#read(file, index, entry, wanted).finally(() => {
        entry.loading = undefined;
      });
      await entry.loading;
    }
  }

  /** An empty block for whoever writes the file, held. What was here of it before never was. */
  claim(file: CachedFile, index: number): WrittenBlock {
    this.#drop(this.#entries.get(file)?.get(index));
    const entry = this.#add(file, index);
    entry.isHeld = true;
    return entry;
  }

  /** The block as it was when its first `filled` bytes were written, held; undefined: it has gone. */
  reclaim(file: CachedFile, index: number, filled: number): WrittenBlock | undefined {
    const entry = this.#entries.get(file)?.get(index);
    if (entry === undefined || entry.filled < filled || entry.loading !== undefined) return undefined;
    entry.filled = filled;
    entry.isHeld = true;
    return entry;
  }

  /** Lets readers see what stands in memory of the blocks `[first, last]`, up to this place of the file. */
  show(file: CachedFile, first: number, last: number, end: number): void {
    const blocks = this.#entries.get(file);
    for (let index = first; blocks !== undefined && index <= last; index += 1) {
      const entry = blocks.get(index);
      if (entry === undefined) continue;
      entry.length = Math.max(entry.length, Math.min(entry.filled, end - index * BLOCK_BYTES));
    }
  }

  /** What was written to this block never was. */
  abandon(file: CachedFile, index: number): void {
    this.#drop(this.#entries.get(file)?.get(index));
  }

  forget(file: CachedFile): void {
    for (const entry of this.#entries.get(file)?.values() ?? []) this.#drop(entry);
  }

  #add(file: CachedFile, index: number): Entry {
    this.#evict();
    let blocks = this.#entries.get(file);
    if (blocks === undefined) this.#entries.set(file, (blocks = new Map()));
    const bytes = this.#free.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
    const entry: Entry = {
      bytes,
      length: 0,
      filled: 0,
      isHeld: false,
      loading: undefined,
      readers: 0,
      isSpare: false,
    };
    blocks.set(index, entry);
    this.#order.set(entry, { file, index });
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
    entry.filled = entry.length;
  }

  /** Makes room for one more. */
  #evict(): void {
    for (const entry of this.#order.keys()) {
      if (this.#order.size < this.#capacity) return;
      if (entry.readers > 0 || entry.loading !== undefined || entry.isHeld) continue;
      this.#drop(entry);
    }
  }

  #drop(entry: Entry | undefined): void {
    if (entry === undefined) return;
    const { file, index } = this.#order.get(entry)!;
    this.#order.delete(entry);
    const blocks = this.#entries.get(file);
    blocks?.delete(index);
    if (blocks?.size === 0) this.#entries.delete(file);
    // A read or a write under way is not waited for.
    if (entry.isHeld || entry.loading !== undefined) return;
    entry.isSpare = true;
    this.#keep(entry);
  }

  #keep({ readers, bytes }: Entry): void {
    if (readers === 0 && this.#free.length < KEPT_FREE) this.#free.push(bytes);
  }
}
