import type { Expression } from '../../../sql/index.ts';
import { type Domain, isWhole } from './domain.ts';

/** DATETIME_MAX_DECIMALS */
const MOST = 6;

/** Digits of a second that a value has as a time; 0 where the value itself says it: a text in a query. */
export function momentScale({ type, scale }: Domain, expression: Expression | undefined): number {
  if (type === 'datetime' || type === 'decimal') return Math.min(scale, MOST);
  if (isWhole({ type, scale })) return 0;
  return type === 'double' || (type === 'text' && expression?.kind === 'column') ? MOST : 0;
}

/** Of two times that are added; a text that is added to is one again, and its value says it. */
export function sumScale(domains: readonly Domain[], values: readonly Expression[]): number {
  const [first, second] = domains;
  if (first === undefined || second === undefined || !(first.type === 'datetime' || isWhole(first))) return 0;
  const [, added] = values;
  const written = added?.kind === 'string' ? (/:.*\.(\d+)\s*$/.exec(added.value)?.[1]?.length ?? 0) : 0;
  return Math.max(momentScale(first, values[0]), momentScale(second, added), Math.min(written, MOST));
}

/** What an interval adds to the digits of a second. */
export function intervalScale(unit: string, { type, scale }: Domain): number {
  if (unit.includes('MICROSECOND')) return MOST;
  if (unit !== 'SECOND') return 0;
  return type === 'decimal' ? Math.min(scale, MOST) : type === 'double' || type === 'text' ? MOST : 0;
}
