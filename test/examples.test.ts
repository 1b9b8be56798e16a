import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { busiestTables } from '../examples/busiest-tables.ts';
import { changeLines } from '../examples/changes.ts';
import { follow } from '../examples/follow.ts';
import { maskColumn } from '../examples/mask-column.ts';
import { transactions } from '../examples/transactions.ts';
import { openLog } from '../src/index.ts';
import { missingServers, withServer } from './servers/index.ts';

const shop = join(import.meta.dirname, '..', 'examples', 'shop.binlog');

test('changes.ts prints a line of JSON a row', async () => {
  const lines = await changeLines(shop);
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ schema: 'shop' });
});

test('busiest-tables.ts counts as many rows as changes.ts prints', async () => {
  const counts = await busiestTables(shop);
  expect([...counts.keys()].sort()).toEqual(['shop.customer', 'shop.purchase']);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  expect(total).toBe((await changeLines(shop)).length);
});

test('transactions.ts names the transactions of the log', async () => {
  expect(await transactions(shop)).toMatch(/^[0-9a-f-]{36}:\d+-\d+$/);
});

test('mask-column.ts leaves everything but the column as it was', async () => {
  const masked = await openLog(await maskColumn(shop, 'customer', 'email'), { verifyChecksums: true });
  const before = [...(await openLog(shop)).changes()];
  const after = [...masked.changes()];
  expect(after.length).toBe(before.length);
  after.forEach((change, at) => {
    const row = before[at]!.after;
    if (change.table === 'customer' && row !== undefined) {
      expect(change.after).toEqual({ ...row, email: row['email'] === null ? null : '***' });
    } else expect(change.after).toEqual(row);
  });
});

test.skipIf(missingServers('mysql97'))(
  'follow.ts goes on where it stood',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rowlock-follow-'));
    const file = join(folder, 'position.json');
    await withServer('mysql97', 'follow', {}, async ({ query, socket }) => {
      await query('CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY, b TEXT)');
      const connection = { user: 'root', socketPath: socket };
      const lines: string[] = [];
      /** Until so many lines came. */
      const until = async (count: number): Promise<void> => {
        const enough = new AbortController();
        const following = follow(
          connection,
          file,
          (line) => {
            lines.push(line);
            // The position of this transaction is not stored any more: it comes again.
            if (lines.length === count) enough.abort(new Error('enough'));
            enough.signal.throwIfAborted();
          },
          enough.signal,
        );
        await expect(following).rejects.toThrow('enough');
      };
      const inserting = (async () => {
        for (let a = 0; a < 50; a += 1) await query(`INSERT INTO d.t VALUES (${a}, 'x')`);
      })();
      await until(3);
      await inserting;
      const [first] = lines.map((line) => (JSON.parse(line) as { after: { a: number } }).after.a);
      const { gtids } = JSON.parse(readFileSync(file, 'utf8')) as { gtids: string };
      expect(gtids).toMatch(/^[0-9a-f-]{36}:1-\d+$/);
      lines.length = 0;
      await until(48 - first!);
      const again = lines.map((line) => (JSON.parse(line) as { after: { a: number } }).after.a);
      expect(again).toEqual(Array.from({ length: 48 - first! }, (_, at) => first! + 2 + at));
    });
    rmSync(folder, { recursive: true });
  },
  120_000,
);
