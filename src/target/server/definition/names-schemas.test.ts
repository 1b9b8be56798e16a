import { expect, test } from 'vitest';
import { parseTableStatement } from '../../../sql/index.ts';
import { namesSchemas } from './names-schemas.ts';

const names = (sql: string): boolean => namesSchemas(parseTableStatement(Buffer.from(sql)));

test.each([
  'CREATE TABLE a.t (id INT)',
  'CREATE TABLE a.t LIKE b.t',
  'ALTER TABLE a.t ADD c INT, RENAME TO b.t',
  'RENAME TABLE a.t TO b.t, a.u TO a.t',
  'DROP TABLE IF EXISTS a.t, b.t',
  'TRUNCATE a.t',
  'CREATE INDEX i ON a.t (id)',
  'DROP DATABASE a',
])('%s needs no default schema', (sql) => {
  expect(names(sql)).toBe(true);
});

test.each([
  'CREATE TABLE t (id INT)',
  'CREATE TABLE a.t LIKE t',
  'ALTER TABLE a.t RENAME TO t',
  'RENAME TABLE a.t TO t',
  'DROP TABLE IF EXISTS a.t, t',
  'DROP INDEX i ON t',
  'ALTER DATABASE CHARACTER SET utf8mb4',
  'CREATE VIEW a.v AS SELECT * FROM t',
])('%s does', (sql) => {
  expect(names(sql)).toBe(false);
});
