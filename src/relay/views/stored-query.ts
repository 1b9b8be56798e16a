import { notSupported } from '../../sql/index.ts';
import type { StoredTable, Table } from '../../target/index.ts';
import type { ColumnShape, ResultKind } from '../statements/answer.ts';
import {
  BINARY,
  DATE,
  DOUBLE,
  type Domain,
  decimal,
  FLOAT,
  INTEGER,
  JSON_VALUE,
  TEXT,
  TIME,
  TIMESTAMP,
  wholeNumber,
} from './print/domain.ts';
import type { QueryContext } from './query-context.ts';
import { quote, quoteName } from './sqlite-text.ts';

/** The files of stored tables, by the names that queries have for them. */
export function filesOf(tables: Iterable<StoredTable>): ReadonlyMap<string, string> {
  const files = new Map([...tables].map(({ table, path }) => [table.schema.toLowerCase(), path]));
  if (files.size > MAX_SCHEMAS) throw notSupported(`queries over more than ${MAX_SCHEMAS} schemas`);
  return files;
}

/** SQLite attaches ten; the relay's own schemas take four. */
const MAX_SCHEMAS = 6;

/** What columns of stored tables are. */
export function storedColumns(tables: Iterable<StoredTable>): (readonly [string, Domain])[] {
  const columns: (readonly [string, Domain])[] = [];
  for (const { table } of tables)
    for (const column of table.columns) columns.push([column.name, domainOfColumn(table, column)]);
  return columns;
}

/** What stands for tables in a session that is not in UTC, by their names: their TIMESTAMPs as its clocks show them. */
export function zonedReadings(
  tables: Iterable<StoredTable>,
  { zone, flavor = 'mysql' }: Pick<QueryContext, 'zone' | 'flavor'>,
): ReadonlyMap<string, string> {
  const readings = new Map<string, string>();
  if (zone === undefined) return readings;
  for (const { table } of tables) {
    const columns = table.columns.map(({ name, type }) => {
      const column = quoteName(name);
      return type.name === 'timestamp'
        ? `mysql_zoned(${[quote(flavor), column, quote(zone)].join(', ')}) AS ${column}`
        : column;
    });
    const name = sqlName(table);
    if (table.columns.some(({ type }) => type.name === 'timestamp'))
      readings.set(name, `(SELECT ${columns.join(', ')} FROM ${name})`);
  }
  return readings;
}

const sqlName = ({ schema, name }: Table): string =>
  `${quoteName(schema.toLowerCase())}.${quoteName(name.toLowerCase())}`;

/** What columns of each stored table are, by names in small letters. */
export function storedTables(
  tables: Iterable<StoredTable>,
): ReadonlyMap<string, ReadonlyMap<string, Domain>> {
  const domains = [...tables].map(({ table }) => {
    const columns = table.columns.map(
      (column) => [column.name.toLowerCase(), domainOfColumn(table, column)] as const,
    );
    return [sqlName(table), new Map(columns)] as const;
  });
  return new Map(domains);
}

type StoredColumn = Table['columns'][number];

function domainOfColumn(table: Table, { name, type, collation }: StoredColumn): Domain {
  const domain = domainOfType(type);
  if (domain.isWide === true) return { ...domain, ...(beginsIndex(table, name) && { isIndexed: true }) };
  if (domain.type !== 'text') return domain;
  return {
    ...domain,
    ...(collation !== undefined && { collation }),
    ...(type.values !== undefined && { members: JSON.stringify([type.name, ...type.values]) }),
    ...(beginsIndex(table, name) && { isIndexed: true }),
    ...(isKey(table, name) && {
      keyOf: sqlName(table),
    }),
  };
}

const beginsIndex = ({ indexes }: Table, column: string): boolean =>
  indexes.some(({ parts: [part] }) => part?.column?.toLowerCase() === column.toLowerCase());

/** Whether the column alone, and all of it, is a key. */
const isKey = ({ indexes }: Table, column: string): boolean =>
  indexes.some(({ kind, parts: [part, ...more] }) => {
    const isWhole = more.length === 0 && part?.prefix === undefined;
    return (
      (kind === 'primary' || kind === 'unique') &&
      isWhole &&
      part?.column?.toLowerCase() === column.toLowerCase()
    );
  });

function domainOfType({ name, unsigned, length, decimals }: StoredColumn['type']): Domain {
  if (name === 'decimal') return { ...decimal(decimals ?? 0, length ?? 10), digits: true };
  const kind = KINDS[name];
  const moment = MOMENTS[name];
  if (moment !== undefined)
    return { ...moment, scale: decimals ?? 0, ...(name === 'timestamp' && { isTimestamp: true }) };
  if (name === 'float') return FLOAT;
  if (name === 'year') return { ...INTEGER, shown: 'year' };
  const precision = WHOLE_DIGITS[name];
  if (precision !== undefined) return unsigned ? wholeNumber(true, precision) : { ...INTEGER, precision };
  return kind === undefined ? TEXT : (DOMAINS[kind] ?? TEXT);
}

/** Digits of the largest numbers of each type. */
const WHOLE_DIGITS: Readonly<Record<string, number>> = {
  tinyint: 3,
  smallint: 5,
  mediumint: 8,
  int: 10,
  bigint: 19,
};

const MOMENTS: Readonly<Record<string, Domain>> = {
  date: DATE,
  time: TIME,
  datetime: TIMESTAMP,
  timestamp: TIMESTAMP,
};
const DOMAINS: Readonly<Partial<Record<ResultKind, Domain>>> = {
  integer: INTEGER,
  double: DOUBLE,
  json: JSON_VALUE,
  blob: BINARY,
};

const KINDS: Readonly<Record<string, ResultKind>> = {
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  bigint: 'integer',
  year: 'year',
  date: 'date',
  time: 'time',
  datetime: 'datetime',
  timestamp: 'timestamp',
  bit: 'integer',
  float: 'float',
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
  if (name in MOMENTS) return { kind: KINDS[name] ?? 'text', decimals: decimals ?? 0 };
  return { kind: KINDS[name] ?? 'text' };
}
