import type { SqliteStatement } from './sqlite-database.ts';

/**
 * Has a statement that reads nothing count in bigints. With what it changed it tells the rowid that was inserted last, by whatever statement,
 * and Node 26 throws where that is one that a double does not hold: `INTEGER PRIMARY KEY` is a rowid, and ids of applications are large.
 */
export function countingInBigints(statement: SqliteStatement): SqliteStatement {
  if (statement.columns().length === 0) statement.setReadBigInts(true);
  return statement;
}
