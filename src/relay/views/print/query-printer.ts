import { ServerError } from '../../../errors/index.ts';
import {
  type CommonTable,
  type Expression,
  type Query,
  type Select,
  type SelectItem,
  type ValueRows,
} from '../../../sql/index.ts';
import type { QueryContext, Translation } from '../query-context.ts';
import { quoteName } from '../sqlite-text.ts';
import { ColumnDomains } from './column-domains.ts';
import { divisionDigits } from './division-digits.ts';
import { DOUBLE, type Domain, INTEGER, TEXT } from './domain.ts';
import { domainOf, type Names } from './domain-of.ts';
import { printExact } from './exact-printer.ts';
import { printExpression, printPlain } from './expression-printer.ts';
import { distinctGroups, ofPlace, unitedGroups } from './groups.ts';
import { printItem } from './item-printer.ts';
import { printOrder, printTerm } from './order-printer.ts';
import type { Printing } from './printing.ts';
import { printRecursion } from './recursion.ts';
import { computedNames, placed, unitedDomains } from './result-columns.ts';
import type { SelectShape } from './select-shape.ts';
import { printFrom } from './source-printer.ts';
import { commonName, readsName, TableNames } from './table-names.ts';
import { printWindow } from './window-printer.ts';

/** Prints a query of MySQL's for SQLite. @throws ServerError in MySQL's words, 1235 for what is not carried */
export function printQuery(query: Query, context: QueryContext): Translation {
  const printer = new QueryPrinter(context);
  const sql = printer.outermost(query);
  const { names, domains, columns } = printer;
  return { sql, ...names.reading, domains, column: (name) => columns.get(name) };
}

/** A constant's largest place in LIMIT: SQLite counts no further. */
const MOST = 2n ** 63n - 1n;

const ofValue = (value: string | number | null): Domain =>
  typeof value !== 'number' ? TEXT : Number.isInteger(value) ? INTEGER : DOUBLE;

class QueryPrinter implements Printing {
  readonly context: QueryContext;
  readonly names: TableNames;
  readonly columns: ColumnDomains;
  /** Of the columns of the outermost query; undefined: not known one by one. */
  domains: readonly (Domain | undefined)[] | undefined;
  readonly #known: Names;
  /** Columns of the answer that HAVING sees before those of tables. */
  #named: ReadonlyMap<string, Expression> = new Map();
  /** Tables by what stands for them, and by the names that the query gives them. */
  readonly #tables = new Map<string, string>();
  readonly #aliases = new Map<string, string>();
  /** Of the queries in the columns of the SELECT that was printed last. */
  #itemBytes = 0;

  constructor(context: QueryContext) {
    this.context = context;
    this.names = new TableNames(context.schema);
    this.columns = new ColumnDomains(context.columns);
    const value = (name: string): Domain | undefined => {
      const found = context.value(name);
      return found === undefined ? undefined : ofValue(found);
    };
    this.#known = {
      flavor: context.flavor ?? 'mysql',
      divisionDigits: divisionDigits(context),
      column: (path) => {
        const named = path.length === 1 ? this.#named.get(path[0]!.toLowerCase()) : undefined;
        return named === undefined
          ? (this.#columnOf(path.toReversed()) ?? this.columns.get(path.at(-1)!))
          : this.#naming(new Map(), () => this.domain(named));
      },
      value,
      variable: (variable) => ofValue(context.variable(variable)),
    };
  }

  readonly expression = (expression: Expression): string => printExpression(expression, this);
  readonly exact = (expression: Expression): string | undefined => printExact(expression, this);
  readonly plain = (expression: Expression): string => printPlain(expression, this);
  readonly query = (query: Query): string => this.#query(query, false);
  readonly domain = (expression: Expression): Domain => domainOf(expression, this.#known);

  table(schema: string | undefined, table: string): string {
    const sql = this.names.table(schema, table);
    const reading = this.context.readings?.get(sql);
    if (reading !== undefined) this.#tables.set(reading, sql);
    return reading ?? sql;
  }

  alias(name: string, table: string): void {
    const key = name.toLowerCase();
    const sql = this.#tables.get(table) ?? table;
    const before = this.#aliases.get(key);
    // What stands for one thing here and another there is known by the names of its columns alone.
    this.#aliases.set(key, before === undefined || before === sql ? sql : '');
  }

  /** What a column is that says whose it is; undefined: nobody knows. */
  #columnOf([column, alias]: readonly (string | undefined)[]): Domain | undefined {
    const table = alias === undefined ? undefined : this.#aliases.get(alias.toLowerCase());
    return table === undefined ? undefined : this.context.tables?.get(table)?.get(column!.toLowerCase());
  }

  named(name: string, print: (value: Expression) => string | undefined): string | undefined {
    const value = this.#named.get(name.toLowerCase());
    return value === undefined ? undefined : this.#naming(new Map(), () => print(value));
  }

  #naming<T>(named: ReadonlyMap<string, Expression>, print: () => T): T {
    const before = this.#named;
    this.#named = named;
    try {
      return print();
    } finally {
      this.#named = before;
    }
  }

  outermost(query: Query): string {
    return this.#query(query, true);
  }

  #query(query: Query, outermost: boolean, within?: readonly Domain[]): string {
    return this.#naming(new Map(), () => this.names.within(() => this.#whole(query, outermost, within)));
  }

  #whole(query: Query, outermost: boolean, within?: readonly Domain[]): string {
    const { first, rest, order, limit } = query;
    const tables = this.#with(query);
    const isUnited = rest.length > 0;
    const united = within ?? (isUnited ? unitedDomains(query, this.domain) : undefined);
    const shape: SelectShape = { outermost, ...(united === undefined ? {} : { united }) };
    const isPlain = !isUnited && order.length === 0 && limit === undefined;
    if (isPlain) return tables + this.#member(first, shape);
    const groups = united === undefined ? undefined : unitedGroups(query, united);
    const members = [this.#part(first, shape, isUnited)];
    for (const { operator, query: next } of rest)
      members.push(groups === undefined ? operator : 'UNION ALL', this.#part(next, shape, true));
    this.names.multiply(rest.length + 1);
    const all = members.join(' ');
    const body = groups === undefined ? all : `SELECT * FROM (${all}) GROUP BY ${groups.join(', ')}`;
    // What is joined sorts by its columns alone: around it, by anything.
    const sorted = order.length > 0 && isUnited ? `SELECT * FROM (${body})` : body;
    if (!isUnited) this.names.copy(this.#itemBytes * order.length);
    const by = order.length > 0 ? printOrder(placed(order, query, outermost), this) : '';
    return [tables + sorted, by, this.#limit(limit)].filter(Boolean).join(' ');
  }

  #limit(limit: Query['limit']): string {
    if (limit === undefined) return '';
    const amount = (expression: Expression | undefined): string => {
      const count = expression?.kind === 'number' ? BigInt(expression.text) : 0n;
      return String(count > MOST ? MOST : count);
    };
    return `LIMIT ${amount(limit.count)}${limit.offset === undefined ? '' : ` OFFSET ${amount(limit.offset)}`}`;
  }

  /** A part of a UNION, or what is sorted and cut: SQLite knows no parentheses there. */
  #part(member: Query['first'], shape: SelectShape, joined: boolean): string {
    const sql = this.#member(member, shape);
    const isAlone =
      member.kind === 'select' || (member.kind === 'values' && member.rows.length === 1 && joined);
    return isAlone ? sql : `SELECT * FROM (${sql})`;
  }

  #member(member: Query['first'], shape: SelectShape): string {
    if (member.kind === 'query') return this.#query(member, shape.outermost, shape.united);
    return member.kind === 'values' ? this.#values(member) : this.select(member, shape);
  }

  /** Columns of VALUES are called column_0, column_1, … */
  #values({ rows }: ValueRows): string {
    const count = rows[0]!.length;
    if (rows.some((row) => row.length !== count))
      throw new ServerError(1136, '21S01', "Column count doesn't match value count at row 1");
    this.names.multiply(rows.length);
    return rows
      .map(
        (row) =>
          `SELECT ${row.map((value, i) => `${this.expression(value)} AS ${quoteName(`column_${i}`)}`).join(', ')}`,
      )
      .join(' UNION ALL ');
  }

  #with({ with: tables, recursive }: Query): string {
    if (tables.length === 0) return '';
    const printed = tables.map((table) =>
      recursive && readsName(table.query, table.name) ? printRecursion(table, this) : this.#common(table),
    );
    return `WITH ${recursive ? 'RECURSIVE ' : ''}${printed.join(', ')} `;
  }

  /** It does not see its own name: nothing goes on for ever. */
  #common(table: CommonTable): string {
    const name = quoteName(commonName(table));
    const { value, reading } = this.names.apart(() => this.query(table.query));
    this.names.add(table.name, name, reading);
    const columns = table.columns.length === 0 ? '' : ` (${table.columns.map(quoteName).join(', ')})`;
    return `${name}${columns} AS (${value})`;
  }

  select(select: Select, shape: SelectShape): string {
    const { items, from, where, group, having, windows, distinct } = select;
    const { outermost, united, more } = shape;
    const source = from.length === 0 ? '' : ` FROM ${printFrom(from, this)}`;
    // It does not see what columns of the answer are called.
    const condition = where === undefined ? [] : [this.expression(where)];
    const hasTables = from.length > 0 && from[0]!.kind !== 'dual';
    const { bytes } = this.names;
    const named: (readonly [string, Domain])[] = [];
    const columns = items.map((item, i) =>
      printItem(item, { outermost, hasTables, united: united?.[i], named }, this),
    );
    if (outermost && this.domains === undefined)
      this.domains = items.some(({ kind }) => kind === 'all')
        ? []
        : items.map(
            (item, i) => united?.[i] ?? (item.kind === 'value' ? this.domain(item.value) : undefined),
          );
    // They do not see one another.
    for (const [name, domain] of named) this.columns.add(name, domain);
    const groups = distinctGroups(select, this) ?? group.map((by) => printTerm(ofPlace(by, items), this));
    const isDistinct = distinct && group.length === groups.length;
    const itemBytes = this.names.bytes - bytes;
    if (more !== undefined && more.item !== '') columns.push(more.item);
    const conditions = [...condition, ...(more === undefined ? [] : [more.condition])];
    const parts = [
      `SELECT ${isDistinct ? 'DISTINCT ' : ''}${columns.join(', ')}${source}`,
      conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`,
      groups.length === 0 ? '' : `GROUP BY ${groups.join(', ')}`,
      having === undefined
        ? ''
        : `HAVING ${this.#naming(computedNames(select), () => this.expression(having))}`,
      windows.length === 0
        ? ''
        : `WINDOW ${windows.map(({ name, window }) => `${quoteName(name)} AS ${printWindow(window, this)}`).join(', ')}`,
    ];
    const sql = parts.filter(Boolean).join(' ');
    this.names.count(sql);
    this.names.copy(itemBytes * uses(items, parts.slice(1).join(' ')));
    this.#itemBytes = itemBytes;
    return sql;
  }
}

/** How often clauses name columns of the answer, or may: SQLite puts what they are in their place. */
function uses(items: readonly SelectItem[], clauses: string): number {
  const names = items.flatMap((item) => (item.kind === 'value' ? [quoteName(item.name)] : []));
  const named = names.reduce((sum, name) => sum + clauses.split(name).length - 1, 0);
  return named + clauses.split(/\b\d+\b/).length - 1;
}
