import { expect, test } from 'vitest';
import type { ExistingIndex } from './existing-table.ts';
import { translate } from './translate.ts';

const NONE = {
  indexes: new Map<string, ExistingIndex>(),
  constraints: new Set<string>(),
  partitions: new Set<string>(),
  hasPeriod: false,
};

const toMysql = (sql: string, types: readonly (readonly [string, string])[] = []): string[] =>
  translate(Buffer.from(sql), { flavor: 'mariadb', charset: 'utf8mb4' }, 'mysql', {
    table: { existing: { ...NONE, types: new Map([['id', 'int'], ...types]) } },
  });

test('what MariaDB holds to be unique by hashes is not asked of MySQL', () => {
  expect(
    toMysql(
      'CREATE TABLE t (id INT UNIQUE, a BLOB NOT NULL UNIQUE KEY, g POINT UNIQUE, b VARCHAR(500), c VARCHAR(500), UNIQUE (a), CONSTRAINT u UNIQUE KEY v (b, c), UNIQUE (b), UNIQUE w (a(20)))',
    ),
  ).toEqual([
    'CREATE TABLE t (id INT UNIQUE, a BLOB NOT NULL, g POINT, b VARCHAR(500), c VARCHAR(500), UNIQUE (b), UNIQUE w (a(20)))',
  ]);
  expect(
    toMysql('ALTER TABLE t ADD UNIQUE u (a), ADD b TEXT UNIQUE, ADD CONSTRAINT UNIQUE (id)', [
      ['a', 'longtext'],
    ]),
  ).toEqual(['ALTER TABLE t ADD b TEXT, ADD CONSTRAINT UNIQUE (id)']);
  expect(toMysql('CREATE UNIQUE INDEX u ON t (id, a)', [['a', 'blob']])).toEqual([]);
  // MariaDB takes their beginning by itself.
  expect(toMysql('CREATE INDEX u ON t (a)', [['a', 'text']])).toEqual([]);
  expect(
    toMysql('CREATE TABLE t (id INT, a TEXT, KEY (a), KEY k (id), KEY (a(9)), FULLTEXT KEY (a))'),
  ).toEqual(['CREATE TABLE t (id INT, a TEXT, KEY k (id), KEY (a(9)), FULLTEXT KEY (a))']);
  expect(toMysql('CREATE INDEX u ON t (id, a(3))', [['a', 'blob']])).toEqual([
    'CREATE INDEX u ON t (id, a(3))',
  ]);
});

test('an index over a column that becomes larger than MySQL takes there goes', () => {
  const part = (column: string, length?: number) => ({ column, length });
  const indexes = new Map<string, ExistingIndex>([
    ['primary', { isUnique: true, parts: [part('id')] }],
    ['a b', { isUnique: false, parts: [part('id'), part('a')] }],
    ['begin', { isUnique: false, parts: [part('a', 20)] }],
    ['words', { isUnique: false, parts: [part('a', 0)] }],
    ['u', { isUnique: true, parts: [part('b'), part('c')] }],
  ]);
  const types = new Map([
    ['id', 'int'],
    ['a', 'varchar(100)'],
    ['b', 'varchar(300)'],
    ['c', 'varchar(300)'],
  ]);
  const altered = (sql: string): string[] =>
    translate(Buffer.from(sql), { flavor: 'mariadb', charset: 'utf8mb4' }, 'mysql', {
      table: { existing: { ...NONE, types, indexes } },
    });
  expect(altered('ALTER TABLE t MODIFY A MEDIUMTEXT NOT NULL')).toEqual([
    'ALTER TABLE t MODIFY A MEDIUMTEXT NOT NULL, DROP INDEX `a b`',
  ]);
  expect(altered('ALTER TABLE t CHANGE COLUMN b d VARCHAR(600), MODIFY a VARCHAR(900)')).toEqual([
    'ALTER TABLE t CHANGE COLUMN b d VARCHAR(600), MODIFY a VARCHAR(900), DROP INDEX `u`',
  ]);
  for (const sql of [
    'ALTER TABLE t MODIFY a TEXT, DROP KEY `a b`',
    'ALTER TABLE t MODIFY b VARCHAR(400)',
    'ALTER TABLE t ADD e TEXT',
  ])
    expect(altered(sql)).toEqual([sql]);
});
