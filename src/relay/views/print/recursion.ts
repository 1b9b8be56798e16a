import {
  type CommonTable,
  type Expression,
  notSupported,
  type Query,
  type Select,
  type Source,
} from '../../../sql/index.ts';
import { quoteName } from '../sqlite-text.ts';
import type { Domain } from './domain.ts';
import { unitedDomains } from './result-columns.ts';
import type { SelectShape } from './select-shape.ts';
import { commonName, newReading, type TableNames } from './table-names.ts';

/** How far a row is from those that the recursion began with. */
const DEPTH = quoteName('(depth)');
/** Rows that a recursion counts for where a query is too big: cte_max_recursion_depth's default. */
const ROWS = 1000;

/** What it needs of the printer of queries. */
interface Printer {
  readonly names: TableNames;
  query(query: Query): string;
  select(select: Select, shape: SelectShape): string;
  readonly domain: (expression: Expression) => Domain;
}

/**
 * WITH RECURSIVE name AS (query UNION ALL query of name): each row knows its depth, so that it ends where MySQL ends it (3636). With
 * UNION rows that are there already end it, and only their number is bounded.
 */
export function printRecursion(table: CommonTable, printer: Printer): string {
  const name = quoteName(commonName(table));
  const { first, rest, order, limit } = table.query;
  if (order.length > 0 || limit !== undefined) throw notSupported('ORDER BY or LIMIT in WITH RECURSIVE');
  const members = [{ operator: 'UNION ALL' as const, query: first }, ...rest];
  const from = members.findIndex(({ query }) => aliasOf(query, table.name) !== undefined);
  if (from < 1)
    throw notSupported('WITH RECURSIVE that begins with itself', 'Put the query that begins it in front');
  const counts = members[from]!.operator === 'UNION ALL';
  const columns = columnsOf(table);
  const { value, reading } = printer.names.apart(() => {
    const seed: Query = { ...table.query, with: [], first, rest: rest.slice(0, from - 1) };
    const begins = printer.query(seed);
    // What the first query says columns are, they stay.
    const united = unitedDomains(seed, printer.domain);
    printer.names.add(table.name, name, newReading());
    const goesOn = members.slice(from).map(({ operator, query }) => {
      const alias = aliasOf(query, table.name);
      if (alias === undefined || query.kind !== 'select')
        throw notSupported('WITH RECURSIVE that names itself in a subquery');
      if (query.items.some(({ kind }) => kind === 'all'))
        throw notSupported('* in WITH RECURSIVE', 'Name the columns');
      const depth = counts ? `${quoteName(alias)}.${DEPTH}` : '0';
      const select = printer.select(query, {
        outermost: false,
        ...(united !== undefined && { united }),
        more: { item: counts ? `${depth} + 1` : '', condition: `mysql_recursion(${depth})` },
      });
      return `${operator} ${select}`;
    });
    return `SELECT *${counts ? ', 0' : ''} FROM (${begins}) ${goesOn.join(' ')}`;
  });
  const list = columns.map(quoteName).join(', ');
  printer.names.add(table.name, counts ? `(SELECT ${list} FROM ${name})` : name, {
    ...reading,
    rows: reading.rows * ROWS,
  });
  return `${name} (${list}${counts ? `, ${DEPTH}` : ''}) AS (${value})`;
}

/** How the recursion calls itself in a query: undefined, it does not. */
function aliasOf(query: Query['first'], name: string): string | undefined {
  if (query.kind !== 'select') return undefined;
  for (const source of query.from) {
    const alias = aliasIn(source, name);
    if (alias !== undefined) return alias;
  }
  return undefined;
}

function aliasIn(source: Source, name: string): string | undefined {
  if (source.kind === 'join') return aliasIn(source.left, name) ?? aliasIn(source.right, name);
  if (source.kind !== 'table' || source.schema !== undefined) return undefined;
  return source.table.toLowerCase() === name.toLowerCase() ? (source.alias ?? source.table) : undefined;
}

/** What its columns are called. */
function columnsOf({ columns, query }: CommonTable): readonly string[] {
  if (columns.length > 0) return columns;
  const first = firstSelect(query);
  const names = first?.items.map((item) => (item.kind === 'value' ? item.name : undefined)) ?? [undefined];
  if (names.some((name) => name === undefined)) throw notSupported('* in WITH RECURSIVE', 'Name the columns');
  return names as string[];
}

const firstSelect = ({ first }: Query): Select | undefined =>
  first.kind === 'query' ? firstSelect(first) : first.kind === 'select' ? first : undefined;
