import { RawEvent } from '../binlog/index.ts';

/** Room outside of memory for the bytes of a large statement: a temporary file. */
export interface SpillFile {
  /** Adds to the end. */
  append(bytes: Uint8Array): void;
  /** Fills `into` from `offset` on. */
  read(into: Uint8Array, offset: number): void;
  /** Empties it. */
  clear(): void;
}

/** The file that events come from, where it can be read again. */
export interface LogOrigin {
  /** Fills `into` from this position of the log on. */
  read(into: Uint8Array, position: number): void;
}

interface Chunk {
  /** Undefined while the bytes are in the spill file. */
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
/** Chunks kept in memory before the first goes to the spill file. */
const CHUNKS_IN_MEMORY = 16;

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
  #spilled = 0;
  #spare: Buffer | undefined;
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
    if (chunk?.bytes === undefined || chunk.length + size > chunk.bytes.length)
      chunk = this.#grow(size, event.position);
    const { bytes, length } = chunk;
    if (!event.isInFile || event.position !== chunk.offset + length) chunk.origin = undefined;
    event.bytes.copy(bytes!, length, event.start, event.end);
    chunk.length = length + size;
    chunk.ends.push(event.hasChecksum ? chunk.length : -chunk.length);
    chunk.positions.push(event.position);
  }

  /** Shows the events in order. Each is valid during its call only. */
  forEach(visit: (event: RawEvent) => void): void {
    const event = this.#event;
    let scratch: Buffer | undefined;
    for (const { bytes: kept, length, offset, origin, ends, positions } of this.#chunks) {
      let bytes = kept;
      if (bytes === undefined) {
        if (scratch === undefined || scratch.length < length) {
          scratch = Buffer.allocUnsafeSlow(Math.max(length, CHUNK_BYTES));
        }
        bytes = scratch;
        (origin ?? this.#spill!).read(bytes.subarray(0, length), offset);
      }
      let start = 0;
      for (let i = 0; i < ends.length; i += 1) {
        const end = Math.abs(ends[i]!);
        event.aim(bytes, start, end, positions[i]!, ends[i]! > 0);
        visit(event);
        start = end;
      }
    }
  }

  /** Forgets everything. */
  clear(): void {
    if (this.#chunks.length === 0) return;
    this.#spare = this.#chunks.find(({ bytes }) => bytes?.length === CHUNK_BYTES)?.bytes ?? this.#spare;
    this.#chunks = [];
    this.#inMemory = 0;
    if (this.#spilled > 0) this.#spill!.clear();
    this.#spilled = 0;
  }

  #grow(size: number, position: number): Chunk {
    if (this.#inMemory >= CHUNKS_IN_MEMORY && this.#spill !== undefined) this.#spillLast(this.#spill);
    const bytes =
      size <= CHUNK_BYTES
        ? (this.#spare ?? Buffer.allocUnsafeSlow(CHUNK_BYTES))
        : Buffer.allocUnsafeSlow(size);
    if (bytes === this.#spare) this.#spare = undefined;
    const chunk: Chunk = {
      bytes,
      length: 0,
      offset: position,
      origin: this.#origin?.(),
      ends: [],
      positions: [],
    };
    this.#chunks.push(chunk);
    this.#inMemory += 1;
    return chunk;
  }

  /** The last chunk goes, not the first: its memory is still in the processor's cache and is written next. */
  #spillLast(spill: SpillFile): void {
    const chunk = this.#chunks.at(-1)!;
    if (chunk.origin === undefined) {
      spill.append(chunk.bytes!.subarray(0, chunk.length));
      chunk.offset = this.#spilled;
      this.#spilled += chunk.length;
    }
    if (chunk.bytes!.length === CHUNK_BYTES) this.#spare = chunk.bytes;
    chunk.bytes = undefined;
    this.#inMemory -= 1;
  }
}
