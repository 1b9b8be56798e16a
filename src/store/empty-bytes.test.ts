import { expect, test } from 'vitest';
import { openSqlite } from './sqlite.ts';

test('no bytes at all are no NULL: where they were read before, and from functions', async () => {
  const database = await openSqlite(':memory:');
  database.exec("CREATE TABLE t (a); INSERT INTO t VALUES (x'')");
  database.function('same', {}, (value) => value!);
  database.aggregate('no_bytes', { start: () => 0, step: (state) => state, result: () => new Uint8Array(0) });
  const read = database.prepare('SELECT a FROM t').get()!['a']!;
  const insert = database.prepare('INSERT INTO t VALUES (?)');
  for (const bytes of [read, Buffer.from(new ArrayBuffer(0)), Buffer.alloc(0)]) insert.run(bytes);
  expect(database.prepare('SELECT DISTINCT typeof(a) kind FROM t').all()).toEqual([{ kind: 'blob' }]);
  expect(
    database.prepare("SELECT same(x'') IS NULL a, no_bytes() IS NULL b, same(NULL) IS NULL c FROM t").get(),
  ).toEqual({
    a: 0,
    b: 0,
    c: 1,
  });
  const all = database.prepare('SELECT ? IS NULL a');
  expect([all.get(read), all.all(read)[0], [...all.iterate(read)][0]]).toEqual(Array(3).fill({ a: 0 }));
  database.close();
});
