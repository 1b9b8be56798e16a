import type { SqliteValue } from '../../../../store/index.ts';
import type { TableColumn } from '../../../schema/index.ts';
import { fraction, isDay, ZERO_DAY } from '../literal-default.ts';
import type { AlterSession, Conversion, Maker } from './conversion.ts';
import { refuse } from './not-convertible.ts';

const MOMENT = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/;
const TIME = /^(-?)(\d{2,3}):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/;

const WRITTEN_TIME = /^-?\d{2,3}:[0-5]\d:[0-5]\d(?:\.\d{1,6})?$/;

/** The last second of a TIMESTAMP in all servers. */
const LAST_SECOND = 2 ** 31 - 1;
const MICROSECONDS = 1_000_000n;
/** 838:59:59 */
const LONGEST_TIME = 3_020_399n * MICROSECONDS;

const each =
  (convert: (value: string) => SqliteValue): Conversion =>
  (value) =>
    typeof value === 'string' ? convert(value) : refuse(value);

const inOrder =
  (first: Conversion, second: Conversion): Conversion =>
  (value) =>
    second(first(value));

const digitsOf = ({ type }: TableColumn): number => type.decimals ?? 0;
const isStamp = ({ type }: TableColumn): boolean => type.name === 'timestamp';

/** Microseconds as so many digits of a second: rounded, or cut off. */
function fitted(microseconds: bigint, digits: number, rounds: boolean): bigint {
  const unit = 10n ** BigInt(6 - digits);
  return ((microseconds + (rounds ? unit / 2n : 0n)) / unit) * unit;
}

/** Whether to round, where there are more digits than a type has room for. */
function rounding(digits: string, to: TableColumn, session: AlterSession | undefined): boolean {
  if (session !== undefined) return session.roundsFractions;
  if (digits.length > digitsOf(to)) refuse(digits);
  return false;
}

const microsecondsOf = (text = ''): bigint => BigInt(text.padEnd(6, '0'));

const fractionText = (microseconds: bigint, digits: number): string =>
  digits === 0
    ? ''
    : `.${String(microseconds % MICROSECONDS)
        .padStart(6, '0')
        .slice(0, digits)}`;

/** Seconds since 1970 of a moment that its calendar has. */
function secondsOf(value: string): number {
  const moment = Date.parse(`${value.slice(0, 19).replace(' ', 'T')}Z`);
  return Number.isNaN(moment) || !isDay(value.slice(0, 10)) ? Number(refuse(value)) : moment / 1000;
}

function momentText(seconds: number): string {
  const text = new Date(seconds * 1000).toISOString();
  return text.length === 24 ? text.slice(0, 19).replace('T', ' ') : String(refuse(text));
}

/** A DATETIME or TIMESTAMP with so many digits of a second. */
const momentFitted = (to: TableColumn, session: AlterSession | undefined): Conversion =>
  each((value) => {
    const digits = MOMENT.exec(value)?.[7] ?? '';
    const microseconds = fitted(microsecondsOf(digits), digitsOf(to), rounding(digits, to, session));
    const carry = Number(microseconds / MICROSECONDS);
    const text = carry === 0 ? value.slice(0, 19) : momentText(secondsOf(value) + carry);
    return text + fractionText(microseconds, digitsOf(to));
  });

const timeFitted = (to: TableColumn, session: AlterSession | undefined): Conversion =>
  each((value) => {
    const [, sign = '', hours, minutes, seconds, digits = ''] = TIME.exec(value) ?? [];
    if (hours === undefined) return refuse(value);
    const whole = BigInt(hours) * 3600n + BigInt(minutes!) * 60n + BigInt(seconds!);
    const all = fitted(
      whole * MICROSECONDS + microsecondsOf(digits),
      digitsOf(to),
      rounding(digits, to, session),
    );
    if (all > LONGEST_TIME) return refuse(value);
    const [second, minute] = [all / MICROSECONDS, all / MICROSECONDS / 60n];
    const parts = [minute / 60n, minute % 60n, second % 60n].map((part) => String(part).padStart(2, '0'));
    return (all === 0n ? '' : sign) + parts.join(':') + fractionText(all, digitsOf(to));
  });

/** TIMESTAMP is kept in UTC, DATETIME in the source's own time; undefined: the session's time zone, which decides, is not known. */
function moved(
  from: TableColumn,
  isToStamp: boolean,
  session: AlterSession | undefined,
): Conversion | undefined {
  if (isStamp(from) === isToStamp) return (value) => value;
  const zone = session?.zone;
  if (zone === undefined) return undefined;
  return each((value) => {
    if (value.startsWith(ZERO_DAY)) return value;
    const seconds = secondsOf(value) + (isToStamp ? -zone : zone);
    if (isToStamp && (seconds < 1 || seconds > LAST_SECOND)) return refuse(value);
    return momentText(seconds) + value.slice(19);
  });
}

/** What a moment is in another type: as it is in the session's time zone. */
const ofLocal = (
  from: TableColumn,
  session: AlterSession | undefined,
  convert: Conversion,
): Conversion | undefined => {
  const local = moved(from, false, session);
  return local === undefined ? undefined : inOrder(local, convert);
};

/** What is behind the second may round the day up. */
const day = each((value) => (/ 23:59:59\.[5-9]/.test(value) ? refuse(value) : value.slice(0, 10)));

/** `2026-01-02` is 20260102, `03:04:05` is 30405; what is behind the second would round it. */
const digits = each((value) =>
  /\.\d*[1-9]/.test(value)
    ? refuse(value)
    : BigInt(value.replace(/\.0+$/, '').replaceAll(/(?<=\d)[-: ]/g, '')),
);

const written = (pattern: RegExp): Conversion =>
  each((value) => (pattern.test(value) && isDay(value.slice(0, 10)) ? value : refuse(value)));

/** Between the types of days and times, from them to texts, and from texts that are written as the servers write them. */
export const momentMakers: Readonly<Record<string, Maker>> = {
  'date date': () => (value) => value,
  'date text': () => (value) => value,
  'date integer': (_from, _to, session) => (session === undefined ? undefined : digits),
  'datetime integer': (from, _to, session) =>
    session === undefined ? undefined : ofLocal(from, session, digits),
  'time integer': (_from, _to, session) => (session === undefined ? undefined : digits),
  'date datetime': (from, to, session) => {
    const move = moved({ ...from, type: { ...from.type, name: 'datetime' } }, isStamp(to), session);
    const midnight = each((value) => `${value} 00:00:00${fraction(to.type.decimals)}`);
    return move === undefined ? undefined : inOrder(midnight, move);
  },
  'datetime date': (from, _to, session) => ofLocal(from, session, day),
  'datetime datetime': (from, to, session) => {
    const move = moved(from, isStamp(to), session);
    return move === undefined ? undefined : inOrder(momentFitted(to, session), move);
  },
  'datetime text': (from, _to, session) => ofLocal(from, session, (value) => value),
  'time time': (_from, to, session) => timeFitted(to, session),
  'time text': () => (value) => value,
  'text date': (_from, _to, session) => (session === undefined ? undefined : written(/^\d{4}-\d\d-\d\d$/)),
  'text datetime': (from, to, session) => {
    const move = moved({ ...from, type: { ...from.type, name: 'datetime' } }, isStamp(to), session);
    return move === undefined || session === undefined
      ? undefined
      : inOrder(inOrder(written(MOMENT), momentFitted(to, session)), move);
  },
  'text time': (_from, to, session) =>
    session === undefined
      ? undefined
      : inOrder(
          each((value) => (WRITTEN_TIME.test(value) ? value : refuse(value))),
          timeFitted(to, session),
        ),
};
