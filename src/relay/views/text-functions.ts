import { createHash } from 'node:crypto';
import { crc32 } from '../../bytes/index.ts';
import type { SqliteValue } from '../../store/index.ts';
import {
  decimalText,
  exactly,
  numberOf,
  ofNumbers,
  quotient,
  textOf,
  whole,
  withoutDigits,
} from './numbers.ts';
import { isTextual } from './sqlite-text.ts';

type Body = (...values: SqliteValue[]) => SqliteValue;

/** No function makes a text longer than this: it is NULL then, as on a server above `max_allowed_packet`. */
export const LONGEST: number = 1024 * 1024;
/** Nor longer than a query may be, out of next to nothing. */
const LONGEST_FILL = 64 * 1024;
export const bounded = (value: string): SqliteValue =>
  value.length > LONGEST ? null : bytesOf(Buffer.from(value));

/** NULL where an argument is; too few are taken for NULL. */
const strict =
  (least: number, compute: Body): Body =>
  (...values) =>
    values.length < least || values.some((value) => value === null) ? null : compute(...values);

const repeated = (text: string, count: number): string | null =>
  count <= 0 ? '' : text.length * count > LONGEST_FILL ? null : text.repeat(count);

const inBytes = (value: SqliteValue): Buffer =>
  Buffer.from(value instanceof Uint8Array ? value : textOf(value));

/** Bytes that are a text go on as one: so they compare. */
const bytesOf = (bytes: Buffer): SqliteValue => (isTextual(bytes) ? bytes.toString() : bytes);

/** LPAD and RPAD: filled up, or cut, to so many characters. */
const padded = (side: 'padStart' | 'padEnd'): Body =>
  strict(3, (value = null, length = null, fill = null) => {
    const size = numberOf(length);
    const characters = Array.from(textOf(value));
    if (size < 0 || size > LONGEST_FILL) return null;
    if (characters.length >= size) return characters.slice(0, size).join('');
    const missing = size - characters.length;
    const filling = Array.from(textOf(fill));
    if (filling.length === 0) return '';
    const extra = Array.from({ length: missing }, (_, i) => filling[i % filling.length]!).join('');
    return side === 'padStart' ? extra + characters.join('') : characters.join('') + extra;
  });

const hashed = (algorithm: string): Body =>
  strict(1, (value = null) => createHash(algorithm).update(inBytes(value)).digest('hex'));

/** Compares as the usual collation does: without regard to case. */
const folded = (value: SqliteValue): string => textOf(value).toLowerCase();
const allNumbers = (values: readonly SqliteValue[]): values is (number | bigint)[] =>
  values.every((value) => typeof value === 'number' || typeof value === 'bigint');

const extreme = (sign: 1 | -1): Body =>
  strict(2, (...values) => {
    if (allNumbers(values)) return values.reduce((a, b) => ((sign > 0 ? b > a : b < a) ? b : a));
    return values.reduce((a, b) => (sign * (folded(b) > folded(a) ? 1 : -1) > 0 ? b : a));
  });

const trimmed = (text: string, part: string, where: string): string => {
  let [from, to] = [0, text.length];
  if (part === '') return text;
  if (where !== 'TRAILING') while (text.startsWith(part, from) && from < to) from += part.length;
  if (where !== 'LEADING') while (to - part.length >= from && text.endsWith(part, to)) to -= part.length;
  return text.slice(from, to);
};

const [KIB, PICO] = [1024, 1000];
/** FORMAT_BYTES: `1.50 MiB`. */
function formatBytes(count: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
  let unit = 0;
  let rest = count;
  for (; Math.abs(rest) >= KIB && unit < units.length - 1; unit += 1) rest /= KIB;
  return unit === 0 ? `${String(Math.trunc(rest)).padStart(4)} bytes` : `${rest.toFixed(2)} ${units[unit]}`;
}
/** FORMAT_PICO_TIME: `3.50 ms`. */
function formatPicoTime(count: number): string {
  const units = [
    ['d', 86_400 * 1e12],
    ['h', 3600 * 1e12],
    ['min', 60 * 1e12],
    ['s', 1e12],
    ['ms', 1e9],
    ['us', 1e6],
    ['ns', PICO],
  ] as const;
  const [unit, length] = units.find(([, size]) => Math.abs(count) >= size) ?? ['ps', 1];
  return length === 1
    ? `${String(Math.trunc(count)).padStart(3)} ps`
    : `${(count / length).toFixed(2)} ${unit}`;
}

/** `1,234.50` */
function grouped(value: number | bigint, digits: number): string {
  const kept = Math.min(Math.max(digits, 0), 30);
  const text = typeof value === 'bigint' ? decimalText(value, kept) : value.toFixed(kept);
  const [integer = '', fraction] = text.split('.');
  const groups = integer.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

const binary = (value: number | bigint): string =>
  BigInt.asUintN(64, typeof value === 'bigint' ? value : BigInt(Math.trunc(value))).toString(2);
const ones = (value: number | bigint): number => binary(value).replaceAll('0', '').length;

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** MySQL's functions of texts that SQLite lacks, by the name they have inside. */
export const textFunctions: Readonly<Record<string, Body>> = {
  mysql_repeat: strict(2, (value = null, count = null) => repeated(textOf(value), numberOf(count))),
  mysql_space: strict(1, (count = null) => repeated(' ', numberOf(count))),
  mysql_reverse: strict(1, (value = null) => Array.from(textOf(value)).reverse().join('')),
  mysql_lpad: padded('padStart'),
  mysql_rpad: padded('padEnd'),
  mysql_ascii: strict(1, (value = null) => whole(inBytes(value)[0] ?? 0)),
  mysql_field: (wanted = null, ...values) =>
    wanted === null
      ? 0n
      : whole(
          values.findIndex((value) =>
            value === null
              ? false
              : allNumbers([wanted, ...values])
                ? value === wanted
                : folded(value) === folded(wanted),
          ) + 1,
        ),
  mysql_elt: (index = null, ...values) => (index === null ? null : (values[numberOf(index) - 1] ?? null)),
  mysql_find_in_set: strict(2, (wanted = null, list = null) =>
    textOf(list) === '' ? 0n : whole(folded(list).split(',').indexOf(folded(wanted)) + 1),
  ),
  mysql_strcmp: strict(2, (a = null, b = null) =>
    folded(a) === folded(b) ? 0n : folded(a) < folded(b) ? -1n : 1n,
  ),
  mysql_format: strict(2, (value = null, digits = null) =>
    grouped(typeof value === 'bigint' ? value : numberOf(value), numberOf(digits)),
  ),
  mysql_unhex: strict(1, (value = null) => {
    const text = textOf(value);
    return /^([\da-f]{2})*$/i.test(text) ? bytesOf(Buffer.from(text, 'hex')) : null;
  }),
  mysql_hex: strict(1, (value = null) =>
    (typeof value === 'number' || typeof value === 'bigint'
      ? BigInt.asUintN(64, typeof value === 'bigint' ? value : BigInt(Math.round(value))).toString(16)
      : inBytes(value).toString('hex')
    ).toUpperCase(),
  ),
  mysql_to_base64: strict(1, (value = null) => inBytes(value).toString('base64')),
  mysql_from_base64: strict(1, (value = null) => bytesOf(Buffer.from(textOf(value), 'base64'))),
  mysql_sha1: hashed('sha1'),
  mysql_sha2: strict(2, (value = null, bits = null) => {
    const size = numberOf(bits) || 256;
    if (![224, 256, 384, 512].includes(size)) return null;
    return createHash(`sha${size}`).update(textOf(value)).digest('hex');
  }),
  mysql_md5: hashed('md5'),
  mysql_crc32: strict(1, (value = null) => whole(crc32(inBytes(value)))),
  mysql_quote: (value = null) =>
    value === null ? 'NULL' : `'${textOf(value).replaceAll(/[\\']/g, (mark) => `\\${mark}`)}'`,
  mysql_insert: strict(4, (value = null, at = null, count = null, other = null) => {
    const text = Array.from(textOf(value));
    const [from, length] = [numberOf(at), numberOf(count)];
    if (from < 1 || from > text.length) return textOf(value);
    const rest = length < 0 ? [] : text.slice(from - 1 + length);
    return bounded(text.slice(0, from - 1).join('') + textOf(other) + rest.join(''));
  }),
  mysql_inet_aton: strict(1, (value = null) => {
    const parts = IPV4.exec(textOf(value))?.slice(1).map(Number);
    if (parts === undefined || parts.some((part) => part > 255)) return null;
    return whole(parts.reduce((sum, part) => sum * 256 + part, 0));
  }),
  mysql_inet_ntoa: strict(1, (value = null) => {
    const number = numberOf(value);
    if (number < 0 || number > 0xff_ff_ff_ff) return null;
    return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
  }),
  mysql_bin: strict(1, (value = null) => binary(typeof value === 'bigint' ? value : numberOf(value))),
  mysql_trim_of: strict(3, (where = null, part = null, value = null) =>
    trimmed(textOf(value), textOf(part), textOf(where)),
  ),
  mysql_greatest: extreme(1),
  mysql_least: extreme(-1),
  mysql_isnull: (value = null) => (value === null ? 1n : 0n),
  mysql_any_value: (value = null) => value,
  mysql_format_bytes: ofText(formatBytes),
  mysql_format_pico_time: ofText(formatPicoTime),
  mysql_is_uuid: strict(1, (value = null) =>
    /^\{?[\da-f]{8}-?([\da-f]{4}-?){3}[\da-f]{12}\}?$/i.test(textOf(value)) ? 1n : 0n,
  ),
};

function ofText(compute: (value: number) => string): Body {
  return strict(1, (value = null) => compute(numberOf(value)));
}

/** MySQL's functions of numbers, by the name they have inside. */
export const numberFunctions: Readonly<Record<string, Body>> = {
  mysql_floor: exactly((a) => a, ofNumbers(Math.floor)),
  mysql_ceiling: exactly((a) => a, ofNumbers(Math.ceil)),
  mysql_mod: exactly(
    (a, b) => (b === 0n ? null : a % b),
    ofNumbers((a = 0, b = 0) => (b === 0 ? null : a % b)),
  ),
  mysql_divided: (left = null, right = null, flavor, ...scales) => {
    const divisor = numberOf(right);
    if (left === null || right === null || divisor === 0) return null;
    const [of, by] = scales.map(Number);
    return whole(quotient(numberOf(left) / divisor, flavor === 'mariadb', [of ?? 0, by ?? 0]));
  },
  mysql_idiv: exactly(
    (a, b) => (b === 0n ? null : a / b),
    ofNumbers((a = 0, b = 0) => (b === 0 ? null : Math.trunc(a / b))),
  ),
  mysql_xor: ofNumbers((a = 0, b = 0) => Number((a !== 0) !== (b !== 0))),
  mysql_pow: ofNumbers((a = 0, b = 0) => a ** b),
  mysql_sqrt: ofNumbers((a = 0) => (a < 0 ? null : Math.sqrt(a))),
  mysql_exp: ofNumbers((a = 0) => Math.exp(a)),
  mysql_ln: ofNumbers((a = 0) => (a <= 0 ? null : Math.log(a))),
  mysql_log: ofNumbers((a = 0, b) => {
    if (b === undefined) return a <= 0 ? null : Math.log(a);
    return a <= 0 || a === 1 || b <= 0 ? null : Math.log(b) / Math.log(a);
  }),
  mysql_log2: ofNumbers((a = 0) => (a <= 0 ? null : Math.log2(a))),
  mysql_log10: ofNumbers((a = 0) => (a <= 0 ? null : Math.log10(a))),
  mysql_sign: ofNumbers(Math.sign),
  mysql_truncate: exactly(
    (a, digits) => withoutDigits(a, digits, false),
    ofNumbers((a = 0, digits = 0) => {
      const scale = 10 ** Math.trunc(digits);
      return Math.trunc(Number((a * scale).toPrecision(15))) / scale;
    }),
  ),
  mysql_bit_count: exactly(
    (a) => BigInt(ones(a)),
    ofNumbers((a = 0) => ones(a)),
  ),
};
