import { BLOCK_BYTES, type BlockCache, type CachedFile, type WrittenBlock } from '../files/block-cache.ts';

interface Held {
  readonly index: number;
  readonly block: WrittenBlock;
}

/**
 * The end of a log file that is being written, in blocks of the cache: what is appended is copied once, written to the file from there,
 * and read from there. A block is held until all of it is in the file.
 */
export class LogTail {
  readonly #cache: BlockCache;
  readonly #file: CachedFile;
  #held: Held[] = [];
  #position = 0;
  #shown = 0;

  constructor(cache: BlockCache, file: CachedFile) {
    this.#cache = cache;
    this.#file = file;
  }

  /** Where the next byte is appended. */
  get position(): number {
    return this.#position;
  }

  append(bytes: Buffer, start: number, end: number): void {
    for (let at = start; at < end; ) {
      const offset = this.#position % BLOCK_BYTES;
      const block = offset === 0 ? this.#begin() : this.#held.at(-1)!.block;
      const count = Math.min(end - at, BLOCK_BYTES - offset);
      bytes.copy(block.bytes, offset, at, at + count);
      block.filled = offset + count;
      this.#position += count;
      at += count;
    }
  }

  /** The bytes from `at` on, not written yet, in as few pieces as they lie in. */
  pieces(at: number, length: number): Buffer[] {
    const pieces: Buffer[] = [];
    for (const { index, block } of this.#held) {
      const from = Math.max(0, at - index * BLOCK_BYTES);
      const to = Math.min(block.filled, at + length - index * BLOCK_BYTES);
      if (from < to) pieces.push(block.bytes.subarray(from, to));
    }
    return pieces;
  }

  /** All before this place is in the file. */
  written(end: number): void {
    while (this.#held.length > 1) {
      const { index, block } = this.#held[0]!;
      if (index * BLOCK_BYTES + block.filled > end) return;
      block.isHeld = false;
      this.#held.shift();
    }
  }

  /** All is in the file, and nothing follows. */
  finish(): void {
    for (const { block } of this.#held) block.isHeld = false;
    this.#held = [];
  }

  /** Lets readers see all before this place. */
  show(end: number): void {
    if (end <= this.#shown) return;
    this.#cache.show(
      this.#file,
      Math.floor(this.#shown / BLOCK_BYTES),
      Math.floor(Math.max(0, end - 1) / BLOCK_BYTES),
      end,
    );
    this.#shown = end;
  }

  /** Takes back all behind this place. A write that is under way may still read it. */
  rewind(position: number): void {
    this.#position = position;
    const index = Math.floor(position / BLOCK_BYTES);
    const filled = position % BLOCK_BYTES;
    const first = filled === 0 ? index : index + 1;
    for (const held of this.#held) if (held.index >= first) this.#cache.abandon(this.#file, held.index);
    this.#held = this.#held.filter((held) => held.index < first);
    if (filled === 0) return;
    const last = this.#held.at(-1);
    if (last?.index === index) last.block.filled = filled;
    else this.#held.push({ index, block: this.#again(index, filled) });
  }

  /** Writing failed: nothing of what is held can be relied upon. */
  abandon(): void {
    for (const { index } of this.#held) this.#cache.abandon(this.#file, index);
    this.#held = [];
  }

  #begin(): WrittenBlock {
    const index = this.#position / BLOCK_BYTES;
    const block = this.#cache.claim(this.#file, index);
    this.#held.push({ index, block });
    return block;
  }

  /** A block that was let go, to be filled further. Where its beginning has gone, it is no block of the cache: readers ask the disk. */
  #again(index: number, filled: number): WrittenBlock {
    const block = this.#cache.reclaim(this.#file, index, filled);
    if (block !== undefined) return block;
    return { bytes: Buffer.allocUnsafeSlow(BLOCK_BYTES), length: 0, filled, isHeld: true };
  }
}
