import type { Call, Expression } from '../../../sql/index.ts';
import { quote } from '../sqlite-text.ts';
import { plainColumn } from './as-text.ts';
import type { Domain } from './domain.ts';
import type { Printing } from './printing.ts';

/** What a column of more digits than a double has sorts by, and what is compared with it; undefined: it is no exact number. */
export function digitsOrder(expression: Expression, printing: Printing): string | undefined {
  const { type, isLong } = printing.domain(expression);
  if (expression.kind === 'column' && isLong === true)
    return `mysql_digits_order(${plainColumn(expression.path, printing)})`;
  const text = writtenDigits(expression);
  if (text !== undefined) return `mysql_digits_order(${quote(text)})`;
  const isWhole = type === 'integer' || type === 'unsigned' || type === 'null';
  return isWhole ? `mysql_digits_order(${printing.expression(expression)})` : undefined;
}

/** A number as it is written in the query: a double has not all of its digits. Undefined: it is none, or has an exponent. */
function writtenDigits(expression: Expression): string | undefined {
  if (expression.kind === 'unary' && expression.operator === '-') {
    const text = expression.operand.kind === 'number' ? writtenDigits(expression.operand) : undefined;
    return text === undefined ? undefined : `-${text}`;
  }
  const text =
    expression.kind === 'number' ? expression.text : expression.kind === 'string' ? expression.value : '';
  return /^-?(\d+\.?\d*|\.\d+)$/.test(text) ? text : undefined;
}

/** Sides of a comparison with such a column; undefined: there is none, or not all are exact. */
export function comparedDigits(
  sides: readonly Expression[],
  printing: Printing,
): readonly string[] | undefined {
  if (!sides.some((side) => side.kind === 'column' && printing.domain(side).isLong === true))
    return undefined;
  const printed = sides.flatMap((side) => digitsOrder(side, printing) ?? []);
  return printed.length === sides.length ? printed : undefined;
}

const EXACT: Readonly<Record<string, string>> = { MIN: 'min', MAX: 'max', SUM: 'mysql_digits_sum' };

/** The least, the most or the sum of such a column, with all of its digits; undefined: it is something else. */
export function exactTotal(
  expression: Expression,
  { scale }: Domain,
  printing: Printing,
): string | undefined {
  const column = totalled(expression);
  const own = expression.kind === 'call' ? EXACT[expression.name.toUpperCase()] : undefined;
  if (column === undefined || own === undefined || printing.domain(column).isLong !== true) return undefined;
  return `mysql_ordered_digits(${own}(${digitsOrder(column, printing)}), ${scale})`;
}

/** The one column that a call is of, of all of its rows. */
function totalled(expression: Expression): Call['values'][number] | undefined {
  if (expression.kind !== 'call' || expression.over !== undefined || expression.distinct) return undefined;
  const [value] = expression.values;
  return value?.kind === 'column' ? value : undefined;
}
