import {
  ChangeReader,
  type Flavor,
  type JsonDiff,
  type RowImage,
  RowReader,
  type Rows,
  type TableMap,
} from '../../../binlog/index.ts';
import { completedImage, partialColumns, updatedDocument, wholeImage } from '../../applier/whole-image.ts';
import { duplicate, notFound } from '../../conflict.ts';
import type { Expressions } from '../../expressions.ts';
import { leftOut } from '../../left-out.ts';
import type { Table } from '../../schema/index.ts';
import type { SchemaFile } from '../files/schema-file.ts';
import { type Conflicts, isConstraint } from './conflicts.ts';
import { KeyDeletes } from './key-deletes.ts';
import { KeyUpdates } from './key-updates.ts';
import { LeftOutColumns } from './left-out-columns.ts';
import { hasActions, type ReferentialActions } from './referential-actions.ts';
import { RowForm } from './row-form.ts';
import { RowInserts } from './row-inserts.ts';

/** Writes the rows of one table into its file. Made anew when the table changes. */
export class TableWriter {
  readonly table: Table;
  readonly file: SchemaFile;
  readonly #conflicts: Conflicts;
  /** Of foreign keys that refer to the table; undefined: none changes rows. */
  readonly #actions: ReferentialActions | undefined;
  readonly #form: RowForm;
  readonly #inserts: RowInserts;
  readonly #age: number;
  readonly #deletes: KeyDeletes;
  readonly #updates: KeyUpdates;
  readonly #leftOut: LeftOutColumns;
  /** The row at hand was put in: nothing of it was there before. */
  #isPutIn = false;

  /** `actions`: of foreign keys that refer to the table. */
  constructor(
    table: Table,
    file: SchemaFile,
    flavor: Flavor,
    conflicts: Conflicts,
    actions?: ReferentialActions,
    expressions?: Expressions,
  ) {
    this.table = table;
    this.file = file;
    this.#age = file.age;
    this.#conflicts = conflicts;
    this.#actions = actions;
    this.#form = new RowForm(table, file, flavor);
    this.#inserts = new RowInserts(table, file, this.#form, conflicts);
    this.#deletes = new KeyDeletes(table, file, this.#form, conflicts);
    this.#updates = new KeyUpdates(table, file, this.#form);
    this.#leftOut = new LeftOutColumns(table, file, this.#form, { flavor, expressions });
  }

  /** Its file has given up its statements. */
  get isOld(): boolean {
    return this.#age !== this.file.age;
  }

  /** Writes the rows of one event. @throws ConflictError */
  write(rows: Rows, map: TableMap): void {
    const { key, isVersioned } = this.#form;
    const actions = hasActions(rows.flags) ? this.#actions : undefined;
    const isDelete = rows.shape.operation === 'delete';
    // What a row became is written whole where it may have been another one.
    const isSure = this.#conflicts.rule === 'stop' || isDelete;
    const leftOutColumns = this.#leftOut.of(rows);
    if (
      leftOutColumns.length === 0 &&
      !isVersioned &&
      isSure &&
      actions === undefined &&
      key !== undefined &&
      ChangeReader.reads(rows, key)
    ) {
      const read = (): ChangeReader => new ChangeReader(rows, map, key);
      if (isDelete) this.#deletes.all(read(), key);
      else this.#updates.all(read, key);
      return;
    }
    const reader = new RowReader(rows, map);
    if (leftOutColumns.length === 0 && !isVersioned && reader.operation === 'insert')
      this.#inserts.all(reader);
    else this.#writeEach(reader, rows.shape.partial, actions, leftOutColumns);
  }

  #writeEach(
    reader: RowReader,
    isPartial: boolean,
    actions: ReferentialActions | undefined,
    leftOutColumns: readonly number[],
  ): void {
    while (reader.next()) {
      const { before, after } = reader;
      this.#isPutIn = false;
      const held = actions && before && this.#form.held(before, actions);
      if (before === undefined) this.#insert(after!);
      else if (after === undefined) this.#removeRow(before);
      else if (isPartial) this.#updatePartly(before, wholeImage(before, after));
      else this.#update(before, after);
      if (leftOutColumns.length > 0 && after !== undefined && !this.#form.isPast(after))
        this.#leftOut.workOut(leftOutColumns, before, after, this.#isPutIn);
      if (held !== undefined) actions?.follow(this.table, held, this.#form.heldAfter(held, after));
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
          return this.#conflicts.resolve(notFound(this.table, this.#form.keyText(before)), () => {
            throw leftOut(this.table, this.#form.keyText(before));
          });
        after[index] = document;
      }
    }
    this.#update(before, after);
  }

  #insert(row: RowImage): void {
    this.#isPutIn = true;
    this.#inserts.one(row);
  }

  #update(before: RowImage, after: RowImage): void {
    // A versioned row that ends becomes history, which the target does not keep; a statement may still change that.
    if (this.#form.isPast(before)) return this.#insert(after);
    if (this.#form.isPast(after)) return this.#removeRow(before);
    const set = this.#form.present(after);
    const where = this.#form.findColumns(before);
    const sql = this.#form.updateText(set, before, where);
    try {
      const { changes } = this.file
        .statement(sql)
        .run(...this.#form.values(after, set), ...this.#form.values(before, where));
      if (Number(changes) === 0)
        this.#conflicts.resolve(notFound(this.table, this.#form.keyText(before)), () =>
          this.#insertAll(before, after),
        );
    } catch (error) {
      if (!isConstraint(error)) throw error;
      this.#conflicts.resolve(duplicate(this.table, this.#form.keyText(after)), () => {
        this.#insertAll(before, after, () => this.#delete(before));
      });
    }
  }

  /** Puts in what a row became, if the log says all of it. @throws CatalogError it does not */
  #insertAll(before: RowImage, after: RowImage, first: () => void = () => undefined): void {
    const row = completedImage(before, after);
    if (this.#form.kept.some((index) => row[index] === undefined && !this.#form.isLeftOut(index)))
      throw leftOut(this.table, this.#form.keyText(before));
    first();
    this.#isPutIn = true;
    this.#inserts.overwrite(row);
  }

  #removeRow(before: RowImage): void {
    if (this.#form.isPast(before)) return;
    if (this.#delete(before) === 0) this.#conflicts.resolve(notFound(this.table, this.#form.keyText(before)));
  }

  #delete(before: RowImage): number {
    const where = this.#form.findColumns(before);
    const sql = this.#form.deleteText(before, where);
    return Number(this.file.statement(sql).run(...this.#form.values(before, where)).changes);
  }
}
