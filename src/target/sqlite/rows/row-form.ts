import type { ColumnValue, Flavor, RowImage } from '../../../binlog/index.ts';
import type { SqliteValue } from '../../../store/index.ts';
import { isPastEnd } from '../../applier/past-row.ts';
import { columnIndex, isKept, keyOf, type Table } from '../../schema/index.ts';
import { formOf } from '../definition/column-form.ts';
import { quote, rowIdName } from '../definition/definition.ts';
import { valueOfMissing } from '../definition/new-column.ts';
import type { SchemaFile } from '../files/schema-file.ts';
import { keyText } from './key-text.ts';
import type { HeldKeys, ReferentialActions } from './referential-actions.ts';

type Store = (value: Exclude<ColumnValue, null>) => SqliteValue;

/** What is kept of the rows of one table, and what finds them. */
export class RowForm {
  readonly #table: Table;
  readonly #file: SchemaFile;
  /** Of the source. */
  readonly #flavor: Flavor;
  readonly #stores: readonly Store[];
  /** Of the columns, quoted. */
  readonly names: readonly string[];
  /** Indexes of the columns that find a row; undefined: all of them. */
  readonly key: readonly number[] | undefined;
  /** Indexes of the columns that are kept. */
  readonly kept: readonly number[];
  /** What a row gets in a column that its image leaves out. */
  readonly #missing: (SqliteValue | undefined)[] = [];
  /** Index of the column that says until when a row holds. */
  readonly #end: number;

  constructor(table: Table, file: SchemaFile, flavor: Flavor) {
    this.#table = table;
    this.#file = file;
    this.#flavor = flavor;
    this.#stores = table.columns.map((column) => formOf(column).store);
    this.names = table.columns.map(({ name }) => quote(name));
    this.#end = table.columns.findIndex(({ period }) => period === 'end');
    this.kept = table.columns.flatMap((column, index) => (isKept(column) ? [index] : []));
    this.key = keyOf(table)?.map((name) => columnIndex(table, name));
  }

  /** Whether rows say until when they hold. */
  get isVersioned(): boolean {
    return this.#end >= 0;
  }

  /** What rows of others refer to in a row that is about to change; undefined: nothing, or it is not there. */
  held(before: RowImage, actions: ReferentialActions): HeldKeys | undefined {
    if (this.isPast(before)) return undefined;
    const names = actions.columnsOf(this.#table);
    const columns = names.map((name) => columnIndex(this.#table, name));
    if (columns.every((index) => before[index] !== undefined)) {
      const values = this.values(before, columns);
      return Object.fromEntries(names.map((name, at) => [name, values[at]!]));
    }
    const where = this.findColumns(before);
    const sql = `SELECT ${names.map((name) => `${quote(name)} AS ${quote(name)}`).join(', ')} FROM ${quote(this.#table.name)} WHERE ${this.where(before, where)}`;
    const statement = this.#file.statement(sql);
    statement.setReadBigInts(true);
    return statement.get(...this.values(before, where)) as HeldKeys | undefined;
  }

  /** What a row holds in these columns; undefined: it is not there. */
  stored(row: RowImage, columns: readonly number[]): SqliteValue[] | undefined {
    const where = this.findColumns(row);
    const names = columns.map((index, at) => `${this.names[index]} AS c${at}`).join(', ');
    const sql = `SELECT ${names} FROM ${quote(this.#table.name)} WHERE ${this.where(row, where)}`;
    const found = this.#file.statement(sql).get(...this.values(row, where)) as
      | Record<string, SqliteValue>
      | undefined;
    return found && columns.map((_, at) => found[`c${at}`]!);
  }

  /** What rows of others refer to in what it became. */
  heldAfter(held: HeldKeys, after: RowImage | undefined): HeldKeys | undefined {
    if (after === undefined || this.isPast(after)) return undefined;
    const entries = Object.entries(held).map(([name, value]): [string, SqliteValue] => {
      const index = columnIndex(this.#table, name);
      return [name, after[index] === undefined ? value : this.valueOf(after, index)];
    });
    return Object.fromEntries(entries);
  }

  /** The columns a row is found by, as far as its image has them. */
  findColumns(row: RowImage): readonly number[] {
    const key = this.key;
    return key?.every((index) => row[index] !== undefined) === true ? key : this.present(row);
  }

  /** UPDATE of these columns, in the row that is found by those. */
  updateText(set: readonly number[], row: RowImage, columns: readonly number[]): string {
    const values = set.map((index) => `${this.names[index]} = ?`).join(', ');
    return `UPDATE ${quote(this.#table.name)} SET ${values} WHERE ${this.where(row, columns)}`;
  }

  /**
   * UPDATE of these columns, in so many rows that are found by those, which are never NULL. One that fails leaves the rows before it
   * changed: to take them back, SQLite would copy each page before it is changed.
   */
  updatesText(set: readonly number[], columns: readonly number[], rows: number): string {
    const values = set.map((index, at) => `${this.names[index]} = became.column${at + 1}`).join(', ');
    const terms = columns.map(
      (index, at) => `was.${this.names[index]} = became.column${set.length + at + 1}`,
    );
    const row = `(${Array.from({ length: set.length + columns.length }, () => '?').join(', ')})`;
    const all = Array.from({ length: rows }, () => row).join(', ');
    return `UPDATE OR FAIL ${quote(this.#table.name)} AS was SET ${values} FROM (VALUES ${all}) AS became WHERE ${conjunction(terms)}`;
  }

  /** DELETE of the row that is found by these columns. */
  deleteText(row: RowImage, columns: readonly number[]): string {
    return `DELETE FROM ${quote(this.#table.name)} WHERE ${this.where(row, columns)}`;
  }

  /** What finds a row by these columns. */
  where(row: RowImage, columns: readonly number[]): string {
    const isKey = columns === this.key;
    const terms = conjunction(
      columns.map((index) => `${this.names[index]} ${isKey && row[index] !== null ? '=' : 'IS'} ?`),
    );
    if (isKey) return terms;
    // Without a key, of several equal rows one is meant.
    const own = rowIdName(this.#table);
    return `${own} = (SELECT ${own} FROM ${quote(this.#table.name)} WHERE ${terms} LIMIT 1)`;
  }

  /** What is kept of a row in these columns. */
  values(row: RowImage, columns: readonly number[]): SqliteValue[] {
    const values: SqliteValue[] = [];
    this.addValues(values, row, columns);
    return values;
  }

  /** What an image leaves out is what the source had as the column's default. */
  valueOf(row: RowImage, index: number): SqliteValue {
    const value = row[index];
    if (value === null) return null;
    if (value !== undefined) return this.#stores[index]!(value);
    // Worked out once the row is there.
    if (this.isLeftOut(index)) return null;
    return (this.#missing[index] ??= valueOfMissing(this.#table, this.#table.columns[index]!, this.#flavor));
  }

  /** The same, added to others: no row makes a list of its own where many are written. */
  addValues(values: SqliteValue[], row: RowImage, columns: readonly number[]): void {
    for (const index of columns) {
      const value = row[index]!;
      values.push(value === null ? null : this.#stores[index]!(value));
    }
  }

  /** A row that has ended is history, which the target does not keep. */
  isPast(row: RowImage): boolean {
    return this.#end >= 0 && isPastEnd(row[this.#end]);
  }

  /** Whether images may lack a column that can be worked out of the others. */
  isLeftOut(index: number): boolean {
    return this.#flavor === 'mariadb' && this.#table.columns[index]!.generated === 'stored';
  }

  /** The columns that an image has. */
  present(row: RowImage): number[] {
    return this.kept.filter((index) => row[index] !== undefined);
  }

  /** A row's key, and nothing else of it. */
  keyText(row: RowImage): string {
    return keyText(this.#table, this.key, row);
  }
}

/** Terms of a condition that stand side by side. */
const FLAT_TERMS = 100;

/** All of them. Each AND is a step deeper to SQLite, which goes no deeper than 1000 (SQLITE_MAX_EXPR_DEPTH): a table may have more columns. */
export function conjunction(terms: readonly string[]): string {
  if (terms.length <= FLAT_TERMS) return terms.join(' AND ');
  const parts: string[] = [];
  for (let from = 0; from < terms.length; from += FLAT_TERMS)
    parts.push(`(${terms.slice(from, from + FLAT_TERMS).join(' AND ')})`);
  return parts.join(' AND ');
}
