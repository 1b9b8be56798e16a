import { UsageError } from '../../../errors/index.ts';

const pairs: readonly string[] = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));

/** A number in at least two digits. */
export function two(value: number): string {
  return pairs[value] ?? String(value);
}

const minuteTexts: (string | undefined)[] = [];

/** `mm:ss` of minutes and seconds packed in 6 bits each, as DATETIME and TIME have them. */
export function minuteText(packed: number): string {
  return (minuteTexts[packed] ??= `${two(packed >>> 6)}:${two(packed & 0x3f)}`);
}

const ZERO_TEXT = '0000-00-00 00:00:00';
const DAY_SECONDS = 86_400;

let lastDay = -1;
let lastDayText = '';

/** `YYYY-MM-DD` of a day counted from 1970; rows of one statement mostly share theirs. */
function dayText(day: number): string {
  if (day === lastDay) return lastDayText;
  lastDay = day;
  lastDayText = new Date(day * DAY_SECONDS * 1000).toISOString().slice(0, 10);
  return lastDayText;
}

/** Seconds since 1970 as `YYYY-MM-DD hh:mm:ss`, UTC; with `zeroDate`, 0 is the zero date, as in TIMESTAMP columns. */
export function calendarText(seconds: number, zeroDate: boolean): string {
  if (seconds === 0 && zeroDate) return ZERO_TEXT;
  const second = seconds % DAY_SECONDS;
  return (
    `${dayText((seconds - second) / DAY_SECONDS)} ` +
    `${two(Math.floor(second / 3600))}:${minuteText(((Math.floor(second / 60) % 60) << 6) | (second % 60))}`
  );
}

/** The mirror of {@link calendarText}. @throws UsageError when the text is not such a time */
export function secondsOfCalendar(text: string): number {
  if (text === ZERO_TEXT) return 0;
  const ms = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)
    ? Date.parse(`${text.replace(' ', 'T')}Z`)
    : Number.NaN;
  if (!(ms >= 0 && ms <= 0xffff_ffff * 1000)) throw new UsageError(`'${text}' is not a timestamp in UTC`);
  return ms / 1000;
}
