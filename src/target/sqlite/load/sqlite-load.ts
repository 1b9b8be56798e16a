import type { ColumnValue, Flavor } from '../../../binlog/index.ts';
import { RowlockError } from '../../../errors/index.ts';
import type { SourcePosition } from '../../../replication/index.ts';
import type { SqliteDatabase, SqliteValue } from '../../../store/index.ts';
import { type DumpSink, leftOutOfDump, type RowSink } from '../../dump/index.ts';
import type { Expressions } from '../../expressions.ts';
import { CatalogError, type Table } from '../../schema/index.ts';
import { formOf } from '../definition/column-form.ts';
import { createIndexes, createTable, quote } from '../definition/definition.ts';
import { expectNone } from '../definition/follow.ts';
import { createUnfinished, finish, UNFINISHED, workOutAll } from '../definition/made-anew.ts';
import { type Working, workedOut } from '../definition/worked-out.ts';
import { SchemaFiles } from '../files/schema-files.ts';
import { SqliteFolder } from '../files/sqlite-folder.ts';
import { StateFile } from '../files/state-file.ts';
import { completeLoad, discardLoad, loadingName } from './load-phases.ts';

/** A table without values of some columns. */
interface Unfinished {
  readonly columns: readonly number[];
  readonly working: Working;
}

const keyOf = ({ schema, name }: Table): string => JSON.stringify([schema, name]);

/** Rows of a transaction of the loading. */
const GROUP_ROWS = 20_000;

/**
 * Loads a dump into a folder of SQLite files, for a channel that has nothing yet.
 *
 * Tables stand under other names until the whole dump is there; one commit of `rowlock.sqlite` makes it count, with the place where
 * replication goes on. A load that is cut off before leaves nothing that could be taken for a table, and is begun anew.
 */
export class SqliteLoad implements DumpSink {
  readonly #folder: SqliteFolder;
  readonly #state: StateFile;
  readonly #files: SchemaFiles;
  readonly #schemas = new Set<string>();
  readonly #expressions: Expressions | undefined;
  #tables: Table[] = [];
  /** Tables with columns that are worked out once their rows are there. */
  readonly #unfinished = new Map<string, Unfinished>();
  #groupRows = 0;

  private constructor(path: string, folder: SqliteFolder, state: StateFile, expressions?: Expressions) {
    this.#expressions = expressions;
    this.#folder = folder;
    this.#state = state;
    this.#files = new SchemaFiles(path, state);
  }

  /**
   * Waits until nobody else writes.
   *
   * @param expressions work out stored generated columns
   * @throws RowlockError another process has the folder
   */
  static async open(path: string, channel: string, expressions?: Expressions): Promise<SqliteLoad> {
    const folder = await SqliteFolder.open(path);
    const load = new SqliteLoad(path, folder, new StateFile(folder.database, channel), expressions);
    await folder.take(load);
    return load;
  }

  /** Where the channel stands: it has rows, and no dump is loaded into it. Undefined: {@link begin} may. */
  async position(): Promise<SourcePosition | undefined> {
    const state = this.#state;
    if (state.load()?.phase === 'whole') await completeLoad(state, this.#files);
    const { applied, position } = state;
    if (position === undefined && applied > 0) {
      throw new RowlockError('TARGET_IN_USE', 'the target has rows of this channel', {
        hint: 'Load the dump into an empty folder.',
      });
    }
    return position;
  }

  /** Removes what a load left that was cut off. */
  async begin(): Promise<void> {
    await discardLoad(this.#state, this.#files);
    this.#note('loading');
  }

  async createSchema(schema: string): Promise<void> {
    await this.#files.of(schema);
  }

  async createTable(table: Table): Promise<void> {
    const file = await this.#files.of(table.schema);
    expectNone(file, table);
    this.#tables.push(table);
    // Before it is there: whatever cuts this off, the next one knows where to remove it.
    if (!this.#schemas.has(table.schema)) {
      this.#schemas.add(table.schema);
      this.#note('loading');
    }
    file.enter([]);
    file.database.exec(createTable(table, this.#nameOf(table)));
  }

  async dropTable(table: Table): Promise<void> {
    const file = await this.#files.of(table.schema);
    this.#tables = this.#tables.filter(({ schema, name }) => schema !== table.schema || name !== table.name);
    this.#unfinished.delete(keyOf(table));
    file.enter([]);
    file.database.exec(`DROP TABLE ${quote(this.#nameOf(table))}`);
  }

  async worksOut(table: Table, columns: readonly number[], flavor: Flavor): Promise<boolean> {
    const working = { flavor, expressions: this.#expressions };
    const known = this.#unfinished.get(keyOf(table));
    if (known !== undefined) return columns.every((index) => known.columns.includes(index));
    const file = await this.#files.of(table.schema);
    const { database } = file;
    if (columns.some((index) => workedOut(table, index, database, working) === undefined)) return false;
    const name = this.#nameOf(table);
    // Rows that have come had all of them.
    if (database.prepare(`SELECT 1 FROM ${quote(name)} LIMIT 1`).get() !== undefined) return false;
    this.#unfinished.set(keyOf(table), { columns, working });
    file.enter([]);
    database.exec(`DROP TABLE ${quote(name)}`);
    createUnfinished(database, table, name, columns);
    return true;
  }

  async rows(table: Table, columns: readonly number[]): Promise<RowSink> {
    const file = await this.#files.of(table.schema);
    const kept = columns.map((index) => table.columns[index]!);
    const stores = kept.map((column) => formOf(column).store);
    const bound = kept.map((): SqliteValue => null);
    const into = `${quote(this.#nameOf(table))} (${kept.map(({ name }) => quote(name)).join(', ')})`;
    const sql = `INSERT INTO ${into} VALUES (${kept.map(() => '?').join(', ')})`;
    const insert = (values: readonly ColumnValue[]): void => {
      for (let at = 0; at < bound.length; at += 1) {
        const value = values[at]!;
        bound[at] = value === null ? null : stores[at]!(value);
      }
      file.enter([]);
      file.statement(sql).run(...bound);
      this.#groupRows += 1;
    };
    return { insert };
  }

  pause(): void {
    if (this.#groupRows >= GROUP_ROWS) this.#flushFiles();
  }

  async finish(
    schemas: Iterable<readonly [name: string, collation: string]>,
    position: SourcePosition,
  ): Promise<void> {
    const state = this.#state;
    for (const table of this.#tables) {
      // oxlint-disable-next-line no-await-in-loop -- one table after the other
      const file = await this.#files.of(table.schema);
      file.enter([]);
      this.#finish(file.database, table);
      for (const statement of createIndexes(table, this.#nameOf(table))) file.database.exec(statement);
      this.#flushFiles();
    }
    this.#flushFiles();
    state.saveSchemas(schemas);
    state.position = position;
    for (const table of this.#tables) state.saveTable(table);
    this.#note('whole');
    await completeLoad(state, this.#files);
  }

  /** Forgets what was not written out. */
  close(): void {
    this.#files.close();
    this.#state.close();
    this.#folder.close(this);
  }

  /** @throws FormatError a value is one that only the source works out */
  #finish(database: SqliteDatabase, table: Table): void {
    const unfinished = this.#unfinished.get(keyOf(table));
    if (unfinished === undefined) return;
    const { columns, working } = unfinished;
    const name = this.#nameOf(table);
    try {
      workOutAll(database, table, name, columns, working);
    } catch (error) {
      throw error instanceof CatalogError ? leftOutOfDump(table, columns[0]!) : error;
    }
    database.exec(`ALTER TABLE ${quote(name)} RENAME TO ${quote(UNFINISHED)}`);
    database.exec(createTable(table, name));
    finish(database, table, UNFINISHED, name);
  }

  #nameOf({ name }: Table): string {
    return loadingName(this.#state.channel, name);
  }

  #note(phase: 'loading' | 'whole'): void {
    this.#state.saveLoad({ phase, schemas: [...this.#schemas] });
    this.#state.commit();
    this.#state.flush();
  }

  #flushFiles(): void {
    this.#files.commit();
    this.#files.flush();
    this.#groupRows = 0;
  }
}
