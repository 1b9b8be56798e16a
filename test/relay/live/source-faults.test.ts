import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { purgeTo } from '../../purge-to.ts';
import { missingServers, type RunningServer, startServer, withServer } from '../../servers/index.ts';
import { untilTrue } from '../../until-true.ts';
import { lastLine, openStage, printedRow, type Stage } from './stage.ts';

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.wipe();
  stage = undefined;
});

interface Words {
  readonly server: 'mysql97' | 'mariadb118';
  readonly args: readonly string[];
  readonly fresh: string;
  readonly executed: string;
  readonly show: string;
  readonly change: string;
  readonly byGtid: string;
  readonly byPosition: (file: string, position: number) => string;
  readonly start: string;
  readonly stop: string;
  readonly shown: readonly [running: string, errno: string, error: string];
}

const FAMILIES: Readonly<Record<'mysql' | 'mariadb', Words>> = {
  mysql: {
    server: 'mysql97',
    args: ['--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin=mysql-bin'],
    fresh: 'RESET BINARY LOGS AND GTIDS',
    executed: "SELECT REPLACE(@@global.gtid_executed, '\\n', '')",
    show: 'SHOW REPLICA STATUS',
    change:
      "CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_USER='repl', SOURCE_CONNECT_RETRY=1, SOURCE_SSL=1, SOURCE_PORT=",
    byGtid: 'CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION=1',
    byPosition: (file, position) =>
      `CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION=0, SOURCE_LOG_FILE='${file}', SOURCE_LOG_POS=${position}`,
    start: 'START REPLICA',
    stop: 'STOP REPLICA',
    shown: ['Replica_IO_Running', 'Last_IO_Errno', 'Last_IO_Error'],
  },
  mariadb: {
    server: 'mariadb118',
    args: ['--log-bin=mysql-bin', '--log-slave-updates=1'],
    fresh: 'RESET MASTER',
    executed: 'SELECT @@global.gtid_binlog_pos',
    show: 'SHOW SLAVE STATUS',
    change:
      "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_USER='repl', MASTER_CONNECT_RETRY=1, MASTER_SSL=1, MASTER_SSL_VERIFY_SERVER_CERT=0, MASTER_PORT=",
    byGtid: 'CHANGE MASTER TO MASTER_USE_GTID=slave_pos',
    byPosition: (file, position) =>
      `CHANGE MASTER TO MASTER_USE_GTID=no, MASTER_LOG_FILE='${file}', MASTER_LOG_POS=${position}`,
    start: 'START SLAVE',
    stop: 'STOP SLAVE',
    shown: ['Slave_IO_Running', 'Last_IO_Errno', 'Last_IO_Error'],
  },
};

describe.each(['mysql', 'mariadb'] as const)('a relay of %s beside a real replica', (family) => {
  const words = FAMILIES[family];

  test.skipIf(missingServers(words.server))(
    'says what the replica says when the source has purged, cut, renamed or forgotten something',
    async () => {
      let source = await startServer(words.server, `faulty-${process.pid}`, {
        args: ['--server-id=1', ...words.args],
      });
      const { port } = source;
      try {
        await withServer(
          words.server,
          'beside',
          { args: ['--server-id=3', ...words.args] },
          async (replica) => {
            const user = `CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'; ${words.fresh}`;
            await source.query(user);
            await source.query('CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY AUTO_INCREMENT)');
            await replica.query(user);
            stage = await openStage({ flavor: family });
            const { root } = stage;
            const both = async (sql: string): Promise<void> => {
              await root.query(sql);
              await replica.query(sql);
            };
            const executed = async (server: RunningServer): Promise<string> =>
              lastLine(await server.query(words.executed)).replaceAll('\\n', '');
            const caughtUp = (): Promise<void> =>
              untilTrue(
                async () => {
                  const wanted = await executed(source);
                  const ours = String(await root.value(words.executed));
                  return (await executed(replica)) === wanted && ours === wanted;
                },
                async () => [await stage!.status(), printedRow(await replica.query(words.show))],
              );
            const fates = async (): Promise<[string[], string[]]> => {
              const ours = await stage!.status();
              const theirs = printedRow(await replica.query(words.show));
              return [
                words.shown.map((name) => ours[name]!),
                words.shown.map((name) => theirs[name]!.replaceAll('\\n', '\n')),
              ];
            };
            /** Starts both, and waits until they stop, in the same words. */
            const stopAlike = async (): Promise<void> => {
              await both(words.start);
              await untilTrue(async () => (await fates()).every(([running]) => running === 'No'), fates);
              await both(words.stop);
              const [ours, theirs] = await fates();
              expect(ours).toEqual(theirs);
              expect(theirs[2]).toMatch(/^Got fatal error 1236/);
            };
            await both(words.change + String(port));
            await both(words.byGtid);
            await both(words.start);
            await source.query('INSERT INTO d.t VALUES ()');
            await caughtUp();

            // A clock that goes back and forth is nothing to a replica.
            await source.query(
              "SET TIMESTAMP = UNIX_TIMESTAMP('2001-01-01'); INSERT INTO d.t VALUES (); SET TIMESTAMP = 2100000000; INSERT INTO d.t VALUES (); SET TIMESTAMP = DEFAULT; INSERT INTO d.t VALUES ()",
            );
            await caughtUp();
            if (family === 'mysql') {
              await source.stop();
              rmSync(join(source.dataFolder, 'auto.cnf'));
              source = await startServer(words.server, `faulty-${process.pid}`, {
                args: ['--server-id=1', ...words.args, `--port=${port}`],
                reuse: true,
              });
              await source.query('INSERT INTO d.t VALUES ()');
              await caughtUp();
              expect((await stage.status())['Source_UUID']).toBe(
                lastLine(await source.query('SELECT @@server_uuid')),
              );
            }

            await both(words.stop);
            await source.query(
              'INSERT INTO d.t VALUES (); FLUSH BINARY LOGS; INSERT INTO d.t VALUES (); FLUSH BINARY LOGS',
            );
            const last = lastLine(
              await source.query(family === 'mysql' ? 'SHOW BINARY LOG STATUS' : 'SHOW MASTER STATUS'),
            ).split('\t')[0]!;
            if (family === 'mariadb')
              await source.query('SET GLOBAL slave_connections_needed_for_purge=0').catch(() => undefined);
            await purgeTo(source, last);
            await stopAlike();
            // No such file, no such position, the middle of an event.
            await both(words.byPosition('mysql-bin.000001', 4));
            await stopAlike();
            await both(words.byPosition(last, 4_000_000));
            await stopAlike();
            await both(words.byPosition(last, 100));
            await stopAlike();
            // Its log began anew.
            await both(words.byGtid);
            await source.query(
              family === 'mysql' ? words.fresh : `${words.fresh}; INSERT INTO d.t VALUES ()`,
            );
            await stopAlike();
          },
        );
      } finally {
        await source.wipe();
      }
    },
    120_000,
  );
});
