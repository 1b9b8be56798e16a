import { ServerError } from '../../errors/index.ts';
import type { SqliteValue } from '../../store/index.ts';
import {
  type Exact,
  exactOf,
  exactQuotient,
  exactText,
  isLess,
  negative,
  product,
  remainder,
  sum,
  wholeQuotient,
  withScale,
} from './exact.ts';
import { type Body, isNull, strict } from './function-body.ts';
import { clamped, MOST, textOf } from './numbers.ts';

const LEAST = -MOST - 1n;
/** One past the largest BIGINT UNSIGNED, which SQLite has as a text. */
const UNSIGNED = 2n ** 64n;

const OPERATORS: Readonly<Record<string, (one: Exact, other: Exact) => Exact | undefined>> = {
  '+': sum,
  '-': (one, other) => sum(one, negative(other)),
  '*': product,
  MOD: remainder,
};

const written = (value: Exact | undefined): SqliteValue => (value === undefined ? null : exactText(value));

/** Rounded or cut to so many digits, of which some may be in front of the point. */
function shortened(value: Exact, digits: number, isCut: boolean): Exact {
  const wanted = Math.min(digits, value.scale);
  if (wanted >= 0) return withScale(value, wanted, isCut);
  const places = Math.min(-wanted, String(value.digits).length + 1);
  // As if the digits in front of the point stood behind it.
  const moved = withScale({ digits: value.digits, scale: value.scale + places }, 0, isCut);
  return { digits: moved.digits * 10n ** BigInt(places), scale: 0 };
}

const shortening = (isCut: boolean): Body =>
  strict(2, (value = null, digits = null) =>
    exactText(shortened(exactOf(value), Number(clamped(exactOf(digits).digits)), isCut)),
  );

/** The whole number below, or above. */
function nextWhole(value: Exact, isAbove: boolean): SqliteValue {
  const cut = withScale(value, 0, true);
  const isCut = isAbove ? isLess(cut, value) : isLess(value, cut);
  return String(cut.digits + (isCut ? (isAbove ? 1n : -1n) : 0n));
}

function outermost(values: readonly SqliteValue[], isLeast: boolean): SqliteValue {
  const all = values.map(exactOf);
  const found = all.reduce((one, other) => (isLess(other, one) === isLeast ? other : one));
  return exactText(found);
}

const WHOLE: Readonly<Record<string, (a: bigint, b: bigint) => bigint | undefined>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  DIV: (a, b) => (b === 0n ? undefined : a / b),
  MOD: (a, b) => (b === 0n ? undefined : a % b),
};

/** A BIGINT, or an unsigned one, which SQLite has as a text above the largest of the others. @throws ServerError 1690 it is neither */
function ranged(value: bigint, hasSign: boolean, what: string): SqliteValue {
  const isHeld = hasSign ? value >= LEAST && value <= MOST : value >= 0n && value < UNSIGNED;
  if (!isHeld)
    throw new ServerError(
      1690,
      '22003',
      `BIGINT${hasSign ? '' : ' UNSIGNED'} value is out of range in '${what}'`,
    );
  return value > MOST ? String(value) : value;
}

/** Decimals of more digits than a double has, as texts, by the name these functions have inside. */
export const exactFunctions: Readonly<Record<string, Body>> = {
  mysql_exact: (operator = null, one = null, other = null) =>
    isNull(operator, one, other) ? null : written(OPERATORS[textOf(operator)]!(exactOf(one), exactOf(other))),
  mysql_exact_divided: (one = null, other = null, flavor, ...scales) => {
    if (isNull(one, other)) return null;
    const [left = 0, right = 0, digits = 0] = scales.map(Number);
    return written(exactQuotient(exactOf(one), exactOf(other), flavor === 'mariadb', [left, right], digits));
  },
  mysql_exact_div: strict(2, (one = null, other = null) => {
    const found = wholeQuotient(exactOf(one), exactOf(other));
    return found === undefined ? null : ranged(found, found <= MOST, 'a division');
  }),
  mysql_whole: (operator = null, one = null, other = null, hasSign = null) => {
    if (isNull(one, other)) return null;
    const [a, b] = [exactOf(one).digits, exactOf(other).digits];
    const found = WHOLE[textOf(operator)]!(a, b);
    return found === undefined
      ? null
      : ranged(found, Number(hasSign) !== 0, `(${a} ${textOf(operator)} ${b})`);
  },
  mysql_exact_abs: strict(1, (value = null) => {
    const { digits, scale } = exactOf(value);
    return exactText({ digits: digits < 0n ? -digits : digits, scale });
  }),
  mysql_exact_round: shortening(false),
  mysql_exact_truncate: shortening(true),
  mysql_exact_floor: strict(1, (value = null) => nextWhole(exactOf(value), false)),
  mysql_exact_ceiling: strict(1, (value = null) => nextWhole(exactOf(value), true)),
  mysql_exact_greatest: (...values) => (isNull(...values) ? null : outermost(values, false)),
  mysql_exact_least: (...values) => (isNull(...values) ? null : outermost(values, true)),
  // Of dates and times: their digits.
  mysql_exact_moment: strict(1, (value = null) => {
    const text = textOf(value);
    return `${text.startsWith('-') ? '-' : ''}${text.replaceAll(/[-: ]/g, '')}`;
  }),
};
