import type { Expression } from '../../../sql/index.ts';
import { quoteName } from '../sqlite-text.ts';
import { isLoose, weighed } from './comparison.ts';
import type { Printing } from './printing.ts';

/** More are compared one by one: SQLite joins 500 queries. */
const MOST_VALUES = 100;

/**
 * A key that is one of some constants. Texts that its collation takes for alike stand in no index together; but no two rows have them, so that
 * who has found them all as they are written need not look for others. Undefined: it is no key, or compares by its bytes anyway.
 */
export function printKeySearch(
  column: Expression,
  values: readonly Expression[],
  printing: Printing,
): string | undefined {
  if (column.kind !== 'column' || values.length > MOST_VALUES) return undefined;
  const { collation, keyOf } = printing.domain(column);
  if (keyOf === undefined || !isLoose(collation) || !values.every(({ kind }) => kind === 'string'))
    return undefined;
  const name = quoteName(column.path.at(-1)!);
  const texts = values.map((value) => printing.expression(value));
  const weights = texts.map((text) => weighed(text, collation));
  const found = `(SELECT count(*) FROM ${keyOf} WHERE ${name} IN (${texts.join(', ')}))`;
  const others = `SELECT ${name} FROM ${keyOf} WHERE ${weighed(name, collation)} IN (${weights.join(', ')}) AND ${found} < ${texts.length}`;
  const alike = [...texts.map((text) => `SELECT ${text}`), others].join(' UNION ALL ');
  return `(${printing.expression(column)} IN (${alike}))`;
}
