import { expect, test } from 'vitest';
import { translate } from './translate.ts';

const existing = {
  types: new Map([['a', 'int']]),
  indexes: new Map([['k', { isUnique: false, parts: [] }]]),
  constraints: new Set<string>(),
  partitions: new Set<string>(),
  hasPeriod: false,
};

const toMysql = (sql: string): string[] =>
  translate(Buffer.from(sql), { flavor: 'mariadb', charset: 'utf8mb4' }, 'mysql', { table: { existing } });
const toMariadb = (sql: string): string[] =>
  translate(Buffer.from(sql), { flavor: 'mysql', charset: 'utf8mb4' }, 'mariadb');

test('an index is made anew in two steps', () => {
  expect(toMysql('CREATE OR REPLACE UNIQUE INDEX k ON d.t (a)')).toEqual([
    'DROP INDEX k ON d.t',
    'CREATE UNIQUE INDEX k ON d.t (a)',
  ]);
  expect(toMysql('CREATE OR REPLACE INDEX l ON t (a)')).toEqual(['CREATE INDEX l ON t (a)']);
});

test('an index that the target has not is left out, and so is what changes it', () => {
  expect(toMariadb('CREATE INDEX f ON t (a, (a + 1))')).toEqual([]);
  expect(toMysql('CREATE VECTOR INDEX v ON t (a) M=5')).toEqual([]);
  expect(toMysql('DROP INDEX v ON t')).toEqual([]);
  expect(toMysql('DROP INDEX k ON t')).toEqual(['DROP INDEX k ON t']);
  expect(toMysql('ALTER TABLE t DROP INDEX v, RENAME KEY w TO x, ALTER INDEX v IGNORED, DROP KEY k')).toEqual(
    ['ALTER TABLE t DROP KEY k'],
  );
  expect(toMariadb('ALTER TABLE t RENAME INDEX f TO g, DROP KEY f')).toEqual([
    'ALTER TABLE t RENAME INDEX IF EXISTS f TO g, DROP KEY IF EXISTS f',
  ]);
  expect(toMysql('ALTER TABLE t ADD UNIQUE (a, p WITHOUT OVERLAPS), ADD b INT')).toEqual([
    'ALTER TABLE t ADD b INT',
  ]);
});

test('what hides and parses an index has other names', () => {
  expect(toMariadb('CREATE FULLTEXT INDEX f ON t (a) WITH PARSER ngram INVISIBLE')).toEqual([
    'CREATE FULLTEXT INDEX f ON t (a) IGNORED',
  ]);
  expect(toMysql('CREATE INDEX l ON t (a) NOT IGNORED')).toEqual(['CREATE INDEX l ON t (a) VISIBLE']);
});
