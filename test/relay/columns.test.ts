import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../../src/connection/index.ts';
import { missingServers, type RunningServer, startServer } from '../servers/index.ts';
import { ask, type TextRow } from './ask.ts';
import { startRelay, type TestRelay } from './relay.ts';

const ssl = { sslMode: 'DISABLED' as const };

async function names(connection: Connection, sql: string): Promise<string[]> {
  return (await connection.query(sql)).columns.map(({ name }) => name);
}

/** Both are asked the same; what a result is called and made of must be the same. */
describe.each([
  [
    'mysql97',
    'mysql',
    [
      'SHOW REPLICA STATUS',
      'SHOW BINARY LOGS',
      'SHOW BINARY LOG STATUS',
      'SHOW BINLOG EVENTS LIMIT 1',
      'SHOW REPLICAS',
      'SHOW PROCESSLIST',
      'SHOW FULL PROCESSLIST',
      "SHOW VARIABLES LIKE 'port'",
      "SHOW GLOBAL STATUS LIKE 'Uptime'",
      'SHOW WARNINGS',
      'SHOW GRANTS',
      'SHOW CREATE USER root@localhost',
      'SHOW DATABASES',
      "SHOW DATABASES LIKE 'm%'",
      'SHOW TABLES FROM mysql',
      "SHOW FULL TABLES FROM mysql LIKE 'us%'",
      'SHOW TABLE STATUS FROM mysql',
      'SHOW COLUMNS FROM mysql.user',
      'SHOW FULL COLUMNS FROM mysql.user',
      'SHOW INDEX FROM mysql.user',
      'SHOW TRIGGERS FROM mysql',
      'SHOW EVENTS FROM mysql',
      'SHOW PROCEDURE STATUS',
      'SHOW ENGINES',
      'XA RECOVER',
      'SHOW PLUGINS',
      'SHOW COLLATION',
      'SHOW CHARACTER SET',
      'SHOW PRIVILEGES',
      'SHOW COUNT(*) WARNINGS',
      'SHOW CREATE DATABASE mysql',
      "SELECT 1, 'a', @@version, NOW(), 1+1 AS x, (SELECT 1), COUNT(*)",
      'SELECT * FROM performance_schema.replication_connection_configuration',
      'SELECT * FROM performance_schema.replication_connection_status',
      'SELECT * FROM performance_schema.replication_applier_configuration',
      'SELECT * FROM performance_schema.replication_applier_status',
      'SELECT * FROM performance_schema.replication_applier_status_by_coordinator',
      'SELECT * FROM performance_schema.replication_applier_status_by_worker',
      'SELECT * FROM performance_schema.replication_applier_filters',
      'SELECT * FROM performance_schema.replication_applier_global_filters',
      'SELECT * FROM performance_schema.replication_asynchronous_connection_failover',
      'SELECT * FROM performance_schema.replication_group_members',
      'SELECT * FROM performance_schema.tls_channel_status',
      'SELECT * FROM performance_schema.log_status',
      'SELECT * FROM performance_schema.processlist',
      'SELECT * FROM performance_schema.global_variables LIMIT 1',
      'SELECT * FROM information_schema.PROCESSLIST',
      'SELECT * FROM information_schema.SCHEMATA',
      'SELECT * FROM information_schema.TABLES LIMIT 1',
      'SELECT * FROM mysql.user',
      'SELECT * FROM mysql.db',
      'SELECT * FROM mysql.global_grants',
      'SHOW TABLE STATUS FROM mysql',
      'SELECT * FROM information_schema.KEYWORDS LIMIT 1',
      'SELECT * FROM sys.version',
      'SELECT * FROM performance_schema.events_statements_history LIMIT 1',
      'SELECT * FROM performance_schema.events_statements_history_long LIMIT 1',
      'SELECT * FROM performance_schema.events_waits_current LIMIT 1',
      'SELECT * FROM performance_schema.events_stages_current LIMIT 1',
      'SELECT * FROM performance_schema.events_transactions_current LIMIT 1',
      'SELECT * FROM performance_schema.events_errors_summary_global_by_error LIMIT 1',
      'SELECT * FROM performance_schema.setup_actors LIMIT 1',
      // Views of the server call their columns as they were declared, if the query does not.
      'SELECT table_name, t.engine, table_rows AS table_rows FROM information_schema.tables t LIMIT 1',
      'SELECT collation_name, id FROM information_schema.collations LIMIT 1',
      'SELECT * FROM (SELECT column_name FROM information_schema.columns) c LIMIT 1',
    ],
  ],
  [
    'mariadb118',
    'mariadb',
    [
      'SHOW SLAVE STATUS',
      'SHOW REPLICA STATUS',
      'SHOW ALL SLAVES STATUS',
      'SHOW BINARY LOGS',
      'SHOW MASTER STATUS',
      'SHOW BINLOG STATUS',
      'SHOW BINLOG EVENTS LIMIT 1',
      'SHOW SLAVE HOSTS',
      'SHOW PROCESSLIST',
      'SHOW COLLATION',
      'SHOW TABLE STATUS FROM mysql',
      'SHOW INDEX FROM mysql.user',
      'SELECT user, host AS host FROM mysql.user',
      'SELECT * FROM information_schema.GLOBAL_STATUS',
      'SELECT variable_value FROM information_schema.session_variables',
    ],
  ],
] as const)('%s and a relay', (name, flavor, statements) => {
  const missing = missingServers(name);
  let server: RunningServer;
  let relay: TestRelay;
  let real: Connection;
  let ours: Connection;

  beforeAll(async () => {
    if (missing !== undefined) return;
    server = await startServer(name, `relay-columns-${process.pid}`, {});
    relay = await startRelay({ flavor });
    real = await connect({ socketPath: server.socket, user: 'root', ssl });
    ours = await connect({ socketPath: relay.socket, user: 'root', passwords: [relay.password], ssl });
  });

  afterAll(async () => {
    if (missing !== undefined) return;
    await real.close();
    await ours.close();
    await relay.wipe();
    await server.wipe();
  });

  test.skipIf(missing)('know the same collations of the character sets that a relay reads', async () => {
    const charsets = await ask(ours, 'SHOW CHARACTER SET');
    const known = new Set((charsets as readonly TextRow[]).map(([charset = null]) => charset));
    const rows = (await ask(real, 'SHOW COLLATION')) as readonly TextRow[];
    const wanted = rows.filter(([, charset = null]) => charset === null || known.has(charset));
    const given = (await ask(ours, 'SHOW COLLATION')) as readonly TextRow[];
    expect(given.map(String).toSorted()).toEqual(wanted.map(String).toSorted());
  });

  test.skipIf(missing ?? flavor === 'mariadb')('have the same words in their grammar', async () => {
    const sql = 'SELECT word, reserved FROM information_schema.keywords ORDER BY word';
    expect(await ask(ours, sql)).toEqual(await ask(real, sql));
  });

  test.skipIf(missing).each(statements)('answer %s with the same columns', async (sql) => {
    expect(await names(ours, sql)).toEqual(await names(real, sql));
  });
});
