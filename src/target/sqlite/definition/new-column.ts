import type { Flavor } from '../../../binlog/index.ts';
import type { SqliteValue } from '../../../store/index.ts';
import type { Expressions } from '../../expressions.ts';
import { CatalogError, type Table, type TableColumn } from '../../schema/index.ts';
import type { StatementClock } from '../../target.ts';
import { roundDecimal } from './conversion/convert-numbers.ts';
import { fraction, literalDefault, WHOLE, ZERO_DAY } from './literal-default.ts';
import { utcMoment } from './moments.ts';
import { settledDefault } from './settled-default.ts';

const ZERO: Readonly<Record<string, SqliteValue>> = {
  date: ZERO_DAY,
  year: 0,
  json: 'null',
};

/** Of a number in a vector. */
const FLOAT_BYTES = 4;

const ADDRESS_BYTES: Readonly<Record<string, number>> = { uuid: 16, inet6: 16, inet4: 4 };

/** Whose defaults they are. */
export interface DefiningSource {
  readonly flavor: Flavor;
  readonly clock: Pick<StatementClock, 'seconds' | 'microseconds'>;
  /** Of new columns, by their names: moments that hang on the time zone of the statement's session. */
  readonly moments: ReadonlyMap<string, string>;
  /** PAD_CHAR_TO_FULL_LENGTH: what becomes of a CHAR has blanks up to its length. */
  readonly padsChar?: boolean;
  /** Whether fractions of a second that a type has no room for are rounded; absent: as the family does. */
  readonly roundsFractions?: boolean;
  /** Of the statement's session, in seconds east of Greenwich; absent: not known. */
  readonly zone?: number | undefined;
  /** Works out generated columns. */
  readonly expressions?: Expressions | undefined;
}

/**
 * What the rows that are there get in a column that ALTER TABLE adds: its default, or the type's own where it may not be NULL.
 *
 * @throws CatalogError for defaults that only the source can work out
 */
export function valueOfNewColumn(
  table: Table,
  column: TableColumn,
  { clock, flavor, moments }: DefiningSource,
): SqliteValue {
  const { type, nullable } = column;
  const given = settledDefault(column);
  const { name } = type;
  if (column.generated !== undefined || column.autoIncrement) throw unknowable(table, column);
  if (given === undefined) return nullable ? null : zeroOf(column, flavor);
  switch (given.kind) {
    case 'null':
      return null;
    case 'now': {
      const moment = name === 'timestamp' ? utcMoment(clock.seconds) : moments.get(column.name);
      if (moment === undefined) throw unknowable(table, column);
      const wanted = type.decimals ?? 0;
      // MariaDB's function has as many digits as the column, MySQL's what it asks for; more of them would be rounded.
      const asked = flavor === 'mariadb' ? wanted : given.decimals;
      if (asked > wanted) throw unknowable(table, column);
      const digits = String(clock.microseconds).padStart(6, '0').slice(0, asked);
      return wanted === 0 ? moment : `${moment}.${digits.padEnd(wanted, '0')}`;
    }
    case 'expression':
      throw unknowable(table, column);
    default: {
      const value = literalDefault(given, column) ?? moments.get(column.name);
      if (value === undefined) throw unknowable(table, column);
      return value;
    }
  }
}

/** What a row gets in a column that its image leaves out. @throws CatalogError only the source can work that out */
export function valueOfMissing(table: Table, column: TableColumn, flavor: Flavor): SqliteValue {
  const isKnown = table.isWhole && column.generated === undefined && column.default?.kind !== 'now';
  if (isKnown && !column.autoIncrement && column.default?.kind !== 'expression') {
    return valueOfNewColumn(table, column, {
      clock: { seconds: 0, microseconds: 0 },
      flavor,
      moments: new Map(),
    });
  }
  throw new CatalogError(
    `a row of ${table.schema}.${table.name} leaves ${column.name} out, and only the source knows what it has there`,
    { hint: 'Set binlog_row_image=FULL on the source.' },
  );
}

/** The implicit default of a type: what the servers put into a new column that may not be NULL. */
export function zeroOf({ type }: Pick<TableColumn, 'type'>, flavor: Flavor): SqliteValue {
  const { name, decimals, values, length } = type;
  if (Object.hasOwn(ZERO, name)) return ZERO[name]!;
  // A number would be a REAL to Node's own SQLite where a column says nothing of its type: that of 64 bits without a sign.
  if (WHOLE.test(name)) return 0n;
  if (name === 'float' || name === 'double') return 0;
  if (name === 'decimal') return roundDecimal('0', decimals ?? 0);
  if (name === 'datetime' || name === 'timestamp') return `${ZERO_DAY} 00:00:00${fraction(decimals)}`;
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
