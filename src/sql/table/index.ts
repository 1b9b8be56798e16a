export type {
  ColumnDefault,
  ColumnDefinition,
  ColumnPlace,
  ColumnType,
  ForeignKeyDefinition,
  ForeignKeyReference,
  IndexDefinition,
  IndexPart,
  QualifiedName,
  ReferentialAction,
  TableChange,
  TableOptions,
  TableStatement,
} from './definition.ts';
export { parseTableStatement } from './table-statement.ts';
