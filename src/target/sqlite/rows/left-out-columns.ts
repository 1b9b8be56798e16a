import { hasColumn, type RowImage, type Rows } from '../../../binlog/index.ts';
import { changedColumns, completedImage } from '../../applier/whole-image.ts';
import { CatalogError, mentionedIn, type Table } from '../../schema/index.ts';
import { quote } from '../definition/definition.ts';
import { type WorkedOut, type Working, workedOut } from '../definition/worked-out.ts';
import type { SchemaFile } from '../files/schema-file.ts';
import { conjunction, type RowForm } from './row-form.ts';

/**
 * Stored generated columns whose values the log leaves out: MariaDB since 11.8.9 logs none of a row that is updated, whatever
 * binlog_row_image says. They are worked out here, as the source does.
 */
export class LeftOutColumns {
  readonly #table: Table;
  readonly #file: SchemaFile;
  readonly #form: RowForm;
  readonly #working: Working;
  /** Indexes of the stored generated columns. */
  readonly #stored: readonly number[];
  /** By column: the columns that it hangs on. */
  readonly #sources = new Map<number, ReadonlySet<number>>();
  readonly #works = new Map<number, WorkedOut | undefined>();

  constructor(table: Table, file: SchemaFile, form: RowForm, working: Working) {
    this.#table = table;
    this.#file = file;
    this.#form = form;
    this.#working = working;
    this.#stored = table.columns.flatMap(({ generated }, index) => (generated === 'stored' ? [index] : []));
  }

  /** Those of them that the rows of an event do not have; MySQL leaves out what has not changed, and nothing else. */
  of({ shape, presentAfter }: Rows): readonly number[] {
    if (this.#working.flavor !== 'mariadb' || shape.operation === 'delete') return [];
    return this.#stored.filter((index) => !hasColumn(presentAfter, index));
  }

  /**
   * Writes them into a row that has been written without them.
   *
   * @param isNew - it has none of them yet; else what hangs on nothing that has changed stays
   * @throws CatalogError only the source works them out
   */
  workOut(columns: readonly number[], before: RowImage | undefined, after: RowImage, isNew: boolean): void {
    const row = before === undefined ? after : completedImage(before, after);
    const changed = changedColumns(before, after);
    for (const index of columns) {
      const sources = this.#sourcesOf(index);
      if (isNew || changed.some((at) => sources.has(at))) this.#write(index, this.#workOf(index), row);
    }
  }

  #write(index: number, { sql, convert }: WorkedOut, row: RowImage): void {
    const generated = new Set(this.#stored);
    // Of equal rows without a key any may have been meant: they have the same columns, and so these as well.
    const where = this.#form.findColumns(row).filter((at) => !generated.has(at));
    const terms = conjunction(where.map((at) => `${this.#form.names[at]} IS ?`));
    const found = this.#form.values(row, where);
    const table = quote(this.#table.name);
    const select = this.#file.statement(`SELECT (${sql}) AS value FROM ${table} WHERE ${terms} LIMIT 1`);
    select.setReadBigInts(true);
    const update = this.#file.statement(`UPDATE ${table} SET ${this.#form.names[index]} = ? WHERE ${terms}`);
    try {
      const value = select.get(...found)?.['value'];
      if (value !== undefined) update.run(convert(value), ...found);
    } catch (error) {
      throw error instanceof CatalogError ? this.#unknowable(index) : error;
    }
  }

  /** Indexes of the columns that a generated one hangs on, through others that are generated as well. */
  #sourcesOf(index: number): ReadonlySet<number> {
    const known = this.#sources.get(index);
    if (known !== undefined) return known;
    const { columns } = this.#table;
    const sources = new Set<number>();
    const pending = [index];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      const { expression } = columns[at]!;
      const isMentioned = expression === undefined ? () => true : mentionedIn(expression);
      for (const [other, { name, generated }] of columns.entries()) {
        if (other === at || sources.has(other) || !isMentioned(name)) continue;
        sources.add(other);
        if (generated !== undefined) pending.push(other);
      }
    }
    this.#sources.set(index, sources);
    return sources;
  }

  /** @throws CatalogError */
  #workOf(index: number): WorkedOut {
    if (!this.#works.has(index))
      this.#works.set(index, workedOut(this.#table, index, this.#file.database, this.#working));
    const work = this.#works.get(index);
    if (work === undefined) throw this.#unknowable(index);
    return work;
  }

  #unknowable(index: number): CatalogError {
    const { schema, name, columns } = this.#table;
    return new CatalogError(
      `the log leaves the generated column ${schema}.${name}.${columns[index]!.name} out of a row, and only the source works it out`,
      {
        context: { table: `${schema}.${name}` },
        hint: 'Make the column VIRTUAL at the source: those are not kept. Or leave the table out.',
      },
    );
  }
}
