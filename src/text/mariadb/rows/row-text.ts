import {
  hasColumn,
  OldTemporalColumns,
  type RowOperation,
  type Rows,
  type TableMap,
} from '../../../binlog/index.ts';
import { FormatError } from '../../../errors/index.ts';
import { writeIdentifier } from '../../output/identifier.ts';
import { TextOutput } from '../../output/text-output.ts';
import type { ColumnText } from '../columns/definition.ts';
import { columnText, oldTemporalText } from '../columns/registry.ts';
import { ImageText, type ShownColumn } from './image-text.ts';
import { Piece } from './piece.ts';
import type { ImageFields } from './row-event-bytes.ts';

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

/** A column that rows have and their table has not: a bit of the NULL bitmap, and no bytes. */
const nothing: ColumnText = { write: (_out, _bytes, at) => at, type: '', size: 0 };
/** One whose size nobody knows: a row where it is not NULL is the last that counts. */
const unknown: ColumnText = { ...nothing, uncounted: true };

const noColumn = (index: number): ShownColumn => ({ index, code: 0, meta: 0, nullable: true });

/** Bitmaps seldom vary within a table: all columns, or the same few of a minimal image. */
const KEPT_IMAGES = 16;

/** The pseudo SQL of one table map's rows. */
export class TableText {
  readonly map: TableMap;
  readonly #texts: (ColumnText | undefined)[];
  /** Undefined where there are none, or the original's mistakes are wanted. */
  readonly #oldTemporal: OldTemporalColumns | undefined;
  readonly #verbose: number;
  readonly #images = new Map<string, ImageText>();
  readonly #heads: Partial<Record<RowOperation, { first: Piece; second: Piece | undefined }>> = {};
  readonly #name: string;

  constructor(map: TableMap, verbose: number, compat: 'better' | 'exact') {
    this.map = map;
    this.#verbose = verbose;
    this.#texts = map.columns.map(columnText);
    if (compat === 'better' && OldTemporalColumns.has(map)) {
      const sizes = this.#texts.map((text) => text?.size ?? Number.NaN);
      this.#oldTemporal = new OldTemporalColumns(map, sizes);
    }
    const name = new TextOutput(undefined, 256);
    writeIdentifier(name, map.schema);
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
    this.#learn(rows);
    const { images } = rows;
    const { operation } = rows.shape;
    const head = this.#head(operation);
    if (operation === 'insert' && images.length === 0) {
      out.text(clauses.insert.before);
      out.text(this.#name);
      out.text(' VALUES ()\n');
      return 1;
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
        if (after.isEmpty) out.text('### SET /* no columns */\n');
        else {
          head.second!.write(out);
          at = after.write(out, images, at, end);
        }
      }
      if (at === start) throw new FormatError('rows of no columns take bytes');
    }
    return count;
  }

  /** Whether what came before decides how rows look. */
  get learnsFromRows(): boolean {
    return this.#oldTemporal !== undefined;
  }

  /** How many rows fit their table, and whether all do. */
  measure(rows: Rows): { readonly count: number; readonly isWhole: boolean } {
    return this.#walk(rows, false);
  }

  /** How many rows an event holds, without their text. A row whose size the original does not know counts, and is the last. */
  count(rows: Rows): number {
    return this.#walk(rows, true).count;
  }

  /** Whether the original knows the size of every row. */
  hasKnownSizes(rows: Rows): boolean {
    return this.#walk(rows, true).isWhole;
  }

  /** @throws FormatError when a row does not fit its table */
  check(rows: Rows): void {
    if (!this.#walk(rows, false).isWhole) throw new FormatError('rows do not fit their table');
  }

  #walk(rows: Rows, counting: boolean): { count: number; isWhole: boolean } {
    this.#learn(rows);
    const image = (present: Buffer): ImageText =>
      counting ? this.#countedImage(present, rows.columnCount) : this.#image(present, rows.columnCount);
    const { images } = rows;
    const end = images.length;
    // A row of nothing but defaults takes no bytes.
    if (end === 0) return { count: rows.shape.operation === 'insert' ? 1 : 0, isWhole: true };
    const before = image(rows.present);
    const after = rows.shape.operation === 'update' ? image(rows.presentAfter) : undefined;
    const isUnreadable = before.isEmpty || (counting && after?.isEmpty === true);
    if (isUnreadable) return { count: 1, isWhole: false };
    if (after === undefined || after === before) {
      const perRow = after === undefined ? 1 : 2;
      const begun = before.count(images, 0, end, counting);
      return { count: Math.ceil(Math.abs(begun) / perRow), isWhole: begun > 0 && begun % perRow === 0 };
    }
    let count = 0;
    for (let at = 0; at < end; ) {
      count += 1;
      at = before.skip(images, at, end, counting);
      if (at <= end) at = after.skip(images, at, end, counting);
      // The negation holds for lengths read from beyond the end, too: they are no numbers.
      if (!(at <= end)) return { count, isWhole: false };
    }
    return { count, isWhole: true };
  }

  /**
   * The images of each row: one, or two for updates.
   *
   * @throws FormatError when a row does not fit its table
   */
  fields(rows: Rows): ImageFields[][] {
    this.#learn(rows);
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

  /** Rows tell how many digits old temporal columns have. */
  #learn(rows: Rows): void {
    const old = this.#oldTemporal;
    if (old?.learn(rows) !== true) return;
    this.#images.clear();
    old.digits.forEach((digits, index) => {
      if (digits > 0) this.#texts[index] = oldTemporalText(this.map.columns[index]!, digits);
      else if (this.#texts[index]) this.#texts[index] = columnText(this.map.columns[index]!);
    });
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

  /**
   * As {@link #image}, also where rows and table differ: the original counts by the columns that the table has, and by none whose type it
   * does not know.
   */
  #countedImage(present: Buffer, columnCount: number): ImageText {
    const { columns } = this.map;
    if (columnCount === columns.length && !this.#texts.includes(undefined))
      return this.#image(present, columnCount);
    const padded = Array.from({ length: columnCount }, (_, index) => columns[index] ?? noColumn(index));
    const texts = padded.map(({ index }) =>
      index < columns.length ? (this.#texts[index] ?? unknown) : nothing,
    );
    return new ImageText(padded, texts, this.#verbose, (index) => hasColumn(present, index));
  }

  #image(present: Buffer, columnCount: number): ImageText {
    const key = present.toString('latin1');
    const known = this.#images.get(key);
    if (known !== undefined) return known;
    const { columns } = this.map;
    if (columnCount !== columns.length) {
      throw new FormatError(`rows of ${columnCount} columns for a table of ${columns.length}`);
    }
    const isPresent = (index: number): boolean => hasColumn(present, index);
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
