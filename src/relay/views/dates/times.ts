import type { SqliteValue } from '../../../store/index.ts';
import type { Body } from '../function-body.ts';
import { integerOf, numberOf, textOf, whole } from '../numbers.ts';
import { dateFields, type Fields, timeFields, two } from './fields.ts';
import { formatMoment, momentOf, SECOND } from './moments.ts';

/** The longest TIME. */
export const LONGEST_TIME: number = (838 * 3600 + 59 * 60 + 59) * SECOND;

const microsOf = ({ isNegative, hour, minute, second, micro }: Fields): number =>
  (isNegative ? -1 : 1) * (((hour * 60 + minute) * 60 + second) * SECOND + micro);

/** `-12:30:00`, `12:30`, `123000`, or the time of day of a date: in microseconds. */
export function timeOf(value: SqliteValue): number | undefined {
  const fields = timeFields(value);
  return fields === undefined ? undefined : microsOf(fields);
}

/** Times longer than the longest are that one. */
export function formatTime(micros: number): string {
  const rest = Math.min(Math.abs(micros), LONGEST_TIME);
  const seconds = Math.floor(rest / SECOND);
  const fraction = rest % SECOND;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${micros < 0 ? '-' : ''}${parts}${fraction === 0 ? '' : `.${String(fraction).padStart(6, '0')}`}`;
}

/** A time, or a date with one, with so many digits of a second. */
export function withDigits(text: string, digits: number): string {
  const [before = '', fraction = ''] = text.split('.');
  return digits === 0 ? before : `${before}.${fraction.padEnd(6, '0').slice(0, digits)}`;
}

/** Whether it is a date, with a time or without: not what may be read as the digits of one. */
const hasDate = (value: SqliteValue): boolean =>
  dateFields(value) !== undefined && /[^\d.:\s]\d|\d{14}/.test(textOf(value).trimStart());

/** ADDTIME and SUBTIME: to a moment or a time. */
const added =
  (sign: 1 | -1): Body =>
  (flavor = null, value = null, other = null) => {
    const amount = hasDate(other) && flavor === 'mariadb' ? undefined : timeOf(other);
    if (value === null || amount === undefined) return null;
    if (hasDate(value)) {
      const moment = momentOf(value);
      return moment === undefined
        ? null
        : formatMoment({ micros: moment.micros + sign * amount, hasTime: true });
    }
    const time = timeOf(value);
    if (time === undefined) return null;
    const sum = time + sign * amount;
    // Of a time that is too long MySQL knows nothing.
    return Math.abs(sum) > LONGEST_TIME && flavor !== 'mariadb' ? null : formatTime(sum);
  };

/** MySQL's functions of times, by the name they have inside. */
export const timeFunctions: Readonly<Record<string, Body>> = {
  mysql_time: (value = null) => {
    const time = timeOf(value);
    return time === undefined ? null : formatTime(time);
  },
  mysql_time_to_sec: (flavor = null, value = null) => {
    const time = timeOf(value);
    if (time === undefined) return null;
    return flavor === 'mariadb' && time % SECOND !== 0 ? time / SECOND : whole(Math.trunc(time / SECOND));
  },
  mysql_sec_to_time: (value = null) =>
    value === null ? null : formatTime(Math.round(numberOf(value) * SECOND)),
  mysql_timediff: (a = null, b = null) => {
    if (hasDate(a) !== hasDate(b)) return null;
    if (hasDate(a)) {
      const [moment, other] = [momentOf(a), momentOf(b)];
      return moment === undefined || other === undefined ? null : formatTime(moment.micros - other.micros);
    }
    const [to, from] = [timeOf(a), timeOf(b)];
    return to === undefined || from === undefined ? null : formatTime(to - from);
  },
  mysql_addtime: added(1),
  mysql_subtime: added(-1),
  mysql_maketime: (hours = null, minutes = null, seconds = null) => {
    if (hours === null || minutes === null || seconds === null) return null;
    const [hour, minute] = [Number(integerOf(hours)), Number(integerOf(minutes))];
    const second = numberOf(seconds);
    if (minute < 0 || minute > 59 || second < 0 || second >= 60) return null;
    const micros = (Math.abs(hour) * 3600 + minute * 60) * SECOND + Math.round(second * SECOND);
    return formatTime(hour < 0 ? -micros : micros);
  },
  /** The digits of a second that a type has. */
  mysql_fraction: (value = null, digits = null) => {
    if (value === null) return null;
    const text = textOf(value);
    return /:\d\d/.test(text) ? withDigits(text, Number(digits)) : text;
  },
};
