import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
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
