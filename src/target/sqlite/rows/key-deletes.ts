import type { ChangeReader } from '../../../binlog/index.ts';
import type { SqliteStatement, SqliteValue } from '../../../store/index.ts';
import { notFound } from '../../conflict.ts';
import type { Table } from '../../schema/index.ts';
import type { SchemaFile } from '../files/schema-file.ts';
import type { Conflicts } from './conflicts.ts';
import type { RowForm } from './row-form.ts';

/** Rows that go, found by their key. */
export class KeyDeletes {
  readonly #table: Table;
  readonly #file: SchemaFile;
  readonly #form: RowForm;
  readonly #conflicts: Conflicts;
  #statement: SqliteStatement | undefined;

  constructor(table: Table, file: SchemaFile, form: RowForm, conflicts: Conflicts) {
    this.#table = table;
    this.#file = file;
    this.#form = form;
    this.#conflicts = conflicts;
  }

  /** Those of one event. @throws ConflictError a row is not there */
  all(reader: ChangeReader, key: readonly number[]): void {
    const { before } = reader;
    const values: SqliteValue[] = [];
    while (reader.next()) {
      this.#statement ??= this.#file.statement(this.#form.deleteText(before, key));
      values.length = 0;
      this.#form.addValues(values, before, key);
      if (Number(this.#statement.run(...values).changes) === 0)
        this.#conflicts.resolve(notFound(this.#table, this.#form.keyText(before)));
    }
  }
}
