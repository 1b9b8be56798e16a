import type { ColumnDefault, IndexDefinition } from '../../../sql/index.ts';
import { GENERATED_KEY } from '../../primary-key.ts';
import {
  CatalogError,
  columnIndex,
  hasAction,
  isKept,
  keyOf,
  sameName,
  type Table,
  type TableColumn,
} from '../../schema/index.ts';
import { formOf } from './column-form.ts';

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text with a NUL in it is kept as its bytes, and no statement holds one. */
const quoteText = (text: string): string =>
  text.includes('\0') ? `x'${Buffer.from(text).toString('hex')}'` : `'${text.replaceAll("'", "''")}'`;

/** Types whose integer primary key is SQLite's own row id: quickest, and the same to whoever queries. */
const ROW_ID_TYPES: ReadonlySet<string> = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint']);

/** The one column that is the row id, if the table has one. */
function rowIdOf(table: Table): TableColumn | undefined {
  const primary = table.indexes.find(({ kind }) => kind === 'primary');
  const key = primary?.withoutOverlaps === true ? undefined : primary?.parts;
  if (key?.length !== 1) return undefined;
  const column = table.columns.find(({ name }) => name === key[0]!.column);
  if (column === undefined || !ROW_ID_TYPES.has(column.type.name)) return undefined;
  return formOf(column).declared === 'INTEGER' ? column : undefined;
}

/** SQLite's own names of the row id: each is that of a column where a table has one of that name. */
const ROW_ID_NAMES = ['rowid', '_rowid_', 'oid'] as const;

/** What the row id of a table is called. @throws CatalogError its columns have all names that there are for it */
export function rowIdName(table: Table): string {
  const free = ROW_ID_NAMES.find((name) => columnIndex(table, name) < 0);
  const name = free ?? rowIdOf(table)?.name;
  if (name !== undefined) return quote(name);
  throw new CatalogError(
    `${table.schema}.${table.name} has no key, and columns with all names of SQLite's own one: ${ROW_ID_NAMES.join(', ')}`,
    {
      context: { table: `${table.schema}.${table.name}` },
      hint: 'Give the table a primary key at the source, and begin behind that.',
    },
  );
}

/** CREATE TABLE for a table of the source, under a name of its own while it is being rebuilt. */
export function createTable(table: Table, name: string = table.name): string {
  const rowId = rowIdOf(table);
  const lines = table.columns.filter(isKept).map((column) => {
    const words = [quote(column.name), formOf(column).declared];
    if (column === rowId) words.push('PRIMARY KEY');
    else if (!column.nullable) words.push('NOT NULL');
    const value = column === rowId ? undefined : defaultOf(column);
    if (value !== undefined) words.push(`DEFAULT ${value}`);
    return words.filter((word) => word !== '').join(' ');
  });
  if (hasGeneratedKey(table)) lines.unshift(`${quote(GENERATED_KEY)} INTEGER PRIMARY KEY`);
  const primary = table.indexes.find(({ kind }) => kind === 'primary');
  if (rowId === undefined && primary !== undefined && isWholeColumns(primary)) {
    lines.push(`PRIMARY KEY (${primary.parts.map(({ column }) => quote(column!)).join(', ')})`);
  }
  return `CREATE TABLE ${quote(name)} (${lines.join(', ')})`;
}

/** The target's own key is there as long as the source has not given the table one. */
export const hasGeneratedKey = ({ generatedKey, indexes }: Table): boolean =>
  generatedKey === true && !indexes.some(({ kind }) => kind === 'primary');

/** One WITHOUT OVERLAPS has several rows with the same columns. */
const isWholeColumns = ({ parts, withoutOverlaps }: IndexDefinition): boolean =>
  !withoutOverlaps && parts.every(({ column, prefix }) => column !== undefined && prefix === undefined);

/**
 * What a row gets that leaves a column out, as SQLite writes it. Undefined: it has no default, or one that only the source can work
 * out; row images that leave such a column out are refused.
 */
export function defaultOf({ default: value, type }: TableColumn): string | undefined {
  const literal = value === undefined ? undefined : literalOf(value);
  if (literal === undefined || value?.kind === 'null') return literal;
  // The text of a number in a column of texts, and the other way round, as the source would store it.
  if (type.name === 'decimal') return quoteText(decimalText(unquoted(literal), type.decimals ?? 0));
  return literal;
}

function literalOf(value: ColumnDefault): string | undefined {
  switch (value.kind) {
    case 'null':
      return 'NULL';
    case 'text':
      return quoteText(value.text);
    case 'literal':
      return number(value.text);
    default:
      return undefined;
  }
}

function number(text: string): string {
  if (/^true$/i.test(text)) return '1';
  if (/^false$/i.test(text)) return '0';
  const bits = /^b'([01]*)'$/i.exec(text)?.[1];
  if (bits !== undefined) return bits === '' ? '0' : String(BigInt(`0b${bits}`));
  const hex = /^(?:x'([\da-f]*)'|0x([\da-f]+))$/i.exec(text);
  if (hex !== null) return `x'${hex[1] ?? hex[2]}'`;
  return text;
}

const unquoted = (literal: string): string =>
  literal.startsWith("'") ? literal.slice(1, -1).replaceAll("''", "'") : literal;

/** `1.5` with two digits behind the point is `1.50`. */
function decimalText(text: string, decimals: number): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text.trim());
  if (match === null) return text;
  const [, sign, whole, fraction = ''] = match;
  const digits = `${whole === '' ? '0' : whole}`.replace(/^0+(?=\d)/, '');
  const tail = fraction.padEnd(decimals, '0').slice(0, decimals);
  return `${sign === '-' ? '-' : ''}${digits}${decimals === 0 ? '' : `.${tail}`}`;
}

/**
 * The indexes of a table, without its primary key. Those on parts of values are kept on whole ones, and are not unique then.
 *
 * @param on what the table is called for now
 */
export function createIndexes(table: Table, on: string = table.name): string[] {
  const taken = new Set<string>();
  const statements = table.indexes.flatMap((index) => {
    const { kind, name, parts } = index;
    const columns = parts.flatMap(({ column, descending }) =>
      column === undefined ? [] : [quote(column) + (descending ? ' DESC' : '')],
    );
    if (
      columns.length === 0 ||
      columns.length < parts.length ||
      !parts.every((part) => isKeptPart(table, part.column!))
    )
      return [];
    if (kind === 'fulltext' || kind === 'spatial' || kind === 'vector') return [];
    if (kind === 'primary' && (isWholeColumns(index) || rowIdOf(table) !== undefined)) return [];
    const unique = kind !== 'index' && isWholeColumns(index) ? 'UNIQUE ' : '';
    const own = freeName(
      taken,
      `${table.name}.${name ?? (kind === 'primary' ? 'PRIMARY' : parts[0]!.column!)}`,
    );
    return [`CREATE ${unique}INDEX ${quote(own)} ON ${quote(on)} (${columns.join(', ')})`];
  });
  return [...statements, ...createForeignIndexes(table, on), ...lookupIndex(table, on)];
}

/** As InnoDB does: rows are found by the foreign keys through which they change. */
export function createForeignIndexes(table: Table, on: string = table.name): string[] {
  return (table.foreignKeys ?? []).flatMap((key) => {
    const isIndexed = table.indexes.some(({ parts }) =>
      key.columns.every((name, at) => parts[at]?.column !== undefined && sameName(parts[at].column, name)),
    );
    if (!hasAction(key) || isIndexed) return [];
    const own = quote(`${table.name}.(${key.name})`);
    return [`CREATE INDEX IF NOT EXISTS ${own} ON ${quote(on)} (${key.columns.map(quote).join(', ')})`];
  });
}

const isKeptPart = (table: Table, name: string): boolean =>
  table.columns.some((column) => sameName(column.name, name) && isKept(column));

/** Names of indexes are the schema's in SQLite, and may be made up by the source. */
function freeName(taken: Set<string>, name: string): string {
  let free = name;
  for (let count = 2; taken.has(free.toLowerCase()); count += 1) free = `${name}_${count}`;
  taken.add(free.toLowerCase());
  return free;
}

const MAX_LOOKUP_COLUMNS = 8;
const LONG_TYPES = /blob|text|json|geometry|point|polygon|linestring|geomcollection|vector/;

/** Without a key, a row is found by its values: this keeps that from being a walk through the table. */
function lookupIndex(table: Table, on: string): string[] {
  if (keyOf(table) !== undefined) return [];
  const columns = table.columns
    .filter((column) => isKept(column) && !LONG_TYPES.test(column.type.name))
    .slice(0, MAX_LOOKUP_COLUMNS);
  if (columns.length === 0) return [];
  const list = columns.map(({ name }) => quote(name)).join(', ');
  return [`CREATE INDEX ${quote(`${table.name}.(lookup)`)} ON ${quote(on)} (${list})`];
}
