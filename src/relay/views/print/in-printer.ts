import type { Expression, Query } from '../../../sql/index.ts';
import { quoteName } from '../sqlite-text.ts';
import { compared, comparedWith, isLoose } from './comparison.ts';
import { type Domain, isNumber, withoutDigits } from './domain.ts';
import { equal } from './equal.ts';
import { printKeySearch } from './key-search.ts';
import type { Printing } from './printing.ts';
import { unitedDomains } from './result-columns.ts';

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** IN, over values or a query. */
export function printIn({ operand, values }: Of<'in'>, printing: Printing): string {
  if ('kind' in values) return printInQuery(operand, values, printing);
  if (operand.kind === 'row') return printInRows(operand, values, printing);
  const search = printKeySearch(operand, values, printing);
  if (search !== undefined) return search;
  if (isMixed(operand, values, printing)) {
    const conditions = values.map((value) => equal(operand, value));
    return printing.expression({ kind: 'some', conditions, height: 1 });
  }
  const printed = comparedWith(operand, values, printing);
  return `(${printed.operand} IN (${printed.others.join(', ')}))`;
}

/** Whether what is compared with a text, and no date, are texts and numbers: each compares in its own way. */
export function isMixed(operand: Expression, values: readonly Expression[], printing: Printing): boolean {
  const { type } = printing.domain(operand);
  const numbers = values.filter((value) => isNumber(printing.domain(value))).length;
  return type === 'text' && numbers > 0 && numbers < values.length;
}

function printInRows(operand: Expression, rows: readonly Expression[], printing: Printing): string {
  const conditions = rows.flatMap((row) => equalParts(operand, row, printing) ?? []);
  if (conditions.length === rows.length) return printing.expression({ kind: 'some', conditions, height: 1 });
  // Rows stand in VALUES.
  const printed = rows.map((row) => printing.expression(row));
  return `(${printing.expression(operand)} IN (VALUES ${printed.join(', ')}))`;
}

/** Rows of more than numbers are alike where each of their parts is; undefined: they are no such. */
function equalParts(left: Expression, right: Expression, printing: Printing): Expression | undefined {
  if (left.kind !== 'row' || right.kind !== 'row' || left.values.length !== right.values.length)
    return undefined;
  if ([...left.values, ...right.values].every((value) => isNumber(printing.domain(value)))) return undefined;
  return {
    kind: 'every',
    conditions: left.values.map((value, i) => equal(value, right.values[i]!)),
    height: 1,
  };
}

/** Rows that are to be alike, or not; undefined: SQLite compares them as they are. */
export function comparedRows(
  left: Expression,
  right: Expression,
  operator: string,
  printing: Printing,
): string | undefined {
  const parts = operator === '=' || operator === '<>' ? equalParts(left, right, printing) : undefined;
  if (parts === undefined) return undefined;
  return `(${operator === '=' ? '' : 'NOT '}${printing.expression(parts)})`;
}

/** The values of a query, as columns of a table "all". */
function valuesOf(
  query: Query,
  domains: readonly Domain[],
  printing: Printing,
): { readonly columns: readonly Expression[]; readonly table: string } {
  // By its name a column is known: one of another kind has another.
  const names = domains.map((domain, i) => `${i} ${JSON.stringify(withoutDigits(domain))}`);
  for (const [i, name] of names.entries()) printing.columns.add(name, withoutDigits(domains[i]!));
  const columns = names.map((name): Expression => ({ kind: 'column', path: [name], bare: false, height: 1 }));
  return { columns, table: `WITH "all" (${names.map(quoteName).join(', ')}) AS (${printing.query(query)})` };
}

/** Dates are looked for in the form that they have there, texts by their collation; a key as it is written, so that its index is of use. */
function printInQuery(operand: Expression, query: Query, printing: Printing): string {
  const parts = operand.kind === 'row' ? operand.values : [operand];
  const domains = unitedDomains(query, (expression) => printing.domain(expression));
  const isCompared = parts.some((part, i) => {
    const { type, collation, keyOf, isLong } = printing.domain(part);
    if (isLong === true || domains?.[i]?.isLong === true) return true;
    const areTexts = type === 'text' && domains?.[i]?.type === 'text' && keyOf === undefined;
    return type === 'datetime' || domains?.[i]?.type === 'datetime' || (areTexts && isLoose(collation));
  });
  // SQLite 3.53 finds rows with NULL in an index of the table that such a query reads, but for a LIMIT.
  const end = operand.kind === 'row' ? ' LIMIT -1' : '';
  if (!isCompared || domains?.length !== parts.length) {
    const sql = printing.query(query);
    return `(${printing.expression(operand)} IN (${end === '' ? sql : `SELECT * FROM (${sql})${end}`}))`;
  }
  const { columns, table } = valuesOf(query, domains, printing);
  const sides = parts.map((part, i) => compared(part, columns[i]!, 'IN', printing));
  const [left, right] = [0, 1].map((side) => sides.map((pair) => pair[side]!).join(', '));
  return `((${left}) IN (${table} SELECT ${right} FROM "all"${end}))`;
}

const ONE: ReadonlySet<string> = new Set(['COUNT', 'SUM', 'MIN', 'MAX', 'AVG', 'GROUP_CONCAT']);

/** Whether there cannot be more rows than one. */
function hasOneRow({ first, rest, limit }: Query): boolean {
  if (limit?.count.kind === 'number' && Number(limit.count.text) <= 1) return true;
  if (rest.length > 0 || first.kind !== 'select') return false;
  const isTotal = first.items.some(
    (item) =>
      item.kind === 'value' &&
      item.value.kind === 'call' &&
      item.value.over === undefined &&
      ONE.has(item.value.name.toUpperCase()),
  );
  return first.from.length === 0 || (isTotal && first.group.length === 0);
}

/** A query that is a value; of more rows than one it is 1242. */
export function printSubquery({ query }: Of<'subquery'>, printing: Printing): string {
  const domains = hasOneRow(query) ? undefined : unitedDomains(query, (each) => printing.domain(each));
  if (domains?.length !== 1) return `(${printing.query(query)})`;
  const { columns, table } = valuesOf(query, domains, printing);
  return `(${table} SELECT mysql_only(${printing.expression(columns[0]!)}) FROM "all")`;
}

/** `> ALL (query)`: each of its values is compared once; of NULLs nobody knows. */
export function printQuantified(
  { operator, isAll, operand, query }: Of<'quantified'>,
  printing: Printing,
): string {
  const domain = printing.domain({ kind: 'subquery', query, height: 1 });
  const { columns, table } = valuesOf(query, [domain], printing);
  const values = `(${table} SELECT * FROM "all")`;
  const right = columns[0]!;
  const holds = printing.expression({ kind: 'binary', operator, left: operand, right, height: 1 });
  const whens = isAll
    ? 'WHEN count(*) = 0 THEN 1 WHEN max(NOT "holds") THEN 0 WHEN max("holds" IS NULL) THEN NULL ELSE 1'
    : 'WHEN max("holds") THEN 1 WHEN max("holds" IS NULL) THEN NULL ELSE 0';
  return `(SELECT CASE ${whens} END FROM (SELECT ${holds} AS "holds" FROM ${values}))`;
}
