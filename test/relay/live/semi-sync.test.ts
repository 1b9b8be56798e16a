import { afterEach, describe, expect, test } from 'vitest';
import { missingServers, withServer } from '../../servers/index.ts';
import { untilTrue } from '../../until-true.ts';
import { lastLine, openStage, printedRow, type Stage } from './stage.ts';

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.wipe();
  stage = undefined;
});

const GTIDS = ['--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin=mysql-bin'];
const SEMI_SYNC = {
  mysql: {
    server: 'mysql97',
    source: [
      ...GTIDS,
      '--plugin-load-add=semisync_source.so',
      '--rpl-semi-sync-source-enabled=1',
      '--rpl-semi-sync-source-timeout=20000',
    ],
    replica: [...GTIDS, '--plugin-load-add=semisync_replica.so', '--rpl-semi-sync-replica-enabled=1'],
    acknowledged: "SHOW STATUS LIKE 'Rpl_semi_sync_source_yes_tx'",
    missed: "SHOW STATUS LIKE 'Rpl_semi_sync_source_no_tx'",
    isOn: "SHOW STATUS LIKE 'Rpl_semi_sync_replica_status'",
    reset: 'RESET BINARY LOGS AND GTIDS',
    relay: (port: number) =>
      `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${port}, SOURCE_USER='repl', SOURCE_AUTO_POSITION=1`,
    follow: (port: number) =>
      `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${port}, SOURCE_USER='rep', SOURCE_PASSWORD='pw', SOURCE_SSL=1, SOURCE_AUTO_POSITION=1; START REPLICA`,
    status: 'SHOW REPLICA STATUS',
    executed: 'SELECT @@global.gtid_executed',
    plugin: 'caching_sha2_password',
  },
  mariadb: {
    server: 'mariadb118',
    source: [
      '--log-bin=mysql-bin',
      '--log-slave-updates=1',
      '--rpl-semi-sync-master-enabled=1',
      '--rpl-semi-sync-master-timeout=20000',
    ],
    replica: ['--log-bin=mysql-bin', '--log-slave-updates=1', '--rpl-semi-sync-slave-enabled=1'],
    acknowledged: "SHOW STATUS LIKE 'Rpl_semi_sync_master_yes_tx'",
    missed: "SHOW STATUS LIKE 'Rpl_semi_sync_master_no_tx'",
    isOn: "SHOW STATUS LIKE 'Rpl_semi_sync_slave_status'",
    reset: 'RESET MASTER',
    relay: (port: number) =>
      `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${port}, MASTER_USER='repl', MASTER_SSL_VERIFY_SERVER_CERT=0, MASTER_USE_GTID=slave_pos`,
    follow: (port: number) =>
      `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${port}, MASTER_USER='rep', MASTER_PASSWORD='pw', MASTER_SSL=1, MASTER_SSL_VERIFY_SERVER_CERT=0, MASTER_USE_GTID=slave_pos; START SLAVE`,
    status: 'SHOW SLAVE STATUS',
    executed: 'SELECT @@global.gtid_binlog_pos',
    plugin: 'mysql_native_password',
  },
} as const;

describe.each(['mysql', 'mariadb'] as const)('semi-synchronous replication of %s', (flavor) => {
  const kind = SEMI_SYNC[flavor];

  test.skipIf(missingServers(kind.server))(
    'goes from a source to the relay and from the relay to a replica',
    async () => {
      await withServer(
        kind.server,
        'semi-up',
        { args: ['--server-id=1', ...kind.source] },
        async (source) => {
          await source.query(
            "SET SESSION sql_log_bin=0; CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'",
          );
          await source.query(kind.reset);
          stage = await openStage({
            flavor,
            variables: { rpl_semi_sync_replica_enabled: true, rpl_semi_sync_source_enabled: true },
          });
          const { relay, root } = stage;
          const shown = async (name: string): Promise<string> =>
            (await root.query(`SHOW STATUS LIKE '${name}'`)).rows[0]?.[1]?.toString() ?? '';
          await root.query(`CREATE USER rep IDENTIFIED WITH ${kind.plugin} BY 'pw'`);
          await root.query('GRANT REPLICATION SLAVE ON *.* TO rep');
          await root.query(kind.relay(source.port));
          await root.query(flavor === 'mysql' ? 'START REPLICA' : 'START SLAVE');
          await untilTrue(
            async () => (await shown('Rpl_semi_sync_replica_status')) === 'ON',
            () => stage!.status(),
          );
          await source.query('CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY)');
          // A commit that nobody acknowledged would hang for the timeout of 20 seconds, and count as missed.
          for (let a = 0; a < 20; a += 1) await source.query(`INSERT INTO d.t VALUES (${a})`);
          expect(printedRow(await source.query(kind.acknowledged))['Value']).toBe('22');
          expect(printedRow(await source.query(kind.missed))['Value']).toBe('0');

          await withServer(
            kind.server,
            'semi-down',
            { args: ['--server-id=3', ...kind.replica] },
            async (replica) => {
              await replica.query(kind.reset);
              await replica.query(kind.follow(relay.port));
              const wanted = lastLine(await source.query(kind.executed));
              await untilTrue(
                async () => lastLine(await replica.query(kind.executed)) === wanted,
                () => replica.query(kind.status),
              );
              expect(printedRow(await replica.query(kind.isOn))['Value']).toBe('ON');
              expect(await shown('Rpl_semi_sync_source_clients')).toBe('1');
              await source.query('INSERT INTO d.t VALUES (1000)');
              await untilTrue(
                async () => Number(await shown('Rpl_semi_sync_source_yes_tx')) > 0,
                () => replica.query(kind.status),
              );
            },
          );
          await untilTrue(
            async () => (await shown('Rpl_semi_sync_source_clients')) === '0',
            () => shown('Rpl_semi_sync_source_clients'),
          );
        },
      );
    },
    90_000,
  );
});
