import { ServerError } from '../../../errors/index.ts';
import type { SelectItem } from '../../../sql/index.ts';
import { quoteName } from '../sqlite-text.ts';
import { asText, chosen } from './as-text.ts';
import { type Domain, isNumber, withoutDigits } from './domain.ts';
import { exactDecimal } from './long-decimals.ts';
import { plainColumn } from './plain-column.ts';
import type { Printing } from './printing.ts';

/** What a column of an answer has to know of it. */
export interface Answer {
  readonly outermost: boolean;
  readonly hasTables: boolean;
  /** What the column is with those of other queries. */
  readonly united: Domain | undefined;
  /** What columns are called, and are. */
  readonly named: (readonly [string, Domain])[];
}

/** A column of an answer, or all columns of a table. @throws ServerError 1096 */
export function printItem(
  item: SelectItem,
  { outermost, hasTables, united, named }: Answer,
  printing: Printing,
): string {
  if (item.kind === 'all') {
    if (!hasTables) throw new ServerError(1096, 'HY000', 'No tables used');
    return [...item.table.map(quoteName), '*'].join('.');
  }
  const { value, name } = item;
  const domain = printing.domain(value);
  const target = united ?? domain;
  const isDecimal = outermost && target.type === 'decimal';
  // What is kept as digits is shown as it is kept, and known to be digits where it is sorted by.
  const isKept =
    isDecimal && value.kind === 'column' && domain.digits === true && target.scale === domain.scale;
  const isText = isDecimal || target.isLong === true;
  named.push([name, isText ? { ...target, digits: true } : withoutDigits(target)]);
  if (isKept)
    return `mysql_kept(${plainColumn(value.path, printing)}, ${target.scale}) AS ${quoteName(name)}`;
  const exact = target.isLong === true ? exactDecimal(value, target.scale, printing) : undefined;
  if (exact !== undefined) return `${exact} AS ${quoteName(name)}`;
  // Printed once: queries stand in queries.
  const sql =
    target.type === 'text' && isNumber(domain)
      ? `mysql_concat(${asText(value, printing)})`
      : chosen(value, printing, target);
  return `${isText ? `mysql_decimal(${sql}, ${target.scale})` : sql} AS ${quoteName(name)}`;
}
