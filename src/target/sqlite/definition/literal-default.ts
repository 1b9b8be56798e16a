import { decodeLegalText } from '../../../charset/index.ts';
import type { ColumnDefault } from '../../../sql/index.ts';
import type { SqliteValue } from '../../../store/index.ts';
import { hasCharset, type TableColumn } from '../../schema/index.ts';
import { roundDecimal } from './conversion/convert-numbers.ts';
import { fitter } from './conversion/fit.ts';
import { NotConvertible } from './conversion/not-convertible.ts';

type Literal = Extract<ColumnDefault, { kind: 'text' | 'literal' }>;
type Read = (literal: Literal, column: TableColumn) => SqliteValue | undefined;

/** Not a POINT. */
export const WHOLE = /^(tiny|small|medium|big)?int$|^bit$/;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** Whole bytes: `x'1F'`, `0x1F`. */
const HEX = /^(?:x'|0x)((?:[0-9a-f]{2})*)'?$/i;

/** What 0 is as a day, in no time zone. */
export const ZERO_DAY = '0000-00-00';

/** `.000000` for so many digits. */
export const fraction = (decimals: number | undefined): string =>
  decimals === undefined || decimals === 0 ? '' : `.${'0'.repeat(decimals)}`;

/** Digits behind a second as many as the type has; more of them the source rounds or cuts off. */
function withFraction(text: string, digits: string | undefined, decimals = 0): string | undefined {
  const given = digits?.length ?? 0;
  if (given > decimals) return undefined;
  return `${text}${given === 0 ? fraction(decimals) : '0'.repeat(decimals - given)}`;
}

const whole: Read = ({ text }) => {
  const bits = /^b'([01]+)'$/i.exec(text)?.[1];
  if (bits !== undefined) return BigInt(`0b${bits}`);
  const hex = HEX.exec(text)?.[1];
  if (hex !== undefined && hex !== '') return BigInt(`0x${hex}`);
  if (/^true$/i.test(text)) return 1n;
  if (/^false$/i.test(text)) return 0n;
  if (/^[+-]?\d+$/.test(text)) return BigInt(text);
  return /^[+-]?\d*\.\d+$/.test(text) ? BigInt(roundDecimal(text, 0)) : undefined;
};

/** Years of fewer digits are others for texts than for numbers. */
const year: Read = ({ kind, text }) =>
  /^\d{4}$/.test(text) || (kind === 'literal' && text === '0') ? BigInt(text) : undefined;

const real: Read = ({ text }, { type: { decimals } }) =>
  NUMBER.test(text) && (decimals === undefined || !/\.|e/i.test(text)) ? Number(text) : undefined;

const decimal: Read = ({ text }, { type }) =>
  /^-?\d+(\.\d*)?$/.test(text) ? roundDecimal(text, type.decimals ?? 0) : undefined;

/** Of days that no calendar has, `sql_mode` says what they are. */
export const isDay = (text: string): boolean => {
  const moment = new Date(`${text}T00:00:00Z`);
  return text === ZERO_DAY || (!Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text));
};

const date: Read = ({ text }) => {
  if (text === '0') return ZERO_DAY;
  return /^\d{4}-\d\d-\d\d$/.test(text) && isDay(text) ? text : undefined;
};

/** A moment as it stands there, in no time zone; undefined: it is not written out, or has too many digits. */
export const writtenMoment = ({ text }: Literal, { type }: TableColumn): string | undefined => {
  if (text === '0') return `${ZERO_DAY} 00:00:00${fraction(type.decimals)}`;
  const [, day, time = '00:00:00', digits] =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?)?$/.exec(text) ?? [];
  const point = digits === undefined ? '' : `.${digits}`;
  return day === undefined || !isDay(day)
    ? undefined
    : withFraction(`${day} ${time}${point}`, digits, type.decimals);
};

/** Zero has the same digits in every time zone; another moment has not. */
const timestamp: Read = (literal, column) => {
  const moment = writtenMoment(literal, column);
  return moment?.startsWith(ZERO_DAY) === true ? moment : undefined;
};

const time: Read = ({ text }, { type }) => {
  const match = /^-?\d{2,3}:\d\d:\d\d(?:\.(\d+))?$/.exec(text);
  return match === null ? undefined : withFraction(text, match[1], type.decimals);
};

const member: Read = ({ text }, { type }) => (type.values?.includes(text) === true ? text : undefined);

const members: Read = ({ text }, { type }) => {
  const chosen = text === '' ? [] : text.split(',');
  const inOrder = (type.values ?? []).filter((value) => chosen.includes(value));
  return inOrder.length === chosen.length ? inOrder.join(',') : undefined;
};

/** A text stands in the session's character set. */
const bytes: Read = ({ kind, text }) => {
  const hex = HEX.exec(text)?.[1];
  if (kind === 'literal' && hex !== undefined) return Buffer.from(hex, 'hex');
  return (kind === 'text' || /^\d+$/.test(text)) && /^[\0-\x7f]*$/.test(text) ? Buffer.from(text) : undefined;
};

const plain: Read = ({ kind, text }, { charset = 'utf8mb4' }) => {
  const hex = kind === 'literal' ? HEX.exec(text)?.[1] : undefined;
  if (hex !== undefined) return decodeLegalText(Buffer.from(hex, 'hex'), charset);
  return kind === 'text' || /^-?(0|[1-9]\d*)$/.test(text) ? text : undefined;
};

const READERS: Readonly<Record<string, Read>> = {
  year,
  float: real,
  double: real,
  decimal,
  date,
  datetime: writtenMoment,
  timestamp,
  time,
  enum: member,
  set: members,
  json: plain,
};

function readerOf({ type: { name } }: TableColumn): Read | undefined {
  if (WHOLE.test(name)) return whole;
  if (/blob$|binary$/.test(name)) return bytes;
  return READERS[name] ?? (hasCharset(name) ? plain : undefined);
}

/** What a literal default is in a column, in the form that values are kept in; undefined: only the source can tell. */
export function literalDefault(literal: Literal, column: TableColumn): SqliteValue | undefined {
  const value = readerOf(column)?.(literal, column);
  if (value === undefined) return undefined;
  try {
    return fitter(column)(value);
  } catch (error) {
    if (error instanceof NotConvertible) return undefined;
    throw error;
  }
}
