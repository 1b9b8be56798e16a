import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { missingServers, withServer } from '../servers/index.ts';
import { lastLine } from './last-line.ts';
import { channelTo, openTestRelay, untilApplied } from './relay-streams.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-streams-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CASES = {
  mysql: {
    name: 'mysql97',
    args: ['--server-id=1', '--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin=mysql-bin'],
    user: "CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'",
    executed: 'SELECT @@global.gtid_executed',
    position: 'auto',
    follow: (port: number) =>
      `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${port}, SOURCE_USER='repl', SOURCE_AUTO_POSITION=1, SOURCE_SSL=0, GET_SOURCE_PUBLIC_KEY=1; START REPLICA`,
    status: 'SHOW REPLICA STATUS',
  },
  mariadb: {
    name: 'mariadb118',
    args: ['--server-id=1', '--log-bin=mysql-bin', '--log-slave-updates=1'],
    user: "CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'",
    executed: 'SELECT @@global.gtid_binlog_pos',
    position: 'slave_pos',
    follow: (port: number) =>
      `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${port}, MASTER_USER='repl', MASTER_USE_GTID=slave_pos, MASTER_SSL=0, MASTER_SSL_VERIFY_SERVER_CERT=0; START SLAVE`,
    status: 'SHOW SLAVE STATUS',
  },
} as const;

describe.each(['mysql', 'mariadb'] as const)('%s source → relay → replica', (flavor) => {
  const { name, args, user, executed, position, follow, status } = CASES[flavor];

  test.skipIf(missingServers(name))(
    'rows, definitions and large transactions arrive, live and from before',
    async () => {
      await withServer(name, 'source', { args }, async (source) => {
        await source.query(
          `${user}; CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY AUTO_INCREMENT, b LONGTEXT)`,
        );
        await source.query("INSERT INTO d.t (b) VALUES ('before'), (REPEAT('large', 2000000))");
        const relay = await openTestRelay(join(folder, flavor), { flavor });
        const channel = await relay.streams.channels.configure(
          channelTo(source.port, { positioning: position }),
        );
        await channel.start({ receiver: true, applier: true });
        const replicaArgs = args.map((arg) => arg.replace('server-id=1', 'server-id=3'));
        try {
          await withServer(name, 'replica', { args: replicaArgs }, async (replica) => {
            await replica.query(follow(relay.server.port));
            await source.query("INSERT INTO d.t (b) VALUES ('live'); UPDATE d.t SET b = CONCAT(b, '!')");
            await source.query('FLUSH BINARY LOGS');
            await source.query('DELETE FROM d.t WHERE a = 1; CREATE TABLE d.u AS SELECT a FROM d.t');
            const wanted = lastLine(await source.query(executed));
            const held = (): string =>
              (flavor === 'mysql'
                ? relay.streams.binaryLog.gtidExecuted
                : relay.streams.binaryLog.gtidPosition
              ).replaceAll('\n', '');
            await untilApplied(channel, () => held() === wanted);
            for (let there = '', end = Date.now() + 60_000; there !== wanted; ) {
              there = lastLine(await replica.query(executed));
              if (there !== wanted && Date.now() > end) throw new Error(await replica.query(status));
            }
            const checksum = 'CHECKSUM TABLE d.t, d.u';
            expect(await replica.query(checksum)).toBe(await source.query(checksum));
          });
          const { receiver, applier } = channel.status();
          expect(receiver).toMatchObject({ state: 'ON', lastError: { number: 0 } });
          expect(applier).toMatchObject({ state: 'ON', lastError: { number: 0 }, secondsBehindSource: 0 });
        } finally {
          await relay.close();
        }
        // What was taken over is remembered: nothing comes twice.
        const again = await openTestRelay(join(folder, flavor), {
          flavor,
          channels: [channelTo(source.port, { positioning: position })],
        });
        const before = again.streams.binaryLog.gtidExecuted;
        const [reopened] = again.streams.channels.all;
        await reopened!.start({ receiver: true, applier: true });
        await untilApplied(reopened!, () => reopened!.status().receiver.state === 'ON');
        await source.query("INSERT INTO d.t (b) VALUES ('after')");
        await untilApplied(reopened!, () => again.streams.binaryLog.gtidExecuted !== before);
        expect(reopened!.status().applier.transactionsApplied).toBe(1);
        await again.close();
      });
    },
    120_000,
  );
});
