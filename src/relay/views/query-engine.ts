import { ServerError } from '../../errors/index.ts';
import { notSupported, parseQuery, type Query } from '../../sql/index.ts';
import { type StoredTable, StoredTables } from '../../target/index.ts';
import type { ColumnShape, ResultKind } from '../statements/answer.ts';
import { declaredNames } from './declared-names.ts';
import type { Domain } from './print/domain.ts';
import { printQuery } from './print/query-printer.ts';
import type { QueryContext, TableReference, Translation } from './query-context.ts';
import { type Origins, QueryDatabase, SCHEMAS } from './query-database.ts';
import type { StartReader } from './reading/reader-process.ts';
import { Readers } from './reading/readers.ts';
import { tooBigSelect, unknownTable } from './refusals.ts';
import { ASKED_VARIABLES } from './running-query.ts';
import { inWordsOfMysql } from './sqlite-error.ts';
import { filesOf, kindOfColumn, storedColumns, storedTables, zonedReadings } from './stored-query.ts';
import { kindOfTime, type View, type ViewColumn, type ViewRow } from './view.ts';
import { viewColumns, zonedRows } from './view-tables.ts';

/** What a query returns. */
export interface QueryResult {
  readonly columns: readonly string[];
  /** By column; undefined: the values themselves say how they travel. */
  readonly shapes: readonly (ColumnShape | undefined)[];
  readonly rows: readonly ViewRow[];
}

/** Rows a query may look at: the product of all tables it names, as MySQL's max_join_size counts. */
const MAX_JOIN_SIZE = 1_000_000;
/** What is read here has the relay wait. */
const MOST_COMPUTING_MS = 2000;
/** Longest query, in characters. */
const MAX_QUERY = 64 * 1024;

/**
 * Runs queries over views and over tables that channels fill. Views it names are filled into tables in memory, queried, and emptied again;
 * what reads from tables goes to a process beside this one. What a query may say is a whitelist (see {@link parseQuery} and {@link printQuery}).
 */
export class QueryEngine<S> {
  readonly #database: QueryDatabase;
  readonly #readers: Readers;
  readonly #views: ReadonlyMap<string, View<S>>;
  /** Tables that channels fill. */
  readonly stored: StoredTables = new StoredTables();

  private constructor(database: QueryDatabase, views: Iterable<View<S>>, startReader: StartReader) {
    this.#database = database;
    this.#readers = new Readers(startReader);
    this.#views = new Map([...views].map((view) => [`${view.schema}.${view.name}`.toLowerCase(), view]));
  }

  static async open<S>(views: Iterable<View<S>>, startReader: StartReader): Promise<QueryEngine<S>> {
    return new QueryEngine(await QueryDatabase.open(), views, startReader);
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

  /** @throws ServerError 1064, 1235: the text is no query that could be run */
  demandQuery(text: string, context: QueryContext): void {
    parseQuery(text, context.flavor, sqlModes(context));
  }

  /**
   * Runs a query of MySQL's. `mayRead` is asked about every table.
   *
   * @throws ServerError in MySQL's words: 1046, 1054, 1064, 1104, 1146, 1235, 1305
   */
  async run(
    text: string,
    context: QueryContext,
    source: S,
    mayRead: (table: TableReference) => void,
  ): Promise<QueryResult> {
    if (text.length > MAX_QUERY)
      throw new ServerError(1153, '08S01', "Got a packet bigger than 'max_allowed_packet' bytes");
    const query = limited(parseQuery(text, context.flavor, sqlModes(context)), context);
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
      tables: storedTables(stored.values()),
      readings: zonedReadings(stored.values(), context),
      loose: stored.size === 0,
    });
    let product = printed.rows;
    const filled = new Map<View<S>, readonly ViewRow[]>();
    for (const reference of printed.tables) {
      const view = views.get(`${reference.schema}.${reference.table}`);
      if (view === undefined) continue;
      mayRead(reference);
      const rows = filled.get(view) ?? zonedRows(view, view.rows(source), context);
      product *= Math.max(1, rows.length);
      if (product > MAX_JOIN_SIZE) throw tooBigSelect();
      filled.set(view, rows);
    }
    if (product > MAX_JOIN_SIZE) throw tooBigSelect();
    if (stored.size > 0) return this.#read(printed, context, stored, filled);
    return this.#query(printed, context, filled, (origins) =>
      declaredNames(origins, query, context.flavor ?? 'mysql'),
    );
  }

  /** Filters rows that are no view's: SHOW … WHERE. */
  filter(
    columns: readonly ViewColumn[],
    rows: readonly ViewRow[],
    where: string,
    context: QueryContext,
  ): readonly ViewRow[] {
    const view: View<S> = { schema: 'sys', name: 'show', columns, rows: () => rows };
    this.#database.tables.drop(view);
    const query = parseQuery(`SELECT * FROM sys.\`show\` WHERE ${where}`, context.flavor, sqlModes(context));
    const printed = printQuery(query, { ...context, columns: viewColumns([view]), loose: true });
    if (printed.tables.length > 1) throw notSupported('subquery in SHOW');
    return this.#query(printed, context, new Map([[view, rows]])).rows;
  }

  async close(): Promise<void> {
    await this.#readers.close();
    this.stored.close();
    this.#database.close();
  }

  /** ER_BAD_DB_ERROR in MySQL, where the schema is not there; else ER_NO_SUCH_TABLE. */
  #unknown({ schema, table }: TableReference, { flavor }: QueryContext): ServerError {
    const isKnown = this.schemas.some((name) => name.toLowerCase() === schema);
    if (isKnown || flavor === 'mariadb') return unknownTable({ schema, table });
    return new ServerError(1049, '42000', `Unknown database '${schema}'`);
  }

  /** Here and at once: over views. */
  #query(
    printed: Translation,
    context: QueryContext,
    filled: ReadonlyMap<View<S>, readonly ViewRow[]>,
    naming?: (origins: Origins) => readonly string[],
  ): QueryResult {
    const { tables, running } = this.#database;
    try {
      for (const [view, rows] of filled) tables.fill(view, rows);
      running.begin(context, MOST_COMPUTING_MS);
      const { origins, rows } = this.#database.select(printed.sql);
      return {
        columns: naming?.(origins) ?? origins.map(({ name }) => name),
        rows: [...rows],
        shapes: this.#shapes(origins, printed, new Map()),
      };
    } catch (cause) {
      throw inWordsOfMysql(cause);
    } finally {
      for (const view of filled.keys()) tables.clear(view);
    }
  }

  /** In a process of its own: over tables that channels fill, beside which it is given what views hold. */
  async #read(
    printed: Translation,
    context: QueryContext,
    stored: ReadonlyMap<string, StoredTable>,
    filled: ReadonlyMap<View<S>, readonly ViewRow[]>,
  ): Promise<QueryResult> {
    const { origins, rows, warnings } = await this.#readers.read(
      {
        sql: printed.sql,
        files: filesOf(stored.values()),
        views: [...filled].map(([{ schema, name, columns }, values]) => ({ schema, name, columns, values })),
        flavor: context.flavor,
        variables: new Map(
          ASKED_VARIABLES[context.flavor ?? 'mysql'].map((name) => [
            name,
            context.variable({ kind: 'system', scope: undefined, name }),
          ]),
        ),
      },
      context.interrupted,
    );
    for (const { code, message } of warnings) context.warn?.(code, message);
    const columns = origins.map(({ name }) => name);
    return { columns, rows, shapes: this.#shapes(origins, printed, stored) };
  }

  #shapes(
    origins: Origins,
    { domains, column: known }: Pick<Translation, 'domains' | 'column'>,
    stored: ReadonlyMap<string, StoredTable>,
  ): (ColumnShape | undefined)[] {
    return origins.map(({ name, database, table, column }, i) => {
      const found = stored.get(`${database}.${table}`.toLowerCase());
      if (found !== undefined && column != null) return kindOfColumn(found.table, column);
      const view = column == null ? undefined : this.view(database ?? '', table ?? '');
      const own = view?.columns.find(({ name }) => name.toLowerCase() === column?.toLowerCase());
      const domain = domains?.[i] ?? computedMoment(known(name));
      const kind = kindOfDomain(domain);
      const hasDigits = domain?.shown === 'fixed' || domain?.moment !== undefined;
      const digits = hasDigits ? { decimals: domain.scale } : {};
      return (own && kindOfTime(own)) ?? (kind && { kind, ...digits });
    });
  }
}

const system = (context: QueryContext, name: string): string | number | null =>
  context.variable({ kind: 'system', scope: undefined, name });

const sqlModes = (context: QueryContext): string => String(system(context, 'sql_mode') ?? '');

/** With as many rows as `sql_select_limit` lets a query have that does not say it. */
function limited(query: Query, context: QueryContext): Query {
  const most = String(system(context, 'sql_select_limit') ?? '');
  if (query.limit !== undefined || !/^\d{1,15}$/.test(most)) return query;
  return { ...query, limit: { count: { kind: 'number', text: most, height: 1 } } };
}

/** A TIMESTAMP in the zone of a session is computed, in a `*` as well. */
const computedMoment = (domain: Domain | undefined): Domain | undefined =>
  domain?.moment === undefined ? undefined : domain;

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
  domain === undefined || domain.shown === 'fixed'
    ? domain && 'double'
    : (domain.shown ??
      (domain.isTimestamp === true ? 'timestamp' : domain.moment) ??
      RESULT_KINDS[domain.type]);
