export { classifyStatement } from './classify.ts';
export { type LexerOptions, NEWEST_VERSION, SqlLexer, SqlMode, Token } from './lexer.ts';
export { type Statement, StatementKind, type TableName } from './statement.ts';
export {
  type ColumnDefault,
  type ColumnDefinition,
  type ColumnPlace,
  type ColumnType,
  type IndexDefinition,
  type IndexPart,
  parseTableStatement,
  type QualifiedName,
  type TableChange,
  type TableOptions,
  type TableStatement,
} from './table/index.ts';
