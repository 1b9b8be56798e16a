import type { Flavor } from '../../../binlog/index.ts';
import type { SqliteValue } from '../../../store/index.ts';
import { CatalogError, type Table, type TableColumn } from '../../schema/index.ts';
import { roundDecimal } from './convert.ts';
import { fraction, literalDefault, WHOLE } from './literal-default.ts';

const ZERO: Readonly<Record<string, SqliteValue>> = {
  date: '0000-00-00',
  year: 0,
  json: 'null',
};

/** Of a number in a vector. */
const FLOAT_BYTES = 4;

const ADDRESS_BYTES: Readonly<Record<string, number>> = { uuid: 16, inet6: 16, inet4: 4 };

/** Whose defaults they are. */
export interface DefiningSource {
  readonly flavor: Flavor;
  /** When its statement ran, in seconds since 1970: for defaults like CURRENT_TIMESTAMP in TIMESTAMP columns. */
  readonly now: number;
}

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
    default: {
      const value = literalDefault(given, column);
      if (value === undefined) throw unknowable(table, column);
      return value;
    }
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
  if (Object.hasOwn(ADDRESS_BYTES, name)) return Buffer.alloc(ADDRESS_BYTES[name]!);
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
