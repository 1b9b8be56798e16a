import {
  ChangeReader,
  type ColumnValue,
  type Flavor,
  type RowImage,
  RowReader,
  type Rows,
  type TableMap,
} from '../../binlog/index.ts';
import type { SqliteStatement, SqliteValue } from '../../store/index.ts';
import { type ConflictError, duplicate, notFound } from '../conflict.ts';
import { isPastEnd } from '../past-row.ts';
import { CatalogError, columnIndex, isKept, keyOf, type Table } from '../schema/index.ts';
import type { ConflictRule } from '../target.ts';
import { completedImage, wholeImage } from '../whole-image.ts';
import { formOf } from './column-form.ts';
import { quote } from './definition.ts';
import { keyText } from './key-text.ts';
import { valueOfMissing } from './new-column.ts';
import { type HeldKeys, hasActions, type ReferentialActions } from './referential-actions.ts';
import type { SchemaFile } from './schema-file.ts';

type Store = (value: Exclude<ColumnValue, null>) => SqliteValue;

/** Rows that one INSERT takes. Measured with @photostructure/sqlite: a call costs as much as six values; beyond this nothing is gained. */
const MOST_ROWS = 16;
/** … and values. */
const MOST_VALUES = 1000;

/** Writes the rows of one table into its file. Made anew when the table changes. */
export class TableWriter {
  readonly table: Table;
  readonly file: SchemaFile;
  /** Of the source. */
  readonly #flavor: Flavor;
  readonly #rule: ConflictRule;
  readonly #onConflict: ((conflict: ConflictError) => void) | undefined;
  /** Of foreign keys that refer to the table; undefined: none changes rows. */
  readonly #actions: ReferentialActions | undefined;
  readonly #stores: readonly Store[];
  readonly #names: readonly string[];
  /** Indexes of the columns that find a row; undefined: all of them. */
  readonly #key: readonly number[] | undefined;
  /** Indexes of the columns that are kept. */
  readonly #kept: readonly number[];
  /** What a row gets in a column that its image leaves out. */
  readonly #missing: (SqliteValue | undefined)[] = [];
  /** Index of the column that says until when a row holds. */
  readonly #end: number;
  /** INSERT of whole rows, by how many. */
  readonly #inserts: (SqliteStatement | undefined)[] = [];
  /** What the last update changed, and its statement: those of one statement of the source mostly change the same columns. */
  #changed: readonly number[] = [];
  #updateChanged: SqliteStatement | undefined;
  #deleteByKey: SqliteStatement | undefined;

  constructor(
    table: Table,
    file: SchemaFile,
    flavor: Flavor,
    rule: ConflictRule,
    onConflict?: (conflict: ConflictError) => void,
    actions?: ReferentialActions,
  ) {
    this.#actions = actions;
    this.#flavor = flavor;
    this.#onConflict = onConflict;
    this.table = table;
    this.file = file;
    this.#rule = rule;
    this.#stores = table.columns.map((column) => formOf(column).store);
    this.#names = table.columns.map(({ name }) => quote(name));
    this.#end = table.columns.findIndex(({ period }) => period === 'end');
    this.#kept = table.columns.flatMap((column, index) => (isKept(column) ? [index] : []));
    this.#key = keyOf(table)?.map((name) => columnIndex(table, name));
  }

  /** Writes the rows of one event. @throws ConflictError */
  write(rows: Rows, map: TableMap): void {
    const key = this.#key;
    const isVersioned = this.#end >= 0;
    const actions = hasActions(rows.flags) ? this.#actions : undefined;
    // What a row became is written whole where it may have been another one.
    const isSure = this.#rule === 'stop' || rows.shape.operation === 'delete';
    if (
      !isVersioned &&
      isSure &&
      actions === undefined &&
      key !== undefined &&
      ChangeReader.reads(rows, key)
    ) {
      this.#writeChanges(new ChangeReader(rows, map, key), key, rows.shape.operation === 'delete');
      return;
    }
    const reader = new RowReader(rows, map);
    if (!isVersioned && reader.operation === 'insert') {
      this.#insertRows(reader);
      return;
    }
    while (reader.next()) {
      const { before, after } = reader;
      const held = actions && before && this.#held(before, actions);
      if (before === undefined) this.#insert(after!);
      else if (after === undefined) this.#removeRow(before);
      else this.#update(before, reader.operation === 'update' ? wholeImage(before, after) : after);
      if (held !== undefined) actions?.follow(this.table, held, this.#heldAfter(held, after));
    }
  }

  /** What rows of others refer to in a row that is about to change; undefined: nothing, or it is not there. */
  #held(before: RowImage, actions: ReferentialActions): HeldKeys | undefined {
    if (this.#isPast(before)) return undefined;
    const names = actions.columnsOf(this.table);
    const columns = names.map((name) => columnIndex(this.table, name));
    if (columns.every((index) => before[index] !== undefined)) {
      const values = this.#values(before, columns);
      return Object.fromEntries(names.map((name, at) => [name, values[at]!]));
    }
    const where = this.#findColumns(before);
    const sql = `SELECT ${names.map((name) => `${quote(name)} AS ${quote(name)}`).join(', ')} FROM ${quote(this.table.name)} WHERE ${this.#where(before, where)}`;
    const statement = this.file.statement(sql);
    statement.setReadBigInts(true);
    return statement.get(...this.#values(before, where)) as HeldKeys | undefined;
  }

  /** The same of what it became. */
  #heldAfter(held: HeldKeys, after: RowImage | undefined): HeldKeys | undefined {
    if (after === undefined || this.#isPast(after)) return undefined;
    const entries = Object.entries(held).map(([name, value]): [string, SqliteValue] => {
      const index = columnIndex(this.table, name);
      return [name, after[index] === undefined ? value : this.#valueOf(after, index)];
    });
    return Object.fromEntries(entries);
  }

  /** Several rows a statement; one by one from the first that has another one in its way. */
  #insertRows(reader: RowReader): void {
    const columns = this.#kept;
    const most = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_VALUES / columns.length)));
    const rows: RowImage[] = [];
    const values: SqliteValue[] = [];
    const flush = (): void => {
      const statement = (this.#inserts[rows.length] ??= this.#insertStatement(columns, rows.length));
      try {
        statement.run(...values);
      } catch (error) {
        if (!isConstraint(error)) throw error;
        const inserted = Number(this.file.statement('SELECT changes() AS n').get()?.['n']);
        for (const row of rows.slice(inserted)) this.#insert(row);
      }
      rows.length = 0;
      values.length = 0;
    };
    while (reader.next()) {
      const row = reader.after!;
      if (columns.length === 0 || columns.some((index) => row[index] === undefined)) {
        this.#insert(row);
        continue;
      }
      rows.push(row);
      this.#addValues(values, row, columns);
      if (rows.length === most) flush();
    }
    if (rows.length > 0) flush();
  }

  #writeChanges(reader: ChangeReader, key: readonly number[], isDelete: boolean): void {
    const { before, after } = reader;
    const values: SqliteValue[] = [];
    while (reader.next()) {
      values.length = 0;
      if (isDelete) {
        this.#deleteByKey ??= this.file.statement(
          `DELETE FROM ${quote(this.table.name)} WHERE ${this.#where(before, key)}`,
        );
        this.#addValues(values, before, key);
        if (Number(this.#deleteByKey.run(...values).changes) === 0)
          this.#resolve(notFound(this.table, this.#keyText(before)), () => undefined);
        continue;
      }
      const statement = this.#updateOf(reader.changed, key, before);
      this.#addValues(values, after, this.#changed);
      this.#addValues(values, before, key);
      let isFound: boolean;
      try {
        isFound = Number(statement.run(...values).changes) > 0;
      } catch (error) {
        if (!isConstraint(error)) throw error;
        throw duplicate(this.table, this.#keyText(after));
      }
      if (!isFound) throw notFound(this.table, this.#keyText(before));
    }
  }

  /** The statement for what changed, and notes it. A row that stays as it is must be there all the same. */
  #updateOf(changed: readonly number[], key: readonly number[], before: RowImage): SqliteStatement {
    const known = this.#changed;
    if (this.#updateChanged !== undefined && isSameList(known, changed)) return this.#updateChanged;
    const kept = changed.filter((index) => isKept(this.table.columns[index]!));
    this.#changed = kept.length === 0 ? key : kept;
    this.#updateChanged = this.file.statement(
      `UPDATE ${quote(this.table.name)} SET ${this.#changed.map((index) => `${this.#names[index]} = ?`).join(', ')} WHERE ${this.#where(before, key)}`,
    );
    return this.#updateChanged;
  }

  #insert(row: RowImage): void {
    if (this.#isPast(row)) return;
    const statement = (this.#inserts[1] ??= this.#insertStatement(this.#kept, 1));
    const values = this.#kept.map((index) => this.#valueOf(row, index));
    try {
      statement.run(...values);
    } catch (error) {
      if (!isConstraint(error)) throw error;
      this.#resolve(duplicate(this.table, this.#keyText(row)), () => undefined);
    }
  }

  #update(before: RowImage, after: RowImage): void {
    // A versioned row that ends becomes history, which the target does not keep; a statement may still change that.
    if (this.#isPast(before)) return this.#insert(after);
    if (this.#isPast(after)) return this.#removeRow(before);
    const set = this.#present(after);
    const where = this.#findColumns(before);
    const sql = `UPDATE ${quote(this.table.name)} SET ${set.map((index) => `${this.#names[index]} = ?`).join(', ')} WHERE ${this.#where(before, where)}`;
    try {
      const { changes } = this.file
        .statement(sql)
        .run(...this.#values(after, set), ...this.#values(before, where));
      if (Number(changes) === 0)
        this.#resolve(notFound(this.table, this.#keyText(before)), () => this.#insertAll(before, after));
    } catch (error) {
      if (!isConstraint(error)) throw error;
      this.#resolve(duplicate(this.table, this.#keyText(after)), () => {
        this.#insertAll(before, after, () => this.#delete(before));
      });
    }
  }

  /** Puts in what a row became, if the log says all of it. @throws CatalogError it does not */
  #insertAll(before: RowImage, after: RowImage, first: () => void = () => undefined): void {
    const row = completedImage(before, after);
    if (this.#present(row).length < this.#kept.length) {
      throw new CatalogError(
        `a row of ${this.table.schema}.${this.table.name} cannot be overwritten: the log leaves columns of it out`,
        { hint: 'Set binlog_row_image=FULL on the source.' },
      );
    }
    first();
    this.#insert(row);
  }

  #removeRow(before: RowImage): void {
    if (this.#isPast(before)) return;
    if (this.#delete(before) === 0)
      this.#resolve(notFound(this.table, this.#keyText(before)), () => undefined);
  }

  #delete(before: RowImage): number {
    const where = this.#findColumns(before);
    const sql = `DELETE FROM ${quote(this.table.name)} WHERE ${this.#where(before, where)}`;
    return Number(this.file.statement(sql).run(...this.#values(before, where)).changes);
  }

  #insertStatement(present: readonly number[], rows: number): SqliteStatement {
    const table = quote(this.table.name);
    // FAIL leaves the rows before the one that fails: to take them back, SQLite would copy each page before it is changed.
    const verb = this.#rule === 'overwrite' ? 'INSERT OR REPLACE' : rows > 1 ? 'INSERT OR FAIL' : 'INSERT';
    if (present.length === 0) return this.file.statement(`${verb} INTO ${table} DEFAULT VALUES`);
    const columns = present.map((index) => this.#names[index]).join(', ');
    const places = `(${present.map(() => '?').join(', ')})`;
    return this.file.statement(
      `${verb} INTO ${table} (${columns}) VALUES ${Array.from({ length: rows }, () => places).join(', ')}`,
    );
  }

  /** The columns a row is found by, as far as its image has them. */
  #findColumns(row: RowImage): readonly number[] {
    const key = this.#key;
    return key?.every((index) => row[index] !== undefined) === true ? key : this.#present(row);
  }

  #where(row: RowImage, columns: readonly number[]): string {
    const isKey = columns === this.#key;
    const terms = columns
      .map((index) => `${this.#names[index]} ${isKey && row[index] !== null ? '=' : 'IS'} ?`)
      .join(' AND ');
    // Without a key, of several equal rows one is meant.
    return isKey ? terms : `rowid = (SELECT rowid FROM ${quote(this.table.name)} WHERE ${terms} LIMIT 1)`;
  }

  #values(row: RowImage, columns: readonly number[]): SqliteValue[] {
    const values: SqliteValue[] = [];
    this.#addValues(values, row, columns);
    return values;
  }

  /** What an image leaves out is what the source had as the column's default. */
  #valueOf(row: RowImage, index: number): SqliteValue {
    const value = row[index];
    if (value === null) return null;
    if (value !== undefined) return this.#stores[index]!(value);
    return (this.#missing[index] ??= valueOfMissing(this.table, this.table.columns[index]!, this.#flavor));
  }

  #addValues(values: SqliteValue[], row: RowImage, columns: readonly number[]): void {
    for (const index of columns) {
      const value = row[index]!;
      values.push(value === null ? null : this.#stores[index]!(value));
    }
  }

  #isPast(row: RowImage): boolean {
    return this.#end >= 0 && isPastEnd(row[this.#end]);
  }

  #present(row: RowImage): number[] {
    return this.#kept.filter((index) => row[index] !== undefined);
  }

  #resolve(error: ConflictError, overwrite: () => void): void {
    if (this.#rule === 'stop') throw error;
    this.#onConflict?.(error);
    if (this.#rule === 'overwrite') overwrite();
  }

  #keyText(row: RowImage): string {
    return keyText(this.table, this.#key, row);
  }
}

const isSameList = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && one.every((value, at) => value === other[at]);

/** SQLite's own errors have no class; both modules set the extended code. */
function isConstraint(error: unknown): boolean {
  return error instanceof Error && /constraint/i.test(error.message);
}
