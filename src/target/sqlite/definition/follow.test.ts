import { expect, test } from 'vitest';
import { parseTableStatement, plainType } from '../../../sql/index.ts';
import { openSqlite } from '../../../store/index.ts';
import type { Expressions } from '../../expressions.ts';
import { Catalog, contextOfText } from '../../schema/index.ts';
import { SchemaFile } from '../files/schema-file.ts';
import { follow } from './follow.ts';
import type { DefiningSource } from './new-column.ts';

const INTEGER = plainType('int');

const source: DefiningSource = {
  flavor: 'mariadb',
  clock: { seconds: 0, microseconds: 0 },
  moments: new Map(),
};

/** What becomes of rows of a table by a statement. */
async function changed(
  columns: string,
  rows: string,
  sql: string,
  by: DefiningSource = source,
): Promise<readonly object[]> {
  const file = new SchemaFile('s', await openSqlite(':memory:'), 'c', 'origin');
  const catalog = new Catalog();
  const carryOut = (text: string): void => {
    const statement = parseTableStatement(Buffer.from(text), { flavor: 'mariadb' });
    for (const change of catalog.follow(statement, contextOfText('s', 'mariadb')))
      follow(file, change as Parameters<typeof follow>[1], by);
  };
  try {
    file.enter([]);
    carryOut(`CREATE TABLE t (${columns})`);
    file.database.exec(`INSERT INTO t VALUES ${rows}`);
    carryOut(sql);
    return file.database.prepare('SELECT * FROM t').all();
  } finally {
    file.close();
  }
}

test.each(['ALTER IGNORE TABLE t ADD PRIMARY KEY (a)', 'ALTER IGNORE TABLE t ADD UNIQUE (a)'])(
  'rows that %s lets go stop the channel in words',
  async (sql) => {
    await expect(changed('a INT NOT NULL, b INT', '(1, 1), (1, 2)', sql)).rejects.toThrow(
      's.t a key that several of its rows share',
    );
  },
);

test('blanks that a CHAR gives back are only in what it becomes where sql_mode says so', async () => {
  const become = (type: string, padsChar: boolean): Promise<readonly object[]> =>
    changed('c CHAR(5)', "('a')", `ALTER TABLE t MODIFY c ${type}`, { ...source, padsChar });
  expect(await become('VARCHAR(9)', false)).toEqual([{ c: 'a' }]);
  expect(await become('CHAR(9)', true)).toEqual([{ c: 'a' }]);
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  for (const type of ['VARCHAR(9)', 'TEXT'])
    await expect(become(type, true)).rejects.toThrow('not in the log');
});

test('what a generated column is worked out of, and what is worked out of that, makes it anew', async () => {
  const columns = 'a INT, v INT AS (a + 1) VIRTUAL, h INT AS (v * 2) STORED';
  await expect(changed(columns, '(1, 4)', 'ALTER TABLE t MODIFY v INT AS (a + 2) VIRTUAL')).rejects.toThrow(
    'ALTER TABLE makes the generated column s.t.h anew, with values that only the source can work out',
  );
  expect(await changed(columns, '(1, 4)', 'ALTER TABLE t ADD b INT')).toEqual([{ a: 1, h: 4, b: null }]);
});

test('a default that is an expression is worked out for the rows that are there', async () => {
  const expressions: Expressions = {
    translate: (expression) =>
      expression === 'a + 1' ? { sql: 'a + 1', type: { ...INTEGER, name: 'bigint' } } : undefined,
    register: () => undefined,
  };
  const add = (given: string): Promise<readonly object[]> =>
    changed('a INT', '(1), (4)', `ALTER TABLE t ADD b INT DEFAULT (${given}) FIRST`, {
      ...source,
      expressions,
    });
  expect(await add('a + 1')).toEqual([
    { b: 2, a: 1 },
    { b: 5, a: 4 },
  ]);
  expect(await add('7')).toEqual([
    { b: 7, a: 1 },
    { b: 7, a: 4 },
  ]);
  await expect(add('UUID()')).rejects.toThrow('ALTER TABLE adds s.t.b with values that only the source');
});

test('columns that are said to be worked out of one another come to an end', async () => {
  expect(
    await changed('g INT AS (h) STORED, h INT AS (g) STORED', '(1, 2)', 'ALTER TABLE t ADD b INT'),
  ).toEqual([{ g: 1, h: 2, b: null }]);
  const names = Array.from({ length: 1900 }, (_, at) => `g${at}`);
  const chain = names.map((name, at) => `${name} INT AS (${names[at + 1] ?? '1'}) STORED`);
  const [row] = await changed(
    chain.join(', '),
    `(${names.map(() => 1).join(', ')})`,
    'ALTER TABLE t ADD b INT',
  );
  expect(row).toMatchObject({ g0: 1, g1899: 1, b: null });
});
