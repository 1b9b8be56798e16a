export { plainType } from './column-type.ts';
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
export { numberedPartitions } from './partition-by.ts';
export type {
  PartitionChange,
  PartitionDefinition,
  PartitionExpression,
  Partitioning,
  UnknownPartitioning,
} from './partitioning.ts';
export { parseTableStatement } from './table-statement.ts';
export { meantType, TYPE_DIALECTS, typeDialect } from './type-dialect.ts';
