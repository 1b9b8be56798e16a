import { Cursor } from '../../bytes/index.ts';
import { FormatError, RowlockError } from '../../errors/index.ts';
import type { ColumnValue } from '../columns/index.ts';
import type { Rows } from '../events/rows.ts';
import type { TableMap } from '../events/table-map.ts';
import { hasColumn } from './column-bitmap.ts';
import { type ImagePlan, imagePlanOf } from './image-plan.ts';
import { learnOldTemporals } from './old-temporal-columns.ts';
import type { RowImage } from './row-reader.ts';

/** Values below this length are compared byte by byte: the call costs more than they do. */
const SHORT_VALUE = 24;

/**
 * Walks the rows of an update or a delete and decodes no more than what finds them and what has changed: most values of a full image
 * are the same before and after.
 *
 *     if (ChangeReader.reads(rows, key)) for (const reader = new ChangeReader(rows, table, key); reader.next(); ) …
 */
export class ChangeReader {
  /** The row as it was: values of the key's columns, the others undefined. */
  readonly before: RowImage;
  /** Of an update: values of the columns that changed, and of the key's. */
  readonly after: RowImage;
  /** Of an update: indexes of the columns that changed, in their order. */
  readonly changed: number[] = [];
  readonly #table: TableMap;
  readonly #cursor: Cursor;
  readonly #plan: ImagePlan;
  readonly #isUpdate: boolean;
  /** By place in the plan, whether it is one of the key. */
  readonly #isKey: readonly boolean[];
  /** Of the row at hand: where each value of the image before begins and ends. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;

  /** Whether both images of these rows hold the same columns, whole, and the key's among them: others are a `RowReader`'s. */
  static reads({ shape, present, presentAfter }: Rows, key: readonly number[]): boolean {
    if (shape.operation === 'insert' || shape.partial || !present.equals(presentAfter)) return false;
    return key.every((index) => hasColumn(present, index));
  }

  /** `key`: indexes of the columns that find a row. */
  constructor(rows: Rows, table: TableMap, key: readonly number[]) {
    if (rows.columnCount !== table.columns.length)
      throw new FormatError(`rows of ${rows.columnCount} columns follow a map of ${table.columns.length}`);
    if (table.hasOldTemporals === true) learnOldTemporals(rows, table);
    this.#table = table;
    this.#cursor = new Cursor(rows.images);
    this.#plan = imagePlanOf(table, rows.present);
    this.#isUpdate = rows.shape.operation === 'update';
    this.#isKey = this.#plan.columns.map(({ index }) => key.includes(index));
    this.before = Array.from({ length: table.columns.length });
    this.after = Array.from({ length: table.columns.length });
    this.#starts = new Int32Array(this.#plan.columns.length);
    this.#ends = new Int32Array(this.#plan.columns.length);
  }

  /** Moves to the next row, whose values take the place of the last one's; false after the last. @throws FormatError */
  next(): boolean {
    const cursor = this.#cursor;
    if (cursor.position >= cursor.end) return false;
    this.#readBefore();
    if (this.#isUpdate) this.#readAfter();
    return true;
  }

  /**
   * Of an update: adds to `after` what these columns still hold, though it is what they held before. False where the images lack one of
   * them. @throws FormatError
   */
  complete(columns: readonly number[]): boolean {
    const { after } = this;
    const { position } = this.#cursor;
    for (const index of columns) if (after[index] === undefined) after[index] = this.#unchanged(index);
    this.#cursor.position = position;
    return columns.every((index) => after[index] !== undefined);
  }

  #unchanged(index: number): ColumnValue | undefined {
    const { columns, types } = this.#plan;
    const at = columns.findIndex((column) => column.index === index);
    if (at < 0) return undefined;
    const start = this.#starts[at]!;
    if (start === NULL_VALUE) return null;
    this.#cursor.position = start;
    return types[at]!.read(this.#cursor, columns[at]!);
  }

  #readBefore(): void {
    const cursor = this.#cursor;
    const { columns, types, nullBytes } = this.#plan;
    const nulls = cursor.take(nullBytes);
    const { bytes } = cursor;
    for (let at = 0; at < columns.length; at += 1) {
      const column = columns[at]!;
      this.#starts[at] = cursor.position;
      try {
        if ((bytes[nulls + (at >> 3)]! & (1 << (at & 7))) !== 0) {
          this.#starts[at] = NULL_VALUE;
          if (this.#isKey[at]!) this.before[column.index] = null;
        } else if (this.#isKey[at]!) this.before[column.index] = types[at]!.read(cursor, column);
        else types[at]!.skip(cursor, column);
      } catch (error) {
        throw this.#located(error, at);
      }
      this.#ends[at] = cursor.position;
    }
  }

  #readAfter(): void {
    const cursor = this.#cursor;
    const { columns, types, nullBytes } = this.#plan;
    const { after, before, changed } = this;
    const nulls = cursor.take(nullBytes);
    const { bytes } = cursor;
    changed.length = 0;
    for (let at = 0; at < columns.length; at += 1) {
      const column = columns[at]!;
      const { index } = column;
      const start = cursor.position;
      try {
        if ((bytes[nulls + (at >> 3)]! & (1 << (at & 7))) !== 0) {
          after[index] = null;
          if (this.#starts[at] !== NULL_VALUE) changed.push(index);
          continue;
        }
        types[at]!.skip(cursor, column);
        if (this.#isSame(at, start, cursor.position)) {
          after[index] = before[index];
          continue;
        }
        cursor.position = start;
        after[index] = types[at]!.read(cursor, column);
        changed.push(index);
      } catch (error) {
        throw this.#located(error, at);
      }
    }
  }

  /** Whether a value is the one that the image before has. */
  #isSame(at: number, start: number, end: number): boolean {
    const other = this.#starts[at]!;
    const length = end - start;
    if (other === NULL_VALUE || this.#ends[at]! - other !== length) return false;
    const { bytes } = this.#cursor;
    if (length > SHORT_VALUE) return bytes.compare(bytes, other, other + length, start, end) === 0;
    for (let offset = 0; offset < length; offset += 1)
      if (bytes[other + offset] !== bytes[start + offset]) return false;
    return true;
  }

  #located(error: unknown, at: number): unknown {
    if (!(error instanceof RowlockError)) return error;
    const { schema, table } = this.#table;
    const column = this.#plan.columns[at]!;
    return error.at({
      table: `${schema.toString()}.${table.toString()}`,
      column: column.name ?? `@${column.index + 1}`,
    });
  }
}

const NULL_VALUE = -1;
