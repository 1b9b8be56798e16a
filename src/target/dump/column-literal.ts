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

const asDouble: ReadLiteral = (row, index) => Number(row.plain(index));
const asFloat: ReadLiteral = (row, index) => Math.fround(Number(row.plain(index)));

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

/** `given`: what quoted texts are in; `own`: what the column's bytes are in, where they come as digits or as bytes. */
function textReader(given: string, own: string): ReadLiteral {
  return (row, index) => {
    const isText = row.kinds[index] === Literal.TEXT;
    const bytes = isText ? row.raw(index) : row.blob(index);
    const charset = isText ? given : own;
    if (isUtf8Name(charset)) {
      const text = bytes.toString('utf8');
      return !text.includes('\ufffd') || isUtf8(bytes) ? text : Buffer.from(bytes);
    }
    const text = decodeText(bytes, charset);
    return encodeText(text, charset).equals(bytes) ? text : Buffer.from(bytes);
  };
}
