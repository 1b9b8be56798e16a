import { decodeLegalText, encodeText } from '../../../charset/index.ts';
import type { SqliteValue } from '../../../store/index.ts';
import { CatalogError, type Table, type TableColumn } from '../../schema/index.ts';
import { fitter } from './fit.ts';
import { NotConvertible, refuse } from './not-convertible.ts';

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

/** Makes values of one kind out of those of another; whether they fit the new column is asked behind it ({@link fitter}). */
const makers: Readonly<Record<string, Maker>> = {
  'integer integer': (from, to) => (from.type.name === 'bit' || to.type.name !== 'bit' ? same : undefined),
  'integer real': () => (value) => (value === null ? null : Number(value)),
  'integer decimal': (_from, to) => (value) =>
    value === null ? null : roundDecimal(String(value), to.type.decimals ?? 0),
  'integer text': (from) =>
    from.type.zerofill || from.type.name === 'bit' || from.type.name === 'year'
      ? undefined
      : (value) => (value === null ? null : String(value)),
  'decimal decimal': (_from, to) => (value) =>
    value === null ? null : roundDecimal(String(value), to.type.decimals ?? 0),
  'decimal integer': () => (value) => (value === null ? null : BigInt(roundDecimal(String(value), 0))),
  'decimal real': () => (value) => (value === null ? null : Number(value)),
  'decimal text': (from) => (from.type.zerofill ? undefined : same),
  // Digits behind the point that a type names round as only the source does.
  'real real': (from, to) =>
    to.type.decimals === undefined || to.type.decimals === from.type.decimals ? same : undefined,
  'text text': () => same,
  'text bytes': (from) => (value) =>
    typeof value === 'string' ? encodeText(value, from.charset ?? 'utf8mb4') : refuse(value),
  'bytes text': (_from, to) => (value) => {
    if (!(value instanceof Uint8Array)) return value;
    const charset = to.charset ?? 'utf8mb4';
    return decodeLegalText(value, charset) ?? refuse(value);
  },
  'bytes bytes': () => same,
  'text integer': () => (value) =>
    typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : refuse(value),
  'text decimal': (_from, to) => (value) =>
    typeof value === 'string' && /^-?\d{1,65}(\.\d*)?$/.test(value)
      ? roundDecimal(value, to.type.decimals ?? 0)
      : refuse(value),
  'text real': () => (value) =>
    typeof value === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : refuse(value),
  'text label': (_from, to) =>
    to.type.name === 'enum'
      ? (value) =>
          typeof value === 'string' && to.type.values?.includes(value) === true ? value : refuse(value)
      : undefined,
  'json text': () => same,
  'label text': () => same,
  'label label': (from, to) => {
    if (from.type.name !== to.type.name) return undefined;
    const known = to.type.values ?? [];
    if (to.type.name === 'enum')
      return (value) => (typeof value !== 'string' || known.includes(value) ? value : refuse(value));
    return (value) => {
      if (typeof value !== 'string' || value === '') return value;
      const members = value.split(',');
      if (!members.every((member) => known.includes(member))) refuse(value);
      // Members stand in the order of the definition.
      return known.filter((member) => members.includes(member)).join(',');
    };
  },
  'date date': () => same,
  'date text': () => same,
  'date datetime': (_from, to) =>
    to.type.name === 'timestamp'
      ? undefined
      : (value) =>
          typeof value === 'string'
            ? `${value} 00:00:00${to.type.decimals ? `.${'0'.repeat(to.type.decimals)}` : ''}`
            : value,
  // What is behind the second would round the day up.
  'datetime date': (from) =>
    from.type.name === 'timestamp' || (from.type.decimals ?? 0) > 0
      ? undefined
      : (value) => (typeof value === 'string' ? value.slice(0, 10) : value),
  // TIMESTAMP is kept in UTC, DATETIME in the source's own time: between them only the session's time zone decides.
  'datetime datetime': (from, to) => (from.type.name === to.type.name ? fraction(to, from) : undefined),
  'datetime text': (from) => (from.type.name === 'timestamp' ? undefined : same),
  'time time': (from, to) => fraction(to, from),
  'time text': () => same,
};

/** What a CHAR becomes that gives its blanks back (PAD_CHAR_TO_FULL_LENGTH), only the source knows. */
const isPadded = ({ type: from }: TableColumn, { type: to }: TableColumn): boolean =>
  from.name === 'char' && to.name !== 'char';

/**
 * How values of one column become values of its new definition. What does not fit there is refused: sources clip, pad and round it as
 * their settings say.
 *
 * @throws CatalogError for changes whose outcome only the source knows; the conversion throws it for single values
 */
export function conversion(table: Table, from: TableColumn, to: TableColumn, padsChar = false): Conversion {
  const fail = (): CatalogError =>
    new CatalogError(
      `ALTER TABLE turns ${table.schema}.${table.name}.${to.name} from ${from.type.name} into ${to.type.name}, which changes values in a way that is not in the log`,
      {
        hint: 'Load the table again, and replicate from the position of that copy.',
      },
    );
  const isSame = JSON.stringify(from.type) === JSON.stringify(to.type) && from.charset === to.charset;
  const required: Conversion = (value) => {
    if (value === null && !to.nullable) throw fail();
    return value;
  };
  if (isSame) return from.nullable && !to.nullable ? required : same;
  const [fromFamily, toFamily] = [familyOf(from), familyOf(to)];
  if (fromFamily === 'other' && from.type.name === to.type.name) return required;
  const convert = makers[`${fromFamily} ${toFamily}`]?.(from, to);
  if (convert === undefined || (padsChar && isPadded(from, to))) throw fail();
  const fit = fitter(to);
  const keepsBytes = from.charset === to.charset;
  return (value) => {
    try {
      if (value === null) return required(value);
      // A text that is kept as bytes is one in its own character set, or has a NUL in it.
      if (value instanceof Uint8Array && fromFamily === 'text' && !keepsBytes) throw fail();
      return fit(convert(value));
    } catch (error) {
      throw error instanceof NotConvertible ? fail() : error;
    }
  };
}
