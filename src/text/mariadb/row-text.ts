import { type Column, ColumnCode, type RowOperation, type Rows, type TableMap } from '../../binlog/index.ts';
import { FormatError, TruncatedError } from '../../errors/index.ts';
import { TextOutput } from '../text-output.ts';
import type { ColumnText, WriteValue } from './columns/definition.ts';
import { columnText } from './columns/registry.ts';
import { writeIdentifier } from './identifier.ts';
import { Piece } from './piece.ts';
import type { ImageFields } from './row-event-bytes.ts';

/** More than any row has. */
const UNCOUNTED_BYTES = 0x7fff_ffff;

/** BIT's two bytes of metadata print in the other order than those of all others. */
function printedMeta({ code, meta }: Column): number {
  return code === ColumnCode.BIT ? ((meta & 0xff) << 8) | (meta >> 8) : meta;
}

/** At `-vv` a comment with type, metadata and nullability; and the end of the line. */
function lineEnd(column: Column, type: string, verbose: number, isNull: boolean): string {
  if (verbose < 2) return '\n';
  return ` /* ${type} meta=${printedMeta(column)} nullable=${column.nullable ? 1 : 0} is_null=${isNull ? 1 : 0} */\n`;
}

/** Where a value of that {@link ColumnText.size} ends; not a number when its length lies outside the bytes. */
function skipValue(size: number, bytes: Buffer, at: number): number {
  if (size >= 0) return at + size;
  const value = at - size;
  let length = bytes[at]!;
  let unit = 1;
  for (let i = at + 1; i < value; i += 1) {
    unit *= 256;
    length += bytes[i]! * unit;
  }
  return value + length;
}

/** Sizes of columns, neighbours of fixed size put together. */
function stepsOf(sizes: Int32Array): { fixed: number; length: number }[] {
  const steps: { fixed: number; length: number }[] = [];
  let fixed = 0;
  for (const size of sizes) {
    if (size >= 0) fixed += size;
    else {
      steps.push({ fixed, length: -size });
      fixed = 0;
    }
  }
  if (fixed > 0) steps.push({ fixed, length: 0 });
  return steps;
}

/**
 * How the rows of one table print when these of its columns are there.
 *
 * Everything between two values is one piece of bytes: what ends the line of one column and what begins that of the next.
 */
class ImageText {
  readonly writers: readonly WriteValue[];
  /** {@link ColumnText.size} of each. */
  readonly #sizes: Int32Array;
  /** The same for counting, with sizes that fit no row where the original gives up. */
  readonly #countedSizes: Int32Array;
  /** The same for a row without NULL: bytes of fixed size, then, unless it is 0, a value behind a length of so many bytes; and again. */
  readonly #fixedBytes: readonly number[];
  readonly #lengthBytes: readonly number[];
  /** Bits of the last byte of a NULL bitmap that stand for columns: MariaDB sets the others. */
  readonly #lastNullBits: number;
  /** Places in the table. */
  readonly #columns: readonly number[];
  /** Before the first value. */
  readonly first: Piece;
  /** After the value of a column that is not NULL, and in place of one that is. */
  readonly after: readonly Piece[];
  readonly afterNull: readonly Piece[];

  constructor(
    columns: readonly Column[],
    texts: readonly ColumnText[],
    verbose: number,
    isPresent: (index: number) => boolean,
  ) {
    const present = columns.filter(({ index }) => isPresent(index));
    const starts = present.map(({ index }) => `###   @${index + 1}=`);
    this.first = new Piece(starts[0] ?? '');
    this.writers = present.map(({ index }) => texts[index]!.write);
    this.#countedSizes = Int32Array.from(present, ({ index }) =>
      texts[index]!.uncounted === true ? UNCOUNTED_BYTES : texts[index]!.size,
    );
    const steps = stepsOf(this.#countedSizes);
    this.#fixedBytes = steps.map(({ fixed }) => fixed);
    this.#lengthBytes = steps.map(({ length }) => length);
    this.#lastNullBits = 0xff >> (7 - ((present.length + 7) & 7));
    this.#columns = present.map(({ index }) => index);
    this.#sizes = Int32Array.from(present, ({ index }) => texts[index]!.size);
    const piece =
      (isNull: boolean) =>
      (column: Column, place: number): Piece =>
        new Piece(
          (isNull ? 'NULL' : '') +
            lineEnd(column, texts[column.index]!.type, verbose, isNull) +
            (starts[place + 1] ?? ''),
        );
    this.after = present.map(piece(false));
    this.afterNull = present.map(piece(true));
  }

  /** Where the image that starts at `start` ends; beyond `end`, or not a number, where it does not fit. */
  skip(bytes: Buffer, start: number, end: number): number {
    const sizes = this.#countedSizes;
    const count = sizes.length;
    let at = start + ((count + 7) >> 3);
    if (this.#hasNoNull(bytes, start, at)) return this.#skipWhole(bytes, at);
    for (let i = 0; i < count; i += 1) {
      if ((bytes[start + (i >> 3)]! & (1 << (i & 7))) !== 0) continue;
      at = skipValue(sizes[i]!, bytes, at);
      if (!(at <= end)) break;
    }
    return at;
  }

  #hasNoNull(bytes: Buffer, start: number, end: number): boolean {
    const last = end - 1;
    for (let at = start; at < last; at += 1) if (bytes[at] !== 0) return false;
    return last >= start && (bytes[last]! & this.#lastNullBits) === 0;
  }

  #skipWhole(bytes: Buffer, start: number): number {
    const fixedBytes = this.#fixedBytes;
    const lengthBytes = this.#lengthBytes;
    let at = start;
    for (let i = 0; i < fixedBytes.length; i += 1) {
      at += fixedBytes[i]!;
      const size = lengthBytes[i]!;
      if (size === 1) at += 1 + bytes[at]!;
      else if (size > 0) at = skipValue(-size, bytes, at);
    }
    return at;
  }

  /** @throws TruncatedError when the image does not fit */
  fields(bytes: Buffer, start: number, end: number, columnCount: number): ImageFields {
    const values: (Buffer | null | undefined)[] = Array.from({ length: columnCount }, () => undefined);
    let at = start + ((this.#columns.length + 7) >> 3);
    this.#columns.forEach((column, i) => {
      if ((bytes[start + (i >> 3)]! & (1 << (i & 7))) !== 0) {
        values[column] = null;
        return;
      }
      const from = at;
      at = skipValue(this.#sizes[i]!, bytes, at);
      if (!(at <= end)) throw new TruncatedError(`value leaves the row by ${at - end} bytes`);
      values[column] = bytes.subarray(from, at);
    });
    return { start, end: at, values };
  }

  /** Writes the image that starts at `start`; returns where it ends. */
  write(out: TextOutput, bytes: Buffer, start: number, end: number): number {
    const { writers, after, afterNull } = this;
    const count = writers.length;
    let at = start + ((count + 7) >> 3);
    if (at > end) throw new TruncatedError('row is shorter than its bitmap');
    this.first.write(out);
    for (let i = 0; i < count; i += 1) {
      if ((bytes[start + (i >> 3)]! & (1 << (i & 7))) !== 0) {
        afterNull[i]!.write(out);
        continue;
      }
      at = writers[i]!(out, bytes, at, end);
      if (at > end) throw new TruncatedError(`value leaves the row by ${at - end} bytes`);
      after[i]!.write(out);
    }
    return at;
  }
}

interface Clause {
  readonly before: string;
  readonly first: string;
  readonly second: string | undefined;
}

const clauses: Readonly<Record<RowOperation, Clause>> = {
  insert: { before: '### INSERT INTO ', first: '### SET\n', second: undefined },
  update: { before: '### UPDATE ', first: '### WHERE\n', second: '### SET\n' },
  delete: { before: '### DELETE FROM ', first: '### WHERE\n', second: undefined },
};

/** Bitmaps seldom vary within a table: all columns, or the same few of a minimal image. */
const KEPT_IMAGES = 16;

/** The pseudo SQL of one table map's rows. */
export class TableText {
  readonly map: TableMap;
  readonly #texts: readonly (ColumnText | undefined)[];
  readonly #verbose: number;
  readonly #images = new Map<string, ImageText>();
  readonly #heads: Partial<Record<RowOperation, { first: Piece; second: Piece | undefined }>> = {};
  readonly #name: string;

  /** `schema` may be another than the map's: `--rewrite-db`. */
  constructor(map: TableMap, schema: Buffer, verbose: number) {
    this.map = map;
    this.#verbose = verbose;
    this.#texts = map.columns.map(columnText);
    const name = new TextOutput(undefined, 256);
    writeIdentifier(name, schema);
    name.text('.');
    writeIdentifier(name, map.table);
    this.#name = name.take().toString('latin1');
  }

  /**
   * Writes every row of an event; returns how many.
   *
   * @throws FormatError when a row does not fit its table; what was written of it stays
   */
  write(out: TextOutput, rows: Rows): number {
    const { images } = rows;
    const { operation } = rows.shape;
    const head = this.#head(operation);
    if (operation === 'insert' && images.length === 0) {
      out.text(clauses.insert.before);
      out.text(this.#name);
      out.text(' VALUES ()\n');
      return 0;
    }
    const before = this.#image(rows.present, rows.columnCount);
    const after = operation === 'update' ? this.#image(rows.presentAfter, rows.columnCount) : undefined;
    const end = images.length;
    let count = 0;
    for (let at = 0; at < end; count += 1) {
      const start = at;
      head.first.write(out);
      at = before.write(out, images, at, end);
      if (after !== undefined) {
        head.second!.write(out);
        at = after.write(out, images, at, end);
      }
      if (at === start) throw new FormatError('rows of no columns take bytes');
    }
    return count;
  }

  /** How many rows an event holds, without their text. A row whose size the original does not know counts, and is the last. */
  count(rows: Rows): number {
    return this.#walk(rows).count;
  }

  /** Whether the original knows the size of every row. */
  hasKnownSizes(rows: Rows): boolean {
    return this.#walk(rows).isWhole;
  }

  #walk(rows: Rows): { count: number; isWhole: boolean } {
    const { images } = rows;
    const end = images.length;
    if (end === 0) return { count: 0, isWhole: true };
    const before = this.#image(rows.present, rows.columnCount);
    const after =
      rows.shape.operation === 'update' ? this.#image(rows.presentAfter, rows.columnCount) : undefined;
    let count = 0;
    for (let at = 0; at < end; ) {
      const start = at;
      count += 1;
      at = before.skip(images, at, end);
      if (after !== undefined && at <= end) at = after.skip(images, at, end);
      // The negation holds for lengths read from beyond the end, too: they are no numbers.
      if (!(at <= end) || at === start) return { count, isWhole: false };
    }
    return { count, isWhole: true };
  }

  /**
   * The images of each row: one, or two for updates.
   *
   * @throws FormatError when a row does not fit its table
   */
  fields(rows: Rows): ImageFields[][] {
    const { images } = rows;
    const end = images.length;
    const all: ImageFields[][] = [];
    if (end === 0) return all;
    const layouts = [this.#image(rows.present, rows.columnCount)];
    if (rows.shape.operation === 'update') layouts.push(this.#image(rows.presentAfter, rows.columnCount));
    for (let at = 0; at < end; ) {
      const start = at;
      const row = layouts.map((layout) => {
        const fields = layout.fields(images, at, end, rows.columnCount);
        at = fields.end;
        return fields;
      });
      if (at === start) throw new FormatError('rows of no columns take bytes');
      all.push(row);
    }
    return all;
  }

  #head(operation: RowOperation): { first: Piece; second: Piece | undefined } {
    const known = this.#heads[operation];
    if (known !== undefined) return known;
    const { before, first, second } = clauses[operation];
    const made = {
      first: new Piece(`${before}${this.#name}\n${first}`),
      second: second === undefined ? undefined : new Piece(second),
    };
    this.#heads[operation] = made;
    return made;
  }

  #image(present: Buffer, columnCount: number): ImageText {
    const key = present.toString('latin1');
    const known = this.#images.get(key);
    if (known !== undefined) return known;
    const { columns } = this.map;
    if (columnCount !== columns.length) {
      throw new FormatError(`rows of ${columnCount} columns for a table of ${columns.length}`);
    }
    const isPresent = (index: number): boolean => (present[index >> 3]! & (1 << (index & 7))) !== 0;
    const texts = this.#texts.map((text, index) => {
      if (text === undefined && isPresent(index)) {
        const { code, meta } = columns[index]!;
        throw new FormatError(`column type ${code} with metadata ${meta} cannot be printed`);
      }
      return text!;
    });
    if (this.#images.size >= KEPT_IMAGES) this.#images.clear();
    const made = new ImageText(columns, texts, this.#verbose, isPresent);
    this.#images.set(key, made);
    return made;
  }
}
