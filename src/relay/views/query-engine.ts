import { ServerError } from '../../errors/index.ts';
import { notSupported, parseQuery } from '../../sql/index.ts';
import { openSqlite, type SqliteDatabase, type SqliteValue } from '../../store/index.ts';
import { type StoredTable, StoredTables } from '../../target/index.ts';
import type { ColumnShape, ResultKind } from '../statements/answer.ts';
import { declaredNames } from './declared-names.ts';
import { registerFunctions } from './functions.ts';
import type { Domain } from './print/domain.ts';
import { printQuery } from './print/query-printer.ts';
import type { QueryContext, TableReference, Translation } from './query-context.ts';
import { tooBigSelect, tooLong, unknownTable } from './refusals.ts';
import { RunningQuery } from './running-query.ts';
import { inWordsOfMysql } from './sqlite-error.ts';
import { attach, checkWalk, kindOfColumn, storedColumns } from './stored-query.ts';
import { kindOfTime, type View, type ViewColumn, type ViewRow } from './view.ts';
import { ViewTables, viewColumns } from './view-tables.ts';

/** What a query returns. */
export interface QueryResult {
  readonly columns: readonly string[];
  /** By column; undefined: the values themselves say how they travel. */
  readonly shapes: readonly (ColumnShape | undefined)[];
  readonly rows: readonly ViewRow[];
}

/** What else is known of a query. */
interface Reading {
  /** Tables that channels fill, among those it reads. */
  readonly stored?: ReadonlyMap<string, StoredTable>;
  /** How its columns are called; absent: as SQLite calls them. */
  readonly naming?: (
    origins: ReturnType<ReturnType<SqliteDatabase['prepare']>['columns']>,
  ) => readonly string[];
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
 * and what a query may say is a whitelist (see {@link parseQuery} and {@link printQuery}).
 */
export class QueryEngine<S> {
  readonly #database: SqliteDatabase;
  readonly #views: ReadonlyMap<string, View<S>>;
  readonly #tables: ViewTables;
  readonly #running = new RunningQuery();
  #reading = false;
  /** Tables that channels fill. */
  readonly stored: StoredTables = new StoredTables();

  private constructor(database: SqliteDatabase, views: Iterable<View<S>>) {
    this.#database = database;
    this.#tables = new ViewTables(database);
    this.#views = new Map([...views].map((view) => [`${view.schema}.${view.name}`.toLowerCase(), view]));
  }

  static async open<S>(views: Iterable<View<S>>): Promise<QueryEngine<S>> {
    const database = await openSqlite(':memory:');
    for (const schema of SCHEMAS) database.exec(`ATTACH ':memory:' AS ${schema}`);
    registerFunctions(database);
    const engine = new QueryEngine(database, views);
    engine.#running.register(database);
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
    const query = parseQuery(text, context.flavor);
    const stored = new Map<string, StoredTable>();
    const views = new Map<string, View<S>>();
    for (const reference of printQuery(query, context).tables) {
      const key = `${reference.schema}.${reference.table}`;
      const view = this.view(reference.schema, reference.table);
      const found = view === undefined ? this.stored.find(reference.schema, reference.table) : undefined;
      if (found !== undefined) {
        mayRead({ schema: found.table.schema, table: found.table.name });
        stored.set(key, found);
      } else if (view !== undefined) views.set(key, view);
      else throw this.#unknown(reference, context);
    }
    // Printed again: what columns are is known once their tables are.
    const printed = printQuery(query, {
      ...context,
      columns: [...viewColumns(views.values()), ...storedColumns(stored.values())],
      loose: stored.size === 0,
    });
    let product = printed.rows;
    const filled = new Set<View<S>>();
    let detach = (): void => undefined;
    try {
      for (const reference of printed.tables) {
        const view = views.get(`${reference.schema}.${reference.table}`);
        if (view === undefined) continue;
        mayRead(reference);
        const rows = view.rows(source);
        product *= Math.max(1, rows.length);
        if (product > MAX_JOIN_SIZE) throw tooBigSelect();
        if (filled.has(view)) continue;
        filled.add(view);
        this.#tables.fill(view, rows);
      }
      if (product > MAX_JOIN_SIZE) throw tooBigSelect();
      this.#running.begin(context);
      if (stored.size === 0)
        return this.#query(printed, {
          naming: (origins) => declaredNames(origins, query, context.flavor ?? 'mysql'),
        });
      detach = attach(this.#database, stored.values());
      return this.#query(printed, { stored });
    } finally {
      detach();
      for (const view of filled) this.#tables.clear(view);
    }
  }

  /** Filters rows that are no view's: SHOW … WHERE. */
  filter(
    columns: readonly ViewColumn[],
    rows: readonly ViewRow[],
    where: string,
    context: QueryContext,
  ): readonly ViewRow[] {
    const view: View<S> = { schema: 'sys', name: 'show', columns, rows: () => rows };
    this.#tables.drop(view);
    const query = parseQuery(`SELECT * FROM sys.\`show\` WHERE ${where}`, context.flavor);
    const printed = printQuery(query, { ...context, columns: viewColumns([view]), loose: true });
    if (printed.tables.length > 1) throw notSupported('subquery in SHOW');
    this.#running.begin(context);
    this.#tables.fill(view, rows);
    return this.#query(printed).rows;
  }

  close(): void {
    this.stored.close();
    this.#database.close();
  }

  /** ER_BAD_DB_ERROR in MySQL, where the schema is not there; else ER_NO_SUCH_TABLE. */
  #unknown({ schema, table }: TableReference, { flavor }: QueryContext): ServerError {
    const isKnown = this.schemas.some((name) => name.toLowerCase() === schema);
    if (isKnown || flavor === 'mariadb') return unknownTable({ schema, table });
    return new ServerError(1049, '42000', `Unknown database '${schema}'`);
  }

  #query({ sql, domains }: Translation, { stored, naming }: Reading = {}): QueryResult {
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
        if (rows.length === MAX_ROWS) throw tooBigSelect();
        rows.push(keys.map((key) => plain(row[key] ?? null)));
        for (const value of rows.at(-1)!) size += lengthOf(value);
        if (size > MAX_RESULT) throw tooLong(MAX_RESULT);
      }
      const shapes = origins.map(({ database, table, column }, i): ColumnShape | undefined => {
        const found = stored?.get(`${database}.${table}`.toLowerCase());
        if (found !== undefined && column != null) return kindOfColumn(found.table, column);
        const view = column == null ? undefined : this.view(database ?? '', table ?? '');
        const own = view?.columns.find(({ name }) => name.toLowerCase() === column?.toLowerCase());
        const kind = kindOfDomain(domains?.[i]);
        return (own && kindOfTime(own)) ?? (kind && { kind });
      });
      return {
        columns: naming?.(origins) ?? names,
        rows,
        shapes,
      };
    } catch (cause) {
      throw inWordsOfMysql(cause);
    } finally {
      this.#reading = false;
    }
  }
}

const RESULT_KINDS: Readonly<Partial<Record<Domain['type'], ResultKind>>> = {
  boolean: 'integer',
  integer: 'integer',
  unsigned: 'unsigned',
  year: 'integer',
  double: 'double',
  decimal: 'decimal',
  json: 'json',
};

/** How values travel that were computed; undefined: as they say themselves. */
const kindOfDomain = (domain: Domain | undefined): ResultKind | undefined =>
  domain === undefined ? undefined : RESULT_KINDS[domain.type];

function plain(value: SqliteValue): SqliteValue {
  if (typeof value !== 'bigint') return value;
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;
}

const lengthOf = (value: SqliteValue): number =>
  typeof value === 'string' || value instanceof Uint8Array ? value.length : 0;
