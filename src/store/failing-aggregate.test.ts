import { expect, test } from 'vitest';
import { openSqlite } from './sqlite.ts';

test('what a step throws comes out of the query, whichever SQLite it is, and the next one is not concerned', async () => {
  const database = await openSqlite(':memory:');
  database.aggregate('no_three', {
    start: () => 0,
    step: (count, value) => {
      if (value === 3) throw new RangeError('a three');
      return count + 1;
    },
    result: (count) => count,
  });
  const numbers = (most: number, sql: string): unknown =>
    database
      .prepare(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${most}) ${sql}`)
      .all()
      .map(Object.values);
  for (const sql of [
    'SELECT no_three(i) FROM n',
    'SELECT i % 2, no_three(i) FROM n GROUP BY 1',
    'SELECT (SELECT no_three(m.i) FROM n m WHERE m.i <= n.i) FROM n',
  ]) {
    expect(() => numbers(5, sql)).toThrow('a three');
    expect(() => [...database.prepare(`WITH n (i) AS (VALUES (1), (3), (2)) ${sql}`).iterate()]).toThrow(
      'a three',
    );
  }
  expect(numbers(2, 'SELECT i, no_three(i) FROM n GROUP BY 1')).toEqual([
    [1, 1],
    [2, 1],
  ]);
  database.close();
});
