import { Cursor } from '../../bytes/index.ts';
import { FormatError, RowlockError } from '../../errors/index.ts';
import type { ColumnValue } from '../columns/index.ts';
import type { RowOperation, Rows } from '../events/rows.ts';
import type { TableMap } from '../events/table-map.ts';
import { readJsonDiffs, skipJsonDiffs } from '../json/index.ts';
import { hasColumn } from './column-bitmap.ts';
import { type ImagePlan, imagePlanOf, jsonColumnsOf, PARTIAL_JSON_OPTION } from './image-plan.ts';
import { learnOldTemporals } from './old-temporal-columns.ts';

/** Values of one image by column index; `undefined` where the image leaves a column out, null where it is NULL. */
export type RowImage = (ColumnValue | undefined)[];

const NO_COLUMNS = new Uint8Array(0);

/**
 * Walks the row images of a rows event with the table map it belongs to.
 *
 *     const reader = new RowReader(rows, table);
 *     while (reader.next()) use(reader.before, reader.after);
 *
 * {@link next} decodes a row, {@link skip} only finds its bounds. Both throw FormatError where the bytes do not fit the table.
 */
export class RowReader {
  readonly operation: RowOperation;
  /** Of an update or delete: the row as it was. */
  before: RowImage | undefined = undefined;
  /** Of an insert or update: the row as it became. */
  after: RowImage | undefined = undefined;
  /** Bounds of the current row's images in `rows.images`. An insert has no before image, a delete no after image: those are empty. */
  beforeStart = 0;
  beforeEnd = 0;
  afterStart = 0;
  afterEnd = 0;
  readonly #table: TableMap;
  readonly #cursor: Cursor;
  readonly #beforePlan: ImagePlan | undefined;
  readonly #afterPlan: ImagePlan | undefined;
  readonly #partial: boolean;
  /** Index of each JSON column among the table's JSON columns, by column index; only partial images need it. */
  readonly #jsonIndexes: readonly number[];
  readonly #jsonBytes: number;
  /** An insert of no columns has one row and no bytes. */
  #emptyRow: boolean;

  constructor(rows: Rows, table: TableMap) {
    if (rows.columnCount !== table.columns.length) {
      throw new FormatError(`rows of ${rows.columnCount} columns follow a map of ${table.columns.length}`);
    }
    if (table.hasOldTemporals === true) learnOldTemporals(rows, table);
    this.#table = table;
    this.operation = rows.shape.operation;
    this.#cursor = new Cursor(rows.images);
    this.#beforePlan = rows.shape.operation === 'insert' ? undefined : imagePlanOf(table, rows.present);
    this.#afterPlan = rows.shape.operation === 'delete' ? undefined : imagePlanOf(table, rows.presentAfter);
    this.#partial = rows.shape.partial;
    const indexes: number[] = [];
    if (this.#partial) {
      const json = jsonColumnsOf(table);
      json.forEach(({ index }, position) => {
        indexes[index] = position;
      });
      this.#jsonBytes = (json.length + 7) >> 3;
    } else this.#jsonBytes = 0;
    this.#jsonIndexes = indexes;
    this.#emptyRow = rows.images.length === 0 && this.#afterPlan?.columns.length === 0;
  }

  /** Decodes the next row into {@link before} and {@link after}, fresh arrays; false after the last. */
  next(): boolean {
    return this.#step(true);
  }

  /** Moves past the next row, setting nothing but the bounds; false after the last. */
  skip(): boolean {
    return this.#step(false);
  }

  /** `schema.table`. */
  get tableName(): string {
    const { schema, table } = this.#table;
    return `${schema.toString('utf8')}.${table.toString('utf8')}`;
  }

  /** Starts over at the first row. */
  rewind(): void {
    this.#cursor.position = 0;
    this.#emptyRow = this.#cursor.end === 0 && this.#afterPlan?.columns.length === 0;
  }

  #step(decode: boolean): boolean {
    const cursor = this.#cursor;
    const start = cursor.position;
    if (start >= cursor.end) {
      if (!this.#emptyRow) return false;
      this.#emptyRow = false;
    } else this.#emptyRow = false;
    const beforePlan = this.#beforePlan;
    const afterPlan = this.#afterPlan;
    this.beforeStart = start;
    if (beforePlan !== undefined) {
      if (decode) this.before = this.#read(beforePlan, undefined);
      else this.#pass(beforePlan, undefined);
    }
    this.beforeEnd = cursor.position;
    this.afterStart = cursor.position;
    if (afterPlan !== undefined) {
      const partial = this.#partial ? this.#partialBits() : undefined;
      if (decode) this.after = this.#read(afterPlan, partial);
      else this.#pass(afterPlan, partial);
    }
    this.afterEnd = cursor.position;
    if (cursor.position === start && cursor.remaining > 0) {
      throw new FormatError(`${cursor.remaining} bytes of rows belong to no column`);
    }
    return true;
  }

  #partialBits(): Uint8Array {
    const options = this.#cursor.lenenc();
    return (options & PARTIAL_JSON_OPTION) === 0 ? NO_COLUMNS : this.#cursor.view(this.#jsonBytes);
  }

  #isDiff(partial: Uint8Array | undefined, index: number): boolean {
    if (partial === undefined || partial.length === 0) return false;
    const json = this.#jsonIndexes[index];
    return json !== undefined && hasColumn(partial, json);
  }

  #read(plan: ImagePlan, partial: Uint8Array | undefined): RowImage {
    const cursor = this.#cursor;
    const { columns, types, tableColumns } = plan;
    const image: RowImage = [];
    const count = columns.length;
    const nulls = cursor.take(plan.nullBytes);
    const { bytes } = cursor;
    let at = 0;
    try {
      for (; at < count; at += 1) {
        const column = columns[at]!;
        while (image.length < column.index) image.push(undefined);
        if ((bytes[nulls + (at >> 3)]! & (1 << (at & 7))) !== 0) image.push(null);
        else if (partial !== undefined && this.#isDiff(partial, column.index)) {
          image.push(readJsonDiffs(cursor));
        } else image.push(types[at]!.read(cursor, column));
      }
    } catch (error) {
      throw this.#located(error, plan, at);
    }
    while (image.length < tableColumns) image.push(undefined);
    return image;
  }

  #pass(plan: ImagePlan, partial: Uint8Array | undefined): void {
    const cursor = this.#cursor;
    const { columns, types } = plan;
    const nulls = cursor.take(plan.nullBytes);
    const { bytes } = cursor;
    let at = 0;
    try {
      for (; at < columns.length; at += 1) {
        if ((bytes[nulls + (at >> 3)]! & (1 << (at & 7))) !== 0) continue;
        const column = columns[at]!;
        if (partial !== undefined && this.#isDiff(partial, column.index)) skipJsonDiffs(cursor);
        else types[at]!.skip(cursor, column);
      }
    } catch (error) {
      throw this.#located(error, plan, at);
    }
  }

  #located(error: unknown, plan: ImagePlan, at: number): unknown {
    if (!(error instanceof RowlockError)) return error;
    const column = plan.columns[at]!;
    return error.at({ table: this.tableName, column: column.name ?? `@${column.index + 1}` });
  }
}
