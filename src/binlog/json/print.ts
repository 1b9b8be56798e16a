import { Cursor } from '../../bytes/index.ts';
import { FormatError } from '../../errors/index.ts';
import { ColumnCode } from '../columns/column-code.ts';
import { readDecimal } from '../columns/decimal/decimal.ts';
import { two } from '../columns/temporal/calendar.ts';
import { datetimeText } from '../columns/temporal/packed-datetime.ts';
import { JsonInteger, type JsonNode, JsonObject, JsonOpaque } from './node.ts';

/**
 * A document as JSON text, the way MySQL spaces and spells it: `{"a": 1, "b": [true, null]}`.
 *
 * @param quoted false prints a document that is one string (or date) without quotes and escapes, as `mysqlbinlog -v` does
 */
export function printJson(node: JsonNode, quoted = true): string {
  if (!quoted) {
    if (typeof node === 'string') return node;
    if (node instanceof JsonOpaque) return opaqueText(node);
  }
  return print(node);
}

function print(node: JsonNode): string {
  if (node === null) return 'null';
  if (typeof node === 'boolean') return node ? 'true' : 'false';
  if (typeof node === 'number') return printDouble(node);
  if (typeof node === 'string') return quote(node);
  if (node instanceof JsonInteger) return String(node.value);
  if (node instanceof JsonOpaque) {
    return node.type === ColumnCode.NEWDECIMAL ? opaqueText(node) : quote(opaqueText(node));
  }
  let text = '';
  if (node instanceof JsonObject) {
    for (const [key, value] of node.entries) {
      text += `${text === '' ? '{' : ', '}${quote(key)}: ${print(value)}`;
    }
    return text === '' ? '{}' : `${text}}`;
  }
  for (const value of node) text += `${text === '' ? '[' : ', '}${print(value)}`;
  return text === '' ? '[]' : `${text}]`;
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
};
/** Anything but a character that stands for itself: the control characters, the quote and the backslash. */
const toEscape = /[^ !#-[\]-\u{10ffff}]/u;
const allToEscape = new RegExp(toEscape, 'gu');

function quote(text: string): string {
  if (!toEscape.test(text)) return `"${text}"`;
  const escaped = text.replace(
    allToEscape,
    (character) => shortEscapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}

/** MySQL's my_gcvt leaves plain notation where the decimal point is further than this from the first digit (DBL_DIG), unless digits come behind it. */
const MAX_POINT = 15;

/** A double as MySQL prints it inside JSON: shortest digits, plain from 1e-15 to 1e15, and never like an integer. */
export function printDouble(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (!Number.isFinite(value)) return String(value);
  const [mantissa, exponentText] = value.toExponential().split('e') as [string, string];
  const exponent = Number(exponentText);
  const point = exponent + 1;
  const digits = mantissa.replace('-', '').replace('.', '');
  const isFar = point < 1 - MAX_POINT || (point > MAX_POINT && digits.length <= point);
  if (isFar) return `${mantissa}e${exponent}`;
  const sign = value < 0 ? '-' : '';
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (digits.length <= point) return `${sign}${digits.padEnd(point, '0')}.0`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

const opaqueCursor = new Cursor();

/** Dates inside documents: a signed 64-bit number, microseconds in the lowest 24 bits, the packed date or time above. */
function readPacked(bytes: Buffer): { negative: boolean; packed: number; microseconds: number } {
  if (bytes.length !== 8) throw new FormatError(`JSON date or time of ${bytes.length} bytes`);
  const value = bytes.readBigInt64LE(0);
  const magnitude = value < 0n ? -value : value;
  return {
    negative: value < 0n,
    packed: Number(magnitude >> 24n),
    microseconds: Number(magnitude & 0xff_ffffn),
  };
}

const opaqueTexts: Readonly<Record<number, (bytes: Buffer) => string>> = {
  [ColumnCode.NEWDECIMAL]: (bytes) => {
    const cursor = opaqueCursor.aim(bytes, 0, bytes.length);
    const precision = cursor.u8();
    return readDecimal(cursor, precision, cursor.u8());
  },
  [ColumnCode.DATE]: (bytes) => datetimeText(readPacked(bytes).packed).slice(0, -' 00:00:00'.length),
  [ColumnCode.DATETIME]: datetimeOf,
  [ColumnCode.TIMESTAMP]: datetimeOf,
  [ColumnCode.TIME]: (bytes) => {
    const { negative, packed, microseconds } = readPacked(bytes);
    const hours = Math.floor(packed / 4096);
    return `${negative ? '-' : ''}${two(hours)}:${two((packed >>> 6) & 0x3f)}:${two(packed & 0x3f)}.${fraction(microseconds)}`;
  },
};

function fraction(microseconds: number): string {
  return String(microseconds).padStart(6, '0');
}

function datetimeOf(bytes: Buffer): string {
  const { negative, packed, microseconds } = readPacked(bytes);
  return `${negative ? '-' : ''}${datetimeText(packed)}.${fraction(microseconds)}`;
}

/** MySQL's base64 breaks lines here, also inside JSON (`base64_encode`). */
const BASE64_LINE = /.{76}(?=.)/g;

function opaqueText({ type, bytes }: JsonOpaque): string {
  return (
    opaqueTexts[type]?.(bytes) ??
    `base64:type${type}:${bytes.toString('base64').replace(BASE64_LINE, '$&\n')}`
  );
}
