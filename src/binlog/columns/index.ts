export { Column } from './column.ts';
export { ColumnCode } from './column-code.ts';
export type { ColumnType, ColumnValue } from './definition.ts';
export { columnTypeOf, valueTypeOf } from './registry.ts';
