import { sortKey } from '../../../charset/index.ts';
import type { Expression } from '../../../sql/index.ts';
import { quote } from '../sqlite-text.ts';
import { BINARY, type Domain, isNumber, TEXT } from './domain.ts';
import { comparedDigits } from './long-decimals.ts';
import { checkDates, comparedMoments } from './moment-comparison.ts';
import type { Printing } from './printing.ts';
import { comparedWide } from './wide-numbers.ts';

/** Of what is compared with a text: a document by its value, a date as it is. */
function value(expression: Expression, printing: Printing, other: Domain): string {
  const sql = printing.expression(expression);
  const { type } = printing.domain(expression);
  if (type === 'json' && other.type !== 'json') return `mysql_json_value(${sql})`;
  // In SQLite, bytes and a text are never alike. A column of bytes holds such, and its index is of use as it stands.
  const areBytes = type === 'binary' || other.type === 'binary';
  return areBytes && !(type === 'binary' && expression.kind === 'column') ? `CAST(${sql} AS BLOB)` : sql;
}

/** What is compared with a number is one: in SQLite, a text would not be. */
export function asNumber(expression: Expression, printing: Printing): string {
  const domain = printing.domain(expression);
  const sql = printing.expression(expression);
  if (isNumber(domain) || domain.type === 'null' || expression.kind === 'row') return sql;
  if (expression.kind === 'bytes') return bytesAsNumber(expression.value);
  if (domain.type === 'datetime') return `mysql_date_number(${sql})`;
  if (domain.type === 'json') return `(mysql_json_value(${sql}) + 0)`;
  if (domain.members !== undefined) return `mysql_member_number(${sql}, ${quote(domain.members)})`;
  return `(${sql} + 0)`;
}

/** Bytes of a literal are a number of 64 bits where one is asked for. */
function bytesAsNumber(bytes: Buffer): string {
  const digits = bytes.subarray(-8).toString('hex');
  return digits === '' ? '0' : String(BigInt(`0x${digits}`));
}

/** A column that may have an index, and what is found by one. */
const SOUGHT: ReadonlySet<Expression['kind']> = new Set(['column', 'string', 'variable', 'subquery']);
const isSought = (a: Expression, b: Expression): boolean =>
  (a.kind === 'column' && SOUGHT.has(b.kind)) || (b.kind === 'column' && SOUGHT.has(a.kind));

/** Texts compare without regard to case; but a column is sought by what it holds, so that its index is of use. */
function collated(left: Expression, right: Expression, printing: Printing): boolean {
  const isText = (expression: Expression): boolean => {
    const { type } = printing.domain(expression);
    return (type === 'text' || type === 'unknown') && expression.kind !== 'row';
  };
  if (!isText(left) || !isText(right)) return false;
  return printing.context.loose === true || !isSought(left, right);
}

/** Whether the collation takes texts for alike that are not the same. */
export const isLoose = (collation: string | undefined): collation is string =>
  collation !== undefined && sortKey(collation) !== undefined;

/** A text as its collation compares it: as it is, where that compares bytes. */
export const weighed = (sql: string, collation: string | undefined): string =>
  isLoose(collation) ? `mysql_weights(${sql}, ${quote(collation)})` : sql;

/** The collation by which texts compare; undefined: they have none, or are not all texts. */
function collationOf(sides: readonly Expression[], printing: Printing): string | undefined {
  const domains = sides.map((side) => printing.domain(side));
  const areTexts = domains.every(({ type }) => type === 'text' || type === 'null');
  return areTexts ? domains.find(({ collation }) => collation !== undefined)?.collation : undefined;
}

/**
 * Two columns that are to be equal join tables. So that an index is of use, they compare as they are kept; where there is none, SQLite makes one for
 * the query, and can do so without regard to the case of letters.
 */
function joined(
  left: Expression,
  right: Expression,
  collation: string | undefined,
  printing: Printing,
): [left: string, right: string] {
  const [a, b] = [printing.domain(left), printing.domain(right)];
  const sides: [string, string] = [value(left, printing, b), value(right, printing, a)];
  const hasIndex = a.isIndexed === true || b.isIndexed === true;
  const isLike = collated(left, right, printing) || (isLoose(collation) && !hasIndex);
  return isLike ? [sides[0], `${sides[1]} COLLATE NOCASE`] : sides;
}

const ORDERS = /^[<>]=?$/;

/** Both sides of a comparison, made alike. */
export function compared(
  left: Expression,
  right: Expression,
  operator: string,
  printing: Printing,
): [left: string, right: string] {
  const moments = comparedMoments([left, right], printing);
  if (moments !== undefined) {
    checkDates([left, right], printing);
    return [moments[0]!, moments[1]!];
  }
  const digits = comparedDigits([left, right], printing);
  if (digits !== undefined) return [digits[0]!, digits[1]!];
  const wide = ORDERS.test(operator) ? comparedWide([left, right], printing) : undefined;
  if (wide !== undefined) return [wide[0]!, wide[1]!];
  const [a, b] = [printing.domain(left), printing.domain(right)];
  if (isNumber(a) !== isNumber(b)) return [asNumber(left, printing), asNumber(right, printing)];
  const collation = collationOf([left, right], printing);
  if (operator === '=' && left.kind === 'column' && right.kind === 'column')
    return joined(left, right, collation, printing);
  if (collation !== undefined)
    return [weighed(printing.expression(left), collation), weighed(printing.expression(right), collation)];
  const sides: [string, string] = [value(left, printing, b), value(right, printing, a)];
  return collated(left, right, printing) ? [sides[0], `${sides[1]} COLLATE NOCASE`] : sides;
}

/** One side that is compared with several others: as a number where those are. */
export function comparedWith(
  expression: Expression,
  others: readonly Expression[],
  printing: Printing,
): { readonly operand: string; readonly others: readonly string[] } {
  const sides = [expression, ...others];
  const [first, ...printed] =
    comparedMoments(sides, printing) ??
    comparedDigits(sides, printing) ??
    comparedWide(sides, printing) ??
    [];
  if (first !== undefined) return { operand: first, others: printed };
  const numbers = others.filter((other) => isNumber(printing.domain(other))).length;
  const isOne = isNumber(printing.domain(expression));
  if (isOne || (numbers > 0 && numbers === others.length))
    return {
      operand: asNumber(expression, printing),
      others: others.map((other) => asNumber(other, printing)),
    };
  const collation = collationOf([expression, ...others], printing);
  if (collation !== undefined)
    return {
      operand: weighed(printing.expression(expression), collation),
      others: others.map((other) => weighed(printing.expression(other), collation)),
    };
  const isBinary = [expression, ...others].some((side) => printing.domain(side).type === 'binary');
  const all: Domain = isBinary ? BINARY : TEXT;
  const operand = value(expression, printing, all);
  const isText = others.every((other) => collated(expression, other, printing));
  return {
    operand: isText ? `${operand} COLLATE NOCASE` : operand,
    others: others.map((other) => (isBinary ? value(other, printing, all) : printing.expression(other))),
  };
}
