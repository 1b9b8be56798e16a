import type { Rows } from '../events/rows.ts';
import type { TableMap } from '../events/table-map.ts';
import { hasColumn } from './column-bitmap.ts';
import { digitDoubts, IMPOSSIBLE, ODD, oldTypes } from './old-temporal-values.ts';
import { skipValue, valueSizeOf } from './value-size.ts';

/** Numbers of digits, 0 to 6. */
const CHOICES = 7;
/** Values looked at for one rows event before the search is given up: enough for dozens of such columns that are seldom NULL. */
const MAX_STEPS = 1_000_000;
/** A bitmap whose unused bits are not set was not written by a server: it may well have been misread. */
const BITMAP_DOUBT = 100;

/** For each value that an event assumes to be of another width than those of the events before. */
const CHANGE_DOUBT = 2 * ODD;
/** How many of them count. */
const MAX_CHANGE = 50;
/** How much of a text is looked at. */
const TEXT_BYTES = 16;
const FIRST_PRINTABLE = 0x20;
const FIRST_BLANK = 0x09;
const LAST_BLANK = 0x0d;

/** The columns of one of a row's images, in their order. */
interface Layout {
  readonly columns: readonly number[];
  readonly bitmapBytes: number;
  readonly unusedBits: number;
}

/** Whether bytes, of which there may be none, are no text. */
function hasControls(bytes: Buffer, start: number, end: number): boolean {
  const stop = Math.min(end, start + TEXT_BYTES);
  for (let at = start; at < stop; at += 1) {
    const byte = bytes[at]!;
    if (byte < FIRST_PRINTABLE && (byte < FIRST_BLANK || byte > LAST_BLANK)) return true;
  }
  return false;
}

/** Where a walk through the rows stands, and what it has assumed so far. */
interface Walk {
  at: number;
  /** Where the bitmap of the current image is, and what of the row comes next. */
  bitmapAt: number;
  image: number;
  place: number;
  /** Bytes of each column's values by index; 0 where none was seen yet. */
  readonly widths: Uint8Array;
  /** By column and number of digits: how unlikely it is. */
  readonly doubts: Float64Array;
  doubt: number;
}

/**
 * Finds out how many digits old temporal columns have. The log says nothing of it, but rows must fill their event to the last byte,
 * and few bytes are a date by chance.
 */
export class OldTemporalColumns {
  /** Of each column of the table: 0 where it is none of these, or has none. */
  readonly digits: Uint8Array;
  /** Sizes of the other columns, as {@link skipValue} takes them; NaN where they have none. */
  readonly #sizes: readonly number[];
  readonly #codes: readonly number[];
  /** What events so far have shown, by column and number of digits. */
  #known: Float64Array;
  /** Bytes of the columns' values so far, 0 for none, and how many there were. */
  #widths: Uint8Array;
  readonly #seen: Uint32Array;
  #steps = 0;
  #best: Walk | undefined;

  constructor(map: TableMap, sizes: readonly number[]) {
    this.#codes = map.columns.map(({ realCode }) => realCode);
    this.#sizes = sizes;
    this.digits = new Uint8Array(sizes.length);
    this.#known = Float64Array.from({ length: sizes.length * CHOICES }, (_, i) => digitDoubts[i % CHOICES]!);
    this.#widths = new Uint8Array(sizes.length);
    this.#seen = new Uint32Array(sizes.length);
  }

  static has({ columns }: TableMap): boolean {
    return columns.some(({ realCode }) => oldTypes[realCode] !== undefined);
  }

  /** Looks at the rows of an event. Whether {@link digits} changed. */
  learn(rows: Rows): boolean {
    if (rows.columnCount !== this.#codes.length || rows.images.length === 0) return false;
    const layouts = [this.#layout(rows.present)];
    if (rows.shape.operation === 'update') layouts.push(this.#layout(rows.presentAfter));
    this.#steps = 0;
    this.#best = undefined;
    this.#follow(rows.images, layouts, {
      at: layouts[0]!.bitmapBytes,
      bitmapAt: 0,
      image: 0,
      place: 0,
      widths: new Uint8Array(this.#codes.length),
      doubts: this.#known.slice(),
      doubt: 0,
    });
    const best = this.#best as Walk | undefined;
    if (best === undefined) return false;
    this.#known = best.doubts;
    let changed = false;
    best.widths.forEach((width, column) => {
      if (width === 0) return;
      this.#seen[column] = this.#widths[column] === width ? this.#seen[column]! + 1 : 1;
      this.#widths[column] = width;
      const digits = this.#likeliest(best, column).digits;
      if (this.digits[column] === digits) return;
      this.digits[column] = digits;
      changed = true;
    });
    return changed;
  }

  #layout(present: Buffer): Layout {
    const columns = this.#codes.map((_, index) => index).filter((index) => hasColumn(present, index));
    const bitmapBytes = (columns.length + 7) >> 3;
    return { columns, bitmapBytes, unusedBits: (0xff << (((columns.length + 7) & 7) + 1)) & 0xff };
  }

  /** Follows one assumption to the end of the rows, and every other one from where it must be made. */
  #follow(bytes: Buffer, layouts: readonly Layout[], walk: Walk): void {
    const end = bytes.length;
    for (;;) {
      const layout = layouts[walk.image]!;
      if (walk.place === 0) this.#lookAtBitmap(bytes, layout, walk);
      for (; walk.place < layout.columns.length; walk.place += 1) {
        const { place } = walk;
        if ((bytes[walk.bitmapAt + (place >> 3)]! & (1 << (place & 7))) !== 0) continue;
        this.#steps += 1;
        if (this.#steps > MAX_STEPS) return;
        const column = layout.columns[place]!;
        const old = oldTypes[this.#codes[column]!];
        if (old === undefined) {
          const size = this.#sizes[column]!;
          const next = skipValue(size, bytes, walk.at);
          if (size < 0 && hasControls(bytes, walk.at - size, Math.min(next, end))) walk.doubt += ODD;
          walk.at = next;
        } else if (walk.widths[column] === 0) {
          for (const width of new Set(old.sizes)) {
            const widths = walk.widths.slice();
            widths[column] = width;
            const isChange = this.#widths[column] !== 0 && this.#widths[column] !== width;
            const change = isChange ? CHANGE_DOUBT * Math.min(this.#seen[column]!, MAX_CHANGE) : 0;
            const doubt = walk.doubt + change;
            this.#follow(bytes, layouts, { ...walk, doubt, widths, doubts: walk.doubts.slice() });
          }
          return;
        } else if (!this.#accept(bytes, walk, column)) {
          return;
        }
        if (!(walk.at <= end)) return;
      }
      if (walk.at === end && walk.image === layouts.length - 1) {
        this.#finish(walk);
        return;
      }
      walk.image = (walk.image + 1) % layouts.length;
      walk.place = 0;
      walk.bitmapAt = walk.at;
      walk.at += layouts[walk.image]!.bitmapBytes;
      if (walk.at > end || walk.at === walk.bitmapAt) return;
    }
  }

  #lookAtBitmap(bytes: Buffer, { bitmapBytes, unusedBits }: Layout, walk: Walk): void {
    const last = bytes[walk.bitmapAt + bitmapBytes - 1] ?? 0;
    if ((last & unusedBits) !== unusedBits) walk.doubt += BITMAP_DOUBT;
  }

  /** Takes the next value as one of the assumed width. False where that is impossible. */
  #accept(bytes: Buffer, walk: Walk, column: number): boolean {
    const { sizes, doubt } = oldTypes[this.#codes[column]!]!;
    const width = walk.widths[column]!;
    if (walk.at + width > bytes.length) return false;
    for (let digits = 0; digits < CHOICES; digits += 1) {
      if (sizes[digits] === width) walk.doubts[column * CHOICES + digits]! += doubt(bytes, walk.at, digits);
    }
    walk.at += width;
    return this.#likeliest(walk, column).doubt < IMPOSSIBLE;
  }

  /** Of the numbers of digits that take the assumed width; the fewest where they are alike. */
  #likeliest(walk: Pick<Walk, 'widths' | 'doubts'>, column: number): { digits: number; doubt: number } {
    const { sizes } = oldTypes[this.#codes[column]!]!;
    let best = { digits: 0, doubt: Number.POSITIVE_INFINITY };
    for (let digits = 0; digits < CHOICES; digits += 1) {
      if (sizes[digits] !== walk.widths[column]) continue;
      const doubt = walk.doubts[column * CHOICES + digits]!;
      if (doubt < best.doubt) best = { digits, doubt };
    }
    return best;
  }

  #finish(walk: Walk): void {
    walk.widths.forEach((width, column) => {
      if (width === 0) return;
      walk.doubt += this.#likeliest(walk, column).doubt;
      // What was odd in events before speaks against no width: the others were not asked about it.
      if (this.#widths[column] === width)
        walk.doubt -= this.#likeliest({ widths: this.#widths, doubts: this.#known }, column).doubt;
    });
    if (this.#best === undefined || walk.doubt < this.#best.doubt) this.#best = walk;
  }
}

/** What the rows of a table map told so far. */
const learners = new WeakMap<TableMap, OldTemporalColumns>();

/** Finds out how many digits the old temporal columns of these rows have, and tells the table's columns. */
export function learnOldTemporals(rows: Rows, table: TableMap): void {
  let learner = learners.get(table);
  if (learner === undefined) {
    const { columns } = table;
    const sizes = columns.map((column) => (oldTypes[column.realCode] ? Number.NaN : valueSizeOf(column)));
    learner = new OldTemporalColumns(table, sizes);
    learners.set(table, learner);
  }
  if (!learner.learn(rows)) return;
  learner.digits.forEach((digits, index) => {
    table.columns[index]!.fractionDigits = digits;
  });
}
