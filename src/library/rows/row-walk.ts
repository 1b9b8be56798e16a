import { imagePlanOf, type RowOperation, RowReader, type Rows, type TableMap } from '../../binlog/index.ts';
import { RowBytes } from './row-bytes.ts';
import type { Row } from './row-change.ts';
import type { ReadRow, RowCode } from './row-code.ts';
import type { RowShape } from './row-shape.ts';

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
  const { operation, partial } = rows.shape;
  const isOther = rows.columnCount !== table.columns.length;
  // An insert of no columns has a row and no bytes, partial images have steps between values, and old temporals are learned from the
  // rows: RowReader knows them.
  if (isOther || partial || rows.images.length === 0 || table.hasOldTemporals === true) {
    return new ReaderWalk(rows, table, shape);
  }
  const before = operation === 'insert' ? undefined : codeOf(table, rows.present, shape);
  const after = operation === 'delete' ? undefined : codeOf(table, rows.presentAfter, shape);
  const isReady =
    (before === undefined || before.read !== undefined) && (after === undefined || after.read !== undefined);
  return isReady
    ? new CodeWalk(rows, table, shape, before, after)
    : new ReaderWalk(rows, table, shape, before, after);
}

function codeOf(table: TableMap, present: Uint8Array, shape: RowShape): RowCode {
  return shape.codeOf(imagePlanOf(table, present));
}

/** Any rows, by way of arrays. */
class ReaderWalk implements RowWalk {
  readonly operation: RowOperation;
  before: Row | undefined = undefined;
  after: Row | undefined = undefined;
  readonly #reader: RowReader;
  readonly #shape: RowShape;
  readonly #beforeCode: RowCode | undefined;
  readonly #afterCode: RowCode | undefined;

  constructor(rows: Rows, table: TableMap, shape: RowShape, before?: RowCode, after?: RowCode) {
    this.operation = rows.shape.operation;
    this.#reader = new RowReader(rows, table);
    this.#shape = shape;
    this.#beforeCode = before;
    this.#afterCode = after;
  }

  /** Passes over so many rows. */
  pass(count: number): this {
    for (let passed = 0; passed < count; passed += 1) this.#reader.skip();
    return this;
  }

  next(): boolean {
    const reader = this.#reader;
    if (!reader.next()) return false;
    this.before = reader.before === undefined ? undefined : this.#shape.row(reader.before);
    this.after = reader.after === undefined ? undefined : this.#shape.row(reader.after);
    this.#beforeCode?.count();
    this.#afterCode?.count();
    return true;
  }
}

/** Rows of a table that has code of its own. */
class CodeWalk implements RowWalk {
  readonly operation: RowOperation;
  before: Row | undefined = undefined;
  after: Row | undefined = undefined;
  readonly #rows: Rows;
  readonly #table: TableMap;
  readonly #shape: RowShape;
  readonly #bytes: RowBytes;
  readonly #code: RowCode;
  readonly #readBefore: ReadRow | undefined;
  readonly #readAfter: ReadRow | undefined;
  #count = 0;
  /** Takes over where the code meets what does not fit the columns: it says what. */
  #reader: ReaderWalk | undefined;

  constructor(
    rows: Rows,
    table: TableMap,
    shape: RowShape,
    before: RowCode | undefined,
    after: RowCode | undefined,
  ) {
    this.operation = rows.shape.operation;
    this.#rows = rows;
    this.#table = table;
    this.#shape = shape;
    this.#code = (after ?? before)!;
    this.#readBefore = before?.read;
    this.#readAfter = after?.read;
    this.#bytes = new RowBytes(
      rows.images,
      before?.keeps === true || after?.keeps === true,
      this.#code.rowBytes,
    );
  }

  next(): boolean {
    const bytes = this.#bytes;
    const start = bytes.at;
    if (start >= bytes.end || this.#reader !== undefined)
      return this.#reader !== undefined && this.#readNext();
    try {
      if (this.#readBefore !== undefined) this.before = this.#readBefore(bytes);
      if (this.#readAfter !== undefined) this.after = this.#readAfter(bytes);
    } catch {
      return this.#readNext();
    }
    // No number where a length was read behind all memory.
    if (!(bytes.at <= bytes.end)) return this.#readNext();
    this.#count += 1;
    this.#code.rowBytes = bytes.at - start;
    return true;
  }

  #readNext(): boolean {
    this.#reader ??= new ReaderWalk(this.#rows, this.#table, this.#shape).pass(this.#count);
    const isThere = this.#reader.next();
    this.before = this.#reader.before;
    this.after = this.#reader.after;
    return isThere;
  }
}
