export type {
  AccountStatement,
  Authentication,
  GrantLevel,
  RequireClause,
  UserClauses,
  UserSpecification,
} from './accounts/index.ts';
export type { FlushTarget } from './flush.ts';
export { nameValue, quoteName, quoteString, stringValue } from './literal.ts';
export type { PreparedStatementSql, PreparedText } from './prepared.ts';
export { redactStatement } from './redact.ts';
export type {
  FilterRule,
  PasswordValue,
  ReplicationStatement,
  SourceOptions,
  TargetOptions,
  ThreadWords,
  UntilClause,
} from './replication/index.ts';
export { type Assignment, type SetStatement, type VariableScope, variableName } from './settings.ts';
export type { Limit, PlainShow, ShowFilter, ShowStatement } from './show-statement.ts';
export { type AdministrativeStatement, readStatement } from './statement.ts';
export { type AccountName, StatementCursor } from './statement-cursor.ts';
export { syntaxError } from './syntax-error.ts';
