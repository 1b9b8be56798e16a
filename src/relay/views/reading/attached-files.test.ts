import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqlite, type SqliteDatabase } from '../../../store/index.ts';
import { attachFiles } from './attached-files.ts';

let folder: string;
let state: SqliteDatabase;
let shop: SqliteDatabase;
let stock: SqliteDatabase;
let reader: SqliteDatabase;
let beside: SqliteDatabase;

const pathOf = (name: string): string => join(folder, `${name}.sqlite`);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rowlock-attached-'));
  state = await openSqlite(pathOf('rowlock'));
  shop = await openSqlite(pathOf('shop'));
  stock = await openSqlite(pathOf('stock'));
  reader = await openSqlite(':memory:');
  beside = await openSqlite(':memory:');
  state.exec('PRAGMA journal_mode = WAL; CREATE TABLE channels (channel TEXT PRIMARY KEY, applied INTEGER)');
  state.exec("INSERT INTO channels VALUES ('', 1), ('other', 7)");
  for (const database of [shop, stock])
    database.exec(
      'PRAGMA journal_mode = WAL; CREATE TABLE "(rowlock)" (channel TEXT PRIMARY KEY, applied INTEGER)',
    );
  shop.exec(`INSERT INTO "(rowlock)" VALUES ('', 1), ('other', 7)`);
  stock.exec(`INSERT INTO "(rowlock)" VALUES ('', 1)`);
});

afterEach(() => {
  for (const database of [state, shop, stock, reader, beside]) database.close();
  rmSync(folder, { recursive: true });
});

const apply = (database: SqliteDatabase, to: number): void =>
  database.exec(
    database === state
      ? `UPDATE channels SET applied = ${to} WHERE channel = ''`
      : `UPDATE "(rowlock)" SET applied = ${to} WHERE channel = ''`,
  );

const attach = (pause: () => void): (() => void) =>
  attachFiles(
    reader,
    new Map([
      ['shop', pathOf('shop')],
      ['stock', pathOf('stock')],
    ]),
    beside,
    pause,
  );

const seen = (): unknown[] =>
  ['shop', 'stock'].map(
    (name) => reader.prepare(`SELECT applied FROM ${name}."(rowlock)" WHERE channel = ''`).get()?.['applied'],
  );

test('a group that only some files have yet is waited for', () => {
  apply(shop, 2);
  let pauses = 0;
  const detach = attach(() => {
    pauses += 1;
    if (pauses === 1) apply(stock, 2);
    if (pauses === 2) apply(state, 2);
  });
  expect(pauses).toBe(2);
  expect(seen()).toEqual([2, 2]);
  // What comes later is another group's.
  for (const database of [shop, stock, state]) apply(database, 3);
  expect(seen()).toEqual([2, 2]);
  detach();
});

test('a group that has nothing for a file is whole without it', () => {
  apply(shop, 2);
  apply(state, 2);
  const detach = attach(() => expect.unreachable());
  expect(seen()).toEqual([2, 1]);
  detach();
});

test('what a crash left ahead is read as it is', () => {
  apply(stock, 2);
  const detach = attach(() => undefined);
  expect(seen()).toEqual([1, 2]);
  detach();
  expect(reader.isTransaction).toBe(false);
  expect(reader.prepare('PRAGMA database_list').all()).toHaveLength(1);
});
