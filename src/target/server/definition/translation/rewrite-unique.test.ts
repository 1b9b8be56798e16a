import { expect, test } from 'vitest';
import { translate } from './translate.ts';

const NONE = { indexes: new Set<string>(), constraints: new Set<string>(), hasPeriod: false };

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
