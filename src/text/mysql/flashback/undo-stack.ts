import { LENGTH_AT, RawEvent } from '../../../binlog/index.ts';
import type { SpillFile } from '../../spill-file.ts';

/** What a record is about. */
export const UndoRecord = {
  /** A table map that rows in the same chunk refer to. */
  TABLE: 0,
  ROWS: 1,
  /** The end of a transaction; its event is the statement that began it. */
  TRANSACTION: 2,
  /** The rows before this are not to be undone. */
  DROPPED: 3,
} as const;
type UndoRecord = (typeof UndoRecord)[keyof typeof UndoRecord];

/**
 * A record: length 4, kind 1, whether the event has a checksum 1, 2 unused, reference 4, format 4, position 8; then the event,
 * and what text belongs to it.
 */
const RECORD_BYTES = 24;
const CHUNK_BYTES = 1 << 20;
/** Chunks kept in memory before the next goes to the spill file. */
const CHUNKS_IN_MEMORY = 16;

interface Chunk {
  /** Undefined while the bytes are in the spill file. */
  readonly bytes: Buffer | undefined;
  readonly length: number;
  /** In the spill file. */
  readonly offset: number;
}

/** A record as it comes back. Its event and table are borrowed until the next. */
export interface Undone {
  readonly kind: UndoRecord;
  readonly event: RawEvent;
  /** Of rows: their table map. */
  readonly table: RawEvent;
  /** Where the record of the table map stands: the same table map has the same place while its chunk is read. */
  readonly tableKey: string;
  /** Of a transaction: what was given. */
  readonly reference: number;
  /** Which of the format descriptions the event is written by. */
  readonly format: number;
  /** What was given with the event; one character a byte. */
  readonly text: string;
}

/**
 * Events to be seen again from the last to the first. Memory holds at most {@link CHUNKS_IN_MEMORY} MiB of them and the largest; the
 * rest is in the spill file. Every chunk holds the table maps that its rows need, so that it can be read alone.
 */
export class UndoStack {
  readonly #spill: SpillFile | undefined;
  readonly #chunks: Chunk[] = [];
  #current: Buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #length = 0;
  #spilled = 0;
  #inMemory = 0;
  /** Table maps in the current chunk and where. */
  #tables = new Map<RawEvent, number>();

  /** Without a spill file everything stays in memory. */
  constructor(spill: SpillFile | undefined) {
    this.#spill = spill;
  }

  /** Rows and their table map, which must be the same object as long as it is the same map. */
  pushRows(event: RawEvent, table: RawEvent, format: number): void {
    this.#reserve(2 * RECORD_BYTES + event.length + table.length);
    let at = this.#tables.get(table);
    if (at === undefined) {
      at = this.#length;
      this.#tables.set(table, at);
      this.#write(UndoRecord.TABLE, table, 0, format, '');
    }
    this.#write(UndoRecord.ROWS, event, at, format, '');
  }

  /** A mark behind the rows it is about. */
  pushMark(kind: UndoRecord, event: RawEvent, reference: number, format: number, text: string): void {
    this.#reserve(RECORD_BYTES + event.length + text.length);
    this.#write(kind, event, reference, format, text);
  }

  /** Shows the records from the last to the first, table maps only with their rows. */
  forEachBackward(visit: (record: Undone) => void): void {
    this.#close();
    let scratch: Buffer | undefined;
    for (let index = this.#chunks.length - 1; index >= 0; index -= 1) {
      const { bytes: kept, length, offset } = this.#chunks[index]!;
      let bytes = kept;
      if (bytes === undefined) {
        if (scratch === undefined || scratch.length < length) scratch = Buffer.allocUnsafeSlow(length);
        bytes = scratch;
        this.#spill!.read(bytes.subarray(0, length), offset);
      }
      forEachInChunk(bytes, length, index, visit);
    }
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#current.length) return;
    this.#close();
    this.#current = Buffer.allocUnsafeSlow(Math.max(size, CHUNK_BYTES));
  }

  /** The current chunk is full. */
  #close(): void {
    const length = this.#length;
    if (length === 0) return;
    const whole = this.#current;
    if (this.#inMemory >= CHUNKS_IN_MEMORY && this.#spill !== undefined) {
      this.#spill.append(whole.subarray(0, length));
      this.#chunks.push({ bytes: undefined, length, offset: this.#spilled });
      this.#spilled += length;
    } else {
      this.#chunks.push({ bytes: whole, length, offset: 0 });
      this.#inMemory += 1;
    }
    this.#length = 0;
    this.#tables = new Map();
    this.#current = Buffer.alloc(0);
  }

  #write(kind: UndoRecord, event: RawEvent, reference: number, format: number, text: string): void {
    const bytes = this.#current;
    const at = this.#length;
    const size = event.end - event.start;
    const eventAt = at + RECORD_BYTES;
    const end = eventAt + size + text.length;
    bytes.writeUInt32LE(end - at, at);
    bytes[at + 4] = kind;
    bytes[at + 5] = event.hasChecksum ? 1 : 0;
    bytes.writeUInt32LE(reference, at + 8);
    bytes.writeUInt32LE(format, at + 12);
    bytes.writeDoubleLE(event.position, at + 16);
    event.bytes.copy(bytes, eventAt, event.start, event.end);
    bytes.latin1Write(text, eventAt + size, text.length);
    this.#length = end;
  }
}

const event = new RawEvent();
const table = new RawEvent();

function aim(target: RawEvent, bytes: Buffer, at: number): number {
  const start = at + RECORD_BYTES;
  const end = start + bytes.readUInt32LE(start + LENGTH_AT);
  target.aim(bytes, start, end, bytes.readDoubleLE(at + 16), bytes[at + 5] === 1);
  return end;
}

function forEachInChunk(bytes: Buffer, length: number, chunk: number, visit: (record: Undone) => void): void {
  const starts: number[] = [];
  for (let at = 0; at < length; at += bytes.readUInt32LE(at)) starts.push(at);
  for (let i = starts.length - 1; i >= 0; i -= 1) {
    const at = starts[i]!;
    const kind = bytes[at + 4] as UndoRecord;
    if (kind === UndoRecord.TABLE) continue;
    const reference = bytes.readUInt32LE(at + 8);
    const eventEnd = aim(event, bytes, at);
    if (kind === UndoRecord.ROWS) aim(table, bytes, reference);
    visit({
      kind,
      event,
      table,
      tableKey: `${chunk}/${reference}`,
      reference,
      format: bytes.readUInt32LE(at + 12),
      text: bytes.toString('latin1', eventEnd, at + bytes.readUInt32LE(at)),
    });
  }
}
