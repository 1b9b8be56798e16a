import type { Flavor } from '../../../charset/index.ts';
import type { Expression } from '../../../sql/index.ts';
import { constantNumber } from './constant-number.ts';
import {
  arithmetic,
  BINARY,
  common,
  commonMoment,
  DATE,
  DATETIME,
  DOUBLE,
  type Domain,
  decimal,
  decimalOf,
  digitsOf,
  fixed,
  hasNoSign,
  INTEGER,
  isNumber,
  isOfDays,
  isWhole,
  JSON_VALUE,
  NUMBER,
  TEXT,
  TIME,
  TIMESTAMP,
  textOf,
  UNKNOWN,
  UNSIGNED,
  wholeDigits,
  wholeNumber,
  withoutDigits,
  YEAR,
} from './domain.ts';
import { momentScale, withInterval, withTime } from './moment-scale.ts';

/** What a function returns: a domain, or what makes one of those of its values. */
export type Returns =
  | 'integer'
  | 'unsigned'
  /** A year: see the domain. */
  | 'year'
  | 'double'
  /** From 0 to 1: MariaDB says it with ten digits. */
  | 'share'
  | 'text'
  | 'binary'
  /** A day, a time or both: its format says it. */
  | 'of format'
  /** A day. */
  | 'date'
  /** With as many digits of a second as its values have. */
  | 'moment'
  /** With an interval added to its last value. */
  | 'moment added to'
  /** A time alone, with those. */
  | 'time'
  /** With a format, a text. */
  | 'moment or text'
  /** A time alone, with as many as its last value has. */
  | 'last moment'
  /** With as many as two times have that are added. */
  | 'sum of times'
  /** Seconds since 1970, with such digits. */
  | 'seconds'
  /** Those of a time: MariaDB's have digits too. */
  | 'seconds of a time'
  | 'json'
  /** What its first value is as a number. */
  | 'absolute'
  /** What its first value is. */
  | 'first'
  /** What all of its values are. */
  | 'common'
  /** The same, of the largest or smallest of them. */
  | 'extreme'
  /** What its values but the first are. */
  | 'branches'
  | 'sum'
  /** How far numbers are apart: MariaDB says it with digits of its own. */
  | 'spread'
  | 'average'
  | 'floored'
  | 'rounded'
  | 'remainder';

/** Decimals of fewer digits are a BIGINT without their fraction. */
const BIGINT_DIGITS = 18;

const always = (domain: Domain) => (): Domain => domain;

/** The sign is that of what is divided. */
export function remainder(left: Domain, right: Domain): Domain {
  const result = arithmetic(
    left,
    right,
    Math.max(left.scale, right.scale),
    Math.max(wholeDigits(left), wholeDigits(right)),
  );
  return isWhole(result) ? wholeOf(left) : result;
}

/** What is computed of a whole number alone. */
const wholeOf = (domain: Domain): Domain => wholeNumber(hasNoSign(domain), wholeDigits(domain));

/** What is no exact number counts as a double, where it is known. */
const doubleUnless = ({ type }: Domain): Domain =>
  type === 'number' || type === 'unknown' ? NUMBER : DOUBLE;

/** Digits of a second: the most that one of the values has. */
const mostDigits = (domains: readonly Domain[], values: readonly Expression[]): number =>
  Math.max(
    0,
    ...domains.map((domain, i) => (domain.type === 'text' && i > 0 ? 0 : momentScale(domain, values[i]))),
  );

type Flavored = { readonly flavor: Flavor; readonly divisionDigits: number };

/** Of what is computed with: MariaDB counts ENUM and SET as whole numbers, MySQL as it does texts. */
export const counted = (domain: Domain, { flavor }: Pick<Flavored, 'flavor'>): Domain =>
  domain.members !== undefined && flavor === 'mariadb' ? INTEGER : domain;

/** DECIMAL_LONGLONG_DIGITS: a sum has so many digits more than what is added. */
const SUM_DIGITS = 22;
/** Of whole numbers of no more digits, SQLite's own sums are exact. */
const MOST_EXACT = 10;

/** A sum, or with digits more an average. Sums of whole numbers that nobody knows better are SQLite's: they are exact, or an error. */
function summed(domain: Domain, digits?: number): Domain {
  if (!isWhole(domain) && domain.type !== 'decimal') return doubleUnless(domain);
  const total = decimalOf(wholeDigits(domain) + SUM_DIGITS, domain.scale + (digits ?? 0));
  const least = digits !== undefined ? Number.POSITIVE_INFINITY : 0;
  const isOwn = domain.type === 'boolean' || (domain.precision ?? least) <= MOST_EXACT;
  if (domain.type === 'decimal' || domain.isWide === true || !isOwn) return total;
  const { isLong: _isLong, ...own } = total;
  return own;
}

type Result = (domains: readonly Domain[], values: readonly Expression[], names: Flavored) => Domain;
const first: Result = ([domain = UNKNOWN]) =>
  domain.type === 'boolean' ? INTEGER : domain.type === 'text' ? textOf([domain]) : withoutDigits(domain);

/** What a function makes of values of these kinds. */
export const RETURNS: Readonly<Record<Returns, Result>> = {
  integer: always(INTEGER),
  double: always(DOUBLE),
  share: (_domains, _values, { flavor }) => (flavor === 'mariadb' ? fixed(10) : DOUBLE),
  text: textOf,
  binary: always(BINARY),
  'of format': (_domains, [, format]) => {
    if (format?.kind !== 'string') return TIMESTAMP;
    if (!/%[fHhIiklprSsT]/.test(format.value)) return DATE;
    return /%[abcDdejMmUuVvWwXxYy]/.test(format.value) ? TIMESTAMP : TIME;
  },
  date: always(DATE),
  moment: (domains, values) => ({ ...TIMESTAMP, scale: mostDigits(domains, values) }),
  'moment added to': ([, amount = UNKNOWN, of = UNKNOWN], [unit, , date]) => {
    const domain = of.type === 'datetime' ? of : { ...DATETIME, scale: momentScale(of, date) };
    return withInterval(domain, unit?.kind === 'string' ? unit.value : '', amount);
  },
  time: (domains, values) => ({ ...TIME, scale: mostDigits(domains, values) }),
  'moment or text': (domains, values) =>
    values.length > 1 ? TEXT : { ...TIMESTAMP, scale: mostDigits(domains, values) },
  'last moment': (domains, values) => ({
    ...TIME,
    scale: momentScale(domains.at(-1) ?? UNKNOWN, values.at(-1)),
  }),
  'sum of times': withTime,
  'seconds of a time': ([domain = UNKNOWN], [value], { flavor }) => {
    const scale = flavor === 'mariadb' ? momentScale(domain, value) : 0;
    return scale > 0 ? decimal(scale, 7 + scale) : INTEGER;
  },
  seconds: ([domain], [value]) => {
    if (domain === undefined) return NUMBER;
    const scale = momentScale(domain, value);
    if (scale > 0) return decimalOf(11, scale);
    return domain.type === 'datetime' ? INTEGER : NUMBER;
  },
  json: always(JSON_VALUE),
  absolute: ([value = UNKNOWN], _values, { flavor }) => {
    const domain = flavor === 'mysql' ? value : digitsOf(value);
    return isWhole(domain) || domain.type === 'decimal'
      ? arithmetic(domain, INTEGER, domain.scale, wholeDigits(domain))
      : doubleUnless(domain);
  },
  first,
  unsigned: always(UNSIGNED),
  year: (_domains, _values, { flavor }) => (flavor === 'mysql' ? YEAR : INTEGER),
  // To MariaDB a NULL has a sign, which no BIGINT without one can have.
  common: (domains, _values, { flavor }) => {
    const domain = common(domains);
    return flavor === 'mariadb' && domain.type === 'unsigned' && domains.some(({ type }) => type === 'null')
      ? decimal(0, 20)
      : domain;
  },
  // MariaDB compares numbers with texts, and with NULLs, as doubles.
  extreme: (domains, _values, { flavor }) => {
    const moments = domains.filter(({ type }) => type === 'datetime');
    const isOfMoments = domains.every(({ type }) => ['datetime', 'text', 'null'].includes(type));
    if (isOfMoments && moments.some(isOfDays)) return commonMoment(moments);
    const isMixed = domains.some(isNumber) && domains.some(({ type }) => type === 'null' || type === 'text');
    return flavor === 'mariadb' && isMixed ? DOUBLE : common(domains);
  },
  // To MariaDB an IF of nothing but NULLs is a text.
  branches: (domains, _values, { flavor }) => {
    const domain = common(domains.slice(1));
    return flavor === 'mariadb' && domain.type === 'null' ? TEXT : domain;
  },
  sum: ([domain = UNKNOWN], _values, names) => summed(counted(domain, names)),
  average: ([domain = UNKNOWN], _values, names) => summed(counted(domain, names), names.divisionDigits),
  spread: ([domain = UNKNOWN], _values, { flavor, divisionDigits }) => {
    const isExact = isWhole(domain) || domain.type === 'decimal';
    return flavor === 'mariadb' && isExact ? fixed(domain.scale + divisionDigits) : DOUBLE;
  },
  floored: ([domain = UNKNOWN], _values, { flavor }) => {
    if (isWhole(domain)) return wholeOf(domain);
    if (domain.type === 'double' && flavor === 'mariadb') return fixed(0);
    if (domain.type !== 'decimal') return doubleUnless(domain);
    return domain.isLong === true && !(wholeDigits(domain) < BIGINT_DIGITS)
      ? decimalOf(wholeDigits(domain), 0)
      : INTEGER;
  },
  rounded: ([domain = UNKNOWN], [, digits], { flavor }) => {
    if (isWhole(domain))
      return domain.type === 'boolean' ? INTEGER : wholeNumber(hasNoSign(domain), wholeDigits(domain) + 1);
    const behind = digits === undefined ? 0 : constantNumber(digits);
    // MariaDB shows as many as were asked for; what has none of its own has no more than thirty.
    if (
      domain.shown === 'fixed' ||
      (flavor === 'mariadb' && (domain.type === 'double' || domain.type === 'text'))
    )
      return typeof behind === 'number' && behind <= 30 ? fixed(Math.max(0, behind)) : DOUBLE;
    if (domain.type !== 'decimal') return doubleUnless(domain);
    // It may have one digit more: 9.9 is 10.
    const whole = wholeDigits(domain) + 1;
    if (digits === undefined) return decimalOf(whole, 0);
    const wanted = constantNumber(digits);
    if (wanted === undefined) return decimalOf(whole, domain.scale);
    if (typeof wanted !== 'number') return domain.scale === 0 ? domain : decimalOf(whole, 0);
    // MariaDB fills up with zeros.
    return decimalOf(whole, Math.max(flavor === 'mariadb' ? wanted : Math.min(wanted, domain.scale), 0));
  },
  remainder: ([left = UNKNOWN, right = UNKNOWN]) => remainder(left, right),
};
