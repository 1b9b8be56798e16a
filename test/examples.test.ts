import { join } from 'node:path';
import { expect, test } from 'vitest';
import { busiestTables } from '../examples/busiest-tables.ts';
import { changeLines } from '../examples/changes.ts';
import { maskColumn } from '../examples/mask-column.ts';
import { transactions } from '../examples/transactions.ts';
import { openLog } from '../src/index.ts';

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
