import type { ConnectOptions } from '../../src/connection/index.ts';
import { storedExpressions } from '../../src/relay/views/stored-expressions.ts';
import type { ReplicationFilters, StartPoint } from '../../src/replication/index.ts';
import { type ConflictRule, Replication, SourceTables, SqliteTarget } from '../../src/target/index.ts';

/** Brings a folder of SQLite files up to the end of a source's log; it goes on where the folder stands. */
export async function replicateToSqlite(
  connection: ConnectOptions,
  flavor: 'mysql' | 'mariadb',
  folder: string,
  start: StartPoint = 'beginning',
  filters?: ReplicationFilters,
  conflicts?: ConflictRule,
): Promise<void> {
  const tables = new SourceTables(connection);
  const target = new SqliteTarget({
    folder,
    flavor,
    ...(conflicts === undefined ? {} : { conflicts }),
    lookUp: tables.renamed([]),
    expressions: storedExpressions,
  });
  try {
    await new Replication({
      connection,
      target,
      start,
      stopAtEnd: true,
      retry: false,
      ...(filters === undefined ? {} : { filters }),
    }).run();
  } finally {
    target.close();
    await tables.close();
  }
}
