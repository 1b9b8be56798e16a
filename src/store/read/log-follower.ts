import {
  EventType,
  HEADER_BYTES,
  hasChecksums,
  LENGTH_AT,
  limits,
  type RawEvent,
  TYPE_AT,
} from '../../binlog/index.ts';
import { FormatError, LimitError } from '../../errors/index.ts';
import { BLOCK_BYTES, type Block, type BlockCache } from '../files/block-cache.ts';
import type { FollowedFile, LogPlace } from '../files/log-place.ts';

/** What a follower needs of the log it follows. */
export interface FollowedLog {
  readonly cache: BlockCache;
  /** How far this file may be read. */
  limitOf(file: FollowedFile): number;
  /** The file behind this one, once there is one. */
  after(file: FollowedFile): FollowedFile | undefined;
  hold(file: FollowedFile): Promise<void>;
  release(file: FollowedFile): void;
  /** Calls once when more may be read. */
  whenMoved(wake: () => void): () => void;
}

/** The first bytes of every log: `fe 62 69 6e`. */
const MAGIC_BYTES = 4;

/**
 * Reads a log that is being written, event by event, through the shared blocks, and only what is durable.
 *
 *     for (;;) {
 *       while (follower.next(event)) …
 *       if (follower.atEnd) await follower.advance() || await follower.wait(signal)
 *       else await follower.load();
 *     }
 *
 * Events are borrowed until the next step. As long as it is open, its file and all later ones stay.
 */
export class LogFollower {
  readonly #log: FollowedLog;
  #file: FollowedFile;
  #position: number;
  #checksums = false;
  #block: Block | undefined;
  #blockIndex = -1;
  /** An event that stands in several blocks is put together here. */
  #gathered: Buffer = Buffer.alloc(0);
  #gatheredAt = -1;
  #gatheredEnd = 0;
  #needed = 0;
  #closed = false;

  /** The file must be held already. */
  constructor(log: FollowedLog, file: FollowedFile, position: number) {
    this.#log = log;
    this.#file = file;
    this.#position = Math.max(position, MAGIC_BYTES);
  }

  get fileName(): string {
    return this.#file.name;
  }

  /** Where the next event stands. */
  get place(): LogPlace {
    return { number: this.#file.number, position: this.#position };
  }

  get position(): number {
    return this.#position;
  }

  /** Whether all that may be read of this file has been. */
  get atEnd(): boolean {
    return this.#position >= this.#log.limitOf(this.#file);
  }

  /** Whether events end in a checksum; {@link next} follows the file's format descriptions by itself. */
  set checksums(value: boolean) {
    this.#checksums = value;
  }

  get checksums(): boolean {
    return this.#checksums;
  }

  /** Goes to another position of the same file. */
  seek(position: number): void {
    this.#position = position;
  }

  /** Aims `event` at the next event in memory; false: {@link load}, or {@link atEnd}. */
  next(event: RawEvent): boolean {
    const position = this.#position;
    const limit = this.#log.limitOf(this.#file);
    if (position >= limit) return false;
    if (position === this.#gatheredAt) {
      this.#aim(event, this.#gathered, 0, this.#gatheredEnd);
      return true;
    }
    // Waiting for more would be for ever: what may be read ends with an event.
    if (limit - position < HEADER_BYTES) this.#check(HEADER_BYTES, limit);
    const block = this.#blockAt(position);
    if (block === undefined) return this.#need(HEADER_BYTES);
    const start = position % BLOCK_BYTES;
    if (start + HEADER_BYTES > block.length) return this.#need(HEADER_BYTES);
    const length = block.bytes.readUInt32LE(start + LENGTH_AT);
    this.#check(length, limit);
    if (start + length > block.length) return this.#need(length);
    this.#aim(event, block.bytes, start, start + length);
    return true;
  }

  /** Brings the next event into memory. @throws what the disk throws */
  async load(): Promise<void> {
    const position = this.#position;
    const limit = this.#log.limitOf(this.#file);
    const count = Math.min(Math.max(this.#needed, HEADER_BYTES), limit - position);
    const first = Math.floor(position / BLOCK_BYTES);
    const last = Math.floor((position + count - 1) / BLOCK_BYTES);
    if (last === first) {
      await this.#loadBlock(first, (position % BLOCK_BYTES) + count, limit);
      return;
    }
    // Its length stands in the first 19 bytes, which may themselves lie across the border.
    const gathered = await this.#gather(position, count, limit);
    if (count < HEADER_BYTES) return;
    const length = gathered.readUInt32LE(LENGTH_AT);
    this.#check(length, limit);
    if (length > count) {
      this.#needed = length;
      await this.load();
      return;
    }
    this.#gathered = gathered;
    this.#gatheredAt = position;
    this.#gatheredEnd = length;
  }

  /** Goes on with the next file; false where this is the last one. */
  async advance(): Promise<boolean> {
    const next = this.#log.after(this.#file);
    if (next === undefined || !this.atEnd) return false;
    await this.#log.hold(next);
    this.#log.release(this.#file);
    this.#file = next;
    this.#position = MAGIC_BYTES;
    this.#lookAt(undefined, -1);
    this.#gatheredAt = -1;
    return true;
  }

  /** Waits until there is more to read, or the signal aborts, or so many milliseconds have passed: false then. */
  wait(signal?: AbortSignal, milliseconds = 0): Promise<boolean> {
    if (!this.atEnd || this.#log.after(this.#file) !== undefined) return Promise.resolve(true);
    if (signal?.aborted === true) return Promise.resolve(false);
    return new Promise((resolve) => {
      const done = (more: boolean): void => {
        forget();
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        resolve(more);
      };
      const abort = (): void => done(false);
      const forget = this.#log.whenMoved(() => done(true));
      const timer = milliseconds > 0 ? setTimeout(abort, milliseconds) : undefined;
      signal?.addEventListener('abort', abort);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#lookAt(undefined, -1);
    this.#log.release(this.#file);
  }

  /** @throws FormatError, LimitError where no event of so many bytes can stand here */
  #check(length: number, limit: number): void {
    const position = this.#position;
    const context = { file: this.#file.name, position };
    const left = limit - position;
    if (length < HEADER_BYTES || length > left)
      throw new FormatError(`event of ${length} bytes, the log ends ${left} bytes further`, { context });
    if (length > limits.eventBytes)
      throw new LimitError(`event of ${length} bytes exceeds the limit of ${limits.eventBytes}`, { context });
  }

  #need(bytes: number): false {
    this.#needed = bytes;
    return false;
  }

  #blockAt(position: number): Block | undefined {
    const index = Math.floor(position / BLOCK_BYTES);
    if (index !== this.#blockIndex || this.#block === undefined) {
      this.#lookAt(this.#log.cache.look(this.#file, index, (position % BLOCK_BYTES) + 1), index);
    }
    return this.#block;
  }

  #lookAt(block: Block | undefined, index: number): void {
    if (this.#block !== undefined) this.#log.cache.leave(this.#block);
    this.#block = block;
    this.#blockIndex = index;
  }

  async #loadBlock(index: number, needed: number, limit: number): Promise<Block> {
    const wanted = Math.min(BLOCK_BYTES, limit - index * BLOCK_BYTES);
    const { cache } = this.#log;
    for (;;) {
      const block = cache.look(this.#file, index, needed);
      if (block !== undefined) {
        this.#lookAt(block, index);
        return block;
      }
      await cache.load(this.#file, index, needed, wanted);
    }
  }

  async #gather(position: number, count: number, limit: number): Promise<Buffer> {
    const gathered = this.#gathered.length >= count ? this.#gathered : Buffer.allocUnsafeSlow(count);
    this.#gatheredAt = -1;
    for (let done = 0; done < count; ) {
      const index = Math.floor((position + done) / BLOCK_BYTES);
      const start = (position + done) % BLOCK_BYTES;
      const part = Math.min(count - done, BLOCK_BYTES - start);
      const block = await this.#loadBlock(index, start + part, limit);
      block.bytes.copy(gathered, done, start, start + part);
      done += part;
    }
    // One large event must not keep its memory for the life of the reader.
    this.#gathered = count <= BLOCK_BYTES ? gathered : Buffer.alloc(0);
    return gathered;
  }

  #aim(event: RawEvent, bytes: Buffer, start: number, end: number): void {
    let checksum = this.#checksums;
    if (bytes[start + TYPE_AT] === EventType.FORMAT_DESCRIPTION_EVENT) {
      const format = hasChecksums(bytes, start, end);
      this.#checksums = format.events;
      checksum = format.own;
    }
    event.aim(bytes, start, end, this.#position, checksum);
    this.#position += end - start;
  }
}
