import type { Expression } from '../../../sql/index.ts';
import { quote } from '../sqlite-text.ts';
import { isWhole } from './domain.ts';
import type { Printing } from './printing.ts';

/** What a number sorts by, and is compared by, where there are such of more digits than a double has; undefined: it is no exact number. */
export function digitsOrder(expression: Expression, printing: Printing): string | undefined {
  const text = writtenDigits(expression);
  if (text !== undefined) return `mysql_digits_order(${quote(text)})`;
  const domain = printing.domain(expression);
  const isExact = domain.type === 'decimal' || isWhole(domain) || domain.type === 'null';
  const sql = isExact ? printing.exact(expression) : undefined;
  return sql === undefined ? undefined : `mysql_digits_order(${sql})`;
}

/** A number as it is written in the query: a double has not all of its digits. Undefined: it is none, or has an exponent. */
function writtenDigits(expression: Expression): string | undefined {
  if (expression.kind === 'unary' && expression.operator === '-') {
    const text = expression.operand.kind === 'number' ? writtenDigits(expression.operand) : undefined;
    return text === undefined ? undefined : `-${text}`;
  }
  const text =
    expression.kind === 'number' ? expression.text : expression.kind === 'string' ? expression.value : '';
  return /^-?(\d+(\.\d*)?|\.\d+)$/.test(text) ? text : undefined;
}

/** Sides of a comparison of which one has more digits than a double; undefined: there is none, or not all are exact. */
export function comparedDigits(
  sides: readonly Expression[],
  printing: Printing,
): readonly string[] | undefined {
  if (!sides.some((side) => printing.domain(side).isLong === true)) return undefined;
  const printed = sides.flatMap((side) => digitsOrder(side, printing) ?? []);
  return printed.length === sides.length ? printed : undefined;
}

/** A decimal of an answer, or one that is to be a text: all of its digits; undefined: it has no more than a double. */
export function exactDecimal(expression: Expression, scale: number, printing: Printing): string | undefined {
  const sql = printing.exact(expression);
  return sql === undefined ? undefined : `mysql_decimal(${sql}, ${scale})`;
}
