import { rowChanges, type StatementKind } from '../../sql/index.ts';

/** What a statement of a log does to a target, which takes rows and definitions. */
export type StatementEffect =
  /** Nothing: the events around it have said it already. */
  | 'none'
  /** Its session's settings hold for the transaction. */
  | 'session'
  | 'savepoint'
  | 'rollbackTo'
  | 'rollback'
  | 'xaStart'
  | 'xaCommit'
  | 'xaRollback'
  /** Changes rows, which ones nobody but the source knows. */
  | 'rows'
  | 'definition';

const EFFECTS: Partial<Record<StatementKind, StatementEffect>> = {
  begin: 'session',
  commit: 'none',
  rollback: 'rollback',
  rollbackTo: 'rollbackTo',
  savepoint: 'savepoint',
  releaseSavepoint: 'none',
  xaStart: 'xaStart',
  xaEnd: 'none',
  xaCommit: 'xaCommit',
  xaRollback: 'xaRollback',
  empty: 'none',
};

export const effectOf = (kind: StatementKind): StatementEffect =>
  EFFECTS[kind] ?? (rowChanges.has(kind) ? 'rows' : 'definition');
