import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RowsFlag } from '../../../binlog/index.ts';
import { parseTableStatement } from '../../../sql/index.ts';
import { openSqlite, type SqliteValue } from '../../../store/index.ts';
import { Catalog, contextOfText } from '../../schema/index.ts';
import { createIndexes, createTable } from '../definition/definition.ts';
import { SchemaFile } from '../files/schema-file.ts';
import { type HeldKeys, hasActions, ReferentialActions } from './referential-actions.ts';

let folder: string;
let file: SchemaFile;
let catalog: Catalog;

const context = contextOfText('s', 'mariadb');

/** Follows definitions, and makes the tables that they leave. */
function define(...statements: readonly string[]): void {
  for (const sql of statements)
    catalog.follow(parseTableStatement(Buffer.from(sql), { flavor: 'mariadb' }), context);
  for (const table of catalog.tables) {
    if (table.schema !== 's') continue;
    file.database.exec(createTable(table));
    for (const index of createIndexes(table)) file.database.exec(index);
  }
}

function gone(name: string, before: HeldKeys, now?: HeldKeys): void {
  new ReferentialActions(catalog, file).follow(catalog.get('s', name)!, before, now);
}

const rows = (sql: string): SqliteValue[][] =>
  file.database
    .prepare(sql)
    .all()
    .map((row) => Object.values(row) as SqliteValue[]);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rowlock-actions-'));
  file = new SchemaFile('s', await openSqlite(join(folder, 's.sqlite')), 'c', 'origin');
  catalog = new Catalog();
});

afterEach(() => {
  file.close();
  rmSync(folder, { recursive: true });
});

const PARENT = 'CREATE TABLE p (id INT PRIMARY KEY)';
const CHILD =
  'CREATE TABLE k (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE)';

test('rows that refer to one that goes or changes its key go, change or forget it, and so do theirs', () => {
  define(
    PARENT,
    `${CHILD.slice(0, -1)} ON UPDATE CASCADE)`,
    'CREATE TABLE g (id INT PRIMARY KEY, k INT REFERENCES k (id) ON DELETE SET NULL)',
  );
  file.database.exec('INSERT INTO k VALUES (10, 1), (11, 1), (20, 2); INSERT INTO g VALUES (1, 10), (2, 20)');
  gone('p', { id: 1 });
  expect(rows('SELECT * FROM k')).toEqual([[20, 2]]);
  expect(rows('SELECT * FROM g')).toEqual([
    [1, null],
    [2, 20],
  ]);
  gone('p', { id: 2 }, { id: 3n });
  expect(rows('SELECT * FROM k')).toEqual([[20, 3]]);
});

test('a table that refers to itself loses the whole branch', () => {
  define('CREATE TABLE t (id INT PRIMARY KEY, up INT, FOREIGN KEY (up) REFERENCES t (id) ON DELETE CASCADE)');
  file.database.exec('INSERT INTO t VALUES (1, NULL), (3, 2), (4, 3), (5, 1)');
  gone('t', { id: 2 });
  expect(rows('SELECT id FROM t')).toEqual([[1], [5]]);
});

test('foreign keys follow the names of tables and columns, and are there until they are dropped', () => {
  const keys = (): unknown[] => catalog.referring(catalog.get('s', 'q')!).map(({ key }) => key);
  define(
    PARENT,
    CHILD,
    'CREATE TABLE l LIKE k',
    'RENAME TABLE p TO q, k TO kk',
    'ALTER TABLE q CHANGE id ident BIGINT',
    'ALTER TABLE kk RENAME COLUMN p TO q',
  );
  expect(keys()).toMatchObject([{ name: 'kk_ibfk_1', columns: ['q'], parentColumns: ['ident'] }]);
  catalog.follow(parseTableStatement(Buffer.from('ALTER TABLE kk DROP FOREIGN KEY kk_ibfk_1'), {}), context);
  expect(keys()).toEqual([]);
});

test('a key of another schema stops, a row that nothing refers to does not', () => {
  define(
    PARENT,
    'CREATE TABLE o.k (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES s.p (id) ON DELETE CASCADE)',
  );
  expect(() => gone('p', { id: 1 })).toThrow(
    'foreign key k_ibfk_1 of o.k changes its rows with those of s.p',
  );
  gone('p', { id: 1 }, { id: 1n });
});

test('engines without foreign keys have none', () => {
  define(PARENT, `${CHILD} ENGINE=MyISAM`);
  expect(catalog.referring(catalog.get('s', 'p')!)).toEqual([]);
});

test('nothing more happens where the source looked at no foreign key, or logged what they did', () => {
  expect(hasActions(RowsFlag.STMT_END)).toBe(true);
  expect(hasActions(RowsFlag.NO_FOREIGN_KEY_CHECKS)).toBe(false);
  expect(hasActions(RowsFlag.USE_SQL_FOREIGN_KEY)).toBe(false);
});

test('rows that go for each other, more than any server lets go, are an error and not the end of the stack', () => {
  define('CREATE TABLE t (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES t (id) ON DELETE CASCADE)');
  const chain = (from: number, rows: number): void =>
    file.database.exec(
      `WITH RECURSIVE n (a) AS (SELECT ${from} UNION ALL SELECT a + 1 FROM n WHERE a < ${from + rows - 1}) INSERT INTO t SELECT a + 1, a FROM n`,
    );
  chain(0, 255);
  gone('t', { id: 0 });
  expect(rows('SELECT COUNT(*) FROM t')).toEqual([[0]]);
  chain(0, 256);
  expect(() => gone('t', { id: 0 })).toThrow(/more than 255 after one another/);
  chain(1000, 20_000);
  expect(() => gone('t', { id: 1000 })).toThrow(/more than 255 after one another/);
});
