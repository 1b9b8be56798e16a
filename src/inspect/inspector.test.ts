import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { EventFramer, loadZstd, RawEvent } from '../binlog/index.ts';
import type { Inspection } from './inspection.ts';
import { Inspector } from './inspector.ts';

function inspect(bytes: Buffer): Inspection {
  const inspector = new Inspector();
  inspector.startFile('shop.binlog');
  const framer = new EventFramer();
  framer.adopt(bytes.subarray(4));
  const event = new RawEvent();
  while (framer.next(event)) inspector.event(event);
  inspector.endFile();
  return inspector.inspection();
}

const log = readFileSync(join(import.meta.dirname, '../../examples/shop.binlog'));

beforeAll(loadZstd);

describe('an inspection of a recorded log', () => {
  test('counts transactions as the server numbered them', () => {
    const { transactions, gtids } = inspect(log);
    expect(transactions.count).toBe(11);
    expect(transactions.sizes.reduce((sum, { count }) => sum + count, 0)).toBe(11);
    expect(gtids.seen).toMatch(/:1-11$/);
    expect(gtids.gaps).toBeUndefined();
  });

  test('counts rows, those of a compressed transaction too', () => {
    const { tables } = inspect(log);
    expect(tables).toMatchObject([
      { schema: 'shop', table: 'purchase', inserts: 5, updates: 1, deletes: 1 },
      { schema: 'shop', table: 'customer', inserts: 3, updates: 1, deletes: 0 },
    ]);
  });

  test('says what a row-only channel would refuse', () => {
    const { refused } = inspect(log);
    expect(refused.count).toBe(3);
    expect(refused.first.map(({ reason }) => reason)).toContain('temporaryTable');
  });

  test('finds a flipped bit by its checksum and goes on', () => {
    const damaged = Buffer.from(log);
    damaged[1000]! ^= 0x10;
    const { checksums, events } = inspect(damaged);
    expect(checksums.badCount).toBe(1);
    expect(events).toBe(inspect(log).events);
  });

  test('misses a transaction that was cut out', () => {
    const starts: number[] = [];
    const framer = new EventFramer();
    framer.adopt(Buffer.from(log.subarray(4)));
    const event = new RawEvent();
    while (framer.next(event)) if (event.name === 'GTID_LOG_EVENT') starts.push(event.position);
    const without = Buffer.concat([log.subarray(0, starts[3]), log.subarray(starts[4])]);
    expect(inspect(without).gtids.gaps).toMatch(/:4$/);
  });
});
