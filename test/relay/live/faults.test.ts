import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { RawEvent } from '../../../src/binlog/index.ts';
import { MysqlGtidSet } from '../../../src/gtid/index.ts';
import { SourceClient } from '../../../src/replication/index.ts';
import { missingServers, type RunningServer, startServer, withServer } from '../../servers/index.ts';
import { untilTrue } from '../../until-true.ts';
import { channelTo, openTestRelay, untilApplied } from '../relay-streams.ts';
import { lastLine, openStage, type Stage } from './stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-faults-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let stage: Stage | undefined;
afterEach(async () => {
  await stage?.wipe();
  stage = undefined;
});

const ARGS = ['--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin=mysql-bin'];
const USER = "CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'; RESET BINARY LOGS AND GTIDS";
const executedOf = async (server: RunningServer): Promise<string> =>
  lastLine(await server.query("SELECT REPLACE(@@global.gtid_executed, '\\n', '')")).replaceAll('\\n', '');
const both = { receiver: true, applier: true };

describe.skipIf(missingServers('mysql97'))('a source', () => {
  test('that is killed and comes back goes on where it was; another one takes over by GTID', async () => {
    await withServer('mysql97', 'second', { args: ['--server-id=2', ...ARGS] }, async (second) => {
      let first = await startServer('mysql97', `first-${process.pid}`, { args: ['--server-id=1', ...ARGS] });
      try {
        await first.query(`${USER}; CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY)`);
        await second.query(
          `${USER}; CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${first.port}, SOURCE_USER='repl', SOURCE_SSL=1, SOURCE_AUTO_POSITION=1; START REPLICA`,
        );
        stage = await openStage();
        const { root } = stage;
        const change = (port: number): string =>
          `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${port}, SOURCE_USER='repl', SOURCE_AUTO_POSITION=1, SOURCE_CONNECT_RETRY=1, SOURCE_RETRY_COUNT=60, REQUIRE_ROW_FORMAT=1`;
        const caughtUp = (server: RunningServer): Promise<void> =>
          untilTrue(
            async () => {
              const wanted = MysqlGtidSet.parse(await executedOf(server)).format();
              return String(await root.value('SELECT @@global.gtid_executed')) === wanted;
            },
            () => stage!.status(),
          );
        await root.query(change(first.port));
        await root.query('START REPLICA');
        await first.query('INSERT INTO d.t VALUES (1)');
        await caughtUp(first);

        const { port } = first;
        await first.kill();
        await untilTrue(
          async () => (await stage!.status())['Replica_IO_Running'] === 'Connecting',
          () => stage!.status(),
        );
        first = await startServer('mysql97', `first-${process.pid}`, {
          args: ['--server-id=1', ...ARGS, `--port=${port}`],
          reuse: true,
        });
        await first.query('INSERT INTO d.t VALUES (2)');
        await caughtUp(first);

        const shared = await executedOf(first);
        const waited = await second.query(
          `STOP REPLICA; CHANGE REPLICATION SOURCE TO SOURCE_PORT=${port}; START REPLICA; SELECT WAIT_FOR_EXECUTED_GTID_SET('${shared}', 50)`,
        );
        expect(lastLine(waited)).toBe('0');
        await first.kill();
        await second.query('STOP REPLICA; SET GLOBAL read_only = 0; INSERT INTO d.t VALUES (3)');
        await root.query('STOP REPLICA');
        await root.query(change(second.port));
        await root.query('START REPLICA');
        await caughtUp(second);
        // Each transaction once: as many events of rows as there were inserts.
        const { rows } = await root.query('SHOW BINARY LOGS');
        let inserts = 0;
        for (const [name] of rows) {
          const events = await root.query(`SHOW BINLOG EVENTS IN '${name!.toString()}'`);
          inserts += events.rows.filter(([, , type]) => type!.toString() === 'Write_rows').length;
        }
        expect(inserts).toBe(3);
      } finally {
        await first.wipe();
      }
    });
  }, 120_000);
});

describe.skipIf(missingServers('mysql97'))('a relay', () => {
  test('whose clock jumps keeps what it has and goes on', async () => {
    await withServer('mysql97', 'clock', { args: ['--server-id=1', ...ARGS] }, async (source) => {
      await source.query(`${USER}; CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY AUTO_INCREMENT)`);
      let offset = 0;
      const relay = await openTestRelay(join(folder, 'clock'), {
        settings: { binlog_expire_logs_auto_purge: false, max_binlog_size: 4096 },
        parts: { now: () => Date.now() + offset },
      });
      const channel = await relay.streams.channels.configure(
        channelTo(source.port, { requireRowFormat: true }),
      );
      await channel.start(both);
      const DAY = 86_400_000;
      for (const jump of [0, 400 * DAY, -400 * DAY, 20 * 365 * DAY, -60 * DAY]) {
        offset = jump;
        await source.query('INSERT INTO d.t VALUES (); FLUSH BINARY LOGS; INSERT INTO d.t VALUES ()');
        const wanted = MysqlGtidSet.parse(await executedOf(source)).format();
        await untilApplied(channel, () => relay.streams.binaryLog.gtidExecuted === wanted);
        await relay.streams.binaryLog.rotate();
      }
      expect(relay.streams.binaryLog.gtidPurged).toBe('');
      expect(relay.streams.binaryLog.files.length).toBeGreaterThan(5);
      // A delay that ends when the clock says so, and not before.
      await channel.stop(both);
      const late = await relay.streams.channels.configure({ ...channel.configuration, sourceDelay: 3600 });
      offset = 0;
      await late.start(both);
      const before = relay.streams.binaryLog.gtidExecuted;
      await source.query('INSERT INTO d.t VALUES ()');
      await untilApplied(late, () => (late.status().applier.remainingDelay ?? 0) > 3000);
      expect(relay.streams.binaryLog.gtidExecuted).toBe(before);
      await relay.close();
    });
  }, 60_000);

  test('does not read ahead of a replica that does not read', async () => {
    await withServer('mysql97', 'slow', { args: ['--server-id=1', ...ARGS] }, async (source) => {
      await source.query(
        `${USER}; CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY AUTO_INCREMENT, b LONGBLOB)`,
      );
      const relay = await openTestRelay(join(folder, 'slow'));
      const channel = await relay.streams.channels.configure(channelTo(source.port));
      await channel.start(both);
      await source.query('INSERT INTO d.t (b) VALUES (REPEAT(0x61, 1000000));'.repeat(48));
      const wanted = MysqlGtidSet.parse(await executedOf(source)).format();
      await untilApplied(channel, () => relay.streams.binaryLog.gtidExecuted === wanted);
      const client = new SourceClient({
        connection: {
          host: '127.0.0.1',
          port: relay.server.port,
          user: 'repl',
          ssl: { sslMode: 'DISABLED' },
        },
        start: 'beginning',
      });
      const event = new RawEvent();
      while (!client.next(event)) await client.wait();
      const { dumpBytes } = relay.streams.counters;
      const memory = process.memoryUsage().rss;
      // Others go on meanwhile: the source writes as much again, and the relay takes it.
      await source.query('INSERT INTO d.t (b) VALUES (REPEAT(0x62, 1000000));'.repeat(16));
      const more = MysqlGtidSet.parse(await executedOf(source)).format();
      await untilApplied(channel, () => relay.streams.binaryLog.gtidExecuted === more);
      expect(relay.streams.counters.dumpBytes - dumpBytes).toBeLessThan(16_000_000);
      expect(process.memoryUsage().rss - memory).toBeLessThan(150_000_000);
      let rows = 0;
      while (rows < 64) {
        while (client.next(event)) if (event.type === 30) rows += 1;
        if (rows < 64) await client.wait();
      }
      client.close();
      await relay.close();
    });
  }, 60_000);
});
