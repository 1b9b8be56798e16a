import type { Cursor, Writer } from '../../../bytes/index.ts';
import type { Column } from '../column.ts';
import { ColumnCode } from '../column-code.ts';
import type { ColumnType, ColumnValue } from '../definition.ts';
import { givenText } from '../given-text.ts';
import { noMeta } from '../meta.ts';
import { calendarText, secondsOfCalendar, two } from './calendar.ts';
import { numbersOf } from './date.ts';
import {
  momentOf,
  OLD_DATETIME_BYTES,
  OLD_TIME_BYTES,
  OLD_TIMESTAMP_BYTES,
  splitUnits,
  TIME_HALF_SECONDS,
  UNITS_A_SECOND,
} from './old-temporal-units.ts';

/** The fractional form of a type: what its values are where {@link Column.fractionDigits} is not 0. */
interface Fractional {
  readonly bytes: readonly number[];
  /** Undefined: no value of the type, only its bytes can be kept. */
  readonly read: (bytes: Buffer, at: number, digits: number) => string | undefined;
  /** All of the value in units of its last digit. */
  readonly unitsOf: (text: string, fraction: number, digits: number) => bigint;
}

function withFractions(plain: ColumnType, { bytes, read, unitsOf }: Fractional): ColumnType {
  return {
    ...plain,
    skip(cursor, column) {
      if (column.fractionDigits === 0) plain.skip(cursor, column);
      else cursor.skip(bytes[column.fractionDigits]!);
    },
    read(cursor, column) {
      const { fractionDigits: digits } = column;
      if (digits === 0) return plain.read(cursor, column);
      const size = bytes[digits]!;
      const at = cursor.take(size);
      return read(cursor.bytes, at, digits) ?? Buffer.from(cursor.bytes.subarray(at, at + size));
    },
    write(writer, value, column) {
      const { fractionDigits: digits } = column;
      if (Buffer.isBuffer(value)) writer.bytes(value);
      else if (digits === 0) plain.write(writer, value, column);
      else {
        const [text = '', fraction = ''] = givenText(value).split('.');
        writeBigEndian(writer, unitsOf(text, Number(fraction.padEnd(digits, '0')), digits), bytes[digits]!);
      }
    },
  };
}

function writeBigEndian(writer: Writer, value: bigint, size: number): void {
  for (let shift = (size - 1) * 8; shift >= 0; shift -= 8) {
    writer.u8(Number(BigInt.asUintN(8, value >> BigInt(shift))));
  }
}

const padded = (fraction: number, digits: number): string => String(fraction).padStart(digits, '0');

const clockText = (seconds: number): string =>
  `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;

/** Before MySQL 5.6: 24 bits, the signed decimal number ±HHMMSS. */
const plainTime: ColumnType = {
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
const plainDatetime: ColumnType = {
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
const plainTimestamp: ColumnType = {
  code: ColumnCode.TIMESTAMP,
  name: 'MYSQL_TYPE_TIMESTAMP',
  ...noMeta,
  skip: (cursor) => cursor.skip(4),
  read: (cursor: Cursor, _column: Column): ColumnValue => calendarText(cursor.u32(), true),
  write: (writer, value) => writer.u32(secondsOfCalendar(givenText(value))),
};

export const oldTime: ColumnType = withFractions(plainTime, {
  bytes: OLD_TIME_BYTES,
  read(bytes, at, digits) {
    const power = UNITS_A_SECOND[digits]!;
    const { seconds, fraction } = splitUnits(bytes, at, OLD_TIME_BYTES[digits]!, digits);
    const value = (seconds - TIME_HALF_SECONDS) * power + fraction;
    const size = Math.abs(value);
    const sign = value < 0 ? '-' : '';
    return `${sign}${clockText(Math.floor(size / power))}.${padded(size % power, digits)}`;
  },
  unitsOf(text, fraction, digits) {
    const [h = 0, m = 0, s = 0] = numbersOf(/^-?(\d{2,}):(\d\d):(\d\d)$/, text);
    const power = UNITS_A_SECOND[digits]!;
    const size = (h * 3600 + m * 60 + s) * power + fraction;
    return BigInt(TIME_HALF_SECONDS * power + (text.startsWith('-') ? -size : size));
  },
});

export const oldDatetime: ColumnType = withFractions(plainDatetime, {
  bytes: OLD_DATETIME_BYTES,
  read(bytes, at, digits) {
    const { seconds, fraction } = splitUnits(bytes, at, OLD_DATETIME_BYTES[digits]!, digits);
    const { year, month, day, clock } = momentOf(seconds);
    const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
    return `${date} ${clockText(clock)}.${padded(fraction, digits)}`;
  },
  unitsOf(text, fraction, digits) {
    const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = numbersOf(
      /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/,
      text,
    );
    const seconds = ((((y * 13 + mo) * 32 + d) * 24 + h) * 60 + mi) * 60 + s;
    return BigInt(seconds) * BigInt(UNITS_A_SECOND[digits]!) + BigInt(fraction);
  },
});

export const oldTimestamp: ColumnType = withFractions(plainTimestamp, {
  bytes: OLD_TIMESTAMP_BYTES,
  read(bytes, at, digits) {
    const fraction = bytes.readUIntBE(at + 4, OLD_TIMESTAMP_BYTES[digits]! - 4);
    if (fraction >= UNITS_A_SECOND[digits]!) return undefined;
    return `${calendarText(bytes.readUInt32BE(at), true)}.${padded(fraction, digits)}`;
  },
  unitsOf(text, fraction, digits) {
    const fractionBits = BigInt((OLD_TIMESTAMP_BYTES[digits]! - 4) * 8);
    return (BigInt(secondsOfCalendar(text)) << fractionBits) + BigInt(fraction);
  },
});
