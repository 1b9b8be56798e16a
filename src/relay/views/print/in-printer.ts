import type { Expression, Query } from '../../../sql/index.ts';
import { quoteName } from '../sqlite-text.ts';
import { compared, comparedWith } from './comparison.ts';
import { type Domain, withoutDigits } from './domain.ts';
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
  const printed = comparedWith(operand, values, printing);
  return `(${printed.operand} IN (${printed.others.join(', ')}))`;
}

function printInRows(operand: Expression, rows: readonly Expression[], printing: Printing): string {
  const equal = rows.flatMap((row) => comparedRows(operand, row, '=', printing) ?? []);
  if (equal.length === rows.length) return `(${equal.join(' OR ')})`;
  // Rows stand in VALUES.
  const printed = rows.map((row) => printing.expression(row));
  return `(${printing.expression(operand)} IN (VALUES ${printed.join(', ')}))`;
}

/** Rows with dates are alike where each of their parts is; undefined: they are no such, or ask for more than that. */
export function comparedRows(
  left: Expression,
  right: Expression,
  operator: string,
  printing: Printing,
): string | undefined {
  if (left.kind !== 'row' || right.kind !== 'row' || left.values.length !== right.values.length)
    return undefined;
  if (operator !== '=' && operator !== '<>') return undefined;
  if (!left.values.some((value) => printing.domain(value).type === 'datetime')) return undefined;
  const conditions = left.values.map((value, i): Expression => {
    const other = right.values[i]!;
    return { kind: 'binary', operator, left: value, right: other, height: 1 };
  });
  return printing.expression({ kind: operator === '=' ? 'every' : 'some', conditions, height: 1 });
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

/** Dates are looked for in the form that they have there. */
function printInQuery(operand: Expression, query: Query, printing: Printing): string {
  const parts = operand.kind === 'row' ? operand.values : [operand];
  const domains = unitedDomains(query, (expression) => printing.domain(expression));
  const hasMoments = [...parts.map((part) => printing.domain(part)), ...(domains ?? [])].some(
    ({ type }) => type === 'datetime',
  );
  // SQLite 3.53 finds rows with NULL in an index of the table that such a query reads, but for a LIMIT.
  const end = operand.kind === 'row' ? ' LIMIT -1' : '';
  if (!hasMoments || domains?.length !== parts.length) {
    const sql = printing.query(query);
    return `(${printing.expression(operand)} IN (${end === '' ? sql : `SELECT * FROM (${sql})${end}`}))`;
  }
  const { columns, table } = valuesOf(query, domains, printing);
  const sides = parts.map((part, i) => compared(part, columns[i]!, '=', printing));
  const [left, right] = [0, 1].map((side) => sides.map((pair) => pair[side]!).join(', '));
  return `((${left}) IN (${table} SELECT ${right} FROM "all"${end}))`;
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
