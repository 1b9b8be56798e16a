import type { BinaryOperator, Call, Expression } from '../../../sql/index.ts';
import { quote } from '../sqlite-text.ts';
import { hasNoSign, isWhole } from './domain.ts';
import type { Printing } from './printing.ts';

const isWide = (expression: Expression, printing: Printing): boolean =>
  printing.domain(expression).isWide === true;

/**
 * Whole numbers that are added, multiplied or divided, where what comes out may be more than SQLite has room for: a number, a text where it has no
 * sign and is larger than a BIGINT, or 1690. Undefined: SQLite does it as well.
 */
export function wideArithmetic(
  operator: BinaryOperator | '~',
  sides: readonly [Expression, Expression],
  result: Expression,
  printing: Printing,
): string | undefined {
  const domain = printing.domain(result);
  if (!isWhole(domain) || !sides.every((side) => isExact(side, printing))) return undefined;
  const isDivision = operator === 'DIV' || operator === 'MOD';
  const areWide = sides.some((side) => isWide(side, printing));
  // Of unsigned numbers the difference has to be one.
  const isLess = operator === '-' && hasNoSign(domain);
  if (isDivision ? !areWide : domain.precision !== undefined && !isLess && !areWide) return undefined;
  return whole(operator, sides, hasNoSign(domain), printing);
}

const isExact = (expression: Expression, printing: Printing): boolean => {
  const domain = printing.domain(expression);
  return isWhole(domain) || domain.type === 'null';
};

function whole(
  operator: string,
  sides: readonly Expression[],
  isUnsigned: boolean,
  printing: Printing,
): string {
  const mode = String(
    printing.context.variable({ kind: 'system', scope: undefined, name: 'sql_mode' }) ?? '',
  );
  const hasSign = !isUnsigned || (operator === '-' && mode.includes('NO_UNSIGNED_SUBTRACTION'));
  const printed = sides.map((side) => printing.expression(side));
  return `mysql_whole(${[quote(operator), ...printed, hasSign ? 1 : 0].join(', ')})`;
}

/** What is taken from 0, where a BIGINT may have no room for it; undefined: it has. */
export function wideNegative(
  operand: Expression,
  result: Expression,
  printing: Printing,
): string | undefined {
  const domain = printing.domain(result);
  const of = printing.domain(operand);
  if (domain.type !== 'integer' || operand.kind === 'number' || !isWhole(of)) return undefined;
  if (of.type === 'boolean' || (of.precision !== undefined && of.precision < 19)) return undefined;
  return `mysql_whole('-', 0, ${printing.expression(operand)}, 1)`;
}

/** What rounds a wide number, or cuts it; of any other that has no sign it is what it was. */
const ROUNDED: Readonly<Record<string, string>> = {
  ROUND: 'mysql_exact_round',
  TRUNCATE: 'mysql_exact_truncate',
};
const UNCHANGED: ReadonlySet<string> = new Set(['ABS', 'FLOOR', 'CEIL', 'CEILING']);

/** A function of a number that may be a text; undefined: it is no such number, or another function. */
export function wideCall({ name, values }: Call, printing: Printing): string | undefined {
  const [value, digits] = values;
  if (value === undefined || !isWide(value, printing)) return undefined;
  const sql = printing.expression(value);
  const word = name.toUpperCase();
  if (UNCHANGED.has(word)) return sql;
  const own = Object.hasOwn(ROUNDED, word) ? ROUNDED[word] : undefined;
  if (own === undefined) return undefined;
  const behind = digits === undefined ? '0' : printing.expression(digits);
  return `mysql_whole('+', 0, ${own}(${sql}, ${behind}), 0)`;
}

/** What numbers sort by of which some may be texts. An index sorts those above the largest BIGINT as texts: who wants it, has that. */
export function wideOrder(expression: Expression, printing: Printing): string | undefined {
  if (!isWide(expression, printing) || printing.domain(expression).isIndexed === true) return undefined;
  return `mysql_digits_order(${printing.expression(expression)})`;
}

/** Sides of a comparison by which is larger, where more than one may be a text; undefined: SQLite compares them. */
export function comparedWide(
  sides: readonly Expression[],
  printing: Printing,
): readonly string[] | undefined {
  const wide = sides.filter((side) => isWide(side, printing)).length;
  if (wide < 2 || !sides.every((side) => isExact(side, printing))) return undefined;
  return sides.map((side) => `mysql_digits_order(${printing.expression(side)})`);
}
