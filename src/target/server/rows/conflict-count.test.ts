import { expect, test } from 'vitest';
import { COUNTERS } from './conflict-count.ts';

const updated = (info: string): number =>
  COUNTERS.updated({ affectedRows: 0n, info: Buffer.from(info) }, 1).count;

test('an update that finds no row is a conflict, and one that was done before under the same GTID is none', () => {
  expect(updated('Rows matched: 0  Changed: 0  Warnings: 0')).toBe(1);
  expect(updated('Rows matched: 1  Changed: 1  Warnings: 0')).toBe(0);
  expect(updated('')).toBe(0);
});
