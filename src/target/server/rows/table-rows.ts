import { type Column, ColumnCode, type RowImage, type TableMap } from '../../../binlog/index.ts';
import type { ServerError } from '../../../errors/index.ts';
import { quoteName } from '../../../sql/index.ts';
import { isPastEnd } from '../../applier/past-row.ts';
import {
  areDiffs,
  changedColumns,
  completedImage,
  partialColumns,
  wholeImage,
} from '../../applier/whole-image.ts';
import { ConflictErrno, ConflictError, duplicate, notFound } from '../../conflict.ts';
import { leftOut } from '../../left-out.ts';
import { CatalogError, mentionedIn } from '../../schema/index.ts';
import type { ConflictRule } from '../../target.ts';
import type { Tolerated } from './conflict-count.ts';
import { demanded } from './demanded.ts';
import { loggedColumns } from './logged-columns.ts';
import { hasOddDates } from './odd-dates.ts';
import { PartialDocuments, type StoredTexts } from './partial-documents.ts';
import { alone, type RowChange } from './row-change.ts';
import type { RowManner } from './row-session.ts';
import { RowText } from './row-text.ts';
import type { RowZone } from './row-zone.ts';
import { isIrregular } from './sql-literal.ts';
import type { TargetColumn, TargetTable } from './target-tables.ts';

/** Writes rows of one table as statements. Made anew when the table changes. */
export class TableRows {
  readonly table: TargetTable;
  readonly documents: PartialDocuments;
  readonly #columns: readonly Column[];
  readonly #rule: ConflictRule;
  readonly #name: string;
  readonly #names: readonly string[];
  readonly #text: RowText;
  readonly #end: number;
  /** Columns that the source alone works out, and those that they hang on. */
  readonly #workedOut: readonly { readonly index: number; readonly sources: readonly number[] }[];
  /** A session that is strict takes no place 0 of them. */
  readonly #enums: readonly number[];

  constructor(map: TableMap, table: TargetTable, rule: ConflictRule) {
    const { schema, name, columns } = table;
    const logged = loggedColumns(map, table);
    this.table = table;
    this.#rule = rule;
    this.#name = `${quoteName(schema)}.${quoteName(name)}`;
    this.#names = columns.map((column) => quoteName(column.name));
    this.#text = new RowText(table, logged, this.#names);
    this.documents = new PartialDocuments(this.#name, this.#names, this.#text);
    this.#end = columns.findIndex(({ isRowEnd }) => isRowEnd);
    this.#workedOut = columns.flatMap(({ workedOutOf }, index) =>
      workedOutOf === undefined ? [] : [{ index, sources: sourcesIn(workedOutOf, columns) }],
    );
    this.#columns = logged;
    this.#enums = this.#text.kept.filter((index) => logged[index]!.realCode === ColumnCode.ENUM);
  }

  /**
   * MariaDB since 11.8.9 logs no generated columns of rows that are updated: what the target cannot work out would stay what it was.
   *
   * @throws CatalogError
   */
  expectWorkedOut(before: RowImage | undefined, after: RowImage): void {
    if (this.#workedOut.length === 0) return;
    const { schema, name, columns } = this.table;
    const changed = changedColumns(before, after);
    for (const { index, sources } of this.#workedOut) {
      if (after[index] !== undefined) continue;
      if (before !== undefined && !changed.some((at) => sources.includes(at))) continue;
      throw new CatalogError(
        `the log leaves the generated column ${schema}.${name}.${columns[index]!.name} out of a row, and the target cannot work it out`,
        {
          context: { table: `${schema}.${name}` },
          hint: 'Make the column VIRTUAL at the source, or leave the table out.',
        },
      );
    }
  }

  /** How TIMESTAMPs are written from now on. */
  setZone(zone: RowZone): void {
    this.#text.zone = zone;
  }

  insert(row: RowImage): RowChange[] {
    return this.#isPast(row) ? [] : [this.#insert(row)];
  }

  #insert(row: RowImage, rule: ConflictRule = this.#rule): RowChange {
    const present = this.#text.present(row);
    // What an image leaves out is the column's default at the source: that of its type, where the definition has none.
    const implicit = this.#text.kept.filter(
      (index) => row[index] === undefined && this.table.columns[index]!.isDemanded,
    );
    const names = [...present, ...implicit].map((index) => this.#names[index]).join(',');
    const values = [
      ...present.map((index) => this.#text.literal(row, index)),
      ...implicit.map((index) => this.#text.implicit(index)),
    ];
    const verb = rule === 'overwrite' ? 'REPLACE' : 'INSERT';
    const holds = this.#holds(row);
    const kept = present[0] ?? 0;
    const unchanged = `${this.#names[kept]}=${this.#names[kept]}`;
    return {
      shared: `${verb} INTO ${this.#name} (${names}) VALUES `,
      text: `(${values.join(',')})`,
      close: rule === 'skip' ? ` ON DUPLICATE KEY UPDATE ${unchanged}` : '',
      isCounted: false,
      tolerated: this.#tolerated(this.#rule === 'overwrite' ? 'replaced' : 'inserted'),
      key: this.#rule === 'stop' && holds === undefined ? '' : this.#text.keyText(row),
      manner: this.#manner(row),
      holds,
    };
  }

  /**
   * Several changes, where what stands in the way is to be overwritten.
   *
   * @param answer to what {@link documents} asked
   */
  update(before: RowImage, logged: RowImage, answer?: StoredTexts): RowChange[] {
    const after = wholeImage(before, logged);
    if (this.#isPast(before)) return this.insert(after);
    if (this.#isPast(after)) return listed(this.delete(before));
    const partial = partialColumns(after);
    if (this.#rule === 'overwrite' && partial.length === 0) {
      const whole = completedImage(before, after);
      if (this.#text.present(whole).length === this.#text.kept.length) return this.#overwrite(before, whole);
    }
    const found = partial.length === 0 ? [] : this.documents.take(after, partial, answer);
    const where = this.#text.where(before, found);
    const key = this.#text.keyText(before);
    if (this.#rule === 'overwrite') return this.#overwritePartly(before, after, where);
    const verb = this.#rule === 'skip' ? 'UPDATE IGNORE' : 'UPDATE';
    const update = alone(`${verb} ${this.#name} SET ${this.#assignments(after)} WHERE ${where}`, key, {
      isCounted: this.#rule === 'stop',
      tolerated: this.#tolerated('updated'),
      manner: this.#manner(after, before),
      // IGNORE has a strict session take what does not fit, too.
      holds: this.#holds(completedImage(before, after), this.#rule === 'skip'),
    });
    return [update];
  }

  /** What the log leaves out is as it was in a row that is there. One that is not, or has another one in its way, cannot be made whole. */
  #overwritePartly(before: RowImage, after: RowImage, where: string): RowChange[] {
    const key = this.#text.keyText(before);
    const explain = (error: ServerError): Error =>
      LEFT_OUT.has(error.errno) ? leftOut(this.table, key) : error;
    // How many rows an UPDATE found, this session can only be asked when it is too late: what stays as it is does not count.
    const isThere = `EXISTS(SELECT 1 FROM ${this.#name} WHERE ${where} FOR UPDATE)`;
    const manner = this.#manner(after, before);
    const update = alone(`UPDATE ${this.#name} SET ${this.#assignments(after)} WHERE ${where}`, key, {
      explain,
      manner,
      holds: this.#holds(completedImage(before, after)),
    });
    return [alone(demanded(isThere), key, { explain, manner }), update];
  }

  /**
   * What stands in the way goes, the row becomes what the source has, and is put in where it was not. To take it away and put it in anew
   * would take away also what refers to it.
   */
  #overwrite(before: RowImage, after: RowImage): RowChange[] {
    if (this.#text.keyOf(before) === undefined) return [this.delete(before)!, ...this.insert(after)];
    const key = this.#text.keyText(before);
    const manner = this.#manner(after, before);
    const clear = this.#text
      .whereInTheWay(before, after)
      .map((where) =>
        alone(`DELETE FROM ${this.#name} WHERE ${where}`, key, { tolerated: 'cleared', manner }),
      );
    const set = `UPDATE ${this.#name} SET ${this.#assignments(after)} WHERE ${this.#text.where(before)}`;
    const update = alone(set, key, { tolerated: 'overwritten', manner, holds: this.#holds(after) });
    return [...clear, update, { ...this.#insert(after, 'skip'), tolerated: undefined }];
  }

  #assignments(row: RowImage): string {
    return this.#text
      .present(row)
      .map((index) => {
        const value = row[index];
        const made = areDiffs(value) ? this.documents.made(index, value) : this.#text.literal(row, index);
        return `${this.#names[index]}=${made}`;
      })
      .join(',');
  }

  delete(before: RowImage): RowChange | undefined {
    if (this.#isPast(before)) return undefined;
    const key = this.#text.keyOf(before);
    const counts = {
      isCounted: this.#rule === 'stop',
      tolerated: this.#tolerated('deleted'),
      manner: this.#manner(before),
    };
    const one = this.#text.keyText(before);
    // The server takes the rows of one statement in the order of its key. In lists of several columns MySQL finds no member by its place.
    const isSingle =
      this.table.refersToItself || key?.some((index) => MEMBERS.has(this.#columns[index]!.realCode));
    if (key === undefined || isSingle === true)
      return alone(`DELETE FROM ${this.#name} WHERE ${this.#text.where(before)}`, one, counts);
    const names = key.map((index) => this.#names[index]).join(',');
    const values = key.map((index) => this.#text.literal(before, index)).join(',');
    return {
      ...alone(`(${values})`, one, counts),
      shared: `DELETE FROM ${this.#name} WHERE (${names}) IN (`,
      close: ')',
    };
  }

  /** A row that should have been there was not. */
  missing(key: string): ConflictError {
    return notFound(this.table, key);
  }

  /** Whether the table has rows as the log says, of which the server has said that something did not fit. */
  areHeld(rows: readonly string[]): string {
    return `(SELECT COUNT(*) FROM ${this.#name} WHERE ${rows.map((row) => `(${row})`).join(' OR ')}) >= ${rows.length}`;
  }

  /** They are not: the server has made something else of a value. */
  bent(key: string, rows: number): CatalogError {
    const { schema, name } = this.table;
    const which = rows === 1 ? key : `one of ${rows} rows, the first ${key}`;
    return new CatalogError(
      `${schema}.${name} of the target has no room for a value of the source (${which})`,
      {
        context: { table: `${schema}.${name}` },
        hint: 'Compare how both define its columns.',
      },
    );
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

  /** @param before what the statement names of a row that is there */
  #manner(row: RowImage, before: RowImage = row): RowManner {
    const { isComputed } = this.table;
    const hasOdd = isComputed && [before, row].some((image) => hasOddDates(image, this.#columns));
    return { isComputed, isIrregular: this.#isIrregular(row), hasOddDates: hasOdd };
  }

  /** What is to be asked of a row, unless a session writes it that refuses what does not fit. */
  #holds(row: RowImage, bends = false): string | undefined {
    return this.table.isComputed || bends || this.#isIrregular(row) ? this.#text.holds(row) : undefined;
  }

  #isIrregular(row: RowImage): boolean {
    return this.#enums.some(
      (index) => row[index] !== undefined && isIrregular(row[index], this.#columns[index]!),
    );
  }

  #tolerated(what: Tolerated): Tolerated | undefined {
    return this.#rule === 'stop' ? undefined : what;
  }

  /** A versioned row that has ended is history, which a table without versions does not keep. */
  #isPast(row: RowImage): boolean {
    return this.#end >= 0 && isPastEnd(row[this.#end]);
  }
}

/** Indexes of the columns that something is worked out of. What those are worked out of in their turn, nobody says. */
function sourcesIn(workedOutOf: string, columns: readonly TargetColumn[]): number[] {
  const isMentioned = mentionedIn(workedOutOf);
  const isAny =
    workedOutOf === '' ||
    columns.some(
      (column) => (column.isGenerated || column.workedOutOf !== undefined) && isMentioned(column.name),
    );
  return columns.flatMap(({ name }, index) => (isAny || isMentioned(name) ? [index] : []));
}

const listed = (change: RowChange | undefined): RowChange[] => (change === undefined ? [] : [change]);

/** ER_SUBQUERY_NO_1_ROW of what is {@link demanded}, and another row in the way. */
const LEFT_OUT: ReadonlySet<number> = new Set([1242, ConflictErrno.DUPLICATE]);

const MEMBERS: ReadonlySet<number> = new Set([ColumnCode.ENUM, ColumnCode.SET]);
