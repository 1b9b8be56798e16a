import { decodeText, encodeText } from '../../../../charset/index.ts';
import { bindableReal, type SqliteValue } from '../../../../store/index.ts';
import type { TableColumn } from '../../../schema/index.ts';
import { refuse } from './not-convertible.ts';

type Fit = (value: SqliteValue) => SqliteValue;

export const INTEGER_BITS: Readonly<Record<string, number>> = {
  tinyint: 8,
  smallint: 16,
  mediumint: 24,
  int: 32,
  bigint: 64,
};

/** Longest texts and byte strings of the types that name no length, in bytes. */
const LONGEST: Readonly<Record<string, number>> = {
  tinytext: 255,
  tinyblob: 255,
  text: 65_535,
  blob: 65_535,
  mediumtext: 16_777_215,
  mediumblob: 16_777_215,
};

const INT64_MAX = 2n ** 63n - 1n;
const kept = (value: bigint): SqliteValue => (value > INT64_MAX ? String(value) : value);

/** Passes values that a column holds as they are, in the form they are kept in; refuses all others. */
export function fitter({ type, charset }: TableColumn): Fit {
  const { name, length, decimals, unsigned } = type;
  const bits = INTEGER_BITS[name];
  if (bits !== undefined) {
    const size = 2n ** BigInt(bits);
    return integers(unsigned ? 0n : -size / 2n, unsigned ? size - 1n : size / 2n - 1n);
  }
  if (name === 'bit') return integers(0n, 2n ** BigInt(length ?? 1) - 1n);
  if (name === 'year')
    return (value) => (value === 0n || value === 0 ? value : integers(1901n, 2155n)(value));
  if (name === 'decimal') return decimalsOf((length ?? 10) - (decimals ?? 0), unsigned);
  if (name === 'float') return (value) => number(value, Math.fround(Number(value)), unsigned);
  if (name === 'double') return (value) => number(value, Number(value), unsigned);
  if (/char$|text$/.test(name)) return texts(name, length, charset ?? 'utf8mb4');
  if (/binary$|blob$/.test(name)) return bytes(name, length ?? (name === 'binary' ? 1 : undefined));
  return (value) => value;
}

function integers(least: bigint, most: bigint): Fit {
  return (value) => {
    if (value === null) return null;
    const exact = BigInt(value as bigint | number | string);
    return exact < least || exact > most ? refuse(value) : kept(exact);
  };
}

function decimalsOf(whole: number, unsigned: boolean): Fit {
  return (value) => {
    const match = /^(-?)0*(?!0)(\d*)(\.\d+)?$/.exec(String(value));
    if (match === null || match[2]!.length > whole || (unsigned && match[1] === '-')) return refuse(value);
    return value;
  };
}

const number = (value: SqliteValue, converted: number, unsigned: boolean): SqliteValue =>
  !Number.isFinite(converted) || (unsigned && converted < 0) ? refuse(value) : bindableReal(converted);

function texts(name: string, length: number | undefined, charset: string): Fit {
  const longest =
    length === undefined ? (LONGEST[name] ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  const characters = name.endsWith('char') ? (length ?? 1) : Number.POSITIVE_INFINITY;
  return (value) => {
    if (typeof value !== 'string') return value;
    // CHAR gives its values back without blanks at their end.
    const text = name === 'char' ? value.replace(/(?<! ) +$/, '') : value;
    const encoded = encodeText(text, charset);
    const isWhole = decodeText(encoded, charset) === text;
    if (!isWhole || encoded.length > longest || Array.from(text).length > characters) return refuse(value);
    // As everywhere: given as text, SQLite's bindings would end it at the NUL.
    return text.includes('\0') ? Buffer.from(text) : text;
  };
}

function bytes(name: string, length: number | undefined): Fit {
  const longest = length ?? LONGEST[name] ?? Number.POSITIVE_INFINITY;
  return (value) => {
    if (!(value instanceof Uint8Array)) return value;
    if (value.length > longest) return refuse(value);
    if (name !== 'binary' || value.length === length) return value;
    return Buffer.concat([value, Buffer.alloc(length! - value.length)]);
  };
}
