import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ServerError } from '../../src/errors/index.ts';
import type { ReadOrder } from '../../src/relay/index.ts';
import { Readers } from '../../src/relay/views/reading/readers.ts';
import { openSqlite, type SqliteDatabase } from '../../src/store/index.ts';
import { until } from './relay-streams.ts';
import { startTestReader } from './start-reader.ts';

let folder: string;
let state: SqliteDatabase;
let shop: SqliteDatabase;
let stock: SqliteDatabase;
let readers: Readers;
let children: ChildProcess[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rowlock-reading-'));
  [state, shop, stock] = (await Promise.all(
    ['rowlock', 'shop', '100% #1?'].map((name) => openSqlite(join(folder, `${name}.sqlite`))),
  )) as [SqliteDatabase, SqliteDatabase, SqliteDatabase];
  for (const database of [state, shop, stock]) database.exec('PRAGMA journal_mode = WAL');
  state.exec(
    "CREATE TABLE channels (channel TEXT PRIMARY KEY, applied INTEGER); INSERT INTO channels VALUES ('', 1)",
  );
  for (const database of [shop, stock])
    database.exec(
      `CREATE TABLE "(rowlock)" (channel TEXT PRIMARY KEY, applied INTEGER); INSERT INTO "(rowlock)" VALUES ('', 1);
       CREATE TABLE t (a INTEGER, b); INSERT INTO t VALUES (1, 'one'), (9007199254740993, x'00ff'), (NULL, 1.5)`,
    );
  shop.exec(
    'CREATE TABLE big (n INTEGER); WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 20000) INSERT INTO big SELECT n FROM r',
  );
});

afterAll(() => {
  for (const database of [state, shop, stock]) database.close();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  children = [];
  readers = new Readers(() => {
    const child = startTestReader();
    children.push(child);
    return child;
  });
});

afterEach(() => readers.close());

const order = (sql: string, more: Partial<ReadOrder> = {}): ReadOrder => ({
  sql,
  files: new Map([['shop', join(folder, 'shop.sqlite')]]),
  views: [],
  flavor: 'mysql',
  variables: new Map(),
  ...more,
});

/** Nobody lives to see its end. */
const ENDLESS = 'SELECT count(*) FROM shop.big a, shop.big b, shop.big c';
const interruption = new ServerError(1317, '70100', 'Query execution was interrupted');

/** In a process that is new, once it looks for the first row: the columns came before. */
async function endless(): Promise<{ readonly end: AbortController; readonly ended: Promise<unknown> }> {
  const end = new AbortController();
  const before = children.length;
  const ended = readers.read(order(ENDLESS), end.signal).catch((error: unknown) => error);
  await until(
    () => children.length > before,
    () => 'no process was started',
  );
  await once(children[before]!, 'message');
  return { end, ended };
}

test('values, names and places come back as they stand', async () => {
  const { origins, rows } = await readers.read(order('SELECT a, b, b AS B FROM shop.t'), undefined);
  expect(origins.map(({ name, table, column }) => [name, table, column])).toEqual([
    ['a', 't', 'a'],
    ['b', 't', 'b'],
    ['B', 't', 'b'],
  ]);
  expect(rows).toEqual([
    [1, 'one', 'one'],
    [9007199254740993n, new Uint8Array([0, 255]), new Uint8Array([0, 255])],
    [null, 1.5, 1.5],
  ]);
});

test('many rows come in batches, and one process serves query after query', async () => {
  const { rows } = await readers.read(
    order('SELECT n, hex(zeroblob(100)) FROM shop.big ORDER BY n'),
    undefined,
  );
  expect(rows).toHaveLength(20_000);
  expect(rows.at(-1)?.[0]).toBe(20_000);
  await expect(readers.read(order('SELECT a.n FROM shop.big a, shop.big b'), undefined)).rejects.toThrow(
    'MAX_JOIN_SIZE',
  );
  await expect(readers.read(order('SELECT * FROM shop.gone'), undefined)).rejects.toThrow(
    "Table 'shop.gone' doesn't exist",
  );
  const { rows: more } = await readers.read(order('SELECT count(*) FROM shop.t'), undefined);
  expect(more).toEqual([[3]]);
  expect(children).toHaveLength(1);
});

test('what views hold goes along, and functions ask for the variables of the session', async () => {
  const view = {
    schema: 'performance_schema',
    name: 'v',
    columns: [{ name: 'N', kind: 'integer', type: 'bigint', nullable: true }],
    values: [[1], [7]],
  } as const;
  const joined = order('SELECT v.N, t.b FROM performance_schema.v JOIN shop.t ON t.a = v.N', {
    views: [view],
  });
  expect((await readers.read(joined, undefined)).rows).toEqual([[1, 'one']]);
  expect((await readers.read(joined, undefined)).rows).toEqual([[1, 'one']]);
  const cut = order("SELECT mysql_joined(mysql_collected(n), ',') FROM shop.big", {
    variables: new Map([['group_concat_max_len', 3]]),
  });
  expect(await readers.read(cut, undefined)).toMatchObject({ rows: [['1,2']], warnings: [{ code: 1260 }] });
});

test('nothing is written, and no file is made', async () => {
  await expect(readers.read(order('DELETE FROM shop.t RETURNING a'), undefined)).rejects.toThrow('readonly');
  const missing = order('SELECT 1 FROM nope.t', { files: new Map([['nope', join(folder, 'nope.sqlite')]]) });
  await expect(readers.read(missing, undefined)).rejects.toThrow('unable to open');
});

test('a query ends at once when it is interrupted, in the middle of a step of SQLite; what is written meanwhile is seen by the next', async () => {
  const { end, ended } = await endless();
  const { rows } = await readers.read(order('SELECT count(*) FROM shop.t'), undefined);
  shop.exec('INSERT INTO t VALUES (5, NULL)');
  expect((await readers.read(order('SELECT count(*) FROM shop.t'), undefined)).rows).toEqual([
    [Number(rows[0]?.[0]) + 1],
  ]);
  end.abort(interruption);
  expect(await ended).toBe(interruption);
  // Its lock is gone with it: all that was written can go to the file itself.
  await readers.close();
  expect(shop.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()).toMatchObject({ busy: 0 });
  shop.exec('DELETE FROM t WHERE a = 5');
});

test('the fifth waits until one of four is over, and may leave the line', async () => {
  const four = [await endless(), await endless(), await endless(), await endless()];
  const leaving = new AbortController();
  const left = readers.read(order('SELECT 1'), leaving.signal).catch((error: unknown) => error);
  const served = readers.read(order('SELECT 5'), undefined);
  leaving.abort(interruption);
  expect(await left).toBe(interruption);
  expect(children.filter((child) => child.exitCode === null && child.signalCode === null)).toHaveLength(4);
  four[0]!.end.abort(interruption);
  expect((await served).rows).toEqual([[5]]);
  for (const { end } of four) end.abort(interruption);
  expect(await Promise.all(four.map(({ ended }) => ended))).toEqual(four.map(() => interruption));
});

test('files of several schemas are read together', async () => {
  const files = new Map([
    ['shop', join(folder, 'shop.sqlite')],
    ['stock', join(folder, '100% #1?.sqlite')],
  ]);
  const both = order('SELECT count(*) FROM shop.t JOIN stock.t AS u ON u.a = t.a', { files });
  expect((await readers.read(both, undefined)).rows).toEqual([[2]]);
});

test('a process that is killed by others fails its query alone', async () => {
  const { ended } = await endless();
  children[0]!.kill('SIGKILL');
  expect(await ended).toMatchObject({ errno: 1105, message: 'The process that read the tables ended' });
  expect((await readers.read(order('SELECT 2'), undefined)).rows).toEqual([[2]]);
});

test('where no process is to be had, the query says so', async () => {
  const none = new Readers(() =>
    spawn(join(folder, 'nothing'), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }),
  );
  await expect(none.read(order('SELECT 1'), undefined)).rejects.toMatchObject({ errno: 1135 });
  await expect(none.read(order('SELECT 1'), undefined)).rejects.toThrow(
    "Can't create a new thread (errno 2)",
  );
  await none.close();
});
