import type { Cursor, Writer } from '../../bytes/index.ts';
import { FormatError } from '../../errors/index.ts';
import { ColumnType } from './column.ts';
import { writeBytesLenenc } from './definition.ts';

/** A calendar value. DATE and DATETIME use year to microsecond; TIME uses negative, days and the rest. */
export interface Temporal {
  readonly negative: boolean;
  readonly days: number;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
}

/** A value of the binary protocol. Integers up to 32 bits are numbers, LONGLONG is a bigint, all texts are bytes. */
export type BinaryValue = number | bigint | Buffer | Temporal | null;

interface BinaryType {
  read(cursor: Cursor, unsigned: boolean): BinaryValue;
  write(value: never, writer: Writer): void;
}

const tiny: BinaryType = {
  read: (cursor, unsigned) => (unsigned ? cursor.u8() : cursor.i8()),
  write: (value: number, writer) => writer.u8(value & 0xff),
};
const short: BinaryType = {
  read: (cursor, unsigned) => (unsigned ? cursor.u16() : cursor.i16()),
  write: (value: number, writer) => writer.u16(value & 0xffff),
};
const long: BinaryType = {
  read: (cursor, unsigned) => (unsigned ? cursor.u32() : cursor.i32()),
  write: (value: number, writer) => writer.u32(value >>> 0),
};
const longlong: BinaryType = {
  read: (cursor, unsigned) => (unsigned ? cursor.u64() : cursor.i64()),
  write: (value: bigint, writer) => writer.u64(BigInt.asUintN(64, value)),
};
const float: BinaryType = {
  read: (cursor) => cursor.f32(),
  write: (value: number, writer) => writer.f32(value),
};
const double: BinaryType = {
  read: (cursor) => cursor.f64(),
  write: (value: number, writer) => writer.f64(value),
};
const bytes: BinaryType = {
  read: (cursor) => cursor.copy(cursor.lenenc()),
  write: (value: Buffer, writer) => writeBytesLenenc(value, writer),
};

const ZERO: Temporal = {
  negative: false,
  days: 0,
  year: 0,
  month: 0,
  day: 0,
  hour: 0,
  minute: 0,
  second: 0,
  microsecond: 0,
};

/** Length byte 0, 4, 7 or 11: as much as is not zero. */
const datetime: BinaryType = {
  read(cursor) {
    const length = cursor.u8();
    if (length === 0) return ZERO;
    if (length !== 4 && length !== 7 && length !== 11) throw new FormatError(`datetime of ${length} bytes`);
    const date = { ...ZERO, year: cursor.u16(), month: cursor.u8(), day: cursor.u8() };
    if (length === 4) return date;
    const time = { ...date, hour: cursor.u8(), minute: cursor.u8(), second: cursor.u8() };
    return length === 7 ? time : { ...time, microsecond: cursor.u32() };
  },
  write(value: Temporal, writer) {
    const clock = value.hour + value.minute + value.second > 0;
    const length = value.microsecond > 0 ? 11 : clock ? 7 : value.year + value.month + value.day > 0 ? 4 : 0;
    writer.u8(length);
    if (length === 0) return;
    writer.u16(value.year);
    writer.u8(value.month);
    writer.u8(value.day);
    if (length === 4) return;
    writer.u8(value.hour);
    writer.u8(value.minute);
    writer.u8(value.second);
    if (length === 11) writer.u32(value.microsecond);
  },
};

/** Length byte 0, 8 or 12: sign, u32 days, clock, microseconds. */
const time: BinaryType = {
  read(cursor) {
    const length = cursor.u8();
    if (length === 0) return ZERO;
    if (length !== 8 && length !== 12) throw new FormatError(`time of ${length} bytes`);
    const negative = cursor.u8() !== 0;
    const days = cursor.u32();
    const value = { ...ZERO, negative, days, hour: cursor.u8(), minute: cursor.u8(), second: cursor.u8() };
    return length === 8 ? value : { ...value, microsecond: cursor.u32() };
  },
  write(value: Temporal, writer) {
    const whole = value.days + value.hour + value.minute + value.second > 0;
    const length = value.microsecond > 0 ? 12 : whole ? 8 : 0;
    writer.u8(length);
    if (length === 0) return;
    writer.u8(value.negative ? 1 : 0);
    writer.u32(value.days);
    writer.u8(value.hour);
    writer.u8(value.minute);
    writer.u8(value.second);
    if (length === 12) writer.u32(value.microsecond);
  },
};

const none: BinaryType = { read: () => null, write: () => undefined };

const types: (BinaryType | undefined)[] = Array.from({ length: 256 });
const T = ColumnType;
types[T.NULL] = none;
types[T.TINY] = tiny;
for (const code of [T.SHORT, T.YEAR]) types[code] = short;
for (const code of [T.LONG, T.INT24]) types[code] = long;
types[T.LONGLONG] = longlong;
types[T.FLOAT] = float;
types[T.DOUBLE] = double;
for (const code of [T.DATE, T.DATETIME, T.TIMESTAMP]) types[code] = datetime;
types[T.TIME] = time;
for (const code of [T.DECIMAL, T.VARCHAR, T.BIT, T.VECTOR, T.JSON, T.NEWDECIMAL, T.ENUM, T.SET])
  types[code] = bytes;
for (const code of [T.TINY_BLOB, T.MEDIUM_BLOB, T.LONG_BLOB, T.BLOB, T.VAR_STRING, T.STRING, T.GEOMETRY]) {
  types[code] = bytes;
}

/** Reads one value that is not NULL. */
export function readBinaryValue(cursor: Cursor, type: number, unsigned: boolean): BinaryValue {
  const definition = types[type & 0xff];
  if (definition === undefined) throw new FormatError(`value of unknown type ${type}`);
  return definition.read(cursor, unsigned);
}

/** Writes one value that is not NULL. The value must be of the kind {@link readBinaryValue} gives for the type. */
export function writeBinaryValue(value: BinaryValue, type: number, writer: Writer): void {
  const definition = types[type & 0xff];
  if (definition === undefined) throw new FormatError(`value of unknown type ${type}`);
  definition.write(value as never, writer);
}
