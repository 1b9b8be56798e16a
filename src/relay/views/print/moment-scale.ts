import type { Expression } from '../../../sql/index.ts';
import { DATETIME, type Domain, isOfDays, isWhole, TIME, TIMESTAMP } from './domain.ts';

/** DATETIME_MAX_DECIMALS */
const MOST = 6;

/** Digits of a second that a value has as a time; 0 where the value itself says it: a text in a query. */
export function momentScale({ type, scale }: Domain, expression: Expression | undefined): number {
  if (type === 'datetime' || type === 'decimal') return Math.min(scale, MOST);
  if (isWhole({ type, scale })) return 0;
  return type === 'double' || (type === 'text' && expression?.kind === 'column') ? MOST : 0;
}

/** A moment or a time with a time added; of a text, the value says it. */
export function withTime(domains: readonly Domain[], values: readonly Expression[]): Domain {
  const [of] = domains;
  const kind = of?.moment === 'time' ? TIME : of !== undefined && isOfDays(of) ? TIMESTAMP : DATETIME;
  return { ...kind, scale: sumScale(domains, values) };
}

/** Of two times that are added; a text that is added to is one again, and its value says it. */
function sumScale(domains: readonly Domain[], values: readonly Expression[]): number {
  const [first, second] = domains;
  if (first === undefined || second === undefined || !(first.type === 'datetime' || isWhole(first))) return 0;
  const [, added] = values;
  const written = added?.kind === 'string' ? (/^[^:]*:.*\.(\d+)\s*$/.exec(added.value)?.[1]?.length ?? 0) : 0;
  return Math.max(momentScale(first, values[0]), momentScale(second, added), Math.min(written, MOST));
}

/** Units of whole days: a date is one still that such an interval is added to. */
const DAYS: ReadonlySet<string> = new Set(['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'YEAR_MONTH']);

/** A date or a time with an interval added. */
export function withInterval(of: Domain, unit: string, amount: Domain): Domain {
  const moment = of.moment === 'date' && !DAYS.has(unit) ? 'datetime' : of.moment;
  const scale = Math.max(of.scale, intervalScale(unit, amount));
  return { ...DATETIME, scale, ...(moment !== undefined && { moment }) };
}

/** What an interval adds to the digits of a second. */
function intervalScale(unit: string, { type, scale }: Domain): number {
  if (unit.includes('MICROSECOND')) return MOST;
  if (unit !== 'SECOND') return 0;
  return type === 'decimal' ? Math.min(scale, MOST) : type === 'double' || type === 'text' ? MOST : 0;
}
