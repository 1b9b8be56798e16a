import { decodeText, encodeText } from '../../charset/index.ts';
import type { SqliteValue } from '../../store/index.ts';
import { CatalogError, type Table, type TableColumn } from '../schema/index.ts';

/** How kept values change when a column's type does. */
export type Conversion = (value: SqliteValue) => SqliteValue;

const same: Conversion = (value) => value;

type Family =
  | 'integer'
  | 'real'
  | 'decimal'
  | 'text'
  | 'bytes'
  | 'date'
  | 'datetime'
  | 'time'
  | 'label'
  | 'json'
  | 'other';

const FAMILIES: Readonly<Record<string, Family>> = {
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  bigint: 'integer',
  year: 'integer',
  bit: 'integer',
  float: 'real',
  double: 'real',
  decimal: 'decimal',
  char: 'text',
  varchar: 'text',
  tinytext: 'text',
  text: 'text',
  mediumtext: 'text',
  longtext: 'text',
  binary: 'bytes',
  varbinary: 'bytes',
  tinyblob: 'bytes',
  blob: 'bytes',
  mediumblob: 'bytes',
  longblob: 'bytes',
  date: 'date',
  datetime: 'datetime',
  timestamp: 'datetime',
  time: 'time',
  enum: 'label',
  set: 'label',
  json: 'json',
};

const familyOf = ({ type }: TableColumn): Family => FAMILIES[type.name] ?? 'other';

const INT64_MAX = 2n ** 63n - 1n;
const integer = (value: bigint): SqliteValue => (value > INT64_MAX ? String(value) : value);

/** Digits with exactly so many behind the point, rounded half away from zero as the servers do. */
export function roundDecimal(text: string, decimals: number): string {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text);
  if (match === null) return text;
  const [, sign, whole, fraction = ''] = match;
  const digits = BigInt(whole! + fraction.padEnd(decimals, '0').slice(0, decimals));
  const rounded = digits + ((fraction[decimals] ?? '0') >= '5' ? 1n : 0n);
  const padded = String(rounded).padStart(decimals + 1, '0');
  const point = padded.length - decimals;
  const number = decimals === 0 ? padded : `${padded.slice(0, point)}.${padded.slice(point)}`;
  return rounded === 0n ? number : sign + number;
}

/** A time with so many digits of a second: more are zeros; fewer round, which may carry and is left to the source. */
function fraction(column: TableColumn, from: TableColumn): Conversion | undefined {
  const [to, was] = [column.type.decimals ?? 0, from.type.decimals ?? 0];
  if (to === was) return same;
  if (to < was) return undefined;
  return (value) =>
    typeof value === 'string' ? `${value}${was === 0 ? '.' : ''}${'0'.repeat(to - was)}` : value;
}

type Maker = (from: TableColumn, to: TableColumn) => Conversion | undefined;

const makers: Readonly<Record<string, Maker>> = {
  'integer integer': () => same,
  'integer real': () => (value) => (value === null ? null : Number(value)),
  'integer decimal': (_from, to) => (value) =>
    value === null ? null : roundDecimal(String(value), to.type.decimals ?? 0),
  'integer text': (from) =>
    from.type.zerofill || from.type.name === 'bit'
      ? undefined
      : (value) => (value === null ? null : String(value)),
  'decimal decimal': (_from, to) => (value) =>
    value === null ? null : roundDecimal(String(value), to.type.decimals ?? 0),
  'decimal integer': () => (value) =>
    value === null ? null : integer(BigInt(roundDecimal(String(value), 0))),
  'decimal real': () => (value) => (value === null ? null : Number(value)),
  'decimal text': () => same,
  // FLOAT → DOUBLE keeps the value; the other way loses digits.
  'real real': (from, to) =>
    to.type.name === 'double' || from.type.name === to.type.name
      ? same
      : (value) => (value === null ? null : Math.fround(Number(value))),
  'text text': () => same,
  'text bytes': (from) => (value) =>
    typeof value === 'string' ? encodeText(value, from.charset ?? 'utf8mb4') : value,
  'bytes text': (_from, to) => (value) =>
    value instanceof Uint8Array ? decodeText(value, to.charset ?? 'utf8mb4') : value,
  'bytes bytes': () => same,
  'text integer': () => (value) =>
    typeof value === 'string' && /^[+-]?\d+$/.test(value.trim())
      ? integer(BigInt(value.trim()))
      : refuse(value),
  'text decimal': (_from, to) => (value) =>
    typeof value === 'string' && /^-?\d+(\.\d*)?$/.test(value.trim())
      ? roundDecimal(value.trim(), to.type.decimals ?? 0)
      : refuse(value),
  'text real': () => (value) =>
    typeof value === 'string' && Number.isFinite(Number(value)) && value.trim() !== ''
      ? Number(value)
      : refuse(value),
  'text label': (_from, to) => (value) =>
    value === null || (typeof value === 'string' && to.type.values?.includes(value) === true)
      ? value
      : refuse(value),
  'text json': () => (value) => (typeof value === 'string' ? value : refuse(value)),
  'json text': () => same,
  'label text': () => same,
  'label label': (_from, to) => (value) =>
    typeof value !== 'string' ||
    value === '' ||
    value
      .split(to.type.name === 'set' ? ',' : '\0')
      .every((label) => to.type.values?.includes(label) === true)
      ? value
      : refuse(value),
  'date date': () => same,
  'date text': () => same,
  'date datetime': (_from, to) =>
    to.type.name === 'timestamp'
      ? undefined
      : (value) =>
          typeof value === 'string'
            ? `${value} 00:00:00${to.type.decimals ? `.${'0'.repeat(to.type.decimals)}` : ''}`
            : value,
  'datetime date': (from) =>
    from.type.name === 'timestamp'
      ? undefined
      : (value) => (typeof value === 'string' ? value.slice(0, 10) : value),
  // TIMESTAMP is kept in UTC, DATETIME in the source's own time: between them only the session's time zone decides.
  'datetime datetime': (from, to) => (from.type.name === to.type.name ? fraction(to, from) : undefined),
  'datetime text': (from) => (from.type.name === 'timestamp' ? undefined : same),
  'time time': (from, to) => fraction(to, from),
  'time text': () => same,
};

class NotConvertible extends Error {}

function refuse(value: SqliteValue): SqliteValue {
  if (value === null) return null;
  throw new NotConvertible();
}

/**
 * How values of one column become values of its new definition.
 *
 * @throws CatalogError for changes whose outcome only the source knows; the conversion throws it for single values
 */
export function conversion(table: Table, from: TableColumn, to: TableColumn): Conversion {
  const fail = (): CatalogError =>
    new CatalogError(
      `ALTER TABLE turns ${table.schema}.${table.name}.${to.name} from ${from.type.name} into ${to.type.name}, which changes values in a way that is not in the log`,
      {
        hint: 'Load the table again, and replicate from the position of that copy.',
      },
    );
  if (JSON.stringify(from.type) === JSON.stringify(to.type)) return same;
  const [fromFamily, toFamily] = [familyOf(from), familyOf(to)];
  if (fromFamily === 'other' && from.type.name === to.type.name) return same;
  const convert = makers[`${fromFamily} ${toFamily}`]?.(from, to);
  if (convert === undefined) throw fail();
  return (value) => {
    try {
      return convert(value);
    } catch (error) {
      throw error instanceof NotConvertible ? fail() : error;
    }
  };
}
