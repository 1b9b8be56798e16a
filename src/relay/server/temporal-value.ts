import type { Temporal } from '../../wire/index.ts';
import type { ResultKind } from '../statements/answer.ts';

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?$/;
const TIME = /^(-?)(\d{1,3}):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/;
const HOURS = 24;
const microseconds = (digits = ''): number => Number(digits.padEnd(6, '0'));

/** A date or time as the binary protocol takes it, from its text; zeros where the text is none. */
export function temporalValue(text: string, kind: ResultKind): Temporal {
  if (kind === 'time') {
    const [, sign, hours = 0, minute = 0, second = 0, fraction] = TIME.exec(text) ?? [];
    const clock = { minute: Number(minute), second: Number(second), microsecond: microseconds(fraction) };
    const [days, hour] = [Math.floor(Number(hours) / HOURS), Number(hours) % HOURS];
    return { negative: sign === '-', days, year: 0, month: 0, day: 0, hour, ...clock };
  }
  const [, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction] = DATE.exec(text) ?? [];
  return {
    negative: false,
    days: 0,
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    microsecond: microseconds(fraction),
  };
}
