import { expect, test } from 'vitest';
import { openSqlite } from '../../store/index.ts';
import { Aggregates } from './aggregates.ts';

test('sums of many groups take the places of those that have ended', async () => {
  const database = await openSqlite(':memory:');
  const places: number[] = [];
  const aggregates = new Aggregates();
  aggregates.register({
    ...database,
    aggregate: (name: string, options: Parameters<typeof database.aggregate>[1]) =>
      database.aggregate(name, {
        ...options,
        start: () => {
          const place = options.start();
          if (name === 'mysql_exact_sum') places.push(Number(place));
          return place;
        },
      }),
  } as typeof database);
  const rows = database
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
        SELECT mysql_exact_sum(i || '.50') a, mysql_exact_sum('99999999999999999999.' || i) b FROM n GROUP BY i`,
    )
    .all();
  expect(rows).toHaveLength(1000);
  expect(Object.values(rows[999]!)).toEqual(['1000.50', '99999999999999999999.1000']);
  expect(Math.max(...places)).toBeLessThan(4);
  database.close();
});
