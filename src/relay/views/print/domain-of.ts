import { type Flavor, sortKey } from '../../../charset/index.ts';
import type { Expression, Query } from '../../../sql/index.ts';
import { literalScale } from '../dates/moment-literal.ts';
import { constantNumber } from './constant-number.ts';
import {
  arithmetic,
  BINARY,
  BOOLEAN,
  common,
  DATE,
  DATETIME,
  DOUBLE,
  type Domain,
  decimal,
  decimalOf,
  hasNoSign,
  INTEGER,
  isNumber,
  isWhole,
  JSON_VALUE,
  NULLS,
  TEXT,
  TIME,
  TIMESTAMP,
  UNKNOWN,
  UNSIGNED,
  wholeDigits,
  wholeNumber,
  YEAR,
} from './domain.ts';
import { functionTable } from './function-table.ts';
import { withInterval } from './moment-scale.ts';
import { counted, RETURNS, remainder } from './returns.ts';

/** What a name stands for. */
export interface Names {
  readonly flavor: Flavor;
  /** `div_precision_increment` */
  readonly divisionDigits: number;
  /** Of a column; undefined: nobody knows. */
  column(path: readonly string[]): Domain | undefined;
  /** Of a word or a call that is a value. */
  value(name: string): Domain | undefined;
  variable(variable: Extract<Expression, { kind: 'variable' }>['variable']): Domain;
}

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** What values of an expression are. */
export function domainOf(expression: Expression, names: Names): Domain {
  const of = DOMAINS[expression.kind] as (expression: Expression, names: Names) => Domain;
  return of(expression, names);
}

/** Of the first column of a query. */
function domainOfQuery(query: Query, names: Names): Domain {
  if (query.first.kind === 'query') return domainOfQuery(query.first, names);
  if (query.first.kind === 'values') return UNKNOWN;
  const [item] = query.first.items;
  return item?.kind === 'value' && query.rest.length === 0 ? domainOf(item.value, names) : UNKNOWN;
}

const always = (domain: Domain) => (): Domain => domain;

const CASTS: Readonly<Record<string, Domain>> = {
  SIGNED: INTEGER,
  UNSIGNED,
  DOUBLE,
  FLOAT: DOUBLE,
  DATE,
  DATETIME: TIMESTAMP,
  TIME,
  YEAR,
  JSON: JSON_VALUE,
  BINARY,
};

/** What begins with the time of the query. */
const NOWS: Readonly<Record<string, Domain>> = {
  NOW: TIMESTAMP,
  SYSDATE: TIMESTAMP,
  LOCALTIME: TIMESTAMP,
  LOCALTIMESTAMP: TIMESTAMP,
  CURRENT_TIMESTAMP: TIMESTAMP,
  UTC_TIMESTAMP: TIMESTAMP,
  CURDATE: DATE,
  CURRENT_DATE: DATE,
  UTC_DATE: DATE,
  CURTIME: TIME,
  CURRENT_TIME: TIME,
  UTC_TIME: TIME,
};

/** NOW(3): digits of a second. */
const constantScale = ([digits]: readonly Expression[]): number =>
  digits?.kind === 'number' ? Number(digits.text) : 0;

const DOMAINS: { readonly [K in Expression['kind']]: (expression: Of<K>, names: Names) => Domain } = {
  null: always(NULLS),
  boolean: always(BOOLEAN),
  moment: (expression) => ({ ...CASTS[expression.type]!, scale: literalScale(expression) }),
  number: ({ text }) => {
    if (/e/i.test(text)) return DOUBLE;
    const [, fraction] = text.split('.');
    if (fraction !== undefined) return decimal(fraction.length, text.length - 1);
    if (BigInt(text) > 2n ** 64n - 1n) return decimal(0, text.length);
    return BigInt(text) > 2n ** 63n - 1n ? UNSIGNED : { ...INTEGER, precision: text.length };
  },
  string: ({ value }) => (value.includes('\0') ? BINARY : TEXT),
  bytes: always(BINARY),
  variable: ({ variable }, names) => names.variable(variable),
  column: ({ path, bare }, names) =>
    names.column(path) ?? (bare ? names.value(`${path[0]!.toUpperCase()} `) : undefined) ?? UNKNOWN,
  unary: ({ operator, operand }, names) => {
    if (operator === 'NOT') return BOOLEAN;
    if (operator === '~') return UNSIGNED;
    const domain = domainOf(operand, names);
    if (operator === '+') return domain;
    if (isWhole(domain) && isTooLarge(operand, names.flavor)) return decimal(0, domain.precision ?? 20);
    if (isWhole(domain))
      return { ...INTEGER, ...(domain.precision !== undefined && { precision: domain.precision }) };
    return isNumber(domain)
      ? arithmetic(domain, INTEGER, domain.scale, wholeDigits(domain))
      : arithmetic(domain, DOUBLE, 0);
  },
  binary: ({ operator, left, right }, names) => {
    const of = BINARIES[operator];
    if (typeof of !== 'function') return of ?? BOOLEAN;
    const [a, b] = [left, right].map((side) => counted(domainOf(side, names), names)) as [Domain, Domain];
    return of(a, b, names);
  },
  every: always(BOOLEAN),
  some: always(BOOLEAN),
  is: always(BOOLEAN),
  between: always(BOOLEAN),
  in: always(BOOLEAN),
  exists: always(BOOLEAN),
  quantified: always(BOOLEAN),
  subquery: ({ query }, names) => domainOfQuery(query, names),
  row: always(UNKNOWN),
  case: ({ whens, otherwise }, names) => {
    const results = whens.map(({ result }) => domainOf(result, names));
    return common(otherwise === undefined ? results : [...results, domainOf(otherwise, names)]);
  },
  cast: ({ type, sizes }) => {
    const domain = type === 'DECIMAL' ? decimal(sizes[1] ?? 0, sizes[0] ?? 10) : (CASTS[type] ?? TEXT);
    return domain.type === 'datetime' ? { ...domain, scale: sizes[0] ?? 0 } : domain;
  },
  collate: ({ operand, collation }, names) => {
    const domain = domainOf(operand, names);
    if (isNumber(domain)) return domain;
    if (sortKey(collation) !== undefined) return { ...TEXT, collation };
    return /^binary$|_bin$/i.test(collation) ? BINARY : TEXT;
  },
  interval: ({ date, amount, unit }, names) => {
    const of = domainOf(date, names);
    // Of a text, the value says it.
    if (of.type !== 'datetime') return DATETIME;
    return withInterval(of, unit, domainOf(amount, names));
  },
  call: ({ name, values }, names) => {
    const entry = Object.hasOwn(functionTable, name.toUpperCase())
      ? functionTable[name.toUpperCase()]
      : undefined;
    if (entry === undefined || (values.length === 0 && entry.least === 0)) {
      const value = names.value(name.toUpperCase());
      const moment = NOWS[name.toUpperCase()];
      if (value !== undefined && moment !== undefined) return { ...moment, scale: constantScale(values) };
      if (value !== undefined) return value;
    }
    if (entry === undefined) return UNKNOWN;
    return RETURNS[entry.returns](
      values.map((value) => domainOf(value, names)),
      values,
      names,
    );
  },
};

/** Of a constant below zero, the servers do not say that a BIGINT holds its opposite; but MariaDB's parser makes one number of a literal and its signs. */
function isTooLarge(operand: Expression, flavor: Flavor): boolean {
  if (flavor === 'mariadb' && isSigned(operand)) return false;
  return (constantNumber(operand) ?? 0) < 0;
}

const isSigned = (expression: Expression): boolean =>
  expression.kind === 'number' || (expression.kind === 'unary' && isSigned(expression.operand));

function added(left: Domain, right: Domain): Domain {
  const whole = Math.max(wholeDigits(left), wholeDigits(right)) + 1;
  return arithmetic(left, right, Math.max(left.scale, right.scale), whole);
}

type Binary = Domain | ((left: Domain, right: Domain, names: Names) => Domain);
/** What is not here compares. */
const BINARIES: Readonly<Partial<Record<Of<'binary'>['operator'], Binary>>> = {
  '|': UNSIGNED,
  '&': UNSIGNED,
  '^': UNSIGNED,
  '<<': UNSIGNED,
  '>>': UNSIGNED,
  '+': added,
  '-': added,
  '*': (left, right) =>
    arithmetic(left, right, left.scale + right.scale, wholeDigits(left) + wholeDigits(right)),
  '/': (left, right, { divisionDigits }) => {
    const scale = left.scale + divisionDigits;
    // What is divided by has as many zeros behind its point as there is room for.
    const whole = wholeDigits(left) + right.scale;
    const result = arithmetic(left, right, scale, whole);
    return isWhole(result) ? decimalOf(whole, scale) : result;
  },
  DIV: (left, right) => wholeNumber(hasNoSign(left) || hasNoSign(right), wholeDigits(left) + right.scale),
  MOD: remainder,
};
