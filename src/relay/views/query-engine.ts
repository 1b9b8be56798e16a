import { ServerError } from '../../errors/index.ts';
import { syntaxError } from '../../sql/index.ts';
import { openSqlite, type SqliteDatabase, type SqliteValue } from '../../store/index.ts';
import { type StoredTable, StoredTables } from '../../target/index.ts';
import type { ResultKind } from '../statements/answer.ts';
import { registerFunctions } from './functions.ts';
import type { QueryContext, TableReference } from './query-context.ts';
import { attach, checkWalk, exactColumns, kindOfColumn } from './stored-query.ts';
import { translateQuery } from './translate.ts';
import type { View, ViewColumn, ViewRow } from './view.ts';

/** What a query returns. */
export interface QueryResult {
  readonly columns: readonly string[];
  /** How values travel, by column; undefined: as they say themselves. */
  readonly kinds?: readonly (ResultKind | undefined)[];
  readonly rows: readonly ViewRow[];
}

/** Rows a query may look at: the product of all tables it names, as MySQL's max_join_size counts. */
const MAX_JOIN_SIZE = 1_000_000;
/** Longest query, in characters. */
const MAX_QUERY = 64 * 1024;
const MAX_ROWS = 100_000;
/** Bytes of texts and blobs that a result may hold: it is in memory, whole. */
const MAX_RESULT = 64 * 1024 * 1024;

const SCHEMAS = ['performance_schema', 'information_schema', 'mysql', 'sys'] as const;

/** Action codes of SQLite's authorizer (sqlite3.h), and its answers. */
const SQLITE_ATTACH = 24;
const SQLITE_PRAGMA = 19;
const SQLITE_OK = 0;
const SQLITE_DENY = 1;

/**
 * Runs queries over views: those it names are filled into tables in memory, queried, and emptied again. Nothing else is in that database,
 * and what a query may say is a whitelist (see {@link translateQuery}).
 */
export class QueryEngine<S> {
  readonly #database: SqliteDatabase;
  readonly #views: ReadonlyMap<string, View<S>>;
  readonly #created = new Set<string>();
  #reading = false;
  /** Tables that channels fill. */
  readonly stored: StoredTables = new StoredTables();

  private constructor(database: SqliteDatabase, views: Iterable<View<S>>) {
    this.#database = database;
    this.#views = new Map([...views].map((view) => [`${view.schema}.${view.name}`.toLowerCase(), view]));
  }

  static async open<S>(views: Iterable<View<S>>): Promise<QueryEngine<S>> {
    const database = await openSqlite(':memory:');
    for (const schema of SCHEMAS) database.exec(`ATTACH ':memory:' AS ${schema}`);
    registerFunctions(database);
    const engine = new QueryEngine(database, views);
    // Second to the whitelist: where SQLite itself can be told to refuse, it is.
    database.setAuthorizer?.((action) =>
      engine.#reading && (action === SQLITE_ATTACH || action === SQLITE_PRAGMA) ? SQLITE_DENY : SQLITE_OK,
    );
    return engine;
  }

  get views(): Iterable<View<S>> {
    return this.#views.values();
  }

  view(schema: string, table: string): View<S> | undefined {
    return this.#views.get(`${schema}.${table}`.toLowerCase());
  }

  get schemas(): readonly string[] {
    return [...SCHEMAS, ...this.stored.schemas];
  }

  /**
   * Runs a query of MySQL's. `mayRead` is asked about every table.
   *
   * @throws ServerError in MySQL's words: 1046, 1054, 1064, 1104, 1146, 1235, 1305
   */
  run(text: string, context: QueryContext, source: S, mayRead: (table: TableReference) => void): QueryResult {
    if (text.length > MAX_QUERY)
      throw new ServerError(1153, '08S01', "Got a packet bigger than 'max_allowed_packet' bytes");
    const first = translateQuery(text, context);
    const stored = new Map<string, StoredTable>();
    for (const { schema, table } of first.tables) {
      const found = this.view(schema, table) === undefined ? this.stored.find(schema, table) : undefined;
      if (found === undefined) continue;
      mayRead({ schema: found.table.schema, table: found.table.name });
      stored.set(`${schema}.${table}`, found);
    }
    const exact = exactColumns(stored.values());
    const { sql, tables } = translateQuery(text, { ...context, exact, loose: stored.size === 0 });
    let product = 1;
    const filled = new Set<View<S>>();
    let detach = (): void => undefined;
    try {
      for (const reference of tables) {
        if (stored.has(`${reference.schema}.${reference.table}`)) continue;
        const view = this.view(reference.schema, reference.table);
        if (view === undefined) throw unknownTable(reference);
        mayRead(reference);
        const rows = view.rows(source);
        product *= Math.max(1, rows.length);
        if (product > MAX_JOIN_SIZE) throw tooBig();
        if (filled.has(view)) continue;
        filled.add(view);
        this.#fill(view, rows);
      }
      if (stored.size === 0) return this.#query(sql);
      detach = attach(this.#database, stored.values());
      return this.#query(sql, stored);
    } finally {
      detach();
      for (const view of filled) this.#database.exec(`DELETE FROM ${tableName(view)}`);
    }
  }

  /** Filters rows that are no view's: SHOW … WHERE. */
  filter(
    columns: readonly ViewColumn[],
    rows: readonly ViewRow[],
    where: string,
    context: QueryContext,
    source: S,
  ): readonly ViewRow[] {
    const view: View<S> = { schema: 'sys', name: 'show', columns, rows: () => rows };
    this.#database.exec(`DROP TABLE IF EXISTS ${tableName(view)}`);
    this.#created.delete(tableName(view));
    const { sql, tables } = translateQuery(`SELECT * FROM sys.\`show\` WHERE ${where}`, {
      ...context,
      loose: true,
    });
    if (tables.length > 1)
      throw new ServerError(1235, '42000', "This relay doesn't yet support 'subquery in SHOW'");
    void source;
    this.#fill(view, rows);
    return this.#query(sql).rows;
  }

  close(): void {
    this.stored.close();
    this.#database.close();
  }

  #fill(view: View<S>, rows: readonly ViewRow[]): void {
    const name = tableName(view);
    if (!this.#created.has(name)) {
      this.#database.exec(`CREATE TABLE ${name} (${view.columns.map(definition).join(', ')})`);
      this.#created.add(name);
    }
    if (rows.length === 0) return;
    const insert = this.#database.prepare(
      `INSERT INTO ${name} VALUES (${view.columns.map(() => '?').join(', ')})`,
    );
    for (const row of rows) insert.run(...row);
  }

  #query(sql: string, stored?: ReadonlyMap<string, StoredTable>): QueryResult {
    this.#reading = true;
    try {
      if (stored !== undefined) checkWalk(this.#database, sql, stored.values());
      const origins = this.#database.prepare(sql).columns();
      const names = origins.map(({ name }) => name);
      // In a subquery, columns of one name are told apart; on their own they would fall into one another.
      const unique = new Set(names.map((name) => name.toLowerCase())).size === names.length;
      const statement = this.#database.prepare(`${unique ? sql : `SELECT * FROM (${sql})`} `);
      statement.setReadBigInts(true);
      const keys = statement.columns().map(({ name }) => name);
      const rows: ViewRow[] = [];
      let size = 0;
      for (const row of statement.iterate()) {
        if (rows.length === MAX_ROWS) throw tooBig();
        rows.push(keys.map((key) => plain(row[key] ?? null)));
        for (const value of rows.at(-1)!) size += lengthOf(value);
        if (size > MAX_RESULT) throw tooLong();
      }
      const kinds = origins.map(({ database, table, column }) => {
        const found = stored?.get(`${database}.${table}`.toLowerCase());
        return found === undefined || column == null ? undefined : kindOfColumn(found.table, column);
      });
      return { columns: names, rows, kinds };
    } catch (cause) {
      throw translated(cause);
    } finally {
      this.#reading = false;
    }
  }
}

const tableName = (view: { readonly schema: string; readonly name: string }): string =>
  `"${view.schema}"."${view.name.toLowerCase()}"`;

const AFFINITY = { text: 'TEXT COLLATE NOCASE', time: 'TEXT', integer: 'INTEGER', real: 'REAL' } as const;

const definition = ({ name, kind }: ViewColumn): string => `"${name}" ${AFFINITY[kind]}`;

function plain(value: SqliteValue): SqliteValue {
  if (typeof value !== 'bigint') return value;
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;
}

const lengthOf = (value: SqliteValue): number =>
  typeof value === 'string' || value instanceof Uint8Array ? value.length : 0;

/** ER_NO_SUCH_TABLE */
export const unknownTable = ({ schema, table }: TableReference): ServerError =>
  new ServerError(1146, '42S02', `Table '${schema}.${table}' doesn't exist`);

/** ER_TOO_BIG_SELECT */
const tooBig = (): ServerError =>
  new ServerError(
    1104,
    '42000',
    'The SELECT would examine more than MAX_JOIN_SIZE rows; check your WHERE and use SET SQL_BIG_SELECTS=1 or SET MAX_JOIN_SIZE=# if the SELECT is okay',
  );

/** ER_NET_PACKET_TOO_LARGE */
const tooLong = (): ServerError =>
  new ServerError(
    1153,
    '08S01',
    `Got a result bigger than ${MAX_RESULT} bytes; name fewer columns, or LIMIT the rows`,
  );

/** What SQLite says, in MySQL's words. */
function translated(cause: unknown): unknown {
  if (cause instanceof ServerError) return cause;
  const message = (cause as Error).message;
  const column = /no such column: (.*?)(?: - should .*)?$/.exec(message)?.[1];
  if (column !== undefined)
    return new ServerError(1054, '42S22', `Unknown column '${column.replaceAll('"', '')}' in 'field list'`);
  const ambiguous = /ambiguous column name: (.*)$/.exec(message)?.[1];
  if (ambiguous !== undefined)
    return new ServerError(1052, '23000', `Column '${ambiguous}' in field list is ambiguous`);
  const near = /near "(.*)": syntax error/s.exec(message)?.[1];
  if (near !== undefined) return syntaxError(near, 1);
  if (/incomplete input/.test(message)) return syntaxError('', 1);
  return new ServerError(1105, 'HY000', message);
}
