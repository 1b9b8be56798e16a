import type { Expression } from '../../../sql/index.ts';
import { type Domain, isOfDays } from './domain.ts';
import { momentOfForm } from './moment-comparison.ts';
import { plainColumn } from './plain-column.ts';
import type { Printing } from './printing.ts';

/** A value as the text that the servers make of it: a decimal with its digits, a year with four, doubles as they write them. */
export function asText(expression: Expression, printing: Printing): string {
  const { type, scale, digits, shown, isLong } = printing.domain(expression);
  if (type === 'decimal' && digits === true && expression.kind === 'column')
    return `mysql_kept(${plainColumn(expression.path, printing)}, ${scale})`;
  const exact = isLong === true ? printing.exact(expression) : undefined;
  const sql = exact ?? printing.expression(expression);
  if (type === 'decimal') return `mysql_decimal(${sql}, ${scale})`;
  if (shown === 'fixed') return `mysql_fixed_text(${sql}, ${scale})`;
  if (shown !== undefined) return `mysql_${shown}_text(${sql})`;
  return type === 'double' ? `mysql_double_text(${sql})` : sql;
}

/** A time with the digits of a second that its type has. */
export const withFraction = (sql: string, { scale }: Domain): string =>
  scale > 0 ? `mysql_fraction(${sql}, ${scale})` : sql;

/** What may be chosen for an answer: where that is a text, or a date with a time of day, all of it is. */
export function chosen(expression: Expression, printing: Printing, answer: Domain): string {
  if (answer.type === 'text') return asText(expression, printing);
  if (isOfDays(answer)) return momentOfForm(expression, answer, printing);
  const sql = printing.expression(expression);
  const isLonger = answer.moment === 'time' && answer.scale > printing.domain(expression).scale;
  return isLonger ? withFraction(sql, answer) : sql;
}
