import { sortKey } from '../../../charset/index.ts';
import { type Expression, notSupported } from '../../../sql/index.ts';
import { literalText } from '../dates/moment-literal.ts';
import { MOST } from '../numbers.ts';
import { literal, quote } from '../sqlite-text.ts';
import { asText, chosen, withFraction } from './as-text.ts';
import { printCall } from './call-printer.ts';
import { asNumber, compared, comparedWith } from './comparison.ts';
import { divisionDigits } from './division-digits.ts';
import { equal } from './equal.ts';
import { digitsBehind, inDigits } from './exact-numbers.ts';
import { comparedRows, isMixed, printIn, printQuantified, printSubquery } from './in-printer.ts';
import { printKeySearch } from './key-search.ts';
import { plainColumn } from './plain-column.ts';
import type { Printing } from './printing.ts';
import { printRegexp } from './regexp-printer.ts';
import { wideArithmetic, wideNegative } from './wide-numbers.ts';

const BACKSLASH = String.fromCharCode(92);

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** An expression for SQLite: one entry a kind, and the compiler names those that are missing. */
export function printExpression(expression: Expression, printing: Printing): string {
  const isLong = expression.kind !== 'column' && printing.domain(expression).isLong === true;
  const exact = isLong ? printing.exact(expression) : undefined;
  return exact === undefined ? printPlain(expression, printing) : `CAST(${exact} AS REAL)`;
}

/** The same, where what has more digits than a double is made with those that a double has. */
export function printPlain(expression: Expression, printing: Printing): string {
  const print = PRINTERS[expression.kind] as (expression: Expression, printing: Printing) => string;
  return print(expression, printing);
}

const PRINTERS: { readonly [K in Expression['kind']]: (expression: Of<K>, printing: Printing) => string } = {
  null: () => 'NULL',
  boolean: ({ value }) => (value ? '1' : '0'),
  // SQLite would take it for a double.
  number: ({ text }) => (/^\d{19,}$/.test(text) && BigInt(text) > MOST ? quote(text) : text),
  string: ({ value }) => quote(value),
  moment: (expression) => quote(literalText(expression)),
  // A text where it may be one: so it compares.
  bytes: ({ value }) => quote(value),
  variable: ({ variable }, { context }) => literal(context.variable(variable)),
  column: printColumn,
  unary: (expression, printing) => {
    const { operator, operand } = expression;
    const wide = operator === '-' ? wideNegative(operand, expression, printing) : undefined;
    if (wide !== undefined) return wide;
    return operator === 'NOT'
      ? `(NOT ${asNumber(operand, printing)})`
      : operator === '~'
        ? `mysql_bits('~', ${printWhole(operand, printing)})`
        : `(${operator} ${operator === '-' ? asNumber(operand, printing) : printing.expression(operand)})`;
  },
  binary: (expression, printing) => BINARIES[expression.operator](expression, printing),
  every: ({ conditions }, printing) => joined(conditions, 'AND', printing),
  some: ({ conditions }, printing) => joined(conditions, 'OR', printing),
  is: ({ operand, not, what }, printing) => {
    const sql = what === 'NULL' ? printing.expression(operand) : asNumber(operand, printing);
    return `(${sql} IS ${not ? 'NOT ' : ''}${what})`;
  },
  between: ({ operand, low, high }, printing) => {
    const printed = comparedWith(operand, [low, high], printing);
    return `(${printed.operand} BETWEEN ${printed.others[0]} AND ${printed.others[1]})`;
  },
  in: printIn,
  exists: ({ query }, printing) => `EXISTS (${printing.query(query)})`,
  quantified: printQuantified,
  subquery: printSubquery,
  row: ({ values }, printing) => `(${values.map((value) => printing.expression(value)).join(', ')})`,
  case: printCase,
  cast: ({ operand, type, sizes }, printing) => {
    const sql = castable(operand, type, printing);
    const isRounded =
      (type === 'SIGNED' || type === 'UNSIGNED') && printing.domain(operand).type === 'double';
    return `mysql_cast(${[isRounded ? `mysql_round_double(${sql})` : sql, quote(type), ...castSizes(type, sizes, printing)].join(', ')})`;
  },
  collate: ({ operand, collation }, printing) =>
    sortKey(collation) !== undefined
      ? printing.expression(operand)
      : `(${printing.expression(operand)} COLLATE ${/^binary$|_bin$|_cs$/i.test(collation) ? 'BINARY' : 'NOCASE'})`,
  interval: (expression, printing) => {
    const { sign, date, amount, unit } = expression;
    const kind = printing.domain(date).moment === 'time' ? 'time' : 'date';
    // MySQL counts from the day of the query then.
    if (kind === 'time' && printing.context.flavor !== 'mariadb' && /DAY|WEEK|MONTH|QUARTER|YEAR/.test(unit))
      throw notSupported('days added to a TIME');
    const call = `mysql_${kind}_${sign === '+' ? 'add' : 'sub'}`;
    const sql = `${call}(${printing.expression(date)}, ${printing.expression(amount)}, ${quote(unit)})`;
    return withFraction(sql, printing.domain(expression));
  },
  call: printCall,
};

/** Of a moment, its digits and whether they are rounded. */
function castSizes(type: string, sizes: readonly number[], { context }: Printing): readonly number[] {
  if (type !== 'DATETIME' && type !== 'TIME') return sizes;
  const mode = String(context.variable({ kind: 'system', scope: undefined, name: 'sql_mode' }) ?? '');
  const isCut = context.flavor === 'mariadb' || mode.includes('TIME_TRUNCATE_FRACTIONAL');
  return [sizes[0] ?? 0, isCut ? 0 : 1];
}

const TEXTS: ReadonlySet<string> = new Set(['CHAR', 'NCHAR', 'BINARY']);
const NUMBERS: ReadonlySet<string> = new Set(['SIGNED', 'UNSIGNED', 'DECIMAL', 'DOUBLE', 'FLOAT']);

/** What is cast to a text is one, and a date or a document that is cast to a number. */
function castable(operand: Expression, type: string, printing: Printing): string {
  if (TEXTS.has(type)) return asText(operand, printing);
  const isOther = ['datetime', 'json'].includes(printing.domain(operand).type);
  return isOther && NUMBERS.has(type) ? asNumber(operand, printing) : printing.expression(operand);
}

/** What is kept as digits is a number wherever it is computed with. */
function printColumn({ path, bare }: Of<'column'>, printing: Printing): string {
  const value = bare ? printing.context.value(`${path[0]!.toUpperCase()} `) : undefined;
  if (value !== undefined) return literal(value);
  const named =
    path.length === 1 ? printing.named(path[0]!, (meant) => printing.expression(meant)) : undefined;
  if (named !== undefined) return named;
  const sql = plainColumn(path, printing);
  return printing.domain({ kind: 'column', path, bare, height: 1 }).digits === true
    ? `CAST(${sql} AS REAL)`
    : sql;
}

/** SQLite takes no tree higher than 1000: long lists of conditions are cut in halves. */
function joined(conditions: readonly Expression[], word: 'AND' | 'OR', printing: Printing): string {
  const halved = (parts: readonly string[]): string => {
    if (parts.length === 1) return parts[0]!;
    const middle = Math.ceil(parts.length / 2);
    return `(${halved(parts.slice(0, middle))} ${word} ${halved(parts.slice(middle))})`;
  };
  return halved(conditions.map((condition) => printing.expression(condition)));
}

function printCase(expression: Of<'case'>, printing: Printing): string {
  const { operand, whens, otherwise } = expression;
  const answer = printing.domain(expression);
  const tests = whens.map(({ when }) => when);
  if (operand !== undefined && isMixed(operand, tests, printing)) {
    const each = whens.map(({ when, result }) => ({ when: equal(operand, when), result }));
    const { operand: _operand, ...others } = expression;
    return printCase({ ...others, whens: each }, printing);
  }
  const printed = operand === undefined ? undefined : comparedWith(operand, tests, printing);
  const parts = whens.map(
    ({ result }, i) =>
      `WHEN ${printed === undefined ? printing.expression(tests[i]!) : printed.others[i]} THEN ${chosen(result, printing, answer)}`,
  );
  const end = otherwise === undefined ? '' : ` ELSE ${chosen(otherwise, printing, answer)}`;
  return `CASE ${printed?.operand ?? ''} ${parts.join(' ')}${end} END`;
}

type Binary = (expression: Of<'binary'>, printing: Printing) => string;

const comparison =
  (operator: string): Binary =>
  ({ left, right }, printing) => {
    const search =
      operator === '='
        ? (printKeySearch(left, [right], printing) ?? printKeySearch(right, [left], printing))
        : undefined;
    const rows = comparedRows(left, right, operator, printing);
    return search ?? rows ?? `(${compared(left, right, operator, printing).join(` ${operator} `)})`;
  };

const numeric =
  (operator: '+' | '-' | '*' | '* 1.0 /'): Binary =>
  (expression, printing) => {
    const { left, right } = expression;
    const wide = wideArithmetic(expression.operator, [left, right], expression, printing);
    if (wide !== undefined) return wide;
    const sql = `${printNumber(expression.left, printing)} ${operator} ${printNumber(expression.right, printing)}`;
    return inDigits(`(${sql})`, printing.domain(expression));
  };

/** A quotient of decimals has digits of its own, which what is computed with it begins with. */
const divided: Binary = (expression, printing) => {
  const { left, right } = expression;
  if (printing.domain(expression).type !== 'decimal') return numeric('* 1.0 /')(expression, printing);
  const scales = [left, right].map((side) => printing.domain(side).scale);
  const { flavor = 'mysql' } = printing.context;
  const sides = [left, right].map((side) => asNumber(side, printing));
  const digits = divisionDigits(printing.context);
  return `mysql_divided(${[...sides, quote(flavor), ...scales, digits].join(', ')})`;
};

const call =
  (name: string): Binary =>
  (expression, printing) => {
    const { operator, left, right } = expression;
    const wide =
      operator === 'XOR' ? undefined : wideArithmetic(operator, [left, right], expression, printing);
    return (
      wide ??
      `${name}(${printNumber(left, printing)}, ${printNumber(right, printing)}${digitsBehind([left, right], printing)})`
    );
  };

/** Bits are those of whole numbers: a double is rounded to one as C rounds. */
const ofBits =
  (operator: string): Binary =>
  ({ left, right }, printing) =>
    `mysql_bits(${[quote(operator), printWhole(left, printing), printWhole(right, printing)].join(', ')})`;

function printWhole(expression: Expression, printing: Printing): string {
  const sql = printNumber(expression, printing);
  return printing.domain(expression).type === 'double' ? `mysql_round_double(${sql})` : sql;
}

/** A number of a date or a document; SQLite reads those of texts itself. */
function printNumber(expression: Expression, printing: Printing): string {
  const { type, members } = printing.domain(expression);
  return type === 'datetime' || type === 'json' || members !== undefined
    ? asNumber(expression, printing)
    : printing.expression(expression);
}

const BINARIES: Readonly<Record<Of<'binary'>['operator'], Binary>> = {
  '=': comparison('='),
  '<=>': comparison('IS'),
  '<': comparison('<'),
  '<=': comparison('<='),
  '>': comparison('>'),
  '>=': comparison('>='),
  '<>': comparison('<>'),
  LIKE: ({ left, right, escape }, printing) => {
    if (escape !== undefined && escape.kind !== 'string') throw notSupported('ESCAPE that is computed');
    const values = [left, right].map((side) => asText(side, printing)) as [string, string];
    const isBytes = [left, right].some((side) => printing.domain(side).type === 'binary');
    const collation = isBytes ? 'binary' : printing.domain(left).collation;
    if (collation !== undefined)
      return `mysql_like(${[...values.toReversed(), quote(escape?.value ?? BACKSLASH), quote(collation)].join(', ')})`;
    const end = escape === undefined ? '' : ` ESCAPE ${printing.expression(escape)}`;
    return `(${values.join(' LIKE ')}${end})`;
  },
  REGEXP: ({ left, right }, printing) => printRegexp(left, right, undefined, printing),
  XOR: call('mysql_xor'),
  '|': ofBits('|'),
  '&': ofBits('&'),
  '^': ofBits('^'),
  '<<': ofBits('<<'),
  '>>': ofBits('>>'),
  '+': numeric('+'),
  '-': numeric('-'),
  '*': numeric('*'),
  // Whole numbers divided by each other keep their fraction.
  '/': divided,
  DIV: (expression, printing) => {
    const { left, right } = expression;
    const sides = [left, right].flatMap((side) => printing.exact(side) ?? []);
    const areLong = [left, right].some((side) => printing.domain(side).isLong === true) && sides.length === 2;
    return areLong ? `mysql_exact_div(${sides.join(', ')})` : call('mysql_idiv')(expression, printing);
  },
  MOD: call('mysql_mod'),
};
