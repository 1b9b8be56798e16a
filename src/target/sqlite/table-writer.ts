import type { ColumnValue, RowImage } from '../../binlog/index.ts';
import type { SqliteStatement, SqliteValue } from '../../store/index.ts';
import { type ConflictError, duplicate, notFound } from '../conflict.ts';
import { columnIndex, isKept, keyOf, type Table } from '../schema/index.ts';
import type { ConflictRule } from '../target.ts';
import { formOf } from './column-form.ts';
import { quote } from './definition.ts';
import type { SchemaFile } from './schema-file.ts';

type Store = (value: Exclude<ColumnValue, null>) => SqliteValue;

/** Writes the rows of one table into its file. Made anew when the table changes. */
export class TableWriter {
  readonly table: Table;
  readonly file: SchemaFile;
  readonly #rule: ConflictRule;
  readonly #onConflict: ((conflict: ConflictError) => void) | undefined;
  readonly #stores: readonly Store[];
  readonly #names: readonly string[];
  /** Indexes of the columns that find a row; undefined: all of them. */
  readonly #key: readonly number[] | undefined;
  /** Indexes of the columns that are kept. */
  readonly #kept: readonly number[];
  /** Index of the column that says until when a row holds. */
  readonly #end: number;
  #insertAll: SqliteStatement | undefined;

  constructor(
    table: Table,
    file: SchemaFile,
    rule: ConflictRule,
    onConflict?: (conflict: ConflictError) => void,
  ) {
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

  insert(row: RowImage): void {
    if (this.#isPast(row)) return;
    const present = this.#present(row);
    const statement =
      present.length === this.#kept.length
        ? (this.#insertAll ??= this.#insertStatement(present))
        : this.#insertStatement(present);
    try {
      statement.run(...this.#values(row, present));
    } catch (error) {
      if (!isConstraint(error)) throw error;
      this.#resolve(duplicate(this.table, this.#keyText(row)), () => undefined);
    }
  }

  update(before: RowImage, after: RowImage): void {
    // A versioned row that ends becomes history, which the target does not keep; a statement may still change that.
    if (this.#isPast(before)) return this.insert(after);
    if (this.#isPast(after)) return this.delete(before);
    const set = this.#present(after);
    const where = this.#findColumns(before);
    const sql = `UPDATE ${quote(this.table.name)} SET ${set.map((index) => `${this.#names[index]} = ?`).join(', ')} WHERE ${this.#where(before, where)}`;
    try {
      const { changes } = this.file
        .statement(sql)
        .run(...this.#values(after, set), ...this.#values(before, where));
      if (Number(changes) === 0)
        this.#resolve(notFound(this.table, this.#keyText(before)), () => this.insert(after));
    } catch (error) {
      if (!isConstraint(error)) throw error;
      this.#resolve(duplicate(this.table, this.#keyText(after)), () => {
        this.#delete(before);
        this.insert(after);
      });
    }
  }

  delete(before: RowImage): void {
    if (this.#isPast(before)) return;
    if (this.#delete(before) === 0)
      this.#resolve(notFound(this.table, this.#keyText(before)), () => undefined);
  }

  #delete(before: RowImage): number {
    const where = this.#findColumns(before);
    const sql = `DELETE FROM ${quote(this.table.name)} WHERE ${this.#where(before, where)}`;
    return Number(this.file.statement(sql).run(...this.#values(before, where)).changes);
  }

  #insertStatement(present: readonly number[]): SqliteStatement {
    const table = quote(this.table.name);
    const verb = this.#rule === 'overwrite' ? 'INSERT OR REPLACE' : 'INSERT';
    if (present.length === 0) return this.file.statement(`${verb} INTO ${table} DEFAULT VALUES`);
    const columns = present.map((index) => this.#names[index]).join(', ');
    return this.file.statement(
      `${verb} INTO ${table} (${columns}) VALUES (${present.map(() => '?').join(', ')})`,
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
    return columns.map((index) => {
      const value = row[index]!;
      return value === null ? null : this.#stores[index]!(value);
    });
  }

  #isPast(row: RowImage): boolean {
    const end = this.#end < 0 ? undefined : row[this.#end];
    return typeof end === 'string' && !FOR_EVER.test(end);
  }

  #present(row: RowImage): number[] {
    return this.#kept.filter((index) => row[index] !== undefined);
  }

  #resolve(error: ConflictError, overwrite: () => void): void {
    if (this.#rule === 'stop') throw error;
    this.#onConflict?.(error);
    if (this.#rule === 'overwrite') overwrite();
  }

  /** `id=7`: the key and nothing else of the row. */
  #keyText(row: RowImage): string {
    if (this.#key === undefined) return 'the table has no key';
    return this.#key.map((index) => `${this.table.columns[index]!.name}=${keyValue(row[index])}`).join(', ');
  }
}

/** A key's value for a message; bytes are not shown. */
const keyValue = (value: ColumnValue | undefined): string =>
  typeof value === 'object' && value !== null ? '(bytes)' : String(value ?? '?');

/** The last moment of a TIMESTAMP, with 31 and with 32 bits; of a transaction id, what no transaction has. */
const FOR_EVER = /^(2038-01-19 03:14:07|2106-02-07 06:28:15)/;

/** SQLite's own errors have no class; both modules set the extended code. */
function isConstraint(error: unknown): boolean {
  return error instanceof Error && /constraint/i.test(error.message);
}
