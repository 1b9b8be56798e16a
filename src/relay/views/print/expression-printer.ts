import { type Expression, notSupported } from '../../../sql/index.ts';
import { literal, quote, quoteName } from '../sqlite-text.ts';
import { printCall } from './call-printer.ts';
import { asNumber, compared, comparedWith } from './comparison.ts';
import type { Printing } from './printing.ts';

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** An expression for SQLite: one entry a kind, and the compiler names those that are missing. */
export function printExpression(expression: Expression, printing: Printing): string {
  const print = PRINTERS[expression.kind] as (expression: Expression, printing: Printing) => string;
  return print(expression, printing);
}

const PRINTERS: { readonly [K in Expression['kind']]: (expression: Of<K>, printing: Printing) => string } = {
  null: () => 'NULL',
  boolean: ({ value }) => (value ? '1' : '0'),
  number: ({ text }) => text,
  string: ({ value }) => quote(value),
  // A text where it may be one: so it compares.
  bytes: ({ value }) => quote(value),
  variable: ({ variable }, { context }) => literal(context.variable(variable)),
  column: printColumn,
  unary: ({ operator, operand }, printing) =>
    operator === 'NOT'
      ? `(NOT ${asNumber(operand, printing)})`
      : operator === '~'
        ? `mysql_bits('~', ${printing.expression(operand)})`
        : `(${operator} ${operator === '-' ? asNumber(operand, printing) : printing.expression(operand)})`,
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
  in: ({ operand, values }, printing) => {
    if ('kind' in values) return `(${printing.expression(operand)} IN (${printing.query(values)}))`;
    // Rows stand in VALUES.
    if (operand.kind === 'row') {
      const rows = values.map((value) => printing.expression(value));
      return `(${printing.expression(operand)} IN (VALUES ${rows.join(', ')}))`;
    }
    const printed = comparedWith(operand, values, printing);
    return `(${printed.operand} IN (${printed.others.join(', ')}))`;
  },
  exists: ({ query }, printing) => `EXISTS (${printing.query(query)})`,
  subquery: ({ query }, printing) => `(${printing.query(query)})`,
  row: ({ values }, printing) => `(${values.map((value) => printing.expression(value)).join(', ')})`,
  case: printCase,
  cast: ({ operand, type, sizes }, printing) => {
    const sql = printing.expression(operand);
    const isRounded = type === 'SIGNED' && printing.domain(operand).type === 'double';
    return `mysql_cast(${[isRounded ? `mysql_round_double(${sql})` : sql, quote(type), ...sizes].join(', ')})`;
  },
  collate: ({ operand, collation }, printing) =>
    `(${printing.expression(operand)} COLLATE ${/^binary$|_bin$|_cs$/i.test(collation) ? 'BINARY' : 'NOCASE'})`,
  interval: ({ sign, date, amount, unit }, printing) => {
    const call = sign === '+' ? 'mysql_date_add' : 'mysql_date_sub';
    return `${call}(${printing.expression(date)}, ${printing.expression(amount)}, ${quote(unit)})`;
  },
  call: printCall,
};

/** What is kept as digits is a number wherever it is computed with. */
function printColumn({ path, bare }: Of<'column'>, printing: Printing): string {
  const value = bare ? printing.context.value(`${path[0]!.toUpperCase()} `) : undefined;
  if (value !== undefined) return literal(value);
  const sql = plainColumn(path);
  return printing.domain({ kind: 'column', path, bare, height: 1 }).digits === true
    ? `CAST(${sql} AS REAL)`
    : sql;
}

/** A column as it is kept. */
export const plainColumn = (path: readonly string[]): string => path.map(quoteName).join('.');

/** SQLite takes no tree higher than 1000: long lists of conditions are cut in halves. */
function joined(conditions: readonly Expression[], word: 'AND' | 'OR', printing: Printing): string {
  const halved = (parts: readonly string[]): string => {
    if (parts.length === 1) return parts[0]!;
    const middle = Math.ceil(parts.length / 2);
    return `(${halved(parts.slice(0, middle))} ${word} ${halved(parts.slice(middle))})`;
  };
  return halved(conditions.map((condition) => printing.expression(condition)));
}

function printCase({ operand, whens, otherwise }: Of<'case'>, printing: Printing): string {
  const tests = whens.map(({ when }) => when);
  const printed = operand === undefined ? undefined : comparedWith(operand, tests, printing);
  const parts = whens.map(
    ({ result }, i) =>
      `WHEN ${printed === undefined ? printing.expression(tests[i]!) : printed.others[i]} THEN ${printing.expression(result)}`,
  );
  const end = otherwise === undefined ? '' : ` ELSE ${printing.expression(otherwise)}`;
  return `CASE ${printed?.operand ?? ''} ${parts.join(' ')}${end} END`;
}

type Binary = (expression: Of<'binary'>, printing: Printing) => string;

const comparison =
  (operator: string): Binary =>
  ({ left, right }, printing) =>
    `(${compared(left, right, printing).join(` ${operator} `)})`;

const numeric =
  (operator: string): Binary =>
  ({ left, right }, printing) => {
    const side = (expression: Expression): string => {
      const { type } = printing.domain(expression);
      return type === 'datetime' || type === 'json'
        ? asNumber(expression, printing)
        : printing.expression(expression);
    };
    return `(${side(left)} ${operator} ${side(right)})`;
  };

/** A quotient of decimals has digits of its own, which what is computed with it begins with. */
const divided: Binary = (expression, printing) => {
  const { left, right } = expression;
  if (printing.domain(expression).type !== 'decimal') return numeric('* 1.0 /')(expression, printing);
  const scales = [left, right].map((side) => printing.domain(side).scale);
  const { flavor = 'mysql' } = printing.context;
  const sides = [left, right].map((side) => asNumber(side, printing));
  return `mysql_divided(${[...sides, quote(flavor), ...scales].join(', ')})`;
};

const call =
  (name: string, ...first: string[]): Binary =>
  ({ left, right }, printing) =>
    `${name}(${[...first, printing.expression(left), printing.expression(right)].join(', ')})`;

const BINARIES: Readonly<Record<Of<'binary'>['operator'], Binary>> = {
  '=': comparison('='),
  '<=>': comparison('IS'),
  '<': comparison('<'),
  '<=': comparison('<='),
  '>': comparison('>'),
  '>=': comparison('>='),
  '<>': comparison('<>'),
  LIKE: ({ left, right, escape }, printing) => {
    const end = escape === undefined ? '' : ` ESCAPE ${printing.expression(escape)}`;
    if (escape !== undefined && escape.kind !== 'string') throw notSupported('ESCAPE that is computed');
    return `(${printing.expression(left)} LIKE ${printing.expression(right)}${end})`;
  },
  REGEXP: ({ left, right }, printing) =>
    `(${printing.expression(left)} REGEXP ${printing.expression(right)})`,
  XOR: call('mysql_xor'),
  '|': call('mysql_bits', "'|'"),
  '&': call('mysql_bits', "'&'"),
  '^': call('mysql_bits', "'^'"),
  '<<': call('mysql_bits', "'<<'"),
  '>>': call('mysql_bits', "'>>'"),
  '+': numeric('+'),
  '-': numeric('-'),
  '*': numeric('*'),
  // Whole numbers divided by each other keep their fraction.
  '/': divided,
  DIV: call('mysql_idiv'),
  MOD: call('mysql_mod'),
};
