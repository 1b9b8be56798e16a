export type {
  ColumnDefault,
  ColumnDefinition,
  ColumnPlace,
  ColumnType,
  IndexDefinition,
  IndexPart,
  QualifiedName,
  TableChange,
  TableOptions,
  TableStatement,
} from './definition.ts';
export { parseTableStatement } from './table-statement.ts';
