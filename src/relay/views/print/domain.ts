/** What values of an expression are, as far as its text says. */
export interface Domain {
  readonly type:
    | 'boolean'
    | 'integer'
    | 'unsigned'
    /** MySQL's YEAR: computed with, it has no sign; beside other whole numbers it is one of them. */
    | 'year'
    | 'double'
    | 'decimal'
    /** A number of some kind. */
    | 'number'
    | 'text'
    | 'binary'
    | 'datetime'
    | 'json'
    | 'null'
    | 'unknown';
  /** Digits behind the point: of a decimal, of the seconds of a time. */
  readonly scale: number;
  /** Of a datetime: whether it is a day, a time of one, or a time alone. Undefined: its value says it. */
  readonly moment?: 'date' | 'datetime' | 'time';
  /** Of a datetime: it is a TIMESTAMP, and travels as one. */
  readonly isTimestamp?: boolean;
  /** A decimal that is kept as its digits: a number only behind a CAST. */
  readonly digits?: boolean;
  /** Of a decimal: it may have more digits than a double says for sure, and is computed with all of them, as a text. */
  readonly isLong?: boolean;
  /** Of an unsigned: it may be larger than SQLite's whole numbers, and is a text then. */
  readonly isWide?: boolean;
  /** Of exact numbers: the most digits that they have, both sides of the point. Undefined: nobody knows. */
  readonly precision?: number;
  /** How it is written where that is not its type's: a FLOAT has fewer digits than a DOUBLE, a YEAR always four; some doubles of MariaDB's have as many behind the point as `scale` says. */
  readonly shown?: 'float' | 'year' | 'fixed';
  /** Of a text: the collation that it compares by. Undefined: it compares without regard to case, and a column as it is kept. */
  readonly collation?: string;
  /** Of an ENUM or SET: what its values are called, in order, as JSON. */
  readonly members?: string;
  /** Of a text, or of what may be a text: an index begins with the column. */
  readonly isIndexed?: boolean;
  /** Of a column that no two rows of its table have alike: the table, as SQLite finds it. */
  readonly keyOf?: string;
}

const plain = (type: Domain['type']): Domain => ({ type, scale: 0 });

export const BOOLEAN: Domain = plain('boolean');
export const INTEGER: Domain = plain('integer');
export const UNSIGNED: Domain = { ...plain('unsigned'), isWide: true };
export const YEAR: Domain = plain('year');
export const DOUBLE: Domain = plain('double');
export const FLOAT: Domain = { type: 'double', scale: 0, shown: 'float' };
/** A double with so many digits behind its point. */
export const fixed = (scale: number): Domain => ({ type: 'double', scale, shown: 'fixed' });
export const NUMBER: Domain = plain('number');
export const TEXT: Domain = plain('text');
export const BINARY: Domain = plain('binary');
export const DATETIME: Domain = plain('datetime');
export const DATE: Domain = { ...DATETIME, moment: 'date' };
export const TIME: Domain = { ...DATETIME, moment: 'time' };
export const TIMESTAMP: Domain = { ...DATETIME, moment: 'datetime' };
export const JSON_VALUE: Domain = plain('json');
export const NULLS: Domain = plain('null');
export const UNKNOWN: Domain = plain('unknown');

/** DECIMAL_MAX_SCALE */
const MAX_SCALE = 30;
/** DBL_DIG: digits that a double says for sure. */
const DOUBLE_DIGITS = 15;

/** A decimal of so many digits, which may be more than a double has; undefined: as many as there can be. */
export function decimal(scale: number, precision?: number): Domain {
  const kept = Math.min(scale, MAX_SCALE);
  return {
    type: 'decimal',
    scale: kept,
    ...(precision !== undefined && { precision }),
    ...((precision ?? Number.POSITIVE_INFINITY) > DOUBLE_DIGITS && { isLong: true }),
  };
}

/** Digits that a number has in front of its point at most. */
export function wholeDigits({ type, scale, precision }: Domain): number {
  if (precision !== undefined) return precision - scale;
  return type === 'boolean'
    ? 1
    : type === 'year'
      ? 4
      : type === 'integer' || type === 'unsigned'
        ? 20
        : Number.NaN;
}

/** A decimal with so many digits on each side of its point; of NaN, nobody knows. */
export const decimalOf = (whole: number, scale: number): Domain =>
  decimal(scale, Number.isNaN(whole) ? undefined : whole + Math.min(scale, MAX_SCALE));

const NUMBERS: ReadonlySet<Domain['type']> = new Set([
  'boolean',
  'integer',
  'unsigned',
  'year',
  'double',
  'decimal',
  'number',
]);
const WHOLE: ReadonlySet<Domain['type']> = new Set(['boolean', 'integer', 'unsigned', 'year']);

export const isNumber = ({ type }: Domain): boolean => NUMBERS.has(type);
export const isWhole = ({ type }: Domain): boolean => WHOLE.has(type);

/** Of whole numbers that are computed with. */
export const hasNoSign = ({ type }: Domain): boolean => type === 'unsigned' || type === 'year';

/** What is computed of a date or a time is computed of its digits. */
export const digitsOf = (domain: Domain): Domain =>
  domain.type !== 'datetime' ? domain : domain.scale > 0 ? decimal(domain.scale, 14 + domain.scale) : INTEGER;

/** Digits that every BIGINT has room for. */
const BIGINT_DIGITS = 18;

/** A whole number of so many digits; of NaN, nobody knows. */
export function wholeNumber(isUnsigned: boolean, digits: number): Domain {
  if (!(digits <= BIGINT_DIGITS)) return isUnsigned ? UNSIGNED : INTEGER;
  return { type: isUnsigned ? 'unsigned' : 'integer', scale: 0, precision: digits };
}

/** Of numbers that are added, multiplied, …: how many digits a decimal has then, behind the point and in front of it. */
export function arithmetic(one: Domain, other: Domain, scale: number, whole: number = Number.NaN): Domain {
  const [left, right] = [digitsOf(one), digitsOf(other)];
  if (
    left.type === 'unknown' ||
    right.type === 'unknown' ||
    left.type === 'number' ||
    right.type === 'number'
  )
    return NUMBER;
  if (isWhole(left) && isWhole(right)) return wholeNumber(hasNoSign(left) || hasNoSign(right), whole);
  const isExact = (domain: Domain): boolean => isWhole(domain) || domain.type === 'decimal';
  return isExact(left) && isExact(right) ? decimalOf(whole, scale) : DOUBLE;
}

/** What was a column and is computed now: no longer kept as digits, unless it has more than a double. */
export function withoutDigits({ digits: _digits, ...domain }: Domain): Domain {
  return domain.isLong === true ? { ...domain, digits: true } : domain;
}

/** Of what is made of texts: it compares as the first of them that has a collation. */
export function textOf(domains: readonly Domain[]): Domain {
  const collation = domains.find((domain) => domain.collation !== undefined)?.collation;
  return collation === undefined ? TEXT : { ...TEXT, collation };
}

/** Whether it is known to be a day, with a time or without. */
export const isOfDays = ({ moment }: Domain): boolean => moment === 'date' || moment === 'datetime';

/** Of one of several dates or times: of a date and a moment, the moment. */
export function commonMoment(domains: readonly Domain[]): Domain {
  const scale = Math.max(...domains.map((domain) => domain.scale));
  const [moment, ...others] = new Set(domains.map((domain) => domain.moment));
  const kind = others.length === 0 ? moment : domains.every(isOfDays) ? 'datetime' : undefined;
  return { ...DATETIME, scale, ...(kind !== undefined && { moment: kind }) };
}

/** Of one of several values. */
export function common(domains: readonly Domain[]): Domain {
  const known = domains.filter(({ type }) => type !== 'null');
  const [first] = known;
  if (first === undefined) return NULLS;
  if (known.some(({ type }) => type === 'unknown')) return UNKNOWN;
  if (known.every(({ type }) => type === 'text')) return textOf(known);
  if (known.every(({ type }) => type === 'datetime')) return commonMoment(known);
  if (known.every(({ type }) => type === first.type) && first.type !== 'decimal')
    return known.every(({ shown, precision }) => shown === first.shown && precision === first.precision)
      ? first
      : first.type === 'unsigned'
        ? UNSIGNED
        : plain(first.type);
  // One with a sign, one without: neither kind of BIGINT holds both.
  if (known.every(isWhole)) {
    if (known.every(hasNoSign)) return wholeNumber(true, Math.max(...known.map(wholeDigits)));
    return known.some(({ isWide }) => isWide === true) ? decimal(0, 20) : INTEGER;
  }
  if (known.some(({ type }) => type === 'number')) return known.every(isNumber) ? NUMBER : UNKNOWN;
  if (known.every(isNumber))
    return known.some(({ type }) => type === 'double')
      ? known.every(({ type, shown }) => shown === 'float' || type === 'integer')
        ? FLOAT
        : DOUBLE
      : decimalOf(Math.max(...known.map(wholeDigits)), Math.max(...known.map(({ scale }) => scale)));
  return known.some(({ type }) => type === 'binary') ? BINARY : TEXT;
}
