import type { Expression } from '../../../sql/index.ts';
import { asText } from './as-text.ts';
import type { Printing } from './printing.ts';

/** Collations of bytes, and those that tell the case of letters. */
const CASED = /^binary$|_bin$|_cs$/i;

const isCased = (expression: Expression, printing: Printing): boolean => {
  const { type, collation } = printing.domain(expression);
  return type === 'binary' || (collation !== undefined && CASED.test(collation));
};

/** Whether an expression is found in a text: with regard to case where a collation has it, or `letters` say so. */
export function printRegexp(
  value: Expression,
  pattern: Expression,
  letters: Expression | undefined,
  printing: Printing,
): string {
  const [text, expression] = [asText(value, printing), asText(pattern, printing)];
  const isSensitive = [value, pattern].some((side) => isCased(side, printing));
  if (!isSensitive && letters === undefined) return `(${text} REGEXP ${expression})`;
  const more = letters === undefined ? [] : [asText(letters, printing)];
  return `mysql_regexp_like(${[isSensitive ? 1 : 0, text, expression, ...more].join(', ')})`;
}
