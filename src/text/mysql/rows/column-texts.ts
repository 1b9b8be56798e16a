import { type Column, ColumnCode } from '../../../binlog/index.ts';
import { jsonText } from './json-text.ts';
import {
  bitText,
  decimalText,
  doubleText,
  floatText,
  int24Text,
  longlongText,
  longText,
  shortText,
  tinyText,
} from './number-text.ts';
import { blobText, geometryText, stringText, varcharText, varStringText, vectorText } from './string-text.ts';
import {
  dateText,
  datetimeText,
  oldDatetimeText,
  oldTimestampText,
  oldTimeText,
  timestampText,
  timeText,
  yearText,
} from './time-text.ts';
import type { ColumnText, ColumnTextMaker } from './value-text.ts';

/** The types that the original can print. A new one is a maker and a line here. */
const makers: Readonly<Partial<Record<number, ColumnTextMaker>>> = {
  [ColumnCode.TINY]: tinyText,
  [ColumnCode.SHORT]: shortText,
  [ColumnCode.INT24]: int24Text,
  [ColumnCode.LONG]: longText,
  [ColumnCode.LONGLONG]: longlongText,
  [ColumnCode.NEWDECIMAL]: decimalText,
  [ColumnCode.FLOAT]: floatText,
  [ColumnCode.DOUBLE]: doubleText,
  [ColumnCode.BIT]: bitText,
  [ColumnCode.TIMESTAMP]: oldTimestampText,
  [ColumnCode.TIMESTAMP2]: timestampText,
  [ColumnCode.DATETIME]: oldDatetimeText,
  [ColumnCode.DATETIME2]: datetimeText,
  [ColumnCode.TIME]: oldTimeText,
  [ColumnCode.TIME2]: timeText,
  [ColumnCode.DATE]: dateText,
  [ColumnCode.NEWDATE]: dateText,
  [ColumnCode.YEAR]: yearText,
  [ColumnCode.STRING]: stringText,
  [ColumnCode.VARCHAR]: varcharText,
  [ColumnCode.VAR_STRING]: varStringText,
  [ColumnCode.BLOB]: blobText,
  [ColumnCode.JSON]: jsonText,
  [ColumnCode.VECTOR]: vectorText,
};

/** How a column's values look; undefined where the original prints that it does not know. */
export function columnTextOf(column: Column, compat: 'better' | 'exact'): ColumnText | undefined {
  if (column.code === ColumnCode.GEOMETRY && compat === 'better') return geometryText(column);
  return makers[column.code]?.(column);
}
