import { expect, test } from 'vitest';
import { bindableReal } from './small-reals.ts';
import { openSqlite } from './sqlite.ts';

test('numbers of a REAL column are the very same, however small', async () => {
  const database = await openSqlite(':memory:');
  database.exec('CREATE TABLE t (r REAL)');
  const insert = database.prepare('INSERT INTO t VALUES (?)');
  const small = [5e-324, 2.2250738585072014e-308, 8.507132036611438e-261, 1.5e-17, 2 ** -52, 0.1, 1e300];
  const numbers = [...small, ...small.map((number) => -number), 0];
  for (const number of numbers) insert.run(bindableReal(number));
  const stored = database.prepare('SELECT r, typeof(r) kind FROM t ORDER BY rowid').all();
  expect(stored).toEqual(numbers.map((r) => ({ r, kind: 'real' })));
  database.close();
});
