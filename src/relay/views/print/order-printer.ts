import type { Expression, Order } from '../../../sql/index.ts';
import { asNumber, weighed } from './comparison.ts';
import { digitsOrder } from './long-decimals.ts';
import { momentOrder } from './moment-comparison.ts';
import type { Printing } from './printing.ts';
import { wideOrder } from './wide-numbers.ts';

/** ORDER BY; a text that is no column and has no collation sorts without regard to case, as columns of views do. */
export function printOrder(order: readonly Order[], printing: Printing): string {
  const terms = order.map(({ by, descending }) => {
    const sql = printTerm(by, printing);
    const { type, collation, members } = printing.domain(by);
    const isText =
      type === 'text' && collation === undefined && members === undefined && by.kind !== 'column';
    return `${sql}${isText ? ' COLLATE NOCASE' : ''}${descending ? ' DESC' : ''}`;
  });
  return `ORDER BY ${terms.join(', ')}`;
}

/**
 * A term of ORDER BY, GROUP BY or PARTITION BY: a text as its collation has it, an ENUM by its number, a time by its length. A number with a sign is a place to SQLite, and a
 * value to MySQL.
 */
export function printTerm(by: Expression, printing: Printing): string {
  const { collation, members, moment, isLong } = printing.domain(by);
  if (members !== undefined) return asNumber(by, printing);
  const digits = isLong === true ? digitsOrder(by, printing) : undefined;
  if (digits !== undefined) return digits;
  const wide = wideOrder(by, printing);
  if (wide !== undefined) return wide;
  if (moment === 'time') return momentOrder(by, moment, printing);
  const sql = printing.expression(by);
  return by.kind === 'unary' ? `(${sql} + 0)` : weighed(sql, collation);
}
