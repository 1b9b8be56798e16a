export { Column } from './column.ts';
export { ColumnCode } from './column-code.ts';
export { DecimalColumn } from './decimal/decimal-column.ts';
export type { ColumnType, ColumnValue } from './definition.ts';
export { columnTypeOf, valueTypeOf } from './registry.ts';
export { MomentColumn } from './temporal/moment-column.ts';
export {
  momentOf,
  OLD_DATETIME_BYTES,
  OLD_TIME_BYTES,
  OLD_TIMESTAMP_BYTES,
  splitUnits,
  TIME_HALF_SECONDS,
  UNITS_A_SECOND,
} from './temporal/old-temporal-units.ts';
