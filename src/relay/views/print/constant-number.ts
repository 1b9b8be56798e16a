import type { Expression } from '../../../sql/index.ts';
import { roundTo } from '../numbers.ts';

type Value = number | null;
type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** The number that an expression without columns is; undefined: it has some, or is more than a sum. */
export function constantNumber(expression: Expression): Value | undefined {
  const evaluate = EVALUATED[expression.kind] as ((expression: Expression) => Value | undefined) | undefined;
  return evaluate?.(expression);
}

/** What is made of values that are all known; NULL of a NULL. */
function made(values: readonly Expression[], make: (...values: number[]) => Value): Value | undefined {
  const known = values.map(constantNumber);
  if (known.includes(undefined)) return undefined;
  return known.includes(null) ? null : make(...(known as number[]));
}

const EVALUATED: { readonly [K in Expression['kind']]?: (expression: Of<K>) => Value | undefined } = {
  null: () => null,
  boolean: ({ value }) => Number(value),
  number: ({ text }) => Number(text),
  unary: ({ operator, operand }) => {
    const make = { '-': (a = 0) => -a, '+': (a = 0) => a, NOT: (a = 0) => Number(a === 0), '~': undefined }[
      operator
    ];
    return make && made([operand], make);
  },
  binary: ({ operator, left, right }) => {
    const make = BINARIES[operator];
    return make && made([left, right], make);
  },
  every: ({ conditions }) => made(conditions, (...all) => Number(all.every((value) => value !== 0))),
  cast: ({ operand, type }) => (type === 'SIGNED' ? made([operand], (a = 0) => roundTo(a, 0)) : undefined),
  call: ({ name, values }) => {
    const upper = name.toUpperCase();
    if (upper === 'IFNULL' || upper === 'COALESCE') {
      const known = values.map(constantNumber);
      return known.includes(undefined) ? undefined : (known.find((value) => value !== null) ?? null);
    }
    const make = CALLS[upper];
    return make && made(values, make);
  },
};

type Make = (...values: number[]) => Value;

const BINARIES: Readonly<Partial<Record<Of<'binary'>['operator'], Make>>> = {
  '+': (a = 0, b = 0) => a + b,
  '-': (a = 0, b = 0) => a - b,
  '*': (a = 0, b = 0) => a * b,
  '/': (a = 0, b = 0) => (b === 0 ? null : a / b),
  DIV: (a = 0, b = 0) => (b === 0 ? null : Math.trunc(a / b)),
  MOD: (a = 0, b = 0) => (b === 0 ? null : a % b),
};

const CALLS: Readonly<Record<string, Make>> = {
  ABS: (a = 0) => Math.abs(a),
  CEIL: (a = 0) => Math.ceil(a),
  CEILING: (a = 0) => Math.ceil(a),
  FLOOR: (a = 0) => Math.floor(a),
  SIGN: (a = 0) => Math.sign(a),
  ROUND: (a = 0, digits = 0) => roundTo(a, digits),
  MOD: (a = 0, b = 0) => (b === 0 ? null : a % b),
  GREATEST: (...values) => Math.max(...values),
  LEAST: (...values) => Math.min(...values),
  NULLIF: (a = 0, b = 0) => (a === b ? null : a),
};
