import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqlite } from '../../../store/index.ts';
import { SchemaFile } from './schema-file.ts';

let file: SchemaFile;

/** As updates of several rows find them, and rows without a key. */
const SOUGHT = [
  'UPDATE t AS was SET a = became.column1 FROM (VALUES (?, ?), (?, ?)) AS became WHERE was.id = became.column2',
  'DELETE FROM k WHERE rowid = (SELECT rowid FROM k WHERE a IS ? LIMIT 1)',
];

beforeEach(async () => {
  file = new SchemaFile('s', await openSqlite(':memory:'), 'c', 'origin');
  file.enter([]);
  file.database.exec(
    `CREATE TABLE t (id INTEGER PRIMARY KEY, a); CREATE TABLE k (a); CREATE INDEX "k.(lookup)" ON k (a);
     INSERT INTO t VALUES (0, 0); INSERT INTO k VALUES (0)`,
  );
});

afterEach(() => file.close());

/** The tables that are walked through. */
const walked = (): string[] =>
  SOUGHT.flatMap((sql) => file.database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all())
    .map(({ detail }) => String(detail))
    .filter((detail) => /^SCAN (was|k)/.test(detail));

/** Another group of the source. */
function group(): void {
  file.enter([]);
  for (const sql of SOUGHT) file.statement(sql);
  file.database.exec(
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
     INSERT INTO t SELECT i, i FROM n; INSERT INTO k SELECT a FROM t`,
  );
  file.flush('c', 2);
}

test('a table that was analyzed when it had one row is not walked through for each that is sought', () => {
  file.flush('c', 1);
  file.database.exec('ANALYZE');
  expect(walked()).toEqual(['SCAN was', 'SCAN k']);
  group();
  expect(walked()).toEqual([]);
});

test('a file that nobody has analyzed gets no statistics', () => {
  file.flush('c', 1);
  group();
  expect(walked()).toEqual([]);
  expect(file.database.prepare("SELECT name FROM sqlite_schema WHERE name LIKE '%stat%'").all()).toEqual([]);
});
