import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openSqlite, type SqliteDatabase } from '../../store/index.ts';
import type { Table } from '../schema/index.ts';
import { fileName } from './files/file-name.ts';

/** A table that channels fill, and the database file it stands in. */
export interface StoredTable {
  readonly table: Table;
  readonly path: string;
}

interface Folder {
  readonly path: string;
  readonly database: SqliteDatabase;
  /** SQLite's count of changes by others. */
  version: number;
  schemas: readonly string[];
  tables: readonly Table[];
}

const keyOf = (schema: string, name: string): string => JSON.stringify([schema, name]).toLowerCase();

/** The tables in folders that channels write, as whoever wants to read them finds them: what is durable, and nothing else. */
export class StoredTables {
  readonly #folders = new Map<string, Folder>();
  #byName = new Map<string, StoredTable>();

  /** Looks at these folders anew; what has not changed is not read again. */
  async look(folders: readonly string[]): Promise<void> {
    let isNew = false;
    for (const [path, { database }] of this.#folders) {
      if (folders.includes(path)) continue;
      database.close();
      this.#folders.delete(path);
      isNew = true;
    }
    for (const path of new Set(folders)) {
      const known = this.#folders.get(path);
      if (known !== undefined) {
        if (isStale(known)) isNew = read(known);
        continue;
      }
      // Opening would make it: a folder that nobody has written yet has no tables.
      if (!existsSync(join(path, STATE))) continue;
      // oxlint-disable-next-line no-await-in-loop -- one or two
      const database = await openSqlite(join(path, STATE));
      database.exec('PRAGMA busy_timeout = 1000; PRAGMA query_only = ON');
      const folder: Folder = { path, database, version: -1, schemas: [], tables: [] };
      isStale(folder);
      read(folder);
      this.#folders.set(path, folder);
      isNew = true;
    }
    if (isNew) this.#index();
  }

  get schemas(): readonly string[] {
    const names = [...this.#folders.values()].flatMap(({ schemas, tables }) => [
      ...schemas,
      ...tables.map(({ schema }) => schema),
    ]);
    return [...new Set(names)].sort();
  }

  /** Those of a schema, by name. */
  tables(schema: string): Table[] {
    return [...this.#byName.values()]
      .map(({ table }) => table)
      .filter((table) => table.schema === schema)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** A table by its names, in capitals or not. */
  find(schema: string, name: string): StoredTable | undefined {
    return this.#byName.get(keyOf(schema, name));
  }

  close(): void {
    for (const { database } of this.#folders.values()) database.close();
    this.#folders.clear();
    this.#byName.clear();
  }

  #index(): void {
    this.#byName = new Map();
    for (const { path, tables } of this.#folders.values()) {
      for (const table of tables) {
        const key = keyOf(table.schema, table.name);
        if (!this.#byName.has(key))
          this.#byName.set(key, { table, path: join(path, fileName(table.schema)) });
      }
    }
  }
}

const STATE = 'rowlock.sqlite';

function isStale(folder: Folder): boolean {
  const version = Number(folder.database.prepare('PRAGMA data_version').get()?.['data_version']);
  const was = folder.version;
  folder.version = version;
  return version !== was;
}

/** Gives back that there is something new. */
function read(folder: Folder): true {
  const { database } = folder;
  const isMade = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'prepared'").get() !== undefined;
  if (!isMade) return true;
  folder.tables = database
    .prepare('SELECT definition FROM tables')
    .all()
    .map(({ definition }) => JSON.parse(String(definition)) as Table);
  folder.schemas = database
    .prepare('SELECT DISTINCT name FROM schemas')
    .all()
    .map(({ name }) => String(name));
  return true;
}
