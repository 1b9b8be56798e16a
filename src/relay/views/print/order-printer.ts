import type { Order } from '../../../sql/index.ts';
import type { Printing } from './printing.ts';

/** ORDER BY; a text that is no column sorts without regard to case, as columns do. */
export function printOrder(order: readonly Order[], printing: Printing): string {
  const terms = order.map(({ by, descending }) => {
    const sql = printing.expression(by);
    const isText = printing.domain(by).type === 'text' && by.kind !== 'column';
    return `${sql}${isText ? ' COLLATE NOCASE' : ''}${descending ? ' DESC' : ''}`;
  });
  return `ORDER BY ${terms.join(', ')}`;
}
