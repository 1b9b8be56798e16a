import type { ChangeReader, RowImage } from '../../../binlog/index.ts';
import type { SqliteStatement, SqliteValue } from '../../../store/index.ts';
import { duplicate, notFound } from '../../conflict.ts';
import { isKept, type Table } from '../../schema/index.ts';
import type { SchemaFile } from '../files/schema-file.ts';
import { type Conflicts, isConstraint } from './conflicts.ts';
import type { RowForm } from './row-form.ts';

/** Rows that are found by their key: of an update, what changed is written and no more. */
export class KeyChanges {
  readonly #table: Table;
  readonly #file: SchemaFile;
  readonly #form: RowForm;
  readonly #conflicts: Conflicts;
  /** What the last update changed, and its statement: those of one statement of the source mostly change the same columns. */
  #changed: readonly number[] = [];
  #update: SqliteStatement | undefined;
  #delete: SqliteStatement | undefined;

  constructor(table: Table, file: SchemaFile, form: RowForm, conflicts: Conflicts) {
    this.#table = table;
    this.#file = file;
    this.#form = form;
    this.#conflicts = conflicts;
  }

  /** @throws ConflictError a row is not there */
  delete(reader: ChangeReader, key: readonly number[]): void {
    const { before } = reader;
    const values: SqliteValue[] = [];
    while (reader.next()) {
      this.#delete ??= this.#file.statement(this.#form.deleteText(before, key));
      values.length = 0;
      this.#form.addValues(values, before, key);
      if (Number(this.#delete.run(...values).changes) === 0)
        this.#conflicts.resolve(notFound(this.#table, this.#form.keyText(before)));
    }
  }

  /** Only where conflicts stop. @throws ConflictError a row is not there, or another one is in its way */
  update(reader: ChangeReader, key: readonly number[]): void {
    const { before, after } = reader;
    const values: SqliteValue[] = [];
    while (reader.next()) {
      const statement = this.#updateOf(reader.changed, key, before);
      values.length = 0;
      this.#form.addValues(values, after, this.#changed);
      this.#form.addValues(values, before, key);
      let isFound: boolean;
      try {
        isFound = Number(statement.run(...values).changes) > 0;
      } catch (error) {
        if (!isConstraint(error)) throw error;
        throw duplicate(this.#table, this.#form.keyText(after));
      }
      if (!isFound) throw notFound(this.#table, this.#form.keyText(before));
    }
  }

  /**
   * The statement for what changed, and notes it. A row that stays as it is must be there all the same; so must one of which only a hash
   * has changed, which is no column of the table.
   */
  #updateOf(changed: readonly number[], key: readonly number[], before: RowImage): SqliteStatement {
    const known = this.#changed;
    if (this.#update !== undefined && isSameList(known, changed)) return this.#update;
    const { columns } = this.#table;
    const kept = changed.filter((index) => index < columns.length && isKept(columns[index]!));
    this.#changed = kept.length === 0 ? key : kept;
    this.#update = this.#file.statement(this.#form.updateText(this.#changed, before, key));
    return this.#update;
  }
}

const isSameList = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && one.every((value, at) => value === other[at]);
