export { Column } from './column.ts';
export { ColumnCode } from './column-code.ts';
export type { ColumnType, ColumnValue, JsonDiff } from './definition.ts';
export { columnTypeOf } from './registry.ts';
