import {
  openSqlite,
  type SqliteDatabase,
  type SqliteStatement,
  type SqliteValue,
} from '../../store/index.ts';
import { registerFunctions } from './functions.ts';
import { plain } from './numbers.ts';
import { tooBigSelect, tooLong } from './refusals.ts';
import { RunningQuery } from './running-query.ts';
import type { ViewRow } from './view.ts';
import { ViewTables } from './view-tables.ts';

const MAX_ROWS = 100_000;
/** Bytes of texts and blobs that a result may hold: it is in memory, whole. */
const MAX_RESULT = 64 * 1024 * 1024;

/** Where views stand. */
export const SCHEMAS = ['performance_schema', 'information_schema', 'mysql', 'sys'] as const;

/** Action codes of SQLite's authorizer (sqlite3.h), and its answers. */
const SQLITE_ATTACH = 24;
const SQLITE_PRAGMA = 19;
const SQLITE_OK = 0;
const SQLITE_DENY = 1;

/** Where SQLite found each column of a result. */
export type Origins = ReturnType<SqliteStatement['columns']>;

/** What a query selects: its columns, and its rows as they are asked for. */
export interface Selection {
  readonly origins: Origins;
  /** @throws SQLite's errors; ServerError 1104, 1153 the result is too large */
  readonly rows: Iterable<ViewRow>;
}

/** A database in memory as queries find it, with MySQL's functions and tables for views. What queries may say is settled before. */
export class QueryDatabase {
  readonly sqlite: SqliteDatabase;
  readonly tables: ViewTables;
  readonly running: RunningQuery = new RunningQuery();
  #reading = false;

  private constructor(sqlite: SqliteDatabase) {
    this.sqlite = sqlite;
    this.tables = new ViewTables(sqlite);
    for (const schema of SCHEMAS) sqlite.exec(`ATTACH ':memory:' AS ${schema}`);
    registerFunctions(sqlite, () => this.running.goOn());
    this.running.register(sqlite);
    // Second to the whitelist: where SQLite itself can be told to refuse, it is.
    sqlite.setAuthorizer?.((action) =>
      this.#reading && (action === SQLITE_ATTACH || action === SQLITE_PRAGMA) ? SQLITE_DENY : SQLITE_OK,
    );
  }

  static async open(): Promise<QueryDatabase> {
    return new QueryDatabase(await openSqlite(':memory:'));
  }

  /** Runs a query of SQLite's. Its rows are to be taken before anything else is asked. @throws SQLite's errors */
  select(sql: string): Selection {
    this.#reading = true;
    try {
      const origins = this.sqlite.prepare(sql).columns();
      // In a subquery, columns of one name are told apart; on their own they would fall into one another.
      const unique = new Set(origins.map(({ name }) => name.toLowerCase())).size === origins.length;
      const statement = this.sqlite.prepare(`${unique ? sql : `SELECT * FROM (${sql})`} `);
      statement.setReadBigInts(true);
      return { origins, rows: this.#rows(statement) };
    } finally {
      this.#reading = false;
    }
  }

  *#rows(statement: SqliteStatement): Generator<ViewRow> {
    const keys = statement.columns().map(({ name }) => name);
    let count = 0;
    let size = 0;
    this.#reading = true;
    try {
      for (const row of statement.iterate()) {
        const values = keys.map((key) => plain(row[key] ?? null));
        count += 1;
        if (count > MAX_ROWS) throw tooBigSelect();
        for (const value of values) size += sizeOf(value);
        if (size > MAX_RESULT) throw tooLong(MAX_RESULT);
        yield values;
      }
    } finally {
      this.#reading = false;
    }
  }

  close(): void {
    this.sqlite.close();
  }
}

/** Of a text or a blob; numbers count nothing. */
export const sizeOf = (value: SqliteValue): number =>
  typeof value === 'string' || value instanceof Uint8Array ? value.length : 0;
