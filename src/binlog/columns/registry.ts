import { FormatError } from '../../errors/index.ts';
import { bit } from './bit.ts';
import { blob, geometry, json, longBlob, mediumBlob, tinyBlob, vector } from './blob.ts';
import type { Column } from './column.ts';
import { ColumnCode } from './column-code.ts';
import { blobCompressed, varcharCompressed } from './compressed.ts';
import { newDecimal } from './decimal/new-decimal.ts';
import type { ColumnType } from './definition.ts';
import { enumeration, set } from './enumeration.ts';
import { double, float, nullType } from './float.ts';
import { int24, long, longlong, short, tiny } from './integer.ts';
import { noMeta } from './meta.ts';
import { string, typeBehindString, varchar, varString } from './string.ts';
import { date, newDate, year } from './temporal/date.ts';
import { datetime2, time2, timestamp2 } from './temporal/fractional-time.ts';
import { oldDatetime, oldTime, oldTimestamp } from './temporal/old-temporal.ts';
import { typedArray } from './typed-array.ts';

/** Every column type. A new one is a file and a line here. */
const types: readonly ColumnType[] = [
  tiny,
  short,
  int24,
  long,
  longlong,
  float,
  double,
  nullType,
  bit,
  newDecimal,
  year,
  date,
  newDate,
  oldTime,
  oldDatetime,
  oldTimestamp,
  time2,
  datetime2,
  timestamp2,
  varchar,
  varString,
  string,
  enumeration,
  set,
  blob,
  tinyBlob,
  mediumBlob,
  longBlob,
  geometry,
  json,
  vector,
  typedArray(columnTypeOf),
  blobCompressed,
  varcharCompressed,
];

const byCode: (ColumnType | undefined)[] = Array.from({ length: 256 }, () => undefined);
for (const type of types) byCode[type.code] = type;

function unknownType(code: number): ColumnType {
  const refuse = (): never => {
    throw new FormatError(`column type ${code} is unknown, its values have no known length`);
  };
  return { code, name: `type ${code}`, ...noMeta, skip: refuse, read: refuse, write: refuse };
}

/** The type behind a code. An unknown one has no metadata, as the servers assume, and refuses to read values. */
export function columnTypeOf(code: number): ColumnType {
  return (byCode[code] ??= unknownType(code));
}

/** The type that reads a column's values: what {@link columnTypeOf} gives, looked up behind STRING where it can be. */
export function valueTypeOf(column: Column): ColumnType {
  const type = columnTypeOf(column.code);
  const known =
    column.realCode === ColumnCode.STRING ||
    column.realCode === ColumnCode.ENUM ||
    column.realCode === ColumnCode.SET;
  return type === string && known ? typeBehindString(column) : type;
}
