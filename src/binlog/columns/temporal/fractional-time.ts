import type { Cursor } from '../../../bytes/index.ts';
import { FormatError } from '../../../errors/index.ts';
import type { Column } from '../column.ts';
import { ColumnCode } from '../column-code.ts';
import type { ColumnType, ColumnValue } from '../definition.ts';
import { givenText } from '../given-text.ts';
import { oneByteMeta } from '../meta.ts';
import { readBigEndian, writeBigEndian } from './big-endian.ts';
import { calendarText, minuteText, secondsOfCalendar, two } from './calendar.ts';
import { numbersOf } from './date.ts';
import { isFraction, MomentText } from './moment-text.ts';
import { CLOCK_SCALE, datetimeText } from './packed-datetime.ts';

// TIME, DATETIME and TIMESTAMP since MySQL 5.6. Metadata is the number of fraction digits (fsp), 0 to 6; the fraction takes
// one byte for every two digits. All big-endian; TIME and DATETIME add half their range, so that they sort as bytes.

export function fractionBytes({ meta }: Column): number {
  if (meta > 6) throw new FormatError(`time with ${meta} fraction digits exceeds 6`);
  return (meta + 1) >> 1;
}

/** `.123`, or nothing for fsp 0. An odd last digit is stored as a pair that ends in 0. */
function fractionText(fraction: number, { meta }: Column): string {
  switch (meta) {
    case 0:
      return '';
    case 2:
      return `.${two(fraction)}`;
    case 4:
      return `.${two(Math.floor(fraction / 100))}${two(fraction % 100)}`;
    case 6:
      return `.${two(Math.floor(fraction / 10_000))}${two(Math.floor(fraction / 100) % 100)}${two(fraction % 100)}`;
    default:
      return `.${String(Math.floor(fraction / 10)).padStart(meta, '0')}`;
  }
}

function parseFraction(digits: string | undefined, { meta }: Column): number {
  return digits === undefined ? 0 : Number(digits.slice(0, meta).padEnd(meta + (meta & 1), '0'));
}

/** Cuts `12:00:00.5` before its fraction. */
function splitFraction(value: unknown): [text: string, fraction: string | undefined] {
  const text = givenText(value);
  const dot = text.indexOf('.');
  return dot < 0 ? [text, undefined] : [text.slice(0, dot), text.slice(dot + 1)];
}

/** 24 bits: half the range, then hours 10, minutes 6, seconds 6; a negative time is the negated number, fraction included. */
export const time2: ColumnType = {
  code: ColumnCode.TIME2,
  name: 'MYSQL_TYPE_TIME2',
  ...oneByteMeta,
  skip: (cursor, column) => cursor.skip(3 + fractionBytes(column)),
  read: (cursor: Cursor, column: Column): ColumnValue => {
    const bytes = fractionBytes(column);
    const scale = 256 ** bytes;
    const packed = readBigEndian(cursor, 3 + bytes) - 0x80_0000 * scale;
    const value = Math.abs(packed);
    const time = Math.floor(value / scale);
    return (
      `${packed < 0 ? '-' : ''}${two(time >>> 12)}:${minuteText(time & 0xfff)}` +
      fractionText(value % scale, column)
    );
  },
  write: (writer, value, column) => {
    const bytes = fractionBytes(column);
    const scale = 256 ** bytes;
    const [text, fraction] = splitFraction(value);
    const [h = 0, m = 0, s = 0] = numbersOf(/^-?(\d{2,4}):(\d\d):(\d\d)$/, text);
    const magnitude = ((h << 12) | (m << 6) | s) * scale + parseFraction(fraction, column);
    writeBigEndian(writer, 0x80_0000 * scale + (text.startsWith('-') ? -magnitude : magnitude), 3 + bytes);
  },
};

export const DATETIME_HALF = 0x80_0000_0000;

/** What is packed of `10000-00-00`, without a clock. */
export const DAY_OF_YEAR_10000 = (10_000 * 13) << 5;
const YEAR_10000 = DAY_OF_YEAR_10000 * CLOCK_SCALE;
const datetimes = new MomentText();

/** Text of a day before the year 10000 and a clock, both packed, and a fraction, see `isFraction`. */
export function plainDatetimeText(day: number, clock: number, fraction: number, fsp: number): string {
  if (!datetimes.isOf(day)) {
    const month = day >>> 5;
    datetimes.setDay(day, (month / 13) | 0, month % 13, day & 0x1f);
  }
  return datetimes.at(clock >>> 12, (clock >>> 6) & 0x3f, clock & 0x3f, fraction, fsp);
}

export function packedDatetimeText(packed: number, fraction: number, column: Column): string {
  if (packed >= 0 && packed < YEAR_10000 && isFraction(fraction, fractionBytes(column))) {
    const clock = packed % CLOCK_SCALE;
    return plainDatetimeText((packed - clock) / CLOCK_SCALE, clock, fraction, column.meta);
  }
  const text = packed < 0 ? `-${datetimeText(-packed)}` : datetimeText(packed);
  return text + fractionText(fraction, column);
}

/** 40 bits: half the range, year · 13 + month 17, day 5, hours 5, minutes 6, seconds 6. */
export const datetime2: ColumnType = {
  code: ColumnCode.DATETIME2,
  name: 'MYSQL_TYPE_DATETIME2',
  ...oneByteMeta,
  skip: (cursor, column) => cursor.skip(5 + fractionBytes(column)),
  read: (cursor: Cursor, column: Column): ColumnValue => {
    const packed = cursor.u40be() - DATETIME_HALF;
    return packedDatetimeText(packed, readBigEndian(cursor, fractionBytes(column)), column);
  },
  write: (writer, value, column) => {
    const [text, fraction] = splitFraction(value);
    const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = numbersOf(
      /^-?(\d{4,5})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/,
      text,
    );
    const packed = (((y * 13 + mo) << 5) | d) * CLOCK_SCALE + ((h << 12) | (mi << 6) | s);
    writeBigEndian(writer, DATETIME_HALF + (text.startsWith('-') ? -packed : packed), 5);
    writeBigEndian(writer, parseFraction(fraction, column), fractionBytes(column));
  },
};

export const DAY_SECONDS = 86_400;
const timestamps = new MomentText();

export function timestampText(seconds: number, fraction: number, column: Column): string {
  if ((seconds > 0 || fraction > 0) && isFraction(fraction, fractionBytes(column))) {
    const second = seconds % DAY_SECONDS;
    const day = (seconds - second) / DAY_SECONDS;
    if (!timestamps.isOf(day)) {
      const date = new Date(day * DAY_SECONDS * 1000);
      timestamps.setDay(day, date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
    }
    const minute = (second / 60) | 0;
    return timestamps.at((minute / 60) | 0, minute % 60, second % 60, fraction, column.meta);
  }
  return calendarText(seconds, fraction === 0) + fractionText(fraction, column);
}

/** 32 bits: seconds since 1970, UTC. Nothing but zeros is the zero date. */
export const timestamp2: ColumnType = {
  code: ColumnCode.TIMESTAMP2,
  name: 'MYSQL_TYPE_TIMESTAMP2',
  ...oneByteMeta,
  skip: (cursor, column) => cursor.skip(4 + fractionBytes(column)),
  read: (cursor: Cursor, column: Column): ColumnValue => {
    const seconds = cursor.u32be();
    return timestampText(seconds, readBigEndian(cursor, fractionBytes(column)), column);
  },
  write: (writer, value, column) => {
    const [text, fraction] = splitFraction(value);
    writer.u32be(secondsOfCalendar(text));
    writeBigEndian(writer, parseFraction(fraction, column), fractionBytes(column));
  },
};
