import {
  type ImagePlan,
  imagePlanOf,
  type RowOperation,
  RowReader,
  type Rows,
  type TableMap,
} from '../binlog/index.ts';
import { Cursor } from '../bytes/index.ts';
import { FormatError, RowlockError } from '../errors/index.ts';
import type { Row, RowShape } from './row-change.ts';

/** The rows of one rows event as objects, one after the other. */
export interface RowWalk {
  readonly operation: RowOperation;
  /** Of an update or delete: the row as it was. */
  readonly before: Row | undefined;
  /** Of an insert or update: the row as it became. */
  readonly after: Row | undefined;
  /** Decodes the next row, into fresh objects; false after the last. @throws FormatError where the bytes do not fit the table */
  next(): boolean;
}

/** @throws FormatError where the rows are of another table */
export function walkRows(rows: Rows, table: TableMap, shape: RowShape): RowWalk {
  const reader = new RowReader(rows, table);
  // An insert of no columns has a row and no bytes, and partial images have steps between values: RowReader knows them.
  return rows.shape.partial || rows.images.length === 0 || !shape.isPlain
    ? new ReaderWalk(reader, shape)
    : new PlainWalk(rows, table, shape);
}

/** Any rows, by way of arrays. */
class ReaderWalk implements RowWalk {
  readonly operation: RowOperation;
  before: Row | undefined = undefined;
  after: Row | undefined = undefined;
  readonly #reader: RowReader;
  readonly #shape: RowShape;

  constructor(reader: RowReader, shape: RowShape) {
    this.operation = reader.operation;
    this.#reader = reader;
    this.#shape = shape;
  }

  next(): boolean {
    const reader = this.#reader;
    if (!reader.next()) return false;
    this.before = reader.before === undefined ? undefined : this.#shape.row(reader.before);
    this.after = reader.after === undefined ? undefined : this.#shape.row(reader.after);
    return true;
  }
}

/** Values straight into objects: a sixth quicker for a whole log than by way of arrays (Node 20.20). */
class PlainWalk implements RowWalk {
  readonly operation: RowOperation;
  before: Row | undefined = undefined;
  after: Row | undefined = undefined;
  readonly #cursor: Cursor;
  readonly #names: readonly string[];
  readonly #table: string;
  readonly #beforePlan: ImagePlan | undefined;
  readonly #afterPlan: ImagePlan | undefined;

  constructor(rows: Rows, table: TableMap, { names, schema, table: name }: RowShape) {
    const { operation } = rows.shape;
    this.operation = operation;
    this.#cursor = new Cursor(rows.images);
    this.#names = names;
    this.#table = `${schema}.${name}`;
    this.#beforePlan = operation === 'insert' ? undefined : imagePlanOf(table, rows.present);
    this.#afterPlan = operation === 'delete' ? undefined : imagePlanOf(table, rows.presentAfter);
  }

  next(): boolean {
    const cursor = this.#cursor;
    const start = cursor.position;
    if (start >= cursor.end) return false;
    if (this.#beforePlan !== undefined) this.before = this.#read(this.#beforePlan);
    if (this.#afterPlan !== undefined) this.after = this.#read(this.#afterPlan);
    if (cursor.position > start) return true;
    // Rows of no columns and no bytes: there would be no end of them.
    throw new FormatError(`${cursor.remaining} bytes of rows belong to no column`);
  }

  #read(plan: ImagePlan): Row {
    const cursor = this.#cursor;
    const names = this.#names;
    const { columns, types } = plan;
    const row: Row = {};
    const nulls = cursor.take(plan.nullBytes);
    const { bytes } = cursor;
    let at = 0;
    try {
      for (; at < columns.length; at += 1) {
        const column = columns[at]!;
        const isNull = (bytes[nulls + (at >> 3)]! & (1 << (at & 7))) !== 0;
        row[names[column.index]!] = isNull ? null : types[at]!.read(cursor, column);
      }
    } catch (error) {
      if (error instanceof RowlockError) error.at({ table: this.#table, column: names[columns[at]!.index]! });
      throw error;
    }
    return row;
  }
}
