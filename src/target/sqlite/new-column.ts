import type { Flavor } from '../../binlog/index.ts';
import type { SqliteValue } from '../../store/index.ts';
import { CatalogError, type Table, type TableColumn } from '../schema/index.ts';
import { roundDecimal } from './convert.ts';

const ZERO: Readonly<Record<string, SqliteValue>> = {
  date: '0000-00-00',
  year: 0,
  json: 'null',
};

/** Not a POINT. */
const WHOLE = /^(tiny|small|medium|big)?int$|^bit$/;

/** Of a number in a vector. */
const FLOAT_BYTES = 4;

/** Whose defaults they are. */
export interface DefiningSource {
  readonly flavor: Flavor;
  /** When its statement ran, in seconds since 1970: for defaults like CURRENT_TIMESTAMP in TIMESTAMP columns. */
  readonly now: number;
}

/** `.000000` for so many digits. */
const fraction = (decimals: number | undefined): string =>
  decimals === undefined || decimals === 0 ? '' : `.${'0'.repeat(decimals)}`;

/**
 * What the rows that are there get in a column that ALTER TABLE adds: its default, or the type's own where it may not be NULL.
 *
 * @throws CatalogError for defaults that only the source can work out
 */
export function valueOfNewColumn(
  table: Table,
  column: TableColumn,
  { now, flavor }: DefiningSource,
): SqliteValue {
  const { default: given, type, nullable } = column;
  const { name } = type;
  if (column.generated !== undefined || column.autoIncrement) throw unknowable(table, column);
  if (given === undefined) return nullable ? null : zeroOf(column, flavor);
  switch (given.kind) {
    case 'null':
      return null;
    case 'now':
      if (name !== 'timestamp') throw unknowable(table, column);
      return `${new Date(now * 1000).toISOString().slice(0, 19).replace('T', ' ')}${fraction(type.decimals)}`;
    case 'expression':
      throw unknowable(table, column);
    default:
      return valueOf(given.text, column, table);
  }
}

/** What a row gets in a column that its image leaves out. @throws CatalogError only the source can work that out */
export function valueOfMissing(table: Table, column: TableColumn, flavor: Flavor): SqliteValue {
  const isKnown = table.isWhole && column.generated === undefined && column.default?.kind !== 'now';
  if (isKnown && !column.autoIncrement && column.default?.kind !== 'expression') {
    return valueOfNewColumn(table, column, { now: 0, flavor });
  }
  throw new CatalogError(
    `a row of ${table.schema}.${table.name} leaves ${column.name} out, and only the source knows what it has there`,
    { hint: 'Set binlog_row_image=FULL on the source.' },
  );
}

function valueOf(text: string, column: TableColumn, table: Table): SqliteValue {
  const { name, decimals } = column.type;
  if (WHOLE.test(name) || name === 'year') {
    const bits = /^b'([01]+)'$/i.exec(text)?.[1];
    if (bits !== undefined) return BigInt(`0b${bits}`);
    if (/^true$/i.test(text)) return 1;
    if (/^false$/i.test(text)) return 0;
    const digits = /^[+-]?\d+$/.test(text)
      ? BigInt(text)
      : /^[+-]?\d*\.?\d+$/.test(text)
        ? BigInt(roundDecimal(text, 0))
        : undefined;
    if (digits === undefined) throw unknowable(table, column);
    return digits >= 2n ** 63n ? String(digits) : digits;
  }
  if (name === 'float' || name === 'double')
    return name === 'float' ? Math.fround(Number(text)) : Number(text);
  if (name === 'decimal') return roundDecimal(text, decimals ?? 0);
  if (name === 'datetime') {
    const [day, time = '00:00:00'] = text.split(/[ T]/);
    return time.includes('.') ? `${day} ${time}` : `${day} ${time}${fraction(decimals)}`;
  }
  // Zero has the same digits in every time zone; another moment has not.
  if (name === 'timestamp' && !text.startsWith('0000-00-00')) throw unknowable(table, column);
  if (name === 'timestamp') return `0000-00-00 00:00:00${fraction(decimals)}`;
  if (name === 'time') return text.includes('.') ? text : `${text}${fraction(decimals)}`;
  if (/blob$|binary$/.test(name)) return Buffer.from(text);
  return text;
}

/** The implicit default of a type: what the servers put into a new column that may not be NULL. */
function zeroOf({ type }: TableColumn, flavor: Flavor): SqliteValue {
  const { name, decimals, values, length } = type;
  if (Object.hasOwn(ZERO, name)) return ZERO[name]!;
  if (WHOLE.test(name) || name === 'float' || name === 'double') return 0;
  if (name === 'decimal') return roundDecimal('0', decimals ?? 0);
  if (name === 'datetime' || name === 'timestamp') return `0000-00-00 00:00:00${fraction(decimals)}`;
  if (name === 'time') return `00:00:00${fraction(decimals)}`;
  if (name === 'enum') return values?.[0] ?? '';
  if (name === 'binary') return Buffer.alloc(length ?? 1);
  // MySQL's has no numbers then.
  if (name === 'vector' && flavor === 'mariadb') return Buffer.alloc((length ?? 0) * FLOAT_BYTES);
  return /blob$|varbinary|geo|point|polygon|line|vector/.test(name) ? Buffer.alloc(0) : '';
}

function unknowable({ schema, name }: Table, column: TableColumn): CatalogError {
  return new CatalogError(
    `ALTER TABLE adds ${schema}.${name}.${column.name} with values that only the source can work out`,
    {
      hint: 'Load the table again, and replicate from the position of that copy.',
    },
  );
}
