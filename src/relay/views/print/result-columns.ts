import { ServerError } from '../../../errors/index.ts';
import type { Expression, SelectItem as Item, Order, Query, Select } from '../../../sql/index.ts';
import { common, type Domain, UNKNOWN } from './domain.ts';

/** The columns of a query that were named one by one; undefined: some are `*`, or rows of VALUES. */
export function resultColumns(query: Query): readonly (readonly Item[])[] | undefined {
  const found: (readonly Item[])[] = [];
  for (const member of [query.first, ...query.rest.map(({ query: next }) => next)]) {
    if (member.kind === 'values') return undefined;
    const items = member.kind === 'query' ? resultColumns(member) : [member.items];
    if (items === undefined || items.flat().some(({ kind }) => kind === 'all')) return undefined;
    found.push(...items);
  }
  return found;
}

/** What is computed in the answer, by its name; what is grouped by comes before it. */
export function computedNames({ items, group }: Select): ReadonlyMap<string, Expression> {
  const grouped = new Set(group.map((by) => (by.kind === 'column' ? by.path.at(-1)!.toLowerCase() : '')));
  const named = items.flatMap((item): (readonly [string, Expression])[] =>
    item.kind === 'value' && item.value.kind !== 'column' && !grouped.has(item.name.toLowerCase())
      ? [[item.name.toLowerCase(), item.value]]
      : [],
  );
  return new Map(named);
}

/** What columns are that several queries make together; undefined: nobody knows. */
export function unitedDomains(
  query: Query,
  domain: (expression: Expression) => Domain,
): Domain[] | undefined {
  const members = resultColumns(query);
  if (members === undefined || members.some((items) => items.length !== members[0]!.length)) return undefined;
  const of = (item: Item | undefined): Domain => (item?.kind === 'value' ? domain(item.value) : UNKNOWN);
  return members[0]!.map((_, i) => common(members.map((items) => of(items[i]))));
}

/** ORDER BY 2: the column in its place, which in an answer may be a text for its digits. @throws ServerError 1054 */
export function placed(order: readonly Order[], query: Query, outermost: boolean): readonly Order[] {
  const [items] = resultColumns(query) ?? [];
  if (items === undefined) return order;
  // What is made of other queries knows their columns by name.
  const isAround = query.rest.length > 0 || query.first.kind !== 'select';
  return order.map((term) => {
    if (term.by.kind !== 'number') return term;
    const item = items[Number(term.by.text) - 1];
    if (item?.kind !== 'value')
      throw new ServerError(1054, '42S22', `Unknown column '${term.by.text}' in 'order clause'`);
    const { value, name } = item;
    if (isAround) return { ...term, by: { kind: 'column', path: [name], bare: false, height: 1 } };
    // Within other queries the place will do: what is printed twice there would be printed four times further in. A constant would be a
    // place again.
    return outermost && PLACED.has(value.kind) ? { ...term, by: value } : term;
  });
}

const PLACED: ReadonlySet<Expression['kind']> = new Set([
  'binary',
  'call',
  'case',
  'cast',
  'column',
  'subquery',
  'unary',
]);
