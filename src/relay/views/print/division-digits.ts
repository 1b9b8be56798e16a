import type { QueryContext } from '../query-context.ts';

/** `div_precision_increment`, where no session says another. */
const DEFAULT = 4;

/** Digits that a quotient of decimals has more than what is divided: `div_precision_increment`. */
export function divisionDigits(context: Pick<QueryContext, 'variable'>): number {
  const value = context.variable({ kind: 'system', scope: undefined, name: 'div_precision_increment' });
  return typeof value === 'number' ? value : DEFAULT;
}
