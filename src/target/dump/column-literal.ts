import { isUtf8 } from 'node:buffer';
import { isIPv4, isIPv6 } from 'node:net';
import type { ColumnValue } from '../../binlog/index.ts';
import { decodeText, encodeText } from '../../charset/index.ts';
import { FormatError } from '../../errors/index.ts';
import { hasCharset, type TableColumn } from '../schema/index.ts';
import { Literal, type RowValues } from './row-values.ts';

type Value = Exclude<ColumnValue, null>;

/** Takes the literal of a column out of a row; it is not NULL. The value is what a log would say of it. */
export type ReadLiteral = (row: RowValues, index: number) => Value;

/** Digits that a double holds exactly. */
const SAFE_DIGITS = 15;

/** How texts of the dump are to be read. */
export interface TextSettings {
  /** `character_set_client` */
  readonly charset: string;
}

const asPlain: ReadLiteral = (row, index) => row.plain(index);

const asInteger: ReadLiteral = (row, index) => {
  const digits = row.plain(index);
  return digits.length <= SAFE_DIGITS ? Number(digits) : BigInt(digits);
};

/** Wide integers are always the same to SQLite, whose untyped columns would keep a number as a real one. */
const asBigint: ReadLiteral = (row, index) => BigInt(row.plain(index));

const asBits: ReadLiteral = (row, index) => {
  if (row.kinds[index] === Literal.NUMBER) return asBigint(row, index);
  const digits = row.blob(index).toString('hex');
  return digits === '' ? 0n : BigInt(`0x${digits}`);
};

const asDouble: ReadLiteral = (row, index) => {
  // ZEROFILL stands before the sign of −0, too.
  const value = Number(row.plain(index).replace(/^0+(?=-)/, ''));
  if (!Number.isFinite(value)) throw new FormatError('a number of the dump is none');
  return value;
};
const asFloat: ReadLiteral = (row, index) => Math.fround(asDouble(row, index) as number);

/** ZEROFILL is how it is shown. */
const asDecimal: ReadLiteral = (row, index) => row.plain(index).replace(/^(-?)0+(?=\d)/, '$1');

const asBytes: ReadLiteral = (row, index) => row.blob(index);

/** MariaDB keeps the UUIDs of versions 1 to 5 last part first, so that those of one moment stand together. */
const asUuid: ReadLiteral = (row, index) => {
  const bytes = Buffer.from(row.plain(index).replaceAll('-', ''), 'hex');
  const version = bytes[6]! >> 4;
  if (bytes.length !== 16) throw new FormatError('a UUID of the dump is none');
  const isTurned = version >= 1 && version <= 5 && (bytes[8]! & 0x80) !== 0;
  if (!isTurned) return bytes;
  const part = (from: number, to: number): Buffer => bytes.subarray(from, to);
  return Buffer.concat([part(10, 16), part(8, 10), part(6, 8), part(4, 6), part(0, 4)]);
};

const asInet4: ReadLiteral = (row, index) => {
  const text = row.plain(index);
  if (!isIPv4(text)) throw new FormatError('an INET4 of the dump is none');
  return Buffer.from(text.split('.').map(Number));
};

const asInet6: ReadLiteral = (row, index) => {
  const text = row.plain(index);
  if (!isIPv6(text)) throw new FormatError('an INET6 of the dump is none');
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const hex = (one: string, other: string): string => ((Number(one) << 8) | Number(other)).toString(16);
  const whole =
    dotted === null ? text : `${dotted[1]}${hex(dotted[2]!, dotted[3]!)}:${hex(dotted[4]!, dotted[5]!)}`;
  const [before, after] = whole.split('::') as [string, string | undefined];
  const words = (part: string | undefined): number[] =>
    part === undefined || part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16));
  const [left, right] = [words(before), words(after)];
  const all = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
  const bytes = Buffer.alloc(16);
  all.forEach((word, at) => bytes.writeUInt16BE(word, at * 2));
  return bytes;
};

const READERS: Readonly<Record<string, ReadLiteral>> = {
  tinyint: asInteger,
  smallint: asInteger,
  mediumint: asInteger,
  int: asInteger,
  bigint: asBigint,
  year: asInteger,
  bit: asBits,
  float: asFloat,
  double: asDouble,
  decimal: asDecimal,
  date: asPlain,
  time: asPlain,
  datetime: asPlain,
  timestamp: asPlain,
  uuid: asUuid,
  inet4: asInet4,
  inet6: asInet6,
};

/** How literals of a column are read: types that are not named here are bytes. */
export function literalReader(column: TableColumn, settings: TextSettings): ReadLiteral {
  const { name } = column.type;
  const reader = READERS[name];
  if (reader !== undefined) return reader;
  if (name === 'json')
    return textReader(settings.charset === 'binary' ? 'utf8mb4' : settings.charset, 'utf8mb4');
  if (!hasCharset(name)) return asBytes;
  const own = column.charset ?? 'utf8mb4';
  return textReader(settings.charset === 'binary' ? own : settings.charset, own);
}

const isUtf8Name = (charset: string): boolean => /^utf8(mb[34])?$/.test(charset);

/** MariaDB keeps halves of surrogate pairs in these, and writes each as three bytes of UTF-8; what a log has are the column's bytes. */
const UNITS: Readonly<Record<string, (units: readonly number[]) => Buffer>> = {
  ucs2: (units) => Buffer.from(units.flatMap((unit) => [unit >> 8, unit & 0xff])),
  utf32: (units) => {
    const bytes = Buffer.alloc(units.length * 4);
    units.forEach((unit, at) => bytes.writeUInt32BE(unit, at * 4));
    return bytes;
  },
};

/** Numbers of characters, halves of surrogate pairs among them. @throws FormatError it is not even that */
function unitsOf(bytes: Buffer): number[] {
  const units: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at]!;
    const length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    const tail = bytes.subarray(at + 1, at + length);
    const isWhole = tail.length === length - 1 && tail.every((byte) => (byte & 0xc0) === 0x80);
    if (!isWhole || (lead >= 0x80 && lead < 0xc2)) throw new FormatError('a text of the dump is none');
    let unit = length === 1 ? lead : lead & (0x7f >> length);
    for (const byte of tail) unit = (unit << 6) | (byte & 0x3f);
    units.push(unit);
    at += length;
  }
  return units;
}

/** `given`: what quoted texts are in; `own`: what the column's bytes are in, where they come as digits or as bytes. */
function textReader(given: string, own: string): ReadLiteral {
  return (row, index) => {
    const isText = row.kinds[index] === Literal.TEXT;
    const bytes = isText ? row.raw(index) : row.blob(index);
    const charset = isText ? given : own;
    if (isUtf8Name(charset)) {
      const text = bytes.toString('utf8');
      if (!text.includes('\ufffd') || isUtf8(bytes)) return text;
      return (isText ? UNITS[own]?.(unitsOf(bytes)) : undefined) ?? Buffer.from(bytes);
    }
    const text = decodeText(bytes, charset);
    return encodeText(text, charset).equals(bytes) ? text : Buffer.from(bytes);
  };
}
