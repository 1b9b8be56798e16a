import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openStreams } from '../../src/relay/index.ts';
import type { OpenedStreams } from '../../src/relay/open-streams.ts';
import { ask } from './ask.ts';
import { startRelay } from './relay.ts';
import { openTestRelay } from './relay-streams.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-purging-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(['mysql', 'mariadb'] as const)(
  'a log of %s that was just closed can be purged: no look of the relay itself keeps it',
  async (flavor) => {
    const relay = await openTestRelay(join(folder, flavor), { flavor });
    const { binaryLog } = relay.streams;
    const kept: string[] = [];
    for (let i = 0; i < 50; i += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one file after the other
      await binaryLog.rotate();
      // oxlint-disable-next-line no-await-in-loop -- one file after the other
      kept.push(...(await binaryLog.purgeTo(binaryLog.end.file)));
    }
    expect(kept).toEqual([]);
    expect(binaryLog.files).toHaveLength(1);
    await relay.close();
  },
);

// From MySQL 9.7.4 and MariaDB 11.8.6, whose third file two copies of mysqlbinlog read.
test.each([
  [
    'mysql',
    'Warning,1867,file ./binlog.000003 was not purged because it was being read by 2 thread(s), purged only 2 out of 4 files.',
  ],
  ['mariadb', "Note,1375,Binary log 'binlog.000003' is not purged because it is in use by a slave thread"],
] as const)('a purge of %s tells of the file that it ended at, and who reads that', async (flavor, told) => {
  let streams!: OpenedStreams;
  const relay = await startRelay({
    flavor,
    openStreams: async (surroundings) => {
      streams = await openStreams(surroundings);
      return streams;
    },
  });
  const root = await relay.session();
  for (let made = 1; made < 5; made += 1) await ask(root, 'FLUSH BINARY LOGS');
  const readers = [1, 2].map(() =>
    streams.binaryLog.events('binlog.000003', 4, { offset: 0, count: 9 })[Symbol.asyncIterator](),
  );
  for (const reader of readers) await reader.next();
  await ask(root, "PURGE BINARY LOGS TO 'binlog.000005'");
  expect(await ask(root, 'SHOW WARNINGS')).toEqual([
    [...told.split(',').slice(0, 2), told.split(',').slice(2).join()],
  ]);
  expect(streams.binaryLog.files.map(({ name }) => name)).toEqual(
    [3, 4, 5].map((number) => `binlog.00000${number}`),
  );
  for (const reader of readers) await reader.return?.();
  await root.close();
  await relay.wipe();
});
