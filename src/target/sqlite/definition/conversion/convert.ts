import { decodeLegalText, decodeText, encodeText } from '../../../../charset/index.ts';
import type { SqliteValue } from '../../../../store/index.ts';
import { CatalogError, type Table, type TableColumn } from '../../../schema/index.ts';
import { zeroOf } from '../new-column.ts';
import type { AlterSession, Conversion, Maker } from './conversion.ts';
import { labelMakers } from './convert-labels.ts';
import { momentMakers } from './convert-moments.ts';
import { numberMakers, roundDecimal } from './convert-numbers.ts';
import { fitter } from './fit.ts';
import { NotConvertible, refuse } from './not-convertible.ts';

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

/** A text in another character set, which may lack some of its letters, and no longer than it has room for. */
function shortened({ type: { name, length }, charset = 'utf8mb4' }: TableColumn): Conversion {
  return (value) => {
    if (typeof value !== 'string') return value;
    const text = decodeText(encodeText(value, charset), charset);
    return name.endsWith('char')
      ? Array.from(text)
          .slice(0, length ?? 1)
          .join('')
      : text;
  };
}

/** Makes values of one kind out of those of another; whether they fit the new column is asked behind it ({@link fitter}). */
const makers: Readonly<Record<string, Maker>> = {
  ...numberMakers,
  ...momentMakers,
  ...labelMakers,
  'text text': (_from, to, session) => (session === undefined ? same : shortened(to)),
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
  'json text': () => same,
};

/** What becomes bytes does so as a text of ASCII. */
function makerOf(from: Family, to: Family): Maker | undefined {
  const asText = makers[`${from} text`];
  if (to !== 'bytes' || from === 'text' || from === 'bytes' || from === 'json' || asText === undefined)
    return makers[`${from} ${to}`];
  return (was, is, session) => {
    const convert = session === undefined ? undefined : asText(was, is, session);
    return convert === undefined ? undefined : (value) => plainBytes(convert(value));
  };
}

const plainBytes: Conversion = (value) =>
  typeof value === 'string' && /^[\0-\x7f]*$/.test(value) ? Buffer.from(value) : refuse(value);

/** What a CHAR becomes that gives its blanks back (PAD_CHAR_TO_FULL_LENGTH), only the source knows. */
const isPadded = ({ type: from }: TableColumn, { type: to }: TableColumn): boolean =>
  from.name === 'char' && to.name !== 'char';

/** What NULL becomes where it may not be, and the source has let it pass. */
function emptyOf(to: TableColumn, { now, flavor }: AlterSession): SqliteValue {
  const { name, decimals } = to.type;
  if (name === 'timestamp') return (decimals ?? 0) === 0 ? now : refuse(name);
  const family = familyOf(to);
  if (family === 'json' || family === 'other') return refuse(name);
  return name === 'enum' ? '' : zeroOf(to, flavor);
}

/**
 * How values of one column become values of its new definition. What does not fit there is refused: sources clip, pad and round it as
 * their settings say.
 *
 * @param session of the ALTER TABLE; undefined: the values are worked out
 * @throws CatalogError for values whose outcome only the source knows: the conversion throws it, and without a session this itself
 */
export function conversion(
  table: Table,
  from: TableColumn,
  to: TableColumn,
  session?: AlterSession,
): Conversion {
  const fail = (): CatalogError =>
    new CatalogError(
      `ALTER TABLE turns ${table.schema}.${table.name}.${to.name} from ${from.type.name} into ${to.type.name}, which changes values in a way that is not in the log`,
      {
        hint: 'Load the table again, and replicate from the position of that copy.',
      },
    );
  const isSame = JSON.stringify(from.type) === JSON.stringify(to.type) && from.charset === to.charset;
  const required: Conversion = (value) => {
    if (value !== null || to.nullable) return value;
    return session === undefined ? refuse(to.name) : emptyOf(to, session);
  };
  const inWords =
    (convert: Conversion): Conversion =>
    (value) => {
      try {
        return convert(value);
      } catch (error) {
        throw error instanceof NotConvertible ? fail() : error;
      }
    };
  if (isSame) return from.nullable && !to.nullable ? inWords(required) : same;
  const [fromFamily, toFamily] = [familyOf(from), familyOf(to)];
  if (fromFamily === 'other' && from.type.name === to.type.name) return inWords(required);
  const convert = makerOf(fromFamily, toFamily)?.(from, to, session);
  const isUntold = convert === undefined || (session?.padsChar === true && isPadded(from, to));
  if (isUntold && session === undefined) throw fail();
  const fit = fitter(to);
  const keepsBytes = from.charset === to.charset;
  return inWords((value) => {
    if (value === null) return required(value);
    // A text that is kept as bytes is one in its own character set, or has a NUL in it.
    if (isUntold || (value instanceof Uint8Array && fromFamily === 'text' && !keepsBytes))
      return refuse(to.name);
    return fit(convert(value));
  });
}
