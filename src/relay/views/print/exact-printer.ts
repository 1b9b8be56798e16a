import type { Call, Expression } from '../../../sql/index.ts';
import { quote } from '../sqlite-text.ts';
import { asNumber } from './comparison.ts';
import { divisionDigits } from './division-digits.ts';
import { isWhole } from './domain.ts';
import { equal } from './equal.ts';
import { plainColumn } from './plain-column.ts';
import type { Printing } from './printing.ts';
import { over } from './window-printer.ts';

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/**
 * An exact number with all of its digits: a text of them, or a whole number. Undefined: it is no exact number, or none of those that have
 * more digits than a double.
 */
export function printExact(expression: Expression, printing: Printing): string | undefined {
  const { type } = printing.domain(expression);
  if (type === 'decimal') {
    const print = EXACT[expression.kind] as
      | ((expression: Expression, printing: Printing) => string | undefined)
      | undefined;
    return print?.(expression, printing);
  }
  const isExact = isWhole({ type, scale: 0 }) || type === 'null';
  if (expression.kind === 'number') return quote(expression.text);
  if (isExact) return printing.expression(expression);
  return type === 'datetime' ? `mysql_exact_moment(${printing.expression(expression)})` : undefined;
}

/** The same of what is chosen or computed of others: what is no exact number, as it is. */
const part = (expression: Expression, printing: Printing): string =>
  printExact(expression, printing) ?? printing.expression(expression);

/** Values of a function that returns a decimal; undefined where one is no exact number. */
function parts(values: readonly Expression[], printing: Printing): readonly string[] | undefined {
  const printed = values.flatMap((value) => printExact(value, printing) ?? []);
  return printed.length === values.length ? printed : undefined;
}

const EXACT: {
  readonly [K in Expression['kind']]?: (expression: Of<K>, printing: Printing) => string | undefined;
} = {
  number: ({ text }) => (/e/i.test(text) ? undefined : quote(text)),
  column: ({ path, bare }, printing) => {
    if (bare && printing.context.value(`${path[0]!.toUpperCase()} `) !== undefined) return undefined;
    const named =
      path.length === 1 ? printing.named(path[0]!, (value) => printExact(value, printing)) : undefined;
    return named === undefined ? plainColumn(path, printing) : named;
  },
  unary: ({ operator, operand }, printing) => {
    const sql = printExact(operand, printing);
    if (sql === undefined || operator === '+') return sql;
    return operator === '-' ? `mysql_exact('-', 0, ${sql})` : undefined;
  },
  binary: ({ operator, left, right }, printing) => {
    const sides = parts([left, right], printing);
    if (sides === undefined) return undefined;
    if (operator !== '/')
      return OPERATORS.has(operator) ? `mysql_exact(${[quote(operator), ...sides].join(', ')})` : undefined;
    return quotient(
      sides,
      [left, right].map((side) => printing.domain(side).scale),
      printing,
    );
  },
  case: ({ operand, whens, otherwise }, printing) => {
    const printed = whens.map(({ when, result }) => {
      const test = operand === undefined ? when : equal(operand, when);
      return `WHEN ${printing.expression(test)} THEN ${part(result, printing)}`;
    });
    const end = otherwise === undefined ? '' : ` ELSE ${part(otherwise, printing)}`;
    return `CASE ${printed.join(' ')}${end} END`;
  },
  cast: ({ operand, sizes }, printing) =>
    `mysql_cast(${[part(operand, printing), quote('DECIMAL'), sizes[0] ?? 10, sizes[1] ?? 0].join(', ')})`,
  subquery: (expression, printing) => printing.plain(expression),
  call: (call, printing) => {
    const name = call.name.toUpperCase();
    if (call.schema !== undefined || call.star || !Object.hasOwn(CALLS, name)) return undefined;
    return CALLS[name]!(call, printing);
  },
};

const OPERATORS: ReadonlySet<string> = new Set(['+', '-', '*', 'MOD']);

const quotient = (sides: readonly string[], scales: readonly number[], { context }: Printing): string =>
  `mysql_exact_divided(${[...sides, quote(context.flavor ?? 'mysql'), ...scales, divisionDigits(context)].join(', ')})`;

type PrintCall = (call: Call, printing: Printing) => string | undefined;

/** A function that is told how many values, and the least of those. */
const called =
  (own: string, least: number, ...more: readonly string[]): PrintCall =>
  ({ values }, printing) => {
    const printed = parts(values, printing);
    if (printed === undefined || printed.length < least) return undefined;
    return `${own}(${[...printed, ...more.slice(printed.length - least)].join(', ')})`;
  };

/** The first of its values that is there. */
const choice =
  (own: string): PrintCall =>
  ({ values }, printing) =>
    values.length === 0 ? undefined : `${own}(${values.map((value) => part(value, printing)).join(', ')})`;

/** A function of a window whose first value is the answer. */
const ofWindow =
  (own: string): PrintCall =>
  (call, printing) => {
    const [first, ...others] = call.values;
    if (first === undefined || call.over === undefined) return undefined;
    const printed = [
      part(first, printing),
      ...others.map((value, i) => (i === 0 ? printing.expression(value) : part(value, printing))),
    ];
    return `${own}(${printed.join(', ')})${over(call, printing)}`;
  };

/** What is added up, and how often: alike numbers are alike as texts where each has as many digits. */
function summed({ values, distinct }: Call, printing: Printing): string | undefined {
  const [value] = values;
  const sql = value === undefined || values.length > 1 ? undefined : printExact(value, printing);
  if (sql === undefined || !distinct) return sql;
  return `DISTINCT mysql_decimal(${sql}, ${printing.domain(value!).scale})`;
}

const outermost =
  (own: string): PrintCall =>
  (call, printing) => {
    const [value] = call.values;
    const sql = value === undefined || call.values.length > 1 ? undefined : printExact(value, printing);
    if (sql === undefined) return undefined;
    const { scale } = printing.domain(call);
    return `mysql_ordered_digits(${own}(mysql_digits_order(${sql}))${over(call, printing)}, ${scale})`;
  };

/** A window asks for its sum again and again. */
const sumOf = ({ over: window }: Call): string =>
  window === undefined ? 'mysql_exact_sum' : 'mysql_exact_window_sum';

const CALLS: Readonly<Record<string, PrintCall>> = {
  SUM: (call, printing) => {
    const sql = summed(call, printing);
    return sql === undefined ? undefined : `${sumOf(call)}(${sql})${over(call, printing)}`;
  },
  AVG: (call, printing) => {
    const sql = summed(call, printing);
    if (sql === undefined) return undefined;
    const window = over(call, printing);
    const sides = [`${sumOf(call)}(${sql})${window}`, `count(${sql})${window}`];
    return quotient(sides, [printing.domain(call.values[0]!).scale, 0], printing);
  },
  MIN: outermost('min'),
  MAX: outermost('max'),
  ABS: called('mysql_exact_abs', 1),
  ROUND: called('mysql_exact_round', 1, '0'),
  TRUNCATE: called('mysql_exact_truncate', 2),
  FLOOR: called('mysql_exact_floor', 1),
  CEIL: called('mysql_exact_ceiling', 1),
  CEILING: called('mysql_exact_ceiling', 1),
  MOD: ({ values }, printing) => {
    const sides = parts(values, printing);
    return sides?.length === 2 ? `mysql_exact('MOD', ${sides.join(', ')})` : undefined;
  },
  GREATEST: called('mysql_exact_greatest', 2),
  LEAST: called('mysql_exact_least', 2),
  IF: ({ values: [condition, then, otherwise] }, printing) =>
    condition === undefined || then === undefined || otherwise === undefined
      ? undefined
      : `(CASE WHEN ${asNumber(condition, printing)} THEN ${part(then, printing)} ELSE ${part(otherwise, printing)} END)`,
  IFNULL: choice('ifnull'),
  // SQLite's takes two values or more.
  COALESCE: (call, printing) =>
    choice('coalesce')({ ...call, values: [...call.values, { kind: 'null', height: 1 }] }, printing),
  NULLIF: ({ values: [left, right] }, printing) =>
    left === undefined || right === undefined
      ? undefined
      : `(CASE WHEN ${printing.expression(equal(left, right))} THEN NULL ELSE ${part(left, printing)} END)`,
  ANY_VALUE: ({ values: [value] }, printing) => (value === undefined ? undefined : part(value, printing)),
  LAG: ofWindow('lag'),
  LEAD: ofWindow('lead'),
  FIRST_VALUE: ofWindow('first_value'),
  LAST_VALUE: ofWindow('last_value'),
  NTH_VALUE: ofWindow('nth_value'),
};
