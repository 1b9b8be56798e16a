import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { missingServers, type RunningServer, startServer } from '../../servers/index.ts';
import { untilTrue } from '../../until-true.ts';
import { firstRow, lastLine, openStage, type Stage } from './stage.ts';

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.wipe();
  stage = undefined;
});

/** What a setting of a channel or of the relay does to a stream. */
describe.skipIf(missingServers('mysql97'))('settings that move bytes', () => {
  let source: RunningServer;
  beforeAll(async () => {
    source = await startServer('mysql97', `settings-${process.pid}`, {
      args: ['--server-id=1', '--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin=mysql-bin'],
    });
    await source.query(`CREATE USER repl@'%' IDENTIFIED BY 'rp'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'; RESET BINARY LOGS AND GTIDS;
      CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY AUTO_INCREMENT, b LONGTEXT); INSERT INTO d.t (b) VALUES ('one'), ('two')`);
  }, 60_000);
  afterAll(() => source.wipe());

  const change = (more: string): string =>
    `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${source.port}, SOURCE_USER='repl', SOURCE_PASSWORD='rp', SOURCE_CONNECT_RETRY=1, ${more}`;
  const executed = async (): Promise<string> => lastLine(await source.query('SELECT @@global.gtid_executed'));
  const value = async (sql: string): Promise<string> => String(await stage!.root.value(sql));
  const caughtUp = async (): Promise<void> => {
    const wanted = await executed();
    await untilTrue(
      async () => (await value('SELECT @@global.gtid_executed')) === wanted,
      () => stage!.status(),
    );
  };

  test('GTIDs that went before are not asked for, and stay purged', async () => {
    stage = await openStage();
    const { root } = stage;
    const uuid = (await executed()).split(':')[0]!;
    await expect(root.query("SET GLOBAL gtid_purged = 'no'")).rejects.toMatchObject({ errno: 1231 });
    await root.query(`SET GLOBAL gtid_purged = '${uuid}:1-2'`);
    expect(await value('SELECT @@global.gtid_executed')).toBe(`${uuid}:1-2`);
    await root.query(change('SOURCE_AUTO_POSITION=1'));
    await root.query('START REPLICA');
    await expect(root.query(`SET GLOBAL gtid_purged = '${uuid}:1-2'`)).rejects.toMatchObject({ errno: 1198 });
    await caughtUp();
    expect((await stage.status())['Retrieved_Gtid_Set']).toBe(`${uuid}:3`);
    await root.query('STOP REPLICA');
    expect(await value('SELECT @@global.gtid_purged')).toBe(`${uuid}:1-2`);
    await expect(root.query(`SET GLOBAL gtid_purged = '${uuid}:1-5'`)).rejects.toMatchObject({ errno: 3546 });
    expect(await value('SELECT @@global.gtid_executed')).toBe(`${uuid}:1-3`);
  });

  test('the same coordinates again begin again', async () => {
    stage = await openStage();
    const { root } = stage;
    const at = change("SOURCE_LOG_FILE='mysql-bin.000001', SOURCE_LOG_POS=4");
    const events = async (): Promise<number> => (await root.query('SHOW RELAYLOG EVENTS')).rows.length;
    await root.query(at);
    await root.query('START REPLICA IO_THREAD');
    await untilTrue(
      async () =>
        (await stage!.status())['Read_Source_Log_Pos'] ===
        lastPosition(await source.query('SHOW BINARY LOG STATUS')),
      () => stage!.status(),
    );
    await root.query('STOP REPLICA');
    const all = await events();
    await root.query(at);
    expect((await stage.status())['Read_Source_Log_Pos']).toBe('4');
    expect(await events()).toBeLessThan(all);
    await root.query('START REPLICA SQL_THREAD');
    await expect(root.query(at)).rejects.toMatchObject({ errno: 3085 });
  });

  test('relay logs stay below their limit, and all arrives', async () => {
    stage = await openStage({ variables: { relay_log_space_limit: 65_536 } });
    const { root } = stage;
    await root.query(change('SOURCE_AUTO_POSITION=1'));
    await root.query('START REPLICA IO_THREAD');
    await source.query(
      `INSERT INTO d.t (b) VALUES (REPEAT('x', 1000)); ${"INSERT INTO d.t (b) SELECT REPEAT('x', 10000) FROM d.t LIMIT 3;".repeat(8)}`,
    );
    await untilTrue(
      async () => /free relay log space/.test((await stage!.status())['Replica_IO_State']!),
      () => stage!.status(),
    );
    await root.query('START REPLICA SQL_THREAD');
    await caughtUp();
    // The last of it may have waited for room, which is there a moment behind its last transaction.
    await untilTrue(
      async () => (await stage!.status())['Replica_IO_State'] === 'Waiting for source to send event',
      () => stage!.status(),
    );
  });

  test('relay logs are kept where nobody purges them', async () => {
    stage = await openStage({ variables: { max_relay_log_size: 4096 } });
    const { root } = stage;
    await root.query('SET GLOBAL relay_log_purge = 0');
    await root.query(change('SOURCE_AUTO_POSITION=1'));
    await root.query('START REPLICA');
    await caughtUp();
    expect(Number((await stage.status())['Relay_Log_Space'])).toBeGreaterThan(50_000);
    const file = (await stage.status())['Relay_Log_File']!;
    await root.query('FLUSH RELAY LOGS');
    await source.query('INSERT INTO d.t (b) VALUES (1)');
    await caughtUp();
    expect((await stage.status())['Relay_Log_File']! > file).toBe(true);
  });

  test('heartbeats are counted', async () => {
    stage = await openStage();
    const { root } = stage;
    await root.query(change('SOURCE_AUTO_POSITION=1, SOURCE_HEARTBEAT_PERIOD=0.05'));
    await root.query('START REPLICA');
    const sql =
      'SELECT COUNT_RECEIVED_HEARTBEATS n, LAST_HEARTBEAT_TIMESTAMP t FROM performance_schema.replication_connection_status';
    await untilTrue(
      async () => Number((await firstRow(root, sql))['n']) > 1,
      () => stage!.status(),
    );
    expect((await firstRow(root, sql))['t']).toMatch(/^20/);
    const list = await root.query(
      "SELECT Id, User FROM information_schema.processlist WHERE User = 'system user' ORDER BY Id",
    );
    expect(list.rows).toHaveLength(2);
    await root.query(`KILL ${list.rows[0]![0]!.toString()}`);
    expect((await stage.status())['Replica_IO_Running']).toBe('No');
  });

  test('without TLS the password travels under the key that is named, and under no other', async () => {
    stage = await openStage();
    const { root, relay } = stage;
    const key = lastLine(await source.query("SHOW STATUS LIKE 'Caching_sha2_password_rsa_public_key'"));
    const path = join(relay.folder, 'source-key.pem');
    await source.query('FLUSH PRIVILEGES');
    await root.query(change("SOURCE_SSL=0, SOURCE_AUTO_POSITION=1, SOURCE_PUBLIC_KEY_PATH='source-key.pem'"));
    await root.query('START REPLICA');
    await untilTrue(
      async () => /Authentication requires secure connection/.test((await stage!.status())['Last_IO_Error']!),
      () => stage!.status(),
    );
    expect(String(relay.failures[0])).toContain("Can't locate server public key");
    await root.query('STOP REPLICA IO_THREAD');
    writeFileSync(path, key.replace(/^\S+\s+/, '').replaceAll('\\n', '\n'));
    await root.query('START REPLICA IO_THREAD');
    await caughtUp();
  });

  test('NETWORK_NAMESPACE is refused and changes nothing', async () => {
    stage = await openStage();
    await expect(stage.root.query(change("NETWORK_NAMESPACE='n'"))).rejects.toMatchObject({ errno: 1235 });
    expect((await stage.root.query('SHOW REPLICA STATUS')).rows).toHaveLength(0);
  });

  test.each([
    ['sync_binlog', 0, 1],
    ['sync_relay_log', 100, 1],
    ['binlog_checksum', "'NONE'", "'CRC32'"],
    ['source_verify_checksum', 1, 0],
  ])('%s has one value', async (name, wrong, right) => {
    stage = await openStage();
    await expect(stage.root.query(`SET GLOBAL ${name} = ${wrong}`)).rejects.toMatchObject({ errno: 1231 });
    await stage.root.query(`SET GLOBAL ${name} = ${right}`);
    await stage.wipe();
    stage = undefined;
    await expect(openStage({ variables: { sync_binlog: 7 } })).rejects.toThrow("sync_binlog' can't be set");
  });
});

const lastPosition = (text: string): string => lastLine(text).split('\t')[1]!;
