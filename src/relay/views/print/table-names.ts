import { ServerError } from '../../../errors/index.ts';
import { type CommonTable, notSupported, type Query } from '../../../sql/index.ts';
import type { TableReference } from '../query-context.ts';
import { noSchema } from '../refusals.ts';
import { quoteName } from '../sqlite-text.ts';

/** Tables that a query may come to name through its WITH: more is no query of a person. */
const MAX_TABLES = 200;

/**
 * Where a name stands for a query or for a column of one, SQLite copies what that is, and again in each query around: what it makes of so
 * many bytes of text takes 80 MB.
 */
const MOST_COPIED = 1 << 20;

/** What stands behind a name, and how many rows there may be beside those of the tables. */
export interface Reading {
  readonly tables: TableReference[];
  /** Queries that UNION joins, and rows that a recursion makes: the product counts as that of tables does. */
  rows: number;
  /** Of its text, as often as SQLite copies it. */
  bytes: number;
}

/** Nothing is read yet. */
export const newReading = (): Reading => ({ tables: [], rows: 1, bytes: 0 });

interface Named {
  /** As it is written where rows come from. */
  readonly sql: string;
  readonly reading: Reading;
}

/** Tables that a query names: those of schemas, and those that WITH names, which stand for the tables behind them. */
export class TableNames {
  readonly #schema: string | undefined;
  readonly #scopes: Map<string, Named>[] = [];
  #reading = newReading();

  constructor(schema: string | undefined) {
    this.#schema = schema;
  }

  get reading(): Reading {
    return this.#reading;
  }

  /** Names of a WITH hold as long as its query is printed. */
  within<T>(print: () => T): T {
    this.#scopes.push(new Map());
    try {
      return print();
    } finally {
      this.#scopes.pop();
    }
  }

  /** What is read meanwhile counts where its name is used. */
  apart<T>(print: () => T): { readonly value: T; readonly reading: Reading } {
    const before = this.#reading;
    this.#reading = newReading();
    const value = print();
    const reading = this.#reading;
    this.#reading = before;
    return { value, reading };
  }

  add(name: string, sql: string, reading: Reading): void {
    this.#scopes.at(-1)!.set(name.toLowerCase(), { sql, reading });
  }

  multiply(rows: number): void {
    this.#reading.rows *= rows;
  }

  /** See {@link Reading.bytes}. */
  get bytes(): number {
    return this.#reading.bytes;
  }

  /** A query is printed. */
  count(sql: string): void {
    this.#reading.bytes += sql.length;
  }

  /** SQLite copies so many bytes. @throws ServerError 1473: it would do more than one asked for */
  copy(bytes: number): void {
    this.#reading.bytes += bytes;
    if (bytes > 0 && this.#reading.bytes > MOST_COPIED)
      throw new ServerError(1473, 'HY000', 'Too high level of nesting for select');
  }

  /** A table as SQLite is to find it. @throws ServerError 1046 */
  table(schema: string | undefined, table: string): string {
    const named =
      schema === undefined ? this.#scopes.findLast((scope) => scope.has(table.toLowerCase())) : undefined;
    if (named !== undefined) {
      const { sql, reading } = named.get(table.toLowerCase())!;
      this.#reading.tables.push(...reading.tables);
      this.#reading.rows *= reading.rows;
      this.copy(reading.bytes);
      if (this.#reading.tables.length > MAX_TABLES) throw notSupported(`more than ${MAX_TABLES} tables`);
      return sql;
    }
    const found = (schema ?? this.#schema)?.toLowerCase();
    if (found === undefined) throw noSchema();
    this.#reading.tables.push({ schema: found, table: table.toLowerCase() });
    return `${quoteName(found)}.${quoteName(table.toLowerCase())}`;
  }
}

/** The name of what WITH names: SQLite keeps some for itself. */
export function commonName({ name }: CommonTable): string {
  if (/^sqlite_/i.test(name)) throw notSupported(`the name ${name}`);
  return name.toLowerCase();
}

/** Whether a query reads the name, wherever in it. */
export function readsName(query: Query, name: string): boolean {
  const reads = (node: unknown): boolean => {
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array) return false;
    if ('kind' in node && node.kind === 'table' && 'table' in node)
      return !('schema' in node) && String(node.table).toLowerCase() === name.toLowerCase();
    return Object.values(node).some(reads);
  };
  return reads(query);
}
