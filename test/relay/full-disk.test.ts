import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Disk, nodeDisk } from '../../src/store/index.ts';
import { missingServers, withServer } from '../servers/index.ts';
import { channelTo, openTestRelay, until, untilApplied } from './relay-streams.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-full-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The real disk, which fails when told to: for files whose path has this in it. */
function failing(): { disk: Disk; fail: { path: string; code: string } | undefined } {
  const state: { disk: Disk; fail: { path: string; code: string } | undefined } = {
    fail: undefined,
    disk: {
      ...nodeDisk,
      async open(path, mode) {
        const file = await nodeDisk.open(path, mode);
        return {
          write: async (pieces, position) => {
            const { fail } = state;
            if (fail === undefined || !path.includes(fail.path)) return file.write(pieces, position);
            // A part still fits: what a full disk really leaves.
            await file.write([Buffer.concat(pieces).subarray(0, 7)], position);
            throw Object.assign(new Error(`${fail.code}: no`), { code: fail.code, errno: -28 });
          },
          read: (into, position) => file.read(into, position),
          sync: () => file.sync(),
          truncate: (size) => file.truncate(size),
          size: () => file.size(),
          close: () => file.close(),
        };
      },
    },
  };
  return state;
}

test.skipIf(missingServers('mysql97')).each([
  ['relay-bin.', 'EIO', /Relay log write failure: .*the disk may be failing/],
  ['binlog.0', 'EFBIG', /lower max_binlog_size/],
  ['binlog.commits', 'EROFS', /read-only/],
])('a disk that takes no %s (%s) stops the channel, which goes on once it does', async (path, code, text) => {
  const args = ['--server-id=1', '--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin=mysql-bin'];
  await withServer('mysql97', 'full', { args }, async (source) => {
    await source.query(
      "CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'; RESET BINARY LOGS AND GTIDS; CREATE DATABASE d; CREATE TABLE d.t (a INT)",
    );
    const state = failing();
    const relay = await openTestRelay(join(folder, path), { parts: { disk: state.disk } });
    const channel = await relay.streams.channels.configure(channelTo(source.port));
    const both = { receiver: true, applier: true };
    await channel.start(both);
    await untilApplied(channel, () => channel.status().applier.transactionsApplied === 2);
    state.fail = { path, code };
    await source.query('INSERT INTO d.t VALUES (1); INSERT INTO d.t VALUES (2)');
    const errors = (): string => {
      const { receiver, applier } = channel.status();
      return receiver.lastError.message + applier.lastError.message;
    };
    await until(
      () => errors() !== '',
      () => JSON.stringify(channel.status()),
    );
    expect(errors()).toMatch(text);
    // Nothing that is not safe is said to be there.
    expect(relay.streams.binaryLog.gtidExecuted).toMatch(/:1-2$/);
    state.fail = undefined;
    await channel.stop(both);
    await channel.start(both);
    await untilApplied(channel, () => relay.streams.binaryLog.gtidExecuted.endsWith(':1-4'));
    await source.query('INSERT INTO d.t VALUES (3)');
    await untilApplied(channel, () => relay.streams.binaryLog.gtidExecuted.endsWith(':1-5'));
    expect(channel.status().applier.transactionsApplied).toBe(5);
    await relay.close();
  });
});

test.skipIf(missingServers('mysql97')).each([
  ['relay-bin.', 'receiver'],
  ['binlog.0', 'applier'],
  ['binlog.commits', 'applier'],
] as const)(
  'a disk that has no space for %s is waited for, and the channel goes on by itself',
  async (path, half) => {
    const args = ['--server-id=1', '--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin=mysql-bin'];
    await withServer('mysql97', 'waits', { args }, async (source) => {
      await source.query(
        "CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'; RESET BINARY LOGS AND GTIDS; CREATE DATABASE d; CREATE TABLE d.t (a INT)",
      );
      const state = failing();
      const relay = await openTestRelay(join(folder, `waits-${path}`), {
        parts: { disk: state.disk, fullRetryMs: 10 },
      });
      const { binaryLog } = relay.streams;
      const channel = await relay.streams.channels.configure(channelTo(source.port));
      const both = { receiver: true, applier: true };
      await channel.start(both);
      await untilApplied(channel, () => channel.status().applier.transactionsApplied === 2);
      state.fail = { path, code: 'ENOSPC' };
      await source.query('INSERT INTO d.t VALUES (1); INSERT INTO d.t VALUES (2)');
      await until(
        () => channel.status()[half].stage === 'Waiting for disk space',
        () => JSON.stringify(channel.status()),
      );
      expect(channel.status()[half]).toMatchObject({ state: 'ON', lastError: { number: 0 } });
      expect(relay.reports.map(String).join()).toMatch(
        /Disk is full writing '.*' \(OS errno 28 - No space left on device\)\. Waiting for someone to free space\.\.\./,
      );
      expect(binaryLog.gtidExecuted).toMatch(/:1-2$/);
      state.fail = undefined;
      await untilApplied(channel, () => binaryLog.gtidExecuted.endsWith(':1-4'));
      // It looks again after a moment, and what it waits for may have been applied by then.
      await until(
        () => channel.status()[half].stage !== 'Waiting for disk space',
        () => JSON.stringify(channel.status()),
      );
      // Somebody who stops, or ends the relay, does not wait for space.
      state.fail = { path, code: 'ENOSPC' };
      await source.query('INSERT INTO d.t VALUES (3)');
      await until(
        () => channel.status()[half].stage === 'Waiting for disk space',
        () => JSON.stringify(channel.status()),
      );
      if (half === 'receiver') {
        await channel.stop({ receiver: true, applier: false });
        expect(channel.status().receiver.state).toBe('OFF');
      }
      await relay.close();
      state.fail = undefined;
      const again = await openTestRelay(join(folder, `waits-${path}`), {
        channels: [channelTo(source.port)],
      });
      const resumed = again.streams.channels.get('')!;
      await resumed.start(both);
      await untilApplied(resumed, () => again.streams.binaryLog.gtidExecuted.endsWith(':1-5'));
      await again.close();
    });
  },
);
