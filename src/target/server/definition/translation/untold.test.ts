import { expect, test } from 'vitest';
import { CatalogError } from '../../../schema/index.ts';
import type { ExistingIndex } from './existing-table.ts';
import { translate } from './translate.ts';

const existing = {
  types: new Map([
    ['u', 'binary(16)'],
    ['i', 'binary(4)'],
    ['c', 'char(36)'],
    ['row_end', 'datetime(6)'],
    ['v', 'vector(3)'],
    ['e', "enum('a','b') latin1"],
  ]),
  indexes: new Map<string, ExistingIndex>(),
  constraints: new Set<string>(),
  partitions: new Set<string>(),
  hasPeriod: false,
};

const toMysql = (sql: string, hasPeriod = false): string[] =>
  translate(Buffer.from(sql), { flavor: 'mariadb', charset: 'utf8mb4' }, 'mysql', {
    table: { existing: { ...existing, hasPeriod } },
  });

test('what happens to rows and is not in the log stops', () => {
  for (const [change, said] of [
    ['MODIFY u CHAR(36)', 'turns u, binary(16) in the target, into CHAR'],
    ['CHANGE COLUMN c x UUID', 'turns x, char(36) in the target, into UUID'],
    ['MODIFY i INET6', 'turns i, binary(4) in the target, into INET6'],
    ["ADD COLUMN v UUID NOT NULL DEFAULT '00112233-4455-6677-8899-aabbccddeeff'", 'adds v'],
    ['ADD v INT DEFAULT NEXTVAL(s)', 'adds v'],
    ['CONVERT PARTITION p TO TABLE q', 'CONVERT PARTITION moves rows'],
    ['FORCE, CONVERT TO CHARACTER SET utf16', 'converts e'],
    ['MODIFY i VECTOR(3)', 'turns i into a vector'],
    ['DISCARD TABLESPACE', 'DISCARD TABLESPACE moves rows'],
  ] as const) {
    const given = (): string[] => toMysql(`ALTER TABLE t ${change}`);
    expect(given, change).toThrow(CatalogError);
    expect(given, change).toThrow(said);
  }
});

test('what only looks like it goes on', () => {
  for (const change of [
    'CHANGE u v BINARY(16)',
    'CONVERT TO CHARACTER SET utf8mb4',
    'MODIFY i VARBINARY(8)',
    'CHANGE v w VECTOR(3) NOT NULL',
    'ADD discard INT, DROP import',
  ])
    expect(toMysql(`ALTER TABLE t ${change}`)).toEqual([`ALTER TABLE t ${change}`]);
  expect(toMysql('ALTER TABLE t CHANGE u v UUID, ADD w UUID')).toEqual([
    'ALTER TABLE t CHANGE u v BINARY(16), ADD w BINARY(16)',
  ]);
});

test('periods and versions of ALTER TABLE are about ordinary columns', () => {
  expect(toMysql('ALTER TABLE t ADD PERIOD IF NOT EXISTS FOR p (s, e), ADD x INT')).toEqual([
    'ALTER TABLE t ADD x INT',
  ]);
  expect(toMysql('ALTER TABLE t DROP PERIOD FOR p')).toEqual(['ALTER TABLE t']);
  expect(toMysql('ALTER TABLE t ADD SYSTEM VERSIONING')[0]).toMatch(
    /^ALTER TABLE t ADD COLUMN row_start DATETIME\(6\).*, ADD COLUMN row_end DATETIME\(6\)/,
  );
  expect(toMysql('ALTER TABLE t DROP SYSTEM VERSIONING')).toEqual([
    'ALTER TABLE t DROP COLUMN row_start, DROP COLUMN row_end',
  ]);
  expect(
    toMysql(
      'ALTER TABLE t ADD COLUMN e TIMESTAMP(6) GENERATED ALWAYS AS ROW END, ADD PERIOD FOR SYSTEM_TIME (s, e), ADD SYSTEM VERSIONING',
    ),
  ).toEqual(["ALTER TABLE t ADD COLUMN e DATETIME(6) COMMENT 'AS ROW END'"]);
});

test('the columns that MariaDB names by itself stay behind those that are added', () => {
  const [sql] = toMysql('ALTER TABLE t ADD a INT, ADD b INT FIRST, ADD (c INT)', true);
  expect(sql).toMatch(
    /^ALTER TABLE t ADD a INT, ADD b INT FIRST, ADD c INT, MODIFY COLUMN row_start .* AFTER c, MODIFY COLUMN row_end .* AFTER row_start$/,
  );
  expect(toMysql('ALTER TABLE t ADD b INT FIRST', true)).toEqual(['ALTER TABLE t ADD b INT FIRST']);
  expect(toMysql('ALTER TABLE t ADD SYSTEM VERSIONING, ADD a INT')[0]).toMatch(
    /^ALTER TABLE t ADD a INT, ADD COLUMN row_start .*, ADD COLUMN row_end/,
  );
});

test('what is left out takes nothing else along', () => {
  expect(toMysql('ALTER TABLE t ADD COLUMN IF NOT EXISTS x INT AS (1), DROP PERIOD IF EXISTS FOR p')).toEqual(
    ['ALTER TABLE t ADD COLUMN x INT AS (1)'],
  );
  expect(toMysql('CREATE TABLE t (CHECK (a > 0), CHECK (b > 0), u UUID)')[0]?.replace('( ', '(')).toBe(
    'CREATE TABLE t (u BINARY(16))',
  );
});
