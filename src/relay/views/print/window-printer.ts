import type { Call, Window } from '../../../sql/index.ts';
import { quoteName } from '../sqlite-text.ts';
import { printOrder, printTerm } from './order-printer.ts';
import type { Printing } from './printing.ts';

/** Aggregates that are none of SQLite's: they are not there as window functions. */
export const ALONE: ReadonlySet<string> = new Set([
  'GROUP_CONCAT',
  'JSON_ARRAYAGG',
  'JSON_OBJECTAGG',
  'STD',
  'STDDEV',
  'STDDEV_POP',
  'STDDEV_SAMP',
  'VARIANCE',
  'VAR_POP',
  'VAR_SAMP',
  'BIT_AND',
  'BIT_OR',
  'BIT_XOR',
]);

/** OVER, with a blank in front of it. */
export function over({ over: window }: Call, printing: Printing): string {
  if (window === undefined) return '';
  return ` OVER ${typeof window === 'string' ? quoteName(window) : printWindow(window, printing)}`;
}

/** `("w" PARTITION BY … ORDER BY … ROWS …)` */
export function printWindow({ base, partition, order, frame }: Window, printing: Printing): string {
  const parts: string[] = base === undefined ? [] : [quoteName(base)];
  if (partition.length > 0)
    parts.push(`PARTITION BY ${partition.map((by) => printTerm(by, printing)).join(', ')}`);
  if (order.length > 0) parts.push(printOrder(order, printing));
  parts.push(...frame.map((part) => (typeof part === 'string' ? part : printing.expression(part))));
  return `(${parts.join(' ')})`;
}
