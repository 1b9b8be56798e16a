import type { ChangeReader } from '../../../binlog/index.ts';
import type { SqliteStatement, SqliteValue } from '../../../store/index.ts';
import { duplicate, notFound } from '../../conflict.ts';
import { columnIndex, isKept, type Table } from '../../schema/index.ts';
import type { SchemaFile } from '../files/schema-file.ts';
import { isConstraint } from './conflicts.ts';
import { portions, rowsTogether } from './portions.ts';
import type { RowForm } from './row-form.ts';

/** A row goes with others that changed so many columns more. */
const FEW_COLUMNS = 2;

/** What rows changed, and how that is written. */
interface Change {
  /** Indexes of the columns, as the log has them. */
  readonly changed: readonly number[];
  /** Those that are kept. */
  readonly set: readonly number[];
  /** Values of a row: what it became, and its key. */
  readonly width: number;
  /** Rows that may go together: 1 where the order of rows matters. */
  readonly most: number;
  /** By how many rows they take. */
  readonly statements: (SqliteStatement | undefined)[];
}

/** Rows that stay where they are, found by their key: what changed is written and no more. Only where conflicts stop. */
export class KeyUpdates {
  readonly #table: Table;
  readonly #file: SchemaFile;
  readonly #form: RowForm;
  /** Of the last row: those of one statement of the source mostly change the same columns. */
  #change: Change | undefined;

  constructor(table: Table, file: SchemaFile, form: RowForm) {
    this.#table = table;
    this.#file = file;
    this.#form = form;
  }

  /**
   * Writes the rows of one event.
   *
   * @param read begins with the event's first row, each time
   * @throws ConflictError a row is not there, or another one is in its way
   */
  all(read: () => ChangeReader, key: readonly number[]): void {
    const reader = read();
    const values: SqliteValue[] = [];
    let change: Change | undefined;
    let written = 0;
    let gathered = 0;
    while (reader.next()) {
      const next = this.#changeOf(reader, key);
      if (change !== undefined && (next !== change || gathered === change.most)) {
        if (!this.#write(change, values, key)) return this.#oneByOne(read(), written, key);
        written += gathered;
        gathered = 0;
        values.length = 0;
      }
      change = next;
      this.#form.addValues(values, reader.after, change.set);
      this.#form.addValues(values, reader.before, key);
      gathered += 1;
    }
    if (change !== undefined && !this.#write(change, values, key)) this.#oneByOne(read(), written, key);
  }

  /** Several rows a statement. False where one of them is not there or has another one in its way: they can all be written again. */
  #write(change: Change, values: SqliteValue[], key: readonly number[]): boolean {
    const { set, width, statements } = change;
    try {
      for (const { rows, values: some } of portions(values, width)) {
        const statement = (statements[rows] ??= this.#file.statement(this.#form.updatesText(set, key, rows)));
        if (Number(statement.run(...some).changes) !== rows) return false;
      }
      return true;
    } catch (error) {
      if (!isConstraint(error)) throw error;
      return false;
    }
  }

  /** From this row of the event on: what stops is known by its key. */
  #oneByOne(reader: ChangeReader, from: number, key: readonly number[]): void {
    for (let row = 0; reader.next(); row += 1) if (row >= from) this.#one(reader, key);
  }

  #one(reader: ChangeReader, key: readonly number[]): void {
    const { before, after } = reader;
    const { set } = this.#changeOf(reader, key);
    const statement = this.#file.statement(this.#form.updateText(set, before, key));
    const values = [...this.#form.values(after, set), ...this.#form.values(before, key)];
    let isFound: boolean;
    try {
      isFound = Number(statement.run(...values).changes) > 0;
    } catch (error) {
      if (!isConstraint(error)) throw error;
      throw duplicate(this.#table, this.#form.keyText(after));
    }
    if (!isFound) throw notFound(this.#table, this.#form.keyText(before));
  }

  /**
   * What this row changes. One that stays as it is must be there all the same; so must one of which only a hash has changed, which is no
   * column of the table.
   */
  #changeOf(reader: ChangeReader, key: readonly number[]): Change {
    const { changed, before } = reader;
    const known = this.#change;
    if (known !== undefined && isSameList(known.changed, changed)) return known;
    // Images of another binlog_row_image may lack what the row before changed.
    if (
      known !== undefined &&
      known.most > 1 &&
      isMostOf(changed, known.changed) &&
      reader.complete(known.set)
    )
      return known;
    const { columns } = this.#table;
    const kept = changed.filter((index) => index < columns.length && isKept(columns[index]!));
    const set = kept.length === 0 ? key : kept;
    const width = set.length + key.length;
    const most = this.#mayGoTogether(set) ? rowsTogether(width) : 1;
    const one = this.#file.statement(this.#form.updateText(set, before, key));
    this.#change = { changed: [...changed], set, width, most, statements: [undefined, one] };
    return this.#change;
  }

  /** Whether rows can be changed in any order, and again: what changes tells no row from another. */
  #mayGoTogether(set: readonly number[]): boolean {
    const changes = ({ column }: { readonly column?: string | undefined }): boolean => {
      const index = column === undefined ? -1 : columnIndex(this.#table, column);
      return index < 0 || set.includes(index) || this.#table.columns[index]!.generated !== undefined;
    };
    return !this.#table.indexes.some(
      ({ kind, parts }) => (kind === 'primary' || kind === 'unique') && parts.some(changes),
    );
  }
}

/** Whether all of some, in order, are among the others, which are only few more. */
function isMostOf(some: readonly number[], others: readonly number[]): boolean {
  if (some.length === 0 || others.length - some.length > FEW_COLUMNS) return false;
  let found = 0;
  for (const other of others) if (other === some[found]) found += 1;
  return found === some.length;
}

const isSameList = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && one.every((value, at) => value === other[at]);
