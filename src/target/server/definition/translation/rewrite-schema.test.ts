import { expect, test } from 'vitest';
import { translate } from './translate.ts';

const toMysql = (sql: string): string[] =>
  translate(Buffer.from(sql), { flavor: 'mariadb', charset: 'utf8mb4' }, 'mysql');
const toMariadb = (sql: string): string[] =>
  translate(Buffer.from(sql), { flavor: 'mysql', charset: 'utf8mb4' }, 'mariadb');

test('a schema keeps its character set, and nothing that is of one family', () => {
  expect(toMysql("CREATE OR REPLACE DATABASE d COMMENT 'abc' CHARACTER SET latin1")).toEqual([
    'DROP DATABASE IF EXISTS d',
    'CREATE DATABASE d CHARACTER SET latin1',
  ]);
  expect(toMariadb("CREATE DATABASE d CHARSET latin1 DEFAULT ENCRYPTION = 'N'")).toEqual([
    'CREATE DATABASE d CHARSET latin1',
  ]);
  expect(toMariadb('ALTER DATABASE d READ ONLY = 1')).toEqual([]);
  expect(toMariadb('ALTER DATABASE d READ ONLY = 0 COLLATE utf8mb4_bin')).toEqual([
    'ALTER DATABASE d COLLATE utf8mb4_bin',
  ]);
});

test('so does a table', () => {
  expect(
    toMariadb(
      "CREATE TABLE t (v VECTOR, a INT AS (1) VIRTUAL NOT NULL COMMENT 'x', KEY (a)) ENCRYPTION 'N' TABLESPACE x STORAGE DISK DATA DIRECTORY '/a' COMMENT 'c' ROW_FORMAT=DYNAMIC",
    ),
  ).toEqual(["CREATE TABLE t (v VARBINARY(8192), a INT AS (1) VIRTUAL COMMENT 'x', KEY (a)) COMMENT 'c'"]);
  expect(toMariadb('ALTER TABLE t ENGINE=InnoDB, ADD encryption INT, ROW_FORMAT=FIXED, ORDER BY a')).toEqual([
    'ALTER TABLE t ADD encryption INT, ORDER BY a',
  ]);
  expect(toMysql('ALTER IGNORE TABLE t ADD y INT DEFAULT id, ADD z INT DEFAULT TRUE')).toEqual([
    'ALTER TABLE t ADD y INT DEFAULT (id), ADD z INT DEFAULT TRUE',
  ]);
  expect(
    translate(
      Buffer.from(
        'CREATE TABLE t (a DATE, b NUMBER, c NUMBER(5), d VARCHAR2(3), e CLOB, f BLOB(50), g mariadb_schema.date)',
      ),
      { flavor: 'mariadb', charset: 'utf8mb4', sqlMode: 0x200 },
      'mysql',
    ),
  ).toEqual([
    'CREATE TABLE t (a DATETIME, b DOUBLE, c DECIMAL(5), d VARCHAR(3), e LONGTEXT, f BLOB(50), g date)',
  ]);
});
