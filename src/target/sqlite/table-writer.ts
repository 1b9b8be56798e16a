import {
  ChangeReader,
  type Flavor,
  type JsonDiff,
  type RowImage,
  RowReader,
  type Rows,
  type TableMap,
} from '../../binlog/index.ts';
import type { SqliteStatement, SqliteValue } from '../../store/index.ts';
import { type ConflictError, duplicate, notFound } from '../conflict.ts';
import { CatalogError, isKept, type Table } from '../schema/index.ts';
import type { ConflictRule } from '../target.ts';
import { completedImage, partialColumns, updatedDocument, wholeImage } from '../whole-image.ts';
import { quote } from './definition.ts';
import { hasActions, type ReferentialActions } from './referential-actions.ts';
import { RowForm } from './row-form.ts';
import type { SchemaFile } from './schema-file.ts';

/** Rows that one INSERT takes. Measured with @photostructure/sqlite: a call costs as much as six values; beyond this nothing is gained. */
const MOST_ROWS = 16;
/** … and values. */
const MOST_VALUES = 1000;

/** Writes the rows of one table into its file. Made anew when the table changes. */
export class TableWriter {
  readonly table: Table;
  readonly file: SchemaFile;
  readonly #rule: ConflictRule;
  readonly #onConflict: ((conflict: ConflictError) => void) | undefined;
  /** Of foreign keys that refer to the table; undefined: none changes rows. */
  readonly #actions: ReferentialActions | undefined;
  readonly #form: RowForm;
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
    this.#onConflict = onConflict;
    this.table = table;
    this.file = file;
    this.#rule = rule;
    this.#form = new RowForm(table, file, flavor);
  }

  /** Writes the rows of one event. @throws ConflictError */
  write(rows: Rows, map: TableMap): void {
    const key = this.#form.key;
    const { isVersioned } = this.#form;
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
      const held = actions && before && this.#form.held(before, actions);
      if (before === undefined) this.#insert(after!);
      else if (after === undefined) this.#removeRow(before);
      else if (rows.shape.partial) this.#updatePartly(before, wholeImage(before, after));
      else this.#update(before, after);
      if (held !== undefined) actions?.follow(this.table, held, this.#form.heldAfter(held, after));
    }
  }

  /** Several rows a statement; one by one from the first that has another one in its way. */
  #insertRows(reader: RowReader): void {
    const columns = this.#form.kept;
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
      this.#form.addValues(values, row, columns);
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
          `DELETE FROM ${quote(this.table.name)} WHERE ${this.#form.where(before, key)}`,
        );
        this.#form.addValues(values, before, key);
        if (Number(this.#deleteByKey.run(...values).changes) === 0)
          this.#resolve(notFound(this.table, this.#form.keyText(before)), () => undefined);
        continue;
      }
      const statement = this.#updateOf(reader.changed, key, before);
      this.#form.addValues(values, after, this.#changed);
      this.#form.addValues(values, before, key);
      let isFound: boolean;
      try {
        isFound = Number(statement.run(...values).changes) > 0;
      } catch (error) {
        if (!isConstraint(error)) throw error;
        throw duplicate(this.table, this.#form.keyText(after));
      }
      if (!isFound) throw notFound(this.table, this.#form.keyText(before));
    }
  }

  /** The statement for what changed, and notes it. A row that stays as it is must be there all the same. */
  #updateOf(changed: readonly number[], key: readonly number[], before: RowImage): SqliteStatement {
    const known = this.#changed;
    if (this.#updateChanged !== undefined && isSameList(known, changed)) return this.#updateChanged;
    const kept = changed.filter((index) => isKept(this.table.columns[index]!));
    this.#changed = kept.length === 0 ? key : kept;
    this.#updateChanged = this.file.statement(
      `UPDATE ${quote(this.table.name)} SET ${this.#changed.map((index) => `${this.#form.names[index]} = ?`).join(', ')} WHERE ${this.#form.where(before, key)}`,
    );
    return this.#updateChanged;
  }

  #insert(row: RowImage): void {
    if (this.#form.isPast(row)) return;
    const statement = (this.#inserts[1] ??= this.#insertStatement(this.#form.kept, 1));
    const values = this.#form.kept.map((index) => this.#form.valueOf(row, index));
    try {
      statement.run(...values);
    } catch (error) {
      if (!isConstraint(error)) throw error;
      this.#resolve(duplicate(this.table, this.#form.keyText(row)), () => undefined);
    }
  }

  /** Documents that are only in the file are read there. */
  #updatePartly(before: RowImage, after: RowImage): void {
    const partial = partialColumns(after);
    if (partial.length > 0) {
      const texts = this.#form.stored(before, partial);
      for (const [at, index] of partial.entries()) {
        const text = texts?.[at];
        const diffs = after[index] as readonly JsonDiff[];
        const document = typeof text === 'string' ? updatedDocument(text, diffs) : undefined;
        if (document === undefined)
          return this.#resolve(notFound(this.table, this.#form.keyText(before)), () => {
            throw this.#leftOut();
          });
        after[index] = document;
      }
    }
    this.#update(before, after);
  }

  #update(before: RowImage, after: RowImage): void {
    // A versioned row that ends becomes history, which the target does not keep; a statement may still change that.
    if (this.#form.isPast(before)) return this.#insert(after);
    if (this.#form.isPast(after)) return this.#removeRow(before);
    const set = this.#form.present(after);
    const where = this.#form.findColumns(before);
    const sql = `UPDATE ${quote(this.table.name)} SET ${set.map((index) => `${this.#form.names[index]} = ?`).join(', ')} WHERE ${this.#form.where(before, where)}`;
    try {
      const { changes } = this.file
        .statement(sql)
        .run(...this.#form.values(after, set), ...this.#form.values(before, where));
      if (Number(changes) === 0)
        this.#resolve(notFound(this.table, this.#form.keyText(before)), () => this.#insertAll(before, after));
    } catch (error) {
      if (!isConstraint(error)) throw error;
      this.#resolve(duplicate(this.table, this.#form.keyText(after)), () => {
        this.#insertAll(before, after, () => this.#delete(before));
      });
    }
  }

  /** Puts in what a row became, if the log says all of it. @throws CatalogError it does not */
  #insertAll(before: RowImage, after: RowImage, first: () => void = () => undefined): void {
    const row = completedImage(before, after);
    if (this.#form.present(row).length < this.#form.kept.length) throw this.#leftOut();
    first();
    this.#insert(row);
  }

  #leftOut(): CatalogError {
    return new CatalogError(
      `a row of ${this.table.schema}.${this.table.name} cannot be overwritten: the log leaves columns of it out`,
      { hint: 'Set binlog_row_image=FULL on the source.' },
    );
  }

  #removeRow(before: RowImage): void {
    if (this.#form.isPast(before)) return;
    if (this.#delete(before) === 0)
      this.#resolve(notFound(this.table, this.#form.keyText(before)), () => undefined);
  }

  #delete(before: RowImage): number {
    const where = this.#form.findColumns(before);
    const sql = `DELETE FROM ${quote(this.table.name)} WHERE ${this.#form.where(before, where)}`;
    return Number(this.file.statement(sql).run(...this.#form.values(before, where)).changes);
  }

  #insertStatement(present: readonly number[], rows: number): SqliteStatement {
    const table = quote(this.table.name);
    // FAIL leaves the rows before the one that fails: to take them back, SQLite would copy each page before it is changed.
    const verb = this.#rule === 'overwrite' ? 'INSERT OR REPLACE' : rows > 1 ? 'INSERT OR FAIL' : 'INSERT';
    if (present.length === 0) return this.file.statement(`${verb} INTO ${table} DEFAULT VALUES`);
    const columns = present.map((index) => this.#form.names[index]).join(', ');
    const places = `(${present.map(() => '?').join(', ')})`;
    return this.file.statement(
      `${verb} INTO ${table} (${columns}) VALUES ${Array.from({ length: rows }, () => places).join(', ')}`,
    );
  }

  #resolve(error: ConflictError, overwrite: () => void): void {
    if (this.#rule === 'stop') throw error;
    this.#onConflict?.(error);
    if (this.#rule === 'overwrite') overwrite();
  }
}

const isSameList = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && one.every((value, at) => value === other[at]);

/** SQLite's own errors have no class; both modules set the extended code. */
function isConstraint(error: unknown): boolean {
  return error instanceof Error && /constraint/i.test(error.message);
}
