import { expect, test } from 'vitest';
import { openSqlite } from '../../store/index.ts';
import { sqliteRefusal } from './refusal.ts';

test('what SQLite refuses by itself says so, and what to do', async () => {
  const database = await openSqlite(':memory:');
  const refused = (sql: string): unknown => {
    try {
      database.exec(sql);
    } catch (error) {
      return sqliteRefusal(error);
    }
    throw new Error('it was taken');
  };
  expect(refused('CREATE TABLE sqlite_x (a)')).toMatchObject({
    code: 'TARGET_REFUSED',
    message: 'SQLite: object name reserved for internal use: sqlite_x',
    hint: expect.stringMatching(/^SQLite has no room for this: leave the table out/),
  });
  const columns = Array.from({ length: 2500 }, (_, index) => `c${index}`).join();
  expect(refused(`CREATE TABLE w (${columns})`)).toMatchObject({ message: 'SQLite: too many columns on w' });
  database.close();
});

test('somebody who writes to the file is somebody else to wait for', () => {
  const busy = Object.assign(new Error('database is locked'), { errcode: 5 | (1 << 8) });
  expect(sqliteRefusal(busy)).toMatchObject({ hint: expect.stringMatching(/^Another program writes/) });
  expect(sqliteRefusal(new Error('database is locked'))).toBeUndefined();
});
