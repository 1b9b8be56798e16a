import type { Cursor, Writer } from '../../bytes/index.ts';
import { UsageError } from '../../errors/index.ts';
import { calendarText, secondsOfCalendar, two } from './calendar.ts';
import type { Column } from './column.ts';
import { ColumnCode } from './column-code.ts';
import type { ColumnType, ColumnValue } from './definition.ts';
import { givenText } from './given-text.ts';
import { noMeta } from './meta.ts';

/** A byte: 0 is the year 0000, any other counts from 1900. */
export const year: ColumnType = {
  code: ColumnCode.YEAR,
  name: 'MYSQL_TYPE_YEAR',
  ...noMeta,
  skip: (cursor) => cursor.skip(1),
  read: (cursor: Cursor): ColumnValue => {
    const value = cursor.u8();
    return value === 0 ? 0 : 1900 + value;
  },
  write: (writer, value) => writer.u8(Number(value) === 0 ? 0 : Number(value) - 1900),
};

function readDate(cursor: Cursor): ColumnValue {
  const packed = cursor.u24();
  return `${String(packed >>> 9).padStart(4, '0')}-${two((packed >>> 5) & 0xf)}-${two(packed & 0x1f)}`;
}

/** Splits text into its numbers; @throws UsageError when it has another form. */
export function numbersOf(pattern: RegExp, text: string): number[] {
  const match = pattern.exec(text);
  if (match === null) throw new UsageError(`'${text}' is not a date or time of the expected form`);
  return match.slice(1).map(Number);
}

function writeDate(writer: Writer, value: unknown): void {
  const [y = 0, m = 0, d = 0] = numbersOf(/^(\d{4,5})-(\d\d)-(\d\d)$/, givenText(value));
  writer.u24((y << 9) | (m << 5) | d);
}

/** 24 bits: year 15, month 4, day 5. */
export const date: ColumnType = {
  code: ColumnCode.DATE,
  name: 'MYSQL_TYPE_DATE',
  ...noMeta,
  skip: (cursor) => cursor.skip(3),
  read: readDate,
  write: writeDate,
};

export const newDate: ColumnType = { ...date, code: ColumnCode.NEWDATE, name: 'MYSQL_TYPE_NEWDATE' };

/** Before MySQL 5.6: 24 bits, the signed decimal number ±HHMMSS. */
export const oldTime: ColumnType = {
  code: ColumnCode.TIME,
  name: 'MYSQL_TYPE_TIME',
  ...noMeta,
  skip: (cursor) => cursor.skip(3),
  read: (cursor: Cursor): ColumnValue => {
    const packed = cursor.i24();
    const value = Math.abs(packed);
    const hours = Math.floor(value / 10_000);
    return `${packed < 0 ? '-' : ''}${two(hours)}:${two(Math.floor(value / 100) % 100)}:${two(value % 100)}`;
  },
  write: (writer, value) => {
    const text = givenText(value);
    const [h = 0, m = 0, s = 0] = numbersOf(/^-?(\d{2,3}):(\d\d):(\d\d)$/, text);
    const packed = h * 10_000 + m * 100 + s;
    writer.u24((text.startsWith('-') ? -packed : packed) & 0xff_ffff);
  },
};

/** Before MySQL 5.6: 64 bits, the decimal number YYYYMMDDhhmmss. */
export const oldDatetime: ColumnType = {
  code: ColumnCode.DATETIME,
  name: 'MYSQL_TYPE_DATETIME',
  ...noMeta,
  skip: (cursor) => cursor.skip(8),
  read: (cursor: Cursor): ColumnValue => {
    const packed = cursor.offset();
    const days = Math.floor(packed / 1_000_000);
    const time = packed % 1_000_000;
    return (
      `${String(Math.floor(days / 10_000)).padStart(4, '0')}-${two(Math.floor(days / 100) % 100)}-${two(days % 100)} ` +
      `${two(Math.floor(time / 10_000))}:${two(Math.floor(time / 100) % 100)}:${two(time % 100)}`
    );
  },
  write: (writer, value) => {
    const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = numbersOf(
      /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/,
      givenText(value),
    );
    writer.offset(((((y * 100 + mo) * 100 + d) * 100 + h) * 100 + mi) * 100 + s);
  },
};

/** Before MySQL 5.6: seconds since 1970, UTC; 0 is the zero date. */
export const oldTimestamp: ColumnType = {
  code: ColumnCode.TIMESTAMP,
  name: 'MYSQL_TYPE_TIMESTAMP',
  ...noMeta,
  skip: (cursor) => cursor.skip(4),
  read: (cursor: Cursor, _column: Column): ColumnValue => calendarText(cursor.u32(), true),
  write: (writer, value) => writer.u32(secondsOfCalendar(givenText(value))),
};
