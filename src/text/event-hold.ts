import { RawEvent } from '../binlog/index.ts';
import { copyBytes } from '../bytes/index.ts';
import { withEventMemory } from './output/base64.ts';
import type { SpillFile } from './spill-file.ts';

/** The file that events come from, where it can be read again. */
export interface LogOrigin {
  /** Fills `into` from this position of the log on. */
  read(into: Uint8Array, position: number): void;
}

interface Chunk {
  /** Undefined while the bytes are in the spill file, or in the log alone. */
  bytes: Buffer | undefined;
  /** Bytes in use. */
  length: number;
  /** Where it stands in the spill file, or in the log. */
  offset: number;
  /** The log, if the events stand there one behind the other just as they do here. */
  origin: LogOrigin | undefined;
  /** Of each event: where it ends in the chunk, negative where it has no checksum. */
  readonly ends: number[];
  readonly positions: number[];
}

const CHUNK_BYTES = 1 << 20;
/** Chunks are read again to this far behind the place in a page that they have in their file: see the framer, which does it for speed too. */
const SKEW_BYTES = 64;
const PAGE_BYTES = 1 << 12;
/** Chunks kept in memory before the first goes to the spill file. */
const CHUNKS_IN_MEMORY = 16;
/** Chunks kept in memory of events that can be read again from their log. */
const CHUNKS_BEFORE_ORIGIN = 1;

/**
 * Keeps the events of a statement until its end is known, as the bytes they are: that is several times less than their text, and
 * both tools print a statement's parts in an order that needs its last event first. However long the statement, memory holds
 * at most {@link CHUNKS_IN_MEMORY} MiB of it and the largest event; the rest is read again from the log, or was put into the spill file
 * where that is not possible.
 */
export class EventHold {
  readonly #spill: SpillFile | undefined;
  readonly #origin: (() => LogOrigin | undefined) | undefined;
  #chunks: Chunk[] = [];
  #inMemory = 0;
  #isSpilled = false;
  readonly #spare: Buffer[] = [];
  readonly #event = new RawEvent();

  /**
   * Without a spill file everything stays in memory.
   *
   * @param origin gives the log that is being read, where it can be read again
   */
  constructor(spill?: SpillFile, origin?: () => LogOrigin | undefined) {
    this.#spill = spill;
    this.#origin = origin;
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  /** Keeps a copy of the event. */
  add(event: RawEvent): void {
    const size = event.end - event.start;
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || !this.#takes(chunk, event, size)) chunk = this.#grow(size, event);
    const { bytes, length } = chunk;
    if (bytes !== undefined) {
      if (!event.isInFile || event.position !== chunk.offset + length) chunk.origin = undefined;
      copyBytes(bytes, length, event.bytes, event.start, event.end);
    }
    chunk.length = length + size;
    chunk.ends.push(event.hasChecksum ? chunk.length : -chunk.length);
    chunk.positions.push(event.position);
  }

  /** Shows the events in order. Each is valid during its call only. */
  forEach(visit: (event: RawEvent) => void): void {
    const largest = this.#chunks.reduce(
      (most, { bytes, length }) => (bytes ? most : Math.max(most, length)),
      0,
    );
    if (largest === 0) this.#visitChunks(undefined, visit);
    else withEventMemory(largest + 2 * PAGE_BYTES, (memory) => this.#visitChunks(memory, visit));
  }

  /** `memory` is for chunks that have to be read again. */
  #visitChunks(memory: Buffer | undefined, visit: (event: RawEvent) => void): void {
    for (const chunk of this.#chunks) {
      const { bytes, offset, length, origin } = chunk;
      if (bytes !== undefined) this.#visitChunk(chunk, bytes, 0, visit);
      else {
        const base = (offset % PAGE_BYTES) + SKEW_BYTES;
        (origin ?? this.#spill!).read(memory!.subarray(base, base + length), offset);
        this.#visitChunk(chunk, memory!, base, visit);
      }
    }
  }

  #visitChunk(
    { ends, positions }: Chunk,
    bytes: Buffer,
    base: number,
    visit: (event: RawEvent) => void,
  ): void {
    const event = this.#event;
    let start = base;
    for (let i = 0; i < ends.length; i += 1) {
      const end = base + Math.abs(ends[i]!);
      event.aim(bytes, start, end, positions[i]!, ends[i]! > 0);
      visit(event);
      start = end;
    }
  }

  /** Forgets everything. */
  clear(): void {
    if (this.#chunks.length === 0) return;
    for (const { bytes } of this.#chunks) if (bytes !== undefined) this.#giveBack(bytes);
    this.#chunks = [];
    this.#inMemory = 0;
    if (this.#isSpilled) this.#spill!.clear();
    this.#isSpilled = false;
  }

  /** Whether the event goes behind the chunk's others: into its memory, or, where it has none, onto its part of the log. */
  #takes(chunk: Chunk, event: RawEvent, size: number): boolean {
    if (chunk.bytes !== undefined) return chunk.length + size <= chunk.bytes.length;
    return (
      this.#isInOrigin(event) &&
      chunk.origin === this.#origin!() &&
      event.position === chunk.offset + chunk.length &&
      chunk.length + size <= CHUNK_BYTES
    );
  }

  #isInOrigin(event: RawEvent): boolean {
    return event.isInFile && this.#origin?.() !== undefined;
  }

  #grow(size: number, event: RawEvent): Chunk {
    const { position } = event;
    // Reading again is quicker than copying into memory that has not been used before: only short statements are copied.
    const isInOrigin = this.#spill !== undefined && this.#isInOrigin(event);
    if (this.#inMemory >= CHUNKS_BEFORE_ORIGIN && isInOrigin) return this.#begin(undefined, position);
    if (this.#inMemory >= CHUNKS_IN_MEMORY && this.#spill !== undefined) this.#spillLast(this.#spill);
    this.#inMemory += 1;
    if (size > CHUNK_BYTES) return this.#begin(Buffer.allocUnsafeSlow(size), position);
    return this.#begin(this.#spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES), position);
  }

  #begin(bytes: Buffer | undefined, offset: number): Chunk {
    const chunk: Chunk = {
      bytes,
      length: 0,
      offset,
      origin: this.#origin?.(),
      ends: [],
      positions: [],
    };
    this.#chunks.push(chunk);
    return chunk;
  }

  /** The last chunk goes, not the first: its memory is still in the processor's cache and is written next. */
  #spillLast(spill: SpillFile): void {
    const chunk = this.#chunks.findLast((each) => each.bytes !== undefined)!;
    const bytes = chunk.bytes!;
    if (chunk.origin === undefined) {
      chunk.offset = spill.append(bytes.subarray(0, chunk.length));
      this.#isSpilled = true;
    }
    this.#giveBack(bytes);
    chunk.bytes = undefined;
    this.#inMemory -= 1;
  }

  /** Memory that has been used before is quicker than new. */
  #giveBack(bytes: Buffer): void {
    if (bytes.length === CHUNK_BYTES && this.#spare.length < CHUNKS_IN_MEMORY) this.#spare.push(bytes);
  }
}
