import type { Expression, Order } from '../../../sql/index.ts';
import type { Printing } from './printing.ts';

/** ORDER BY; a text that is no column sorts without regard to case, as columns do. */
export function printOrder(order: readonly Order[], printing: Printing): string {
  const terms = order.map(({ by, descending }) => {
    const sql = printTerm(by, printing);
    const isText = printing.domain(by).type === 'text' && by.kind !== 'column';
    return `${sql}${isText ? ' COLLATE NOCASE' : ''}${descending ? ' DESC' : ''}`;
  });
  return `ORDER BY ${terms.join(', ')}`;
}

/** A term of ORDER BY or GROUP BY: a number with a sign is a place to SQLite, and a value to MySQL. */
export function printTerm(by: Expression, printing: Printing): string {
  const sql = printing.expression(by);
  return by.kind === 'unary' ? `(${sql} + 0)` : sql;
}
