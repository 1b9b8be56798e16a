import type { SqliteValue } from '../../../store/index.ts';
import type { Body } from '../function-body.ts';
import { dateFields, type Fields, two } from './fields.ts';
import { formatTime, timeOf, withDigits } from './times.ts';

const DIGITS = 6;

/** With as many digits of a second, and more where they are none that say nothing. */
function fractionText(micro: number, digits: number): string {
  const needed = micro === 0 ? '' : String(micro).padStart(DIGITS, '0').replace(/0+$/, '');
  const text = needed.padEnd(digits, '0');
  return text === '' ? '' : `.${text}`;
}

/** A date as columns keep it. `kind` date: its time of day only where it has one that is not midnight. */
function written({ date, hour, minute, second, micro }: Fields, isDate: boolean, digits: number): string {
  const { year, month, day } = date!;
  const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  if (isDate && hour + minute + second + micro === 0) return text;
  return `${text} ${[hour, minute, second].map(two).join(':')}${fractionText(micro, isDate ? 0 : digits)}`;
}

/** No date sorts before it. */
const ZERO: Fields = dateFields('0000-00-00')!;

/** A date as columns of a kind keep it. What is no date is none to MySQL, and zero to MariaDB. */
export function keptMoment(flavor: string, value: SqliteValue, kind: string, digits: number): string | null {
  if (value === null) return null;
  const fields = dateFields(value) ?? (flavor === 'mariadb' ? ZERO : undefined);
  return fields === undefined ? null : written(fields, kind === 'date', digits);
}

/** A date as a text, a time in microseconds: both sort by it. What is neither sorts as it is. */
function orderOf(value: SqliteValue, kind: SqliteValue): SqliteValue {
  const fields = kind === 'time' ? undefined : dateFields(value);
  if (fields !== undefined) return written(fields, false, DIGITS);
  const time = timeOf(value);
  return time === undefined ? value : BigInt(time);
}

/** Moments as they are compared, by the name these functions have inside. */
export const momentFunctions: Readonly<Record<string, Body>> = {
  mysql_moment: (flavor = null, value = null, kind = null, digits = null) =>
    keptMoment(String(flavor), value, String(kind), Number(digits)),
  mysql_moment_order: (value = null, kind = null) => (value === null ? null : orderOf(value, kind)),
  mysql_ordered_time: (micros = null, digits = null) =>
    micros === null ? null : withDigits(formatTime(Number(micros)), Number(digits)),
};
