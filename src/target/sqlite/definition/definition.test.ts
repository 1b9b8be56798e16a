import { expect, test } from 'vitest';
import { parseTableStatement } from '../../../sql/index.ts';
import { openSqlite } from '../../../store/index.ts';
import { Catalog, contextOfText } from '../../schema/index.ts';
import { createTable } from './definition.ts';

/** What a row of this table holds that is given nothing. */
async function defaultsOf(columns: string): Promise<unknown> {
  const catalog = new Catalog();
  const statement = parseTableStatement(Buffer.from(`CREATE TABLE t (${columns})`), { flavor: 'mysql' });
  catalog.follow(statement, contextOfText('s', 'mysql'));
  const database = await openSqlite(':memory:');
  database.exec(createTable(catalog.get('s', 't')!));
  database.exec('INSERT INTO t DEFAULT VALUES');
  const row = database.prepare('SELECT * FROM t').get();
  database.close();
  return row;
}

test('defaults may hold a quote and a NUL, which no statement of SQLite does', async () => {
  expect(await defaultsOf("a BINARY(2) DEFAULT '\\0\\0', b VARCHAR(9) DEFAULT 'it''s'")).toEqual({
    a: Uint8Array.of(0, 0),
    b: "it's",
  });
});
