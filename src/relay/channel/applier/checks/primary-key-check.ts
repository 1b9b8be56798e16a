import type { Flavor, Query } from '../../../../binlog/index.ts';
import { readingOf } from '../../../../replication/index.ts';
import { parseTableStatement, type Statement } from '../../../../sql/index.ts';
import { TABLE_WITHOUT_KEY, tableWithoutKey } from '../../../../target/index.ts';
import { ChannelError } from '../../channel-error.ts';
import type { ChannelConfiguration } from '../../configuration.ts';

/**
 * REQUIRE_TABLE_PRIMARY_KEY_CHECK = ON, as far as a statement alone tells; a target knows its tables and looks at the rest.
 *
 * @param hasTarget whether somebody knows which tables are there, IF NOT EXISTS
 * @returns what throws ChannelError 3750 for a statement that leaves a table without a key
 */
export function primaryKeyCheck(
  flavor: Flavor,
  hasTarget: boolean,
): (query: Query, statement: Statement) => void {
  return (query, { kind }) => {
    if (kind !== 'createTable' && kind !== 'alterTable') return;
    const statement = parseTableStatement(query.statement, readingOf(query, flavor));
    if (!tableWithoutKey(statement)) return;
    if (hasTarget && 'ifNotExists' in statement && statement.ifNotExists) return;
    throw new ChannelError(TABLE_WITHOUT_KEY.errno, TABLE_WITHOUT_KEY.message);
  };
}

/** ER_NOT_SUPPORTED_YET */
const NOT_SUPPORTED = 1235;

/** Of a channel that has no target. @throws ChannelError keys are to be made, and there are no tables to make them in */
export function demandTables(check: ChannelConfiguration['requireTablePrimaryKeyCheck']): void {
  if (check !== 'GENERATE') return;
  throw new ChannelError(
    NOT_SUPPORTED,
    'REQUIRE_TABLE_PRIMARY_KEY_CHECK = GENERATE needs a target: without one the relay makes no tables. Name it with rowlock_target or CHANGE REPLICATION TARGET TO.',
  );
}
