export { classifyStatement } from './classify.ts';
export { type LexerOptions, NEWEST_VERSION, SqlLexer, SqlMode, Token } from './lexer.ts';
export { type Statement, StatementKind, type TableName } from './statement.ts';
