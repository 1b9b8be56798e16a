import { type Column, type ColumnType, type ColumnValue, JsonDocument } from '../../binlog/index.ts';
import { Cursor } from '../../bytes/index.ts';
import { bufferView } from './buffer-view.ts';

/**
 * Text out of bytes is a call that costs more than the bytes do. Short texts that lie together are made in one, of so many bytes, and
 * cut out of it: a text that is kept keeps the others. Rows that are larger than half of it have little to share.
 */
const SHARED_TEXT_BYTES = 1024;
const MOST_ROW_BYTES = 512;

/** The highest bit of each of four bytes; a byte that has it set, widened with its sign, meets it too. */
const NOT_ASCII = 0x8080_8080 | 0;

/**
 * Values that are bytes are cut out of copies of this size, which hold the rows of some events: most are of 8 KiB. The memory of a copy
 * begins where its ArrayBuffer does.
 */
const SHARED_BYTES = 1 << 15;

/** Node's undocumented but stable slice method. */
type SlicingBuffer = Buffer & { latin1Slice(start: number, end: number): string };

let shared: Buffer = Buffer.alloc(0);
let sharedView = new DataView(shared.buffer);
let sharedBytes = 0;

/** The row images of one event, as compiled code reads them: see {@link RowCode}. */
export class RowBytes {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** Where the next row begins. */
  at: number;
  readonly end: number;
  readonly #isOwned: boolean;
  readonly #sharesText: boolean;
  #cursor: Cursor | undefined;
  #text = '';
  #textStart = 0;
  #textEnd = 0;

  /**
   * @param keeps whether values are bytes, which must outlive the event
   * @param rowBytes size of a row before these
   */
  constructor(images: Buffer, keeps: boolean, rowBytes: number) {
    this.#isOwned = keeps && images.length <= SHARED_BYTES;
    this.#sharesText = rowBytes <= MOST_ROW_BYTES;
    if (this.#isOwned) {
      if (sharedBytes + images.length > shared.length) {
        shared = Buffer.allocUnsafeSlow(SHARED_BYTES);
        sharedView = new DataView(shared.buffer);
        sharedBytes = 0;
      }
      images.copy(shared, sharedBytes);
      this.bytes = shared;
      this.view = sharedView;
      this.at = sharedBytes;
      sharedBytes += images.length;
      this.end = sharedBytes;
    } else {
      this.bytes = images;
      this.view = new DataView(images.buffer, images.byteOffset, images.length);
      this.at = 0;
      this.end = images.length;
    }
  }

  /** A value by the reader of its column; {@link at} is behind it then. @throws FormatError */
  other(start: number, read: ColumnType['read'], column: Column): ColumnValue {
    let cursor = this.#cursor;
    if (cursor === undefined) {
      cursor = new Cursor(this.bytes).aim(this.bytes, start, this.end);
      cursor.isOwned = this.#isOwned;
      this.#cursor = cursor;
    }
    cursor.position = start;
    const value = read(cursor, column);
    this.at = cursor.position;
    return value;
  }

  /** Text of `length` bytes at `at`, in a character set that holds ASCII; `start`: where the value begins, with its length. */
  text(start: number, at: number, length: number, read: ColumnType['read'], column: Column): ColumnValue {
    const end = at + length;
    if (!this.#sharesText || length > MOST_ROW_BYTES || end > this.end)
      return this.other(start, read, column);
    const { view } = this;
    let bits = 0;
    let seen = at;
    for (; seen + 4 <= end; seen += 4) bits |= view.getInt32(seen, true);
    for (; seen < end; seen += 1) bits |= view.getInt8(seen);
    if ((bits & NOT_ASCII) !== 0) return this.other(start, read, column);
    if (at < this.#textStart || end > this.#textEnd) {
      this.#textStart = at;
      this.#textEnd = Math.min(this.end, at + SHARED_TEXT_BYTES);
      this.#text = (this.bytes as SlicingBuffer).latin1Slice(at, this.#textEnd);
    }
    return this.#text.substring(at - this.#textStart, end - this.#textStart);
  }

  /** A value that is bytes. */
  copy(start: number, at: number, length: number, read: ColumnType['read'], column: Column): ColumnValue {
    const end = at + length;
    if (!this.#isOwned || end > this.end) return this.other(start, read, column);
    return bufferView(this.bytes.buffer, at, length);
  }

  document(start: number, at: number, length: number, read: ColumnType['read'], column: Column): ColumnValue {
    const end = at + length;
    if (!this.#isOwned || end > this.end) return this.other(start, read, column);
    return new JsonDocument(bufferView(this.bytes.buffer, at, length));
  }
}
