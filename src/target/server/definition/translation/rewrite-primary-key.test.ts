import { expect, test } from 'vitest';
import { translate } from './translate.ts';

const existing = {
  types: new Map([
    ['id', 'int'],
    ['n', 'int'],
  ]),
  indexes: new Map([['primary', { isUnique: true, parts: [{ column: 'id', length: undefined }] }]]),
  constraints: new Set<string>(),
  partitions: new Set<string>(),
  hasPeriod: false,
};

const toMysql = (sql: string): string =>
  translate(Buffer.from(sql), { flavor: 'mariadb', charset: 'utf8mb4' }, 'mysql', {
    table: { existing },
  }).join();

test.each([
  [
    'CREATE TABLE t (id INT NULL PRIMARY KEY, v INT NULL)',
    'CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT NULL)',
  ],
  [
    "CREATE TABLE t (Id INT NULL DEFAULT NULL COMMENT 'NULL', `b c` TIMESTAMP NULL, v INT DEFAULT NULL, CONSTRAINT k PRIMARY KEY USING BTREE (`id`, `B C` DESC))",
    "CREATE TABLE t (Id INT NOT NULL COMMENT 'NULL', `b c` TIMESTAMP NOT NULL, v INT DEFAULT NULL, CONSTRAINT k PRIMARY KEY USING BTREE (`id`, `B C` DESC))",
  ],
  [
    'CREATE TABLE t (id INT NULL KEY, u INT NULL UNIQUE KEY, a INT DEFAULT (COALESCE(NULL, 1)) NULL)',
    'CREATE TABLE t (id INT NOT NULL KEY, u INT NULL UNIQUE KEY, a INT DEFAULT (COALESCE(NULL, 1)) NULL)',
  ],
  [
    'ALTER TABLE t MODIFY id BIGINT NULL FIRST, ADD x INT NULL',
    'ALTER TABLE t MODIFY id BIGINT NOT NULL FIRST, ADD x INT NULL',
  ],
  ['ALTER TABLE t CHANGE id i2 INT DEFAULT NULL', 'ALTER TABLE t CHANGE id i2 INT'],
  [
    'ALTER TABLE t DROP PRIMARY KEY, MODIFY id INT NULL',
    'ALTER TABLE t DROP PRIMARY KEY, MODIFY id INT NULL',
  ],
  [
    'ALTER TABLE t DROP PRIMARY KEY, ADD k INT NULL DEFAULT 4, ADD PRIMARY KEY (n, k)',
    'ALTER TABLE t DROP PRIMARY KEY, ADD k INT NOT NULL DEFAULT 4, ADD PRIMARY KEY (n, k)',
  ],
])('columns of a primary key are not NULL: %s', (sql, expected) => {
  expect(toMysql(sql)).toBe(expected);
});
