import type { Expression, Query, Select, SelectItem } from '../../../sql/index.ts';
import { quoteName } from '../sqlite-text.ts';
import { isLoose, weighed } from './comparison.ts';
import type { Domain } from './domain.ts';
import { printTerm } from './order-printer.ts';
import type { Printing } from './printing.ts';
import { resultColumns } from './result-columns.ts';

/** GROUP BY 2: the column in its place, where that is a text or an ENUM; others SQLite finds by their place. */
export function ofPlace(by: Expression, items: readonly SelectItem[]): Expression {
  const item = by.kind === 'number' ? items[Number(by.text) - 1] : undefined;
  return item?.kind === 'value' && item.value.kind === 'column' ? item.value : by;
}

/**
 * The terms of a GROUP BY that does what DISTINCT does, where that would not: texts are alike by their collation. Undefined: DISTINCT will do,
 * or there is something besides columns.
 */
export function distinctGroups(
  { items, distinct, group, having, windows }: Select,
  printing: Printing,
): readonly string[] | undefined {
  if (!distinct || group.length > 0 || having !== undefined || windows.length > 0) return undefined;
  const columns = items.flatMap((item) =>
    item.kind === 'value' && item.value.kind === 'column' ? [item.value] : [],
  );
  const isWeighed = columns.some((column) => isLoose(printing.domain(column).collation));
  if (!isWeighed || columns.length < items.length) return undefined;
  return columns.map((column) => printTerm(column, printing));
}

/** The same for a UNION: the terms of a GROUP BY around all that it joins. */
export function unitedGroups(query: Query, domains: readonly Domain[]): readonly string[] | undefined {
  const [items] = resultColumns(query) ?? [];
  const isUnion = query.rest.length > 0 && query.rest.every(({ operator }) => operator === 'UNION');
  if (items === undefined || !isUnion || !domains.some(({ collation }) => isLoose(collation)))
    return undefined;
  const names = items.map((item) => (item.kind === 'value' ? item.name : ''));
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length) return undefined;
  return names.map((name, i) => weighed(quoteName(name), domains[i]?.collation));
}
