import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connect } from '../../src/connection/index.ts';
import { parseMysqlGtid } from '../../src/gtid/index.ts';
import { type ChannelConfiguration, NO_TARGET } from '../../src/relay/channel/configuration.ts';
import { NO_FILTERS } from '../../src/replication/index.ts';
import { openSqlite, type SqliteValue } from '../../src/store/index.ts';
import { missingServers, type RunningServer, reach, startServer, withServer } from '../servers/index.ts';
import { checksumsOf } from '../target/server-rows.ts';
import { lastLine } from './last-line.ts';
import { channelTo, openTestRelay, type TestRelay, until, untilApplied } from './relay-streams.ts';
import { servedIds } from './served-ids.ts';

const BOTH = { receiver: true, applier: true } as const;
const APPLIER = { receiver: false, applier: true } as const;

describe.skipIf(missingServers('mysql97') !== undefined)('a channel with SQLite as its target', () => {
  let server: RunningServer;
  let folder: string;
  let relay: TestRelay;

  beforeAll(async () => {
    server = await startServer('mysql97', `target-relay-${process.pid}`, {
      args: ['--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--server-id=1'],
      env: { TZ: 'UTC' },
    });
    await server.query("CREATE USER repl@'%'; GRANT REPLICATION SLAVE, SELECT ON *.* TO repl@'%'");
  }, 120_000);

  beforeEach(async () => {
    await server.query(
      `DROP DATABASE IF EXISTS a; DROP DATABASE IF EXISTS b; RESET BINARY LOGS AND GTIDS;
       CREATE DATABASE a; CREATE TABLE a.t (id INT PRIMARY KEY AUTO_INCREMENT, s VARCHAR(20)); INSERT INTO a.t (s) VALUES ('one'), ('two')`,
    );
    folder = mkdtempSync(join(tmpdir(), 'rowlock-relay-target-'));
    relay = await openTestRelay(folder, { settings: { rowlock_target: 'SQLITE' } });
    return async () => {
      await relay.close();
      rmSync(folder, { recursive: true, force: true });
    };
  });

  afterAll(() => server.wipe(), 60_000);

  const open = (changes: Partial<ChannelConfiguration> = {}) =>
    relay.streams.channels.configure(channelTo(server.port, changes));

  const executed = async (): Promise<string> =>
    lastLine(await server.query('SELECT @@gtid_executed')).replaceAll('\\n', '');
  const caughtUp = async (channel: Awaited<ReturnType<typeof open>>): Promise<void> => {
    const wanted = await executed();
    await untilApplied(channel, () => relay.streams.binaryLog.gtidExecuted.replaceAll('\n', '') === wanted);
  };

  async function rows(sql: string, schema = 'a', at = 'tables'): Promise<Record<string, SqliteValue>[]> {
    const database = await openSqlite(join(folder, at, `${schema}.sqlite`));
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  }

  test('has its rows in tables as soon as they are in its binary log', { timeout: 60_000 }, async () => {
    const channel = await open();
    await channel.start(BOTH);
    await caughtUp(channel);
    expect(await rows('SELECT * FROM t')).toEqual([
      { id: 1, s: 'one' },
      { id: 2, s: 'two' },
    ]);
    await server.query("UPDATE a.t SET s = 'zwei' WHERE id = 2; ALTER TABLE a.t ADD n INT DEFAULT 7");
    await caughtUp(channel);
    expect(await rows('SELECT * FROM t WHERE id = 2')).toEqual([{ id: 2, s: 'zwei', n: 7 }]);
    const { applier } = channel.status();
    expect(applier.lastProcessed.transaction).toMatch(/:\d+$/);
    expect(applier.lastProcessed.end).toBeGreaterThanOrEqual(applier.lastProcessed.start);
    expect(applier.processing.transaction).toBe('');
  });

  test('stops with the number of the server, and goes on once it is mended', {
    timeout: 60_000,
  }, async () => {
    const channel = await open();
    await channel.start(BOTH);
    await caughtUp(channel);
    const database = await openSqlite(join(folder, 'tables', 'a.sqlite'));
    database.exec('DELETE FROM t WHERE id = 2');
    await server.query("INSERT INTO a.t (s) VALUES ('three'); UPDATE a.t SET s = 'geheim' WHERE id = 2");
    await until(
      () => channel.status().applier.state === 'OFF',
      () => JSON.stringify(channel.status()),
    );
    const { lastError } = channel.status().applier;
    expect(lastError.number).toBe(1032);
    expect(lastError.message).toMatch(
      /^Could not execute Update_rows event on table a\.t; Can't find record in 't' \(id=2\), Error_code: 1032; the event's source log mysql-bin\.000001, end_log_pos \d+\./,
    );
    expect(lastError.message).not.toContain('geheim');
    // What came before counts, in both.
    expect(await rows("SELECT id FROM t WHERE s = 'three'")).toEqual([{ id: 3 }]);
    expect(relay.streams.binaryLog.gtidExecuted).not.toBe(await executed());
    database.exec("INSERT INTO t VALUES (2, 'two')");
    database.close();
    await channel.start(APPLIER);
    await caughtUp(channel);
    expect(await rows('SELECT * FROM t WHERE id = 2')).toEqual([{ id: 2, s: 'geheim' }]);
  });

  test('does not come back to what was passed over by its name', { timeout: 60_000 }, async () => {
    const channel = await open();
    await channel.start(BOTH);
    await caughtUp(channel);
    const database = await openSqlite(join(folder, 'tables', 'a.sqlite'));
    database.exec('DELETE FROM t WHERE id = 2');
    await server.query("UPDATE a.t SET s = 'three' WHERE id = 2");
    await until(
      () => channel.status().applier.state === 'OFF',
      () => JSON.stringify(channel.status()),
    );
    await relay.streams.binaryLog.executeEmpty(parseMysqlGtid((await executed()).replace(':1-', ':')));
    await channel.start(APPLIER);
    await untilApplied(channel, () => /has read all relay log/.test(channel.status().applier.stage));
    await channel.stop(APPLIER);
    // It could be applied by now, and was not to be.
    database.exec("INSERT INTO t VALUES (2, 'two')");
    database.close();
    await server.query("INSERT INTO a.t (s) VALUES ('four')");
    await channel.start(APPLIER);
    await caughtUp(channel);
    expect(await rows('SELECT s FROM t WHERE id > 1')).toEqual([{ s: 'two' }, { s: 'four' }]);
  });

  test('goes on behind what the target has, and begins anew after a reset', { timeout: 60_000 }, async () => {
    const channel = await open();
    await channel.start(BOTH);
    await caughtUp(channel);
    await channel.stop(BOTH);
    await server.query("INSERT INTO a.t (s) VALUES ('three')");
    await channel.start(BOTH);
    await caughtUp(channel);
    expect(await rows('SELECT count(*) AS n FROM t')).toEqual([{ n: 3 }]);
    await channel.stop(BOTH);
    await channel.reset();
    await server.query("INSERT INTO a.t (s) VALUES ('four')");
    await channel.start(BOTH);
    await caughtUp(channel);
    expect(await rows('SELECT count(*) AS n FROM t')).toEqual([{ n: 4 }]);
  });

  test('catches up where the binary log went on without it', { timeout: 60_000 }, async () => {
    const channel = await open({ target: { ...NO_TARGET, url: 'sqlite:mine' } });
    await channel.start(BOTH);
    await caughtUp(channel);
    await channel.stop(APPLIER);
    await relay.streams.channels.configure({
      ...channel.configuration,
      target: { ...NO_TARGET, url: 'none' },
    });
    await server.query("INSERT INTO a.t (s) VALUES ('three')");
    await channel.start(APPLIER);
    await caughtUp(channel);
    await channel.stop(APPLIER);
    await relay.streams.channels.configure({
      ...channel.configuration,
      target: { ...NO_TARGET, url: 'sqlite:mine' },
    });
    await server.query("INSERT INTO a.t (s) VALUES ('four')");
    await channel.start(APPLIER);
    await caughtUp(channel);
    expect(await rows('SELECT count(*) AS n FROM t', 'a', 'mine')).toEqual([{ n: 4 }]);
  });

  test('filters, privileges and UNTIL hold for the target too', { timeout: 60_000 }, async () => {
    await server.query(
      'CREATE DATABASE b; CREATE TABLE b.u (id INT PRIMARY KEY); INSERT INTO b.u VALUES (1)',
    );
    const set = await executed();
    const uuid = set.slice(0, 36);
    const channel = await open({ filters: { ...NO_FILTERS, ignoreTable: ['b.u'], rewriteDb: [['a', 'c']] } });
    await channel.start(BOTH, { kind: 'afterGtids', gtids: `${uuid}:1-3` });
    await until(
      () => channel.status().applier.state === 'OFF',
      () => JSON.stringify(channel.status()),
    );
    expect(channel.status().applier.lastError.message).toBe('');
    expect(relay.streams.binaryLog.gtidExecuted).toBe(`${uuid}:1-3`);
    expect(await rows('SELECT count(*) AS n FROM t', 'c')).toEqual([{ n: 2 }]);
    await channel.start(APPLIER);
    await caughtUp(channel);
    expect(await rows("SELECT name FROM sqlite_schema WHERE name = 'u'", 'b')).toEqual([]);
  });

  test('a server may be the target, and takes large transactions side by side', { timeout: 120_000 }, () =>
    withServer(
      'mysql97',
      'relay-behind',
      { args: ['--gtid-mode=ON', '--enforce-gtid-consistency=ON'] },
      async (behind) => {
        await behind.query("CREATE USER applier@'%' IDENTIFIED BY 'x'; GRANT ALL ON *.* TO applier@'%'");
        const target = {
          ...NO_TARGET,
          url: `mysql://applier@127.0.0.1:${behind.port}`,
          password: { kind: 'environment', name: 'X' },
          sslMode: 'REQUIRED',
        } as const;
        await server.query(
          `CREATE DATABASE b; CREATE TABLE b.large (s MEDIUMTEXT, id INT PRIMARY KEY); CREATE TABLE b.other LIKE b.large;
           CREATE TABLE a.number (i INT PRIMARY KEY); INSERT INTO a.number VALUES (1), (2), (3), (4), (5), (6)`,
        );
        const channel = await open({ target, filters: { ...NO_FILTERS, ignoreTable: ['a.t', 'a.number'] } });
        await channel.start(BOTH);
        await caughtUp(channel);
        const blocker = await connect(reach(behind));
        await blocker.query('BEGIN');
        await blocker.query('SELECT * FROM b.large FOR UPDATE');
        await server.query(
          `BEGIN; INSERT INTO b.large SELECT REPEAT('x', 1 << 20), i FROM a.number; INSERT INTO a.t (s) VALUES ('not here'); COMMIT;
           INSERT INTO b.other SELECT REPEAT('x', 1 << 20), i + 10 FROM a.number`,
        );
        const atWork = (): number =>
          channel.status().applier.workers.filter(({ applying }) => applying.transaction !== '').length;
        await until(
          () => atWork() === 2,
          () => JSON.stringify(channel.status()),
        );
        await blocker.query('ROLLBACK');
        await blocker.close();
        await caughtUp(channel);
        expect(await checksumsOf(behind, 'b')).toEqual(await checksumsOf(server, 'b'));
        expect(await servedIds(relay)).toEqual([1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16]);
      },
    ),
  );

  test('a transaction in parts goes to the target and the binary log once', {
    timeout: 120_000,
  }, async () => {
    const channel = await open();
    await channel.start(BOTH);
    await server.query(
      `CREATE TABLE a.big (id INT PRIMARY KEY AUTO_INCREMENT, s VARCHAR(1000)) ;
       INSERT INTO a.big (s) SELECT REPEAT('x', 1000) FROM information_schema.columns LIMIT 100;
       BEGIN; ${'INSERT INTO a.big (s) SELECT s FROM a.big LIMIT 2000; '.repeat(9)} COMMIT; INSERT INTO a.t (s) VALUES ('after')`,
    );
    await caughtUp(channel);
    const [line] = (await server.query('SELECT COUNT(*) FROM a.big')).split('\n').slice(1);
    expect(Number(line)).toBeGreaterThan(5000);
    expect(await rows('SELECT count(*) AS n FROM big')).toEqual([{ n: Number(line) }]);
    expect(await rows("SELECT count(*) AS n FROM t WHERE s = 'after'")).toEqual([{ n: 1 }]);
  });
});
