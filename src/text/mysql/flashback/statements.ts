import type { Query } from '../../../binlog/index.ts';
import { classifyStatement, type StatementKind } from '../../../sql/index.ts';
import type { PrintOptions } from '../../print-options.ts';

/**
 * What a statement of the log means to who undoes the rows around it.
 *
 * `pass`: nothing. `stays`: what it defines will still be there, rows before and after it can be undone all the same.
 * `refuse`: it changed rows that the log does not hold, or tables so that rows before it may not fit them.
 */
export type Consequence =
  | 'begin'
  | 'commit'
  | 'rollback'
  | 'rollbackTo'
  | 'xaStart'
  | 'xaCommit'
  | 'xaRollback'
  | 'pass'
  | 'stays'
  | 'refuse';

const consequences: Partial<Record<StatementKind, Consequence>> = {
  begin: 'begin',
  commit: 'commit',
  rollback: 'rollback',
  rollbackTo: 'rollbackTo',
  savepoint: 'pass',
  releaseSavepoint: 'pass',
  xaStart: 'xaStart',
  xaEnd: 'pass',
  xaPrepare: 'pass',
  xaCommit: 'xaCommit',
  xaRollback: 'xaRollback',
  createTable: 'stays',
  createIndex: 'stays',
  dropIndex: 'stays',
  createView: 'stays',
  alterView: 'stays',
  dropView: 'stays',
  createDatabase: 'stays',
  alterDatabase: 'stays',
  createProcedure: 'stays',
  createFunction: 'stays',
  createTrigger: 'stays',
  createEvent: 'stays',
  account: 'stays',
  set: 'pass',
  flush: 'pass',
  maintenance: 'pass',
  administrative: 'pass',
  use: 'pass',
  empty: 'pass',
};

/** DROP and ALTER of what holds no rows have one kind for all: their second word says what. */
const STORED_PROGRAM =
  /^(?:DROP|ALTER)\s+(?:DEFINER\s*=\s*\S+\s+)?(?:PROCEDURE|FUNCTION|TRIGGER|EVENT|SERVER|LIBRARY)\b/i;

export interface Meaning {
  readonly consequence: Consequence;
  /** CREATE TABLE … START TRANSACTION: rows and a commit follow, without a BEGIN. */
  readonly opensTransaction: boolean;
}

/** What every transaction has, without a look at its grammar. */
const usual: Readonly<Record<string, Meaning>> = {
  BEGIN: { consequence: 'begin', opensTransaction: true },
  COMMIT: { consequence: 'commit', opensTransaction: false },
};

/** What a statement means, for the tables that are selected. */
export function meaningOf(body: Query, options: PrintOptions): Meaning {
  const { statement } = body;
  const known = statement.length <= 6 ? usual[statement.toString('latin1')] : undefined;
  if (known !== undefined) return known;
  const found = classifyStatement(statement, {
    flavor: 'mysql',
    sqlMode: Number(body.status.sqlMode ?? 0n),
  });
  const { kind, temporary, tables, startTransaction } = found;
  let consequence = found.more ? 'refuse' : (consequences[kind] ?? 'refuse');
  if (temporary && (kind === 'createTable' || kind === 'dropTable')) consequence = 'pass';
  if (consequence === 'refuse' && !found.more && STORED_PROGRAM.test(statement.toString('latin1', 0, 1024)))
    consequence = 'stays';
  if (consequence === 'refuse' || consequence === 'stays') {
    const schema = body.schema.toString('latin1');
    const isSelected = ({ database, table }: PrintOptions): boolean =>
      tables.length === 0
        ? database === undefined || database === schema
        : tables.some(
            (name) =>
              (database === undefined || (name.schema ?? schema) === database) &&
              (table === undefined || name.table === table),
          );
    if (!isSelected(options)) consequence = 'pass';
  }
  return { consequence, opensTransaction: consequence === 'begin' || startTransaction };
}
