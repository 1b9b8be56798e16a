import type { Expression } from '../../../sql/index.ts';
import { type Domain, isWhole } from './domain.ts';
import type { Printing } from './printing.ts';

/** Decimals are doubles here: what is computed of them has the digits that they have, and nothing behind those. */
export const inDigits = (sql: string, { type, scale }: Domain): string =>
  type === 'decimal' && scale > 0 ? `round(${sql}, ${scale})` : sql;

/** A further argument, the most digits behind the point that exact numbers have; nothing where they have none, or are not exact. */
export function digitsBehind(values: readonly Expression[], printing: Printing): string {
  const domains = values.map((value) => printing.domain(value));
  const isExact = domains.every((domain) => isWhole(domain) || domain.type === 'decimal');
  const most = Math.max(...domains.map(({ scale }) => scale));
  return isExact && most > 0 ? `, ${most}` : '';
}
