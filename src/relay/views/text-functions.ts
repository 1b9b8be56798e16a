import { createHash } from 'node:crypto';
import { crc32 } from '../../bytes/index.ts';
import type { SqliteValue } from '../../store/index.ts';
import { bytesOf, bytewise } from './bytewise.ts';
import { type Body, bounded, bytesIn, LONGEST_FILL, strict } from './function-body.ts';
import { integerOf, numberOf, plainText, roundEven, roundedText, textOf, whole } from './numbers.ts';

const repeated = (text: string, count: number): string | null =>
  count <= 0 ? '' : text.length * count > LONGEST_FILL ? null : text.repeat(count);

/** LPAD and RPAD: filled up, or cut, to so many characters. */
const padded = (side: 'padStart' | 'padEnd'): Body =>
  bytewise(
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
    }),
  );

const hashed = (algorithm: string): Body =>
  strict(1, (value = null) => createHash(algorithm).update(bytesIn(value)).digest('hex'));

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

/** `1,234.50`: of a double, halves go to the even neighbour; of a decimal's digits, away from zero. */
function grouped(value: SqliteValue, digits: number): string {
  const kept = Math.min(Math.max(Math.trunc(digits), 0), 30);
  const text =
    typeof value === 'number' ? plainText(roundEven(value, kept), kept) : roundedText(textOf(value), kept);
  const [integer = '', fraction] = text.split('.');
  const groups = integer.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

/** MySQL's functions of texts that SQLite lacks, by the name they have inside. */
export const textFunctions: Readonly<Record<string, Body>> = {
  mysql_repeat: bytewise(strict(2, (value = null, count = null) => repeated(textOf(value), numberOf(count)))),
  mysql_space: strict(1, (count = null) => repeated(' ', numberOf(count))),
  mysql_reverse: bytewise(strict(1, (value = null) => Array.from(textOf(value)).reverse().join(''))),
  mysql_lpad: padded('padStart'),
  mysql_rpad: padded('padEnd'),
  mysql_ascii: strict(1, (value = null) => whole(bytesIn(value)[0] ?? 0)),
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
  mysql_format: strict(2, (value = null, digits = null) => grouped(value, numberOf(digits))),
  mysql_unhex: strict(1, (value = null) => {
    const text = textOf(value);
    const digits = text.length % 2 === 0 ? text : `0${text}`;
    return /^[\da-f]*$/i.test(digits) ? bytesOf(Buffer.from(digits, 'hex')) : null;
  }),
  mysql_hex: strict(1, (value = null) =>
    (typeof value === 'number' || typeof value === 'bigint'
      ? BigInt.asUintN(64, integerOf(value)).toString(16)
      : bytesIn(value).toString('hex')
    ).toUpperCase(),
  ),
  mysql_to_base64: strict(1, (value = null) => bytesIn(value).toString('base64')),
  mysql_from_base64: strict(1, (value = null) => bytesOf(Buffer.from(textOf(value), 'base64'))),
  mysql_sha1: hashed('sha1'),
  mysql_sha2: strict(2, (value = null, bits = null) => {
    const size = numberOf(bits) || 256;
    if (![224, 256, 384, 512].includes(size)) return null;
    return createHash(`sha${size}`).update(bytesIn(value)).digest('hex');
  }),
  mysql_md5: hashed('md5'),
  mysql_crc32: strict(1, (value = null) => whole(crc32(bytesIn(value)))),
  mysql_quote: (value = null) =>
    value === null ? 'NULL' : `'${textOf(value).replaceAll(/[\\']/g, (mark) => `\\${mark}`)}'`,
  mysql_insert: bytewise(
    strict(4, (value = null, at = null, count = null, other = null) => {
      const text = Array.from(textOf(value));
      const [from, length] = [numberOf(at), numberOf(count)];
      if (from < 1 || from > text.length) return textOf(value);
      const rest = length < 0 ? [] : text.slice(from - 1 + length);
      return bounded(text.slice(0, from - 1).join('') + textOf(other) + rest.join(''));
    }),
  ),
  mysql_trim_of: bytewise(
    strict(3, (where = null, part = null, value = null) =>
      trimmed(textOf(value), textOf(part), textOf(where)),
    ),
  ),
  mysql_ltrim: bytewise(strict(1, (value = null) => trimmed(textOf(value), ' ', 'LEADING'))),
  mysql_rtrim: bytewise(strict(1, (value = null) => trimmed(textOf(value), ' ', 'TRAILING'))),
  mysql_greatest: extreme(1),
  mysql_least: extreme(-1),
  mysql_isnull: (value = null) => (value === null ? 1n : 0n),
  mysql_any_value: (value = null) => value,
  mysql_format_bytes: ofText(formatBytes),
  mysql_format_pico_time: ofText(formatPicoTime),
};

function ofText(compute: (value: number) => string): Body {
  return strict(1, (value = null) => compute(numberOf(value)));
}
