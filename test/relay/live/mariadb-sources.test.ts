import { afterEach, describe, expect, test } from 'vitest';
import { missingServers, type RunningServer, withServer } from '../../servers/index.ts';
import { untilTrue } from '../../until-true.ts';
import { lastLine, openStage, printedRow, type Stage } from './stage.ts';

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.wipe();
  stage = undefined;
});

const ARGS = ['--log-bin=mysql-bin', '--log-slave-updates=1'];
const USER = "CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'; RESET MASTER";
const follow = (port: number, password: string): string =>
  `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${port}, MASTER_USER='repl', MASTER_PASSWORD='${password}', MASTER_SSL=1, MASTER_SSL_VERIFY_SERVER_CERT=0, MASTER_USE_GTID=slave_pos; START SLAVE`;
const position = async (server: RunningServer): Promise<string> =>
  lastLine(await server.query('SELECT @@gtid_binlog_pos'));

describe.skipIf(missingServers('mariadb118'))('a relay of MariaDB sources', () => {
  test('takes what two sources have once, passes over what may not come in, and goes to the next source of its list', async () => {
    await withServer('mariadb118', 'one', { args: ['--server-id=1', ...ARGS] }, (one) =>
      withServer('mariadb118', 'two', { args: ['--server-id=2', ...ARGS] }, (two) =>
        withServer('mariadb118', 'behind', { args: ['--server-id=3', ...ARGS] }, async (behind) => {
          for (const server of [one, two, behind]) await server.query(USER);
          await two.query(follow(one.port, ''));
          await one.query(
            'CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY); INSERT INTO d.t VALUES (1)',
          );
          stage = await openStage({ flavor: 'mariadb' });
          const { relay, root } = stage;
          // What a MariaDB replica can log in with is what CREATE USER makes.
          await root.query("CREATE USER repl IDENTIFIED BY 'pw'");
          await root.query('GRANT REPLICATION SLAVE ON *.* TO repl');
          const change = (name: string, port: number): string =>
            `CHANGE MASTER '${name}' TO MASTER_HOST='127.0.0.1', MASTER_PORT=${port}, MASTER_USER='repl', MASTER_SSL=1, MASTER_SSL_VERIFY_SERVER_CERT=0, MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1, MASTER_RETRY_COUNT=1, REQUIRE_ROW_FORMAT=1`;
          await root.query(change('a', one.port));
          await root.query(change('b', two.port));
          await root.query('START ALL SLAVES');
          await behind.query(follow(relay.port, 'pw'));
          const shown = async (name: string): Promise<Record<string, string>> => {
            const { columns, rows } = await root.query(`SHOW SLAVE '${name}' STATUS`);
            return Object.fromEntries(columns.map((column, at) => [column.name, String(rows[0]![at] ?? '')]));
          };
          const arrived = async (wanted: string): Promise<void> => {
            await untilTrue(
              async () => (await position(behind)) === wanted,
              async () => [
                wanted,
                await shown('a'),
                (await root.query('SHOW ALL SLAVES STATUS')).rows.map(String),
                printedRow(await behind.query('SHOW SLAVE STATUS')),
              ],
            );
          };
          await one.query('INSERT INTO d.t VALUES (2)');
          await arrived(await position(one));

          await root.query("STOP SLAVE 'b'");
          await root.query("RESET SLAVE 'b' ALL");
          await one.query('SET binlog_format=STATEMENT; UPDATE d.t SET a = 20 WHERE a = 2');
          const refused = await position(one);
          await untilTrue(
            async () => (await shown('a'))['Last_IO_Errno'] === '3944',
            () => shown('a'),
          );
          await expect(root.query(`SET GLOBAL gtid_slave_pos = '${refused}'`)).rejects.toMatchObject({
            errno: 1198,
          });
          await root.query('STOP ALL SLAVES');
          await expect(root.query("SET GLOBAL gtid_slave_pos = '0-1-1'")).rejects.toMatchObject({
            errno: 1947,
          });
          await expect(root.query("SET GLOBAL gtid_slave_pos = '7-1-1'")).rejects.toMatchObject({
            errno: 1948,
          });
          await root.query(`SET GLOBAL gtid_slave_pos = '${refused}'`);
          await root.query('START ALL SLAVES');
          await one.query('SET binlog_format=ROW; INSERT INTO d.t VALUES (3)');
          await arrived(await position(one));
          expect((await behind.query('SELECT GROUP_CONCAT(a) FROM d.t')).trim()).toContain('1,2,3');

          await root.query(
            `SELECT asynchronous_connection_failover_add_source('a', '127.0.0.1', ${two.port}, '', 50)`,
          );
          await root.query("STOP SLAVE 'a'");
          await root.query("CHANGE MASTER 'a' TO SOURCE_CONNECTION_AUTO_FAILOVER=1");
          await root.query("START SLAVE 'a'");
          await one.query('INSERT INTO d.t VALUES (4)');
          await arrived(await position(one));
          await untilTrue(
            async () => (await position(two)) === (await position(one)),
            () => two.query('SHOW SLAVE STATUS'),
          );
          await one.kill();
          await two.query('STOP SLAVE; INSERT INTO d.t VALUES (5)');
          await arrived(await position(two));
          expect((await shown('a'))['Master_Port']).toBe(String(two.port));
          // Each insert once.
          let inserts = 0;
          for (const [name] of (await root.query('SHOW BINARY LOGS')).rows) {
            const events = await root.query(`SHOW BINLOG EVENTS IN '${name!.toString()}'`);
            inserts += events.rows.filter(([, , type]) => type!.toString().startsWith('Write_rows')).length;
          }
          expect(inserts).toBe(5);
        }),
      ),
    );
  }, 120_000);
});
