export { readChange } from './change.ts';
export type { FilterRule } from './filter-rule.ts';
export type { ReplicationStatement, ThreadWords } from './replication-statement.ts';
export type { PasswordValue, SourceOptions } from './source-options.ts';
export type { TargetOptions } from './target-options.ts';
export { readResetReplica, readStart, readStop } from './threads.ts';
export type { UntilClause } from './until-clause.ts';
