import { type Column, ColumnCode } from '../../../binlog/index.ts';
import type { ColumnText } from './definition.ts';
import { int24, long, longlong, short, tiny, year } from './integer.ts';
import { bit, decimal, double, enumeration, float, set } from './number.ts';
import { oldDatetime, oldTime, oldTimestamp } from './old-time.ts';
import { blob, char, geometry, varchar } from './string.ts';
import { date, datetime, datetime2, time, time2, timestamp, timestamp2 } from './time.ts';

/** What the metadata of a column makes of its type; undefined where it makes nothing the original can print. */
type Compile = (column: Column) => ColumnText | undefined;

/** The original prints such values, but does not know their size. */
function uncounted(text: ColumnText | undefined): ColumnText | undefined {
  return text && { ...text, uncounted: true };
}

const compilers: Readonly<Record<number, Compile>> = {
  [ColumnCode.TINY]: () => tiny,
  [ColumnCode.SHORT]: () => short,
  [ColumnCode.INT24]: () => int24,
  [ColumnCode.LONG]: () => long,
  [ColumnCode.LONGLONG]: () => longlong,
  [ColumnCode.YEAR]: () => year,
  [ColumnCode.FLOAT]: () => float,
  [ColumnCode.DOUBLE]: () => double,
  [ColumnCode.NEWDECIMAL]: ({ meta }) => decimal(meta >> 8, meta & 0xff),
  [ColumnCode.BIT]: ({ meta }) => bit(meta),
  [ColumnCode.ENUM]: ({ length }) => enumeration(length),
  [ColumnCode.SET]: ({ length }) => set(length),
  [ColumnCode.DATE]: () => date,
  [ColumnCode.NEWDATE]: () => date,
  [ColumnCode.TIME]: () => time,
  [ColumnCode.DATETIME]: () => datetime,
  [ColumnCode.TIMESTAMP]: () => timestamp,
  [ColumnCode.TIMESTAMP2]: ({ meta }) => timestamp2(meta),
  [ColumnCode.DATETIME2]: ({ meta }) => datetime2(meta),
  [ColumnCode.TIME2]: ({ meta }) => time2(meta),
  [ColumnCode.STRING]: ({ length }) => char(length),
  [ColumnCode.VARCHAR]: ({ length }) => varchar(length),
  [ColumnCode.VAR_STRING]: ({ length }) => varchar(length),
  [ColumnCode.VARCHAR_COMPRESSED]: ({ length }) => uncounted(varchar(length, ' COMPRESSED')),
  [ColumnCode.BLOB]: ({ meta }) => blob(meta),
  [ColumnCode.BLOB_COMPRESSED]: ({ meta }) => uncounted(blob(meta, ' COMPRESSED')),
  [ColumnCode.GEOMETRY]: ({ meta }) => uncounted(geometry(meta)),
};

/** How a column prints; undefined for types that MariaDB's logs do not have. */
export function columnText(column: Column): ColumnText | undefined {
  return compilers[column.realCode]?.(column);
}

const oldTemporals: Readonly<Record<number, (digits: number) => ColumnText>> = {
  [ColumnCode.TIME]: oldTime,
  [ColumnCode.DATETIME]: oldDatetime,
  [ColumnCode.TIMESTAMP]: oldTimestamp,
};

/** How an old temporal column of so many digits, at least one, prints. */
export function oldTemporalText(column: Column, digits: number): ColumnText | undefined {
  return oldTemporals[column.realCode]?.(digits);
}
