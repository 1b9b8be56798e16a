import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ForgetfulDisk } from '../../src/store/disk/forgetful-disk.ts';
import { openSqlite } from '../../src/store/index.ts';
import { missingServers, type RunningServer, startServer } from '../servers/index.ts';
import { channelTo, openTestRelay, type TestRelay, until, untilApplied } from './relay-streams.ts';

const BOTH = { receiver: true, applier: true } as const;

let server: RunningServer;
const folder = mkdtempSync(join(tmpdir(), 'rowlock-gap-'));
const missing = missingServers('mysql97');

beforeAll(async () => {
  if (missing !== undefined) return;
  server = await startServer('mysql97', `relay-gap-${process.pid}`, {
    args: ['--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--server-id=1'],
  });
  await server.query("CREATE USER repl@'%'; GRANT REPLICATION SLAVE, SELECT ON *.* TO repl@'%'");
}, 120_000);

afterAll(async () => {
  await server?.wipe();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function ids(): Promise<unknown[]> {
  const database = await openSqlite(join(folder, 'tables', 'a.sqlite'));
  try {
    return database
      .prepare('SELECT id FROM t ORDER BY id')
      .all()
      .map(({ id }) => id);
  } finally {
    database.close();
  }
}

test.skipIf(missing).each([
  ['at once', false, 'auto'],
  ['later', true, 'auto'],
  ['later, by positions', true, 'position'],
] as const)(
  'a target that stands before what a power cut took from the relay log is refused, given %s',
  async (_when, goesOnFirst, positioning) => {
    await server.query(
      'DROP DATABASE IF EXISTS a; RESET BINARY LOGS AND GTIDS; CREATE DATABASE a; CREATE TABLE a.t (id INT PRIMARY KEY); INSERT INTO a.t VALUES (1)',
    );
    rmSync(join(folder, 'tables'), { recursive: true, force: true });
    let disk = new ForgetfulDisk();
    const open = async (target: string): Promise<TestRelay> => {
      const relay = await openTestRelay(folder, {
        parts: { disk },
        settings: { rowlock_target: target, relay_log_purge: false, binlog_expire_logs_auto_purge: false },
      });
      await relay.streams.channels.configure(
        channelTo(server.port, { positioning, sourceLogFile: 'mysql-bin.000001', sourceLogPos: 4 }),
      );
      return relay;
    };
    const caughtUp = async (relay: TestRelay): Promise<void> => {
      const wanted = (await server.query('SELECT @@gtid_executed')).trim().split('\n').at(-1)!;
      await untilApplied(
        relay.streams.channels.all[0]!,
        () => relay.streams.binaryLog.gtidExecuted === wanted,
      );
    };
    const crash = async (relay: TestRelay): Promise<void> => {
      const next = disk.crash();
      await relay.close();
      disk = next;
    };

    let relay = await open('SQLITE');
    let channel = relay.streams.channels.all[0]!;
    await channel.start(BOTH);
    await caughtUp(relay);
    expect(await ids()).toEqual([1]);
    await channel.stop(BOTH);
    relay.settings['rowlock_target'] = '';
    await channel.start(BOTH);
    for (const id of [2, 3, 4]) await server.query(`INSERT INTO a.t VALUES (${id})`);
    await caughtUp(relay);
    await crash(relay);

    if (goesOnFirst) {
      relay = await open('');
      channel = relay.streams.channels.all[0]!;
      await channel.start(BOTH);
      await server.query('INSERT INTO a.t VALUES (5)');
      await caughtUp(relay);
      await relay.close();
    }

    relay = await open('SQLITE');
    channel = relay.streams.channels.all[0]!;
    await server.query('INSERT INTO a.t VALUES (6)');
    await channel.start(BOTH);
    await until(
      () => channel.status().applier.state === 'OFF',
      () => JSON.stringify(channel.status()),
    );
    const { lastError } = channel.status().applier;
    expect(lastError.number).toBe(1789);
    expect(lastError.message).toMatch(
      /^The target stands at relay-bin\.\d+, position \d+, and the relay log lost/,
    );
    expect(await ids()).toEqual([1]);
    // Without it, the channel goes on, and the binary log has all of it.
    relay.settings['rowlock_target'] = '';
    await channel.start(BOTH);
    await caughtUp(relay);
    await relay.close();
  },
  60_000,
);
