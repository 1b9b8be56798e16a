import type { Column, JsonDiff, RowImage, TableMap } from '../../../binlog/index.ts';
import { type ServerError, UsageError } from '../../../errors/index.ts';
import { ConflictErrno, ConflictError, duplicate, notFound } from '../../conflict.ts';
import { isPastEnd } from '../../past-row.ts';
import { CatalogError } from '../../schema/index.ts';
import type { ConflictRule } from '../../target.ts';
import { areDiffs, completedImage, partialColumns, updatedDocument, wholeImage } from '../../whole-image.ts';
import type { Tolerated } from './conflict-count.ts';
import { jsonUpdate } from './json-update.ts';
import { RowText } from './row-text.ts';
import { isIrregular } from './sql-literal.ts';
import type { TargetTable } from './target-tables.ts';

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** A change of one row, in a form that several can be put into one statement by. */
export interface RowChange {
  /** Rows of the same verb and text before them can share a statement. Undefined: by itself. */
  readonly shared: string | undefined;
  /** What stands for this row: a whole statement, or a list of values. */
  readonly text: string;
  /** What closes a statement of several. */
  readonly close: string;
  /** Whether each row must have been found. */
  readonly isCounted: boolean;
  /** What is counted of rows in conflict; undefined: they stop it. */
  readonly tolerated: Tolerated | undefined;
  /** Which row it is, for messages: its key alone. */
  readonly key: string;
  /** Whether a strict session refuses it. */
  readonly isIrregular: boolean;
}

/** Writes rows of one table as statements. Made anew when the table changes. */
export class TableRows {
  readonly table: TargetTable;
  readonly #columns: readonly Column[];
  readonly #rule: ConflictRule;
  readonly #name: string;
  readonly #names: readonly string[];
  readonly #text: RowText;
  readonly #end: number;

  constructor(map: TableMap, table: TargetTable, rule: ConflictRule) {
    const { schema, name, columns } = table;
    if (table.hasTriggers || table.isVersioned) {
      throw new UsageError(
        `${schema}.${name} has ${table.hasTriggers ? 'triggers, which would fire a second time' : 'versions of its own'}: its rows can only be replayed`,
        { hint: 'Drop them on the target, or give the account what BINLOG needs.' },
      );
    }
    if (map.columns.length !== columns.length) {
      throw new CatalogError(
        `table ${schema}.${name} has drifted from the source: rows of ${map.columns.length} columns, a table of ${columns.length}`,
        { context: { table: `${schema}.${name}` } },
      );
    }
    this.table = table;
    this.#rule = rule;
    this.#name = `${quote(schema)}.${quote(name)}`;
    this.#names = columns.map((column) => quote(column.name));
    this.#text = new RowText(table, map.columns, this.#names);
    this.#end = columns.findIndex(({ isRowEnd }) => isRowEnd);
    this.#columns = map.columns;
    map.columns.forEach((column, index) => {
      const known = columns[index]!;
      column.unsigned ??= known.unsigned;
      // A text that became another kind of column here keeps what its log says.
      column.charset ??= known.charset ?? 'binary';
    });
  }

  /** Several changes: see {@link #placed}. */
  insert(row: RowImage): RowChange[] {
    return this.#isPast(row) ? [] : this.#placed(row, (image) => this.#insert(image));
  }

  #insert(row: RowImage): RowChange {
    const present = this.#text.present(row);
    // What an image leaves out is the column's default at the source: that of its type, where the definition has none.
    const demanded = this.#text.kept.filter(
      (index) => row[index] === undefined && this.table.columns[index]!.isDemanded,
    );
    const names = [...present, ...demanded].map((index) => this.#names[index]).join(',');
    const values = [
      ...present.map((index) => this.#text.literal(row, index)),
      ...demanded.map((index) => this.#text.implicit(index)),
    ];
    const verb = this.#rule === 'overwrite' ? 'REPLACE' : 'INSERT';
    const kept = present[0] ?? 0;
    const unchanged = `${this.#names[kept]}=${this.#names[kept]}`;
    return {
      shared: `${verb} INTO ${this.#name} (${names}) VALUES `,
      text: `(${values.join(',')})`,
      close: this.#rule === 'skip' ? ` ON DUPLICATE KEY UPDATE ${unchanged}` : '',
      isCounted: false,
      tolerated: this.#tolerated(this.#rule === 'overwrite' ? 'replaced' : 'inserted'),
      key: this.#rule === 'stop' ? '' : this.#text.keyText(row),
      isIrregular: false,
    };
  }

  /**
   * Asks for the documents that a partial update changes, as HEX of their texts, where neither the log nor the target's own functions do:
   * MariaDB would put new members in another order than MySQL. Undefined: nothing needs to be asked.
   */
  question(before: RowImage, logged: RowImage): string | undefined {
    const columns = this.#asked(wholeImage(before, logged));
    if (columns.length === 0) return undefined;
    const values = columns.map((index) => hexOfText(this.#names[index]!)).join(',');
    return `SELECT ${values} FROM ${this.#name} WHERE ${this.#text.where(before)}`;
  }

  /** Columns of documents that are only in the target, and there as texts. */
  #asked(after: RowImage): readonly number[] {
    return partialColumns(after).filter((index) => !this.#text.hasDocuments(index));
  }

  /**
   * Several changes: to overwrite what stands in the way, a row is taken away and put in anew.
   *
   * @param answer of the {@link question}; undefined: there is no such row
   */
  update(before: RowImage, logged: RowImage, answer?: readonly (string | undefined)[]): RowChange[] {
    const after = wholeImage(before, logged);
    if (this.#isPast(before)) return this.insert(after);
    if (this.#isPast(after)) return listed(this.delete(before));
    const partial = partialColumns(after);
    if (
      this.#rule === 'overwrite' &&
      partial.length === 0 &&
      this.#text.present(after).length === this.#text.kept.length
    )
      return [this.delete(before)!, ...this.insert(after)];
    const found = partial.length === 0 ? [] : this.#documents(after, partial, answer);
    const update = (image: RowImage): RowChange => ({
      shared: undefined,
      text: `UPDATE ${this.#rule === 'skip' ? 'IGNORE ' : ''}${this.#name} SET ${this.#assignments(image, this.#text.present(image))} WHERE ${this.#text.where(before, found)}`,
      close: '',
      isCounted: this.#rule === 'stop',
      tolerated: this.#tolerated('updated'),
      key: this.#text.keyText(before),
      isIrregular: false,
    });
    return this.#placed(after, update, before);
  }

  /** Puts documents that were asked for into an image, and says what must hold of the row: that each has the places its update names. */
  #documents(
    after: RowImage,
    partial: readonly number[],
    answer: readonly (string | undefined)[] | undefined,
  ): string[] {
    const asked = this.#asked(after);
    return partial.map((index) => {
      const diffs = after[index] as readonly JsonDiff[];
      const at = asked.indexOf(index);
      if (at < 0) return jsonUpdate(this.#place(index), diffs).fits;
      const hex = answer?.[at];
      const updated =
        hex === undefined ? undefined : updatedDocument(Buffer.from(hex, 'hex').toString(), diffs);
      if (updated !== undefined) after[index] = updated;
      // Somebody may change it before this is done. Of a condition that no row can meet, MariaDB would not say how many rows met it.
      return `${hexOfText(this.#names[index]!)}='${updated === undefined ? NO_HEX : hex}'`;
    });
  }

  /** Of what was asked for and did not fit, nothing comes. */
  #made(index: number, diffs: readonly JsonDiff[]): string {
    const place = this.#place(index);
    return this.#text.hasDocuments(index) ? jsonUpdate(place, diffs).made : place;
  }

  /** A column, and its table. */
  #place(index: number): string {
    return `${this.#name}.${this.#names[index]}`;
  }

  /**
   * A session that takes an ENUM's place 0 bends what else does not fit, and says nothing. So a strict one writes the row with the first
   * member there, and the other one puts the place in, and nothing else.
   */
  #placed(row: RowImage, change: (image: RowImage) => RowChange, before: RowImage = row): RowChange[] {
    const present = this.#text.present(row);
    const places = present.filter((index) => isIrregular(row[index]!, this.#columns[index]!));
    if (places.length === 0) return [change(row)];
    const standing = row.map((value, index) => (places.includes(index) ? FIRST_MEMBER : value));
    // What would take the time of the UPDATE stays as it is.
    const moments = present
      .filter((index) => MOMENTS.has(this.table.columns[index]!.type))
      .map((index) => `,${this.#names[index]}=${this.#names[index]}`);
    const whole = completedImage(before, standing);
    const same = this.#text
      .present(whole)
      .filter((index) => !areDiffs(whole[index]))
      .map((index) => this.#text.same(whole, index))
      .join(' AND ');
    return [
      change(standing),
      {
        shared: undefined,
        text: `UPDATE ${this.#name} SET ${this.#assignments(row, places)}${moments.join('')} WHERE ${same} LIMIT 1`,
        close: '',
        isCounted: this.#rule === 'stop',
        tolerated: undefined,
        key: this.#text.keyText(row),
        isIrregular: true,
      },
    ];
  }

  #assignments(row: RowImage, columns: readonly number[]): string {
    return columns
      .map((index) => {
        const value = row[index];
        const made = areDiffs(value) ? this.#made(index, value) : this.#text.literal(row, index);
        return `${this.#names[index]}=${made}`;
      })
      .join(',');
  }

  delete(before: RowImage): RowChange | undefined {
    if (this.#isPast(before)) return undefined;
    const key = this.#text.keyOf(before);
    const shared = {
      close: '',
      isCounted: this.#rule === 'stop',
      tolerated: this.#tolerated('deleted'),
      key: this.#text.keyText(before),
      isIrregular: false,
    };
    if (key === undefined)
      return {
        ...shared,
        shared: undefined,
        text: `DELETE FROM ${this.#name} WHERE ${this.#text.where(before)}`,
      };
    const names = key.map((index) => this.#names[index]).join(',');
    const values = key.map((index) => this.#text.literal(before, index)).join(',');
    return {
      ...shared,
      shared: `DELETE FROM ${this.#name} WHERE (${names}) IN (`,
      text: `(${values})`,
      close: ')',
    };
  }

  /** A row that should have been there was not. */
  missing(key: string): ConflictError {
    return notFound(this.table, key);
  }

  /** Rows of a statement that were not as the source had them, though it went on. */
  conflict(errno: number, key: string, rows: number): ConflictError {
    const which = rows === 1 ? key : `one of ${rows} rows, the first ${key}`;
    return (errno === ConflictErrno.DUPLICATE ? duplicate : notFound)(this.table, which);
  }

  /** The server's error as what it means here. */
  explain(error: ServerError): Error {
    return error.errno === ConflictErrno.DUPLICATE
      ? new ConflictError(ConflictErrno.DUPLICATE, error.message, this.table)
      : error;
  }

  #tolerated(what: Tolerated): Tolerated | undefined {
    return this.#rule === 'stop' ? undefined : what;
  }

  /** A versioned row that has ended is history, which a table without versions does not keep. */
  #isPast(row: RowImage): boolean {
    return this.#end >= 0 && isPastEnd(row[this.#end]);
  }
}

const listed = (change: RowChange | undefined): RowChange[] => (change === undefined ? [] : [change]);

/** An ENUM's place 1. */
const FIRST_MEMBER = 1;

/** What no text is in HEX. */
const NO_HEX = '-';

/** A text as the digits of its bytes in UTF-8. */
const hexOfText = (column: string): string => `HEX(CONVERT(${column} USING utf8mb4))`;

const MOMENTS: ReadonlySet<string> = new Set(['timestamp', 'datetime']);
