import { notSupported } from '../../sql/index.ts';
import type { SqliteDatabase } from '../../store/index.ts';
import type { StoredTable, Table } from '../../target/index.ts';
import type { ColumnShape, ResultKind } from '../statements/answer.ts';
import {
  BINARY,
  DATETIME,
  DOUBLE,
  type Domain,
  INTEGER,
  JSON_VALUE,
  TEXT,
  UNSIGNED,
} from './print/domain.ts';
import { tooBigSelect } from './refusals.ts';
import { quote, quoteName } from './sqlite-text.ts';

/** Rows that a query may walk through: what is found by an index does not count. Some seconds' worth, in which all else waits. */
const MAX_WALK = 20_000_000;

/** Opens the files of stored tables to queries of a database, and closes them again. */
export function attach(database: SqliteDatabase, tables: Iterable<StoredTable>): () => void {
  const paths = new Map([...tables].map(({ table, path }) => [table.schema.toLowerCase(), path]));
  if (paths.size > MAX_SCHEMAS) throw notSupported(`queries over more than ${MAX_SCHEMAS} schemas`);
  const attached: string[] = [];
  const detach = (): void => {
    for (const name of attached) database.exec(`DETACH ${quoteName(name)}`);
  };
  try {
    for (const [name, path] of paths) {
      database.exec(`ATTACH ${quote(path)} AS ${quoteName(name)}`);
      attached.push(name);
    }
  } catch (error) {
    detach();
    throw error;
  }
  return detach;
}

/** SQLite attaches ten; the relay's own schemas take four. */
const MAX_SCHEMAS = 6;

/** What columns of stored tables are. */
export function storedColumns(tables: Iterable<StoredTable>): (readonly [string, Domain])[] {
  const columns: (readonly [string, Domain])[] = [];
  for (const { table } of tables)
    for (const { name, type } of table.columns) columns.push([name, domainOfType(type)]);
  return columns;
}

function domainOfType({ name, unsigned, decimals }: Table['columns'][number]['type']): Domain {
  if (name === 'decimal') return { type: 'decimal', scale: decimals ?? 0, digits: true };
  if (unsigned && name === 'bigint') return UNSIGNED;
  const kind = KINDS[name];
  if (TIMES.has(name)) return DATETIME;
  return kind === undefined ? TEXT : (DOMAINS[kind] ?? TEXT);
}

const TIMES: ReadonlySet<string> = new Set(['date', 'time', 'datetime', 'timestamp']);
const DOMAINS: Readonly<Partial<Record<ResultKind, Domain>>> = {
  integer: INTEGER,
  double: DOUBLE,
  json: JSON_VALUE,
  blob: BINARY,
};

/** @throws ServerError 1104: the query would keep everybody waiting */
export function checkWalk(database: SqliteDatabase, sql: string, tables: Iterable<StoredTable>): void {
  const sizes = new Map<string, number>();
  for (const { table } of tables) {
    const name = `${quoteName(table.schema.toLowerCase())}.${quoteName(table.name)}`;
    // The largest row id is about as many as there are, and costs nothing to find.
    const size = Number(database.prepare(`SELECT max(rowid) AS n FROM ${name}`).get()?.['n'] ?? 0);
    sizes.set(table.name.toLowerCase(), Math.max(size, sizes.get(table.name.toLowerCase()) ?? 0));
  }
  const largest = Math.max(1, ...sizes.values());
  let walk = 1;
  for (const { detail } of database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all()) {
    const scanned = /^SCAN (\S+)/.exec(String(detail))?.[1];
    // Under an alias it may be any of them.
    if (scanned !== undefined && !/^(CONSTANT|\()/.test(scanned))
      walk *= sizes.get(scanned.toLowerCase()) ?? largest;
  }
  if (walk > MAX_WALK) throw tooBigSelect();
}

const KINDS: Readonly<Record<string, ResultKind>> = {
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  bigint: 'integer',
  year: 'integer',
  date: 'date',
  time: 'time',
  datetime: 'datetime',
  timestamp: 'timestamp',
  bit: 'integer',
  float: 'double',
  double: 'double',
  decimal: 'decimal',
  json: 'json',
  binary: 'blob',
  varbinary: 'blob',
  tinyblob: 'blob',
  blob: 'blob',
  mediumblob: 'blob',
  longblob: 'blob',
  geometry: 'blob',
  point: 'blob',
  linestring: 'blob',
  polygon: 'blob',
  multipoint: 'blob',
  multilinestring: 'blob',
  multipolygon: 'blob',
  geomcollection: 'blob',
  vector: 'blob',
};

/** How values of a column travel, and with how many digits of a second; undefined: as their values say. */
export function kindOfColumn(table: Table, column: string): ColumnShape | undefined {
  const found = table.columns.find(({ name }) => name.toLowerCase() === column.toLowerCase());
  if (found === undefined) return undefined;
  const { name, unsigned, decimals } = found.type;
  if (unsigned && name === 'bigint') return { kind: 'unsigned' };
  if (TIMES.has(name)) return { kind: KINDS[name] ?? 'text', decimals: decimals ?? 0 };
  return { kind: KINDS[name] ?? 'text' };
}
