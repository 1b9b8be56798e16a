import { expect, test } from 'vitest';
import { openSqlite } from './sqlite.ts';

test('rows with an id that no double holds are inserted, and counted, and so are others from then on', async () => {
  const database = await openSqlite(':memory:');
  database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)');
  const insert = database.prepare('INSERT INTO t VALUES (?, 0)');
  const ids = [9_007_199_254_740_993n, 9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n];
  for (const id of ids) expect(insert.run(id)).toMatchObject({ changes: 1n });
  expect(database.prepare('UPDATE t SET n = 1').run()).toMatchObject({ changes: 3n });
  expect(database.prepare('SELECT n FROM t').all()).toEqual(Array(3).fill({ n: 1 }));
  database.close();
});
