import { expect, test } from 'vitest';
import { parseTableStatement, type TableStatement } from '../../../sql/index.ts';
import type { SourceLookUp } from '../../target.ts';
import { settledPartitions } from './settled-partitions.ts';

const MIDNIGHT = 1_585_699_200;

const source: SourceLookUp = {
  table: () => Promise.resolve(undefined),
  collation: () => Promise.resolve(undefined),
  explicitDefaultsForTimestamp: async () => undefined,
  systemTimeZone: async () => undefined,
  inZone: (moment) => Promise.resolve(moment === '2020-04-01 00:00:00' ? '2020-03-31 22:00:00' : undefined),
};

async function settled(sql: string, timeZone: string | undefined): Promise<TableStatement> {
  const statement = parseTableStatement(Buffer.from(sql));
  return settledPartitions(statement, { seconds: 0, microseconds: 0, timeZone }, source);
}

const integer = (value: number) => [[{ kind: 'integer', digits: String(value) }]];

test.each([
  ['+00:00', MIDNIGHT],
  ['-03:30', MIDNIGHT + 12_600],
  ['Europe/Oslo', MIDNIGHT - 7200],
])('in %s a moment that a partition ends with is %d', async (zone, seconds) => {
  const partition = "(PARTITION p VALUES LESS THAN (UNIX_TIMESTAMP('2020-04-01')))";
  const created = `CREATE TABLE t (u TIMESTAMP) PARTITION BY RANGE (UNIX_TIMESTAMP(u)) ${partition}`;
  const values = integer(seconds);
  expect(await settled(created, zone)).toMatchObject({ partitioning: { partitions: [{ values }] } });
  expect(await settled(`ALTER TABLE t ADD PARTITION ${partition}`, zone)).toMatchObject({
    changes: [{ change: { partitions: [{ values }] } }],
  });
  expect(await settled(`ALTER TABLE t REORGANIZE PARTITION p INTO ${partition}`, zone)).toMatchObject({
    changes: [{ change: { into: [{ values }] } }],
  });
});

test.each([
  ['Europe/Oslo', '2020-04-01 00:00:01'],
  [undefined, '2020-04-01'],
  ['+00:00', '2020-02-31'],
  ['+00:00', '2050-01-01'],
  ['+00:00', '2020-04-01 00:00:00.5'],
])('in %s, %s stays as it is written', async (zone, moment) => {
  const sql = `ALTER TABLE t ADD PARTITION (PARTITION p VALUES LESS THAN (UNIX_TIMESTAMP('${moment}')))`;
  expect(JSON.stringify(await settled(sql, zone))).toContain('UNIX_TIMESTAMP');
});
