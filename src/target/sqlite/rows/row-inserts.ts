import type { RowImage, RowReader } from '../../../binlog/index.ts';
import type { SqliteStatement, SqliteValue } from '../../../store/index.ts';
import { duplicate } from '../../conflict.ts';
import type { Table } from '../../schema/index.ts';
import { quote } from '../definition/definition.ts';
import type { SchemaFile } from '../files/schema-file.ts';
import { type Conflicts, isConstraint } from './conflicts.ts';
import { portions, rowsTogether } from './portions.ts';
import type { RowForm } from './row-form.ts';

/** Rows that are put into a table. */
export class RowInserts {
  readonly #table: Table;
  readonly #file: SchemaFile;
  readonly #form: RowForm;
  readonly #conflicts: Conflicts;
  /** INSERT of whole rows, by how many. */
  readonly #statements: (SqliteStatement | undefined)[] = [];
  #replace: SqliteStatement | undefined;

  constructor(table: Table, file: SchemaFile, form: RowForm, conflicts: Conflicts) {
    this.#table = table;
    this.#file = file;
    this.#form = form;
    this.#conflicts = conflicts;
  }

  /** Several rows a statement; one by one from the first that has another one in its way. */
  all(reader: RowReader): void {
    const columns = this.#form.kept;
    const most = rowsTogether(columns.length);
    const rows: RowImage[] = [];
    const values: SqliteValue[] = [];
    const flush = (): void => {
      let done = 0;
      try {
        for (const portion of portions(values, columns.length)) {
          done = portion.from;
          const statement = (this.#statements[portion.rows] ??= this.#statement(columns, portion.rows));
          statement.run(...portion.values);
        }
      } catch (error) {
        if (!isConstraint(error)) throw error;
        const inserted = Number(this.#file.statement('SELECT changes() AS n').get()?.['n']);
        for (const row of rows.slice(done + inserted)) this.one(row);
      }
      rows.length = 0;
      values.length = 0;
    };
    while (reader.next()) {
      const row = reader.after!;
      if (columns.length === 0 || columns.some((index) => row[index] === undefined)) {
        this.one(row);
        continue;
      }
      rows.push(row);
      this.#form.addValues(values, row, columns);
      if (rows.length === most) flush();
    }
    if (rows.length > 0) flush();
  }

  /** A row that has ended is history, and left out. @throws ConflictError another one is in its way */
  one(row: RowImage): void {
    if (this.#form.isPast(row)) return;
    const statement = (this.#statements[1] ??= this.#statement(this.#form.kept, 1));
    try {
      statement.run(...this.#valuesOf(row));
    } catch (error) {
      if (!isConstraint(error)) throw error;
      this.#conflicts.resolve(duplicate(this.#table, this.#form.keyText(row)), () => this.overwrite(row));
    }
  }

  /** Puts a row in the place of all that are in its way. */
  overwrite(row: RowImage): void {
    if (this.#form.isPast(row)) return;
    this.#replace ??= this.#statement(this.#form.kept, 1, 'INSERT OR REPLACE');
    this.#replace.run(...this.#valuesOf(row));
  }

  #valuesOf(row: RowImage): SqliteValue[] {
    return this.#form.kept.map((index) => this.#form.valueOf(row, index));
  }

  /** FAIL leaves the rows before the one that fails: to take them back, SQLite would copy each page before it is changed. */
  #statement(
    present: readonly number[],
    rows: number,
    verb = rows > 1 ? 'INSERT OR FAIL' : 'INSERT',
  ): SqliteStatement {
    const table = quote(this.#table.name);
    if (present.length === 0) return this.#file.statement(`${verb} INTO ${table} DEFAULT VALUES`);
    const columns = present.map((index) => this.#form.names[index]).join(', ');
    const places = `(${present.map(() => '?').join(', ')})`;
    return this.#file.statement(
      `${verb} INTO ${table} (${columns}) VALUES ${Array.from({ length: rows }, () => places).join(', ')}`,
    );
  }
}
