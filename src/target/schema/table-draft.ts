import type { ColumnPlace, ForeignKeyDefinition, IndexDefinition } from '../../sql/index.ts';
import { withKeys } from './define.ts';
import { CatalogError } from './error.ts';
import { movedKeys, renamedColumn, withForeignKeys } from './foreign-key.ts';
import { type ForeignKey, sameName, type Table, type TableColumn, type TablePartitioning } from './table.ts';
import type { TextCollation } from './text-collation.ts';

/** A column, and where it comes from, by index in the old table; -1: it is new. */
export interface DraftColumn {
  column: TableColumn;
  readonly source: number;
}

/** A table while it is altered. */
export class TableDraft {
  schema: string;
  name: string;
  /** Of new columns. */
  text: TextCollation;
  columns: DraftColumn[];
  indexes: IndexDefinition[];
  partitioning: TablePartitioning | undefined;
  /** Where partitions stand in the old table whose rows go. */
  taken: readonly number[] | 'all' = [];
  readonly #before: Table;
  /** Undefined: not known. */
  #foreignKeys: readonly ForeignKey[] | undefined;

  constructor(before: Table) {
    this.#before = before;
    this.schema = before.schema;
    this.name = before.name;
    this.text = { charset: before.charset, collation: before.collation };
    this.columns = before.columns.map((column, source) => ({ column, source }));
    this.indexes = [...before.indexes];
    this.partitioning = before.partitioning;
    this.#foreignKeys = before.foreignKeys;
  }

  /** What has become of it. */
  get table(): Table {
    const { schema, name, text, indexes, partitioning } = this;
    const columns = withKeys(
      this.columns.map(({ column }) => column),
      indexes,
    );
    const keys = this.#foreignKeys === undefined ? {} : { foreignKeys: this.#foreignKeys };
    const { partitioning: _before, ...before } = this.#before;
    const spread = partitioning === undefined ? {} : { partitioning };
    return { ...before, schema, name, ...text, columns, indexes, ...keys, ...spread };
  }

  /** Index of a column; -1: there is none of that name. */
  find(name: string): number {
    return this.columns.findIndex(({ column }) => sameName(column.name, name));
  }

  /** Index of a column. @throws CatalogError */
  expectColumn(name: string): number {
    const index = this.find(name);
    if (index < 0) {
      throw new CatalogError(
        `ALTER TABLE ${this.schema}.${this.name} names column ${name}, which the table known does not have`,
        {
          hint: 'The table has drifted from the source: load it again.',
        },
      );
    }
    return index;
  }

  insert(entry: DraftColumn, place: ColumnPlace): void {
    const { columns } = this;
    // MariaDB keeps the columns that say when a row held, where nobody has named them, behind all others.
    const behind = columns.filter(({ column }) => column.unnamed).length;
    if (place.kind === 'last') columns.splice(columns.length - behind, 0, entry);
    else if (place.kind === 'first') columns.unshift(entry);
    else columns.splice(this.expectColumn(place.column) + 1, 0, entry);
  }

  /** A column that goes takes its parts of indexes along. */
  drop(name: string): void {
    this.columns.splice(this.expectColumn(name), 1);
    this.indexes = this.indexes
      .map(named)
      .map((index) => ({
        ...index,
        parts: index.parts.filter(({ column }) => column === undefined || !sameName(column, name)),
      }))
      .filter(({ parts }) => parts.length > 0);
  }

  /** What keys call a column that has another name now. */
  renameInKeys(from: string, to: string): void {
    this.indexes = this.indexes.map(named).map((index) => ({
      ...index,
      parts: index.parts.map((part) =>
        part.column !== undefined && sameName(part.column, from) ? { ...part, column: to } : part,
      ),
    }));
    if (this.#foreignKeys !== undefined) this.#foreignKeys = renamedColumn(this.#foreignKeys, from, to);
  }

  rename(to: { readonly schema: string; readonly name: string }): void {
    if (this.#foreignKeys !== undefined) this.#foreignKeys = movedKeys(this.#foreignKeys, this, to);
    this.schema = to.schema;
    this.name = to.name;
  }

  hasForeignKey(name: string | undefined): boolean {
    return this.#foreignKeys?.some((key) => key.name === name) === true;
  }

  addForeignKeys(added: readonly ForeignKeyDefinition[]): void {
    if (added.length > 0) this.#foreignKeys = withForeignKeys(this, this.#foreignKeys ?? [], added);
  }

  dropForeignKey(name: string): void {
    this.#foreignKeys = this.#foreignKeys?.filter((key) => !sameName(key.name, name));
  }
}

/** An index without a name has that of its first column, and keeps it. */
const named = (index: IndexDefinition): IndexDefinition =>
  index.kind === 'primary' ? index : { ...index, name: index.name ?? index.parts[0]?.column };
