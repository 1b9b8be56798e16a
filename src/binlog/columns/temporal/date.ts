import type { Cursor, Writer } from '../../../bytes/index.ts';
import { UsageError } from '../../../errors/index.ts';
import { ColumnCode } from '../column-code.ts';
import type { ColumnType, ColumnValue } from '../definition.ts';
import { givenText } from '../given-text.ts';
import { noMeta } from '../meta.ts';
import { two } from './calendar.ts';

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
