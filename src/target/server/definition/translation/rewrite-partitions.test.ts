import { describe, expect, it } from 'vitest';
import type { ExistingTable } from './existing-table.ts';
import { translate } from './translate.ts';

const withPartitions = (...names: readonly string[]): ExistingTable => ({
  types: new Map([
    ['a', 'int'],
    ['c', 'varchar(9) utf8mb4'],
    ['d', 'date'],
  ]),
  indexes: new Map(),
  constraints: new Set(),
  partitions: new Set(names),
  hasPeriod: false,
});

const toMysql = (sql: string, existing?: ExistingTable): string[] =>
  translate(Buffer.from(sql), { flavor: 'mariadb', charset: 'utf8mb4' }, 'mysql', { table: { existing } });
const toMariadb = (sql: string, existing?: ExistingTable): string[] =>
  translate(Buffer.from(sql), { flavor: 'mysql', charset: 'utf8mb4' }, 'mariadb', { table: { existing } });

describe('partitions of the other family', () => {
  it.each([
    "RANGE (TO_DAYS(d)) (PARTITION p VALUES LESS THAN (TO_DAYS('2020-01-01')), PARTITION q VALUES LESS THAN MAXVALUE)",
    "RANGE COLUMNS(d, a) (PARTITION p VALUES LESS THAN ('2020-01-01', 5))",
    'LIST (a) SUBPARTITION BY HASH (a) SUBPARTITIONS 2 (PARTITION p VALUES IN (1, NULL))',
    'HASH (a DIV 10 + 1) PARTITIONS 3',
    'LINEAR HASH (YEAR(d)) PARTITIONS 3',
  ])('are kept that both spread rows alike by: %s', (by) => {
    const create = `CREATE TABLE t (a INT, d DATE) PARTITION BY ${by}`;
    expect(toMysql(create)).toEqual([create]);
    expect(toMariadb(create)).toEqual([create]);
    const alter = `ALTER TABLE t ADD e INT PARTITION BY ${by}`;
    expect(toMysql(alter, withPartitions())).toEqual([alter]);
    expect(toMariadb(alter, withPartitions())).toEqual([alter]);
  });

  it.each([
    'KEY (a) PARTITIONS 3',
    "LIST COLUMNS (c) (PARTITION p VALUES IN ('x'))",
    'HASH (YEAR(d) + a) PARTITIONS 3',
    'nothing that anybody knows',
  ])('are not, where each has its own way: %s', (by) => {
    const create = 'CREATE TABLE t (a INT, c VARCHAR(9), d DATE)';
    expect(toMariadb(`${create} PARTITION BY ${by}`)).toEqual([create]);
    expect(toMysql(`${create} PARTITION BY ${by}`)).toEqual([create]);
    expect(toMariadb(`ALTER TABLE t ADD e INT PARTITION BY ${by}`, withPartitions())).toEqual([
      'ALTER TABLE t ADD e INT REMOVE PARTITIONING',
    ]);
  });

  it('are those that MySQL has too', () => {
    const create = 'CREATE TABLE t (a INT)';
    expect(
      toMysql(`${create} PARTITION BY LIST (a) (PARTITION p VALUES IN (1), PARTITION q DEFAULT)`),
    ).toEqual([create]);
    expect(toMysql(`${create} PARTITION BY SYSTEM_TIME (PARTITION p HISTORY, PARTITION q CURRENT)`)).toEqual([
      create,
    ]);
    expect(
      toMysql(`${create} PARTITION BY RANGE (a) (p VALUES LESS THAN (1), PARTITION q VALUES LESS THAN (2))`),
    ).toEqual([
      `${create} PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (1), PARTITION q VALUES LESS THAN (2))`,
    ]);
  });

  it('are stored where the target puts them', () => {
    expect(
      toMariadb(
        "CREATE TABLE t (a INT) ENGINE=InnoDB PARTITION BY HASH (a) (PARTITION engine STORAGE ENGINE = InnoDB DATA DIRECTORY = '/x' COMMENT = 'y', PARTITION q ENGINE InnoDB TABLESPACE s)",
      ),
    ).toEqual(["CREATE TABLE t (a INT) PARTITION BY HASH (a) (PARTITION engine COMMENT = 'y', PARTITION q)"]);
  });

  it('change, come and go as at the source', () => {
    for (const change of [
      'REORGANIZE PARTITION p INTO (PARTITION a VALUES LESS THAN (3), PARTITION b VALUES LESS THAN MAXVALUE)',
      'REMOVE PARTITIONING',
      'COALESCE PARTITION 1',
      'ADD PARTITION (PARTITION c VALUES IN (4))',
      'REBUILD PARTITION ALL',
      'DROP PARTITION p, q',
      'TRUNCATE PARTITION p',
      'EXCHANGE PARTITION p WITH TABLE s.u',
    ]) {
      const sql = `ALTER TABLE s.t ${change}`;
      expect(toMariadb(sql, withPartitions('p', 'q'))).toEqual([sql]);
      expect(toMysql(sql, withPartitions('p', 'q'))).toEqual([sql]);
    }
    expect(toMariadb('ALTER TABLE s.t TRUNCATE PARTITION ALL')).toEqual(['TRUNCATE TABLE s.t']);
  });

  it('are named under conditions in MariaDB, and not in MySQL', () => {
    const of = (sql: string): string[] => toMysql(sql, withPartitions('p', 'q'));
    expect(of('ALTER TABLE t DROP PARTITION IF EXISTS o, p')).toEqual(['ALTER TABLE t DROP PARTITION p']);
    expect(of('ALTER TABLE t DROP PARTITION IF EXISTS o')).toEqual([]);
    expect(of('ALTER TABLE IF EXISTS t DROP PARTITION q')).toEqual(['ALTER TABLE t DROP PARTITION q']);
    expect(toMysql('ALTER TABLE IF EXISTS t DROP PARTITION q')).toEqual([]);
    // A table without any says so itself: its rows are still there.
    expect(toMysql('ALTER TABLE t DROP PARTITION IF EXISTS o', withPartitions())).toEqual([
      'ALTER TABLE t DROP PARTITION o',
    ]);
    expect(of('ALTER TABLE t ADD PARTITION IF NOT EXISTS (r VALUES IN (1))')).toEqual([
      'ALTER TABLE t ADD PARTITION (PARTITION r VALUES IN (1))',
    ]);
  });

  it('are left out once the target has refused them', () => {
    const options = { flavor: 'mysql', charset: 'utf8mb4' } as const;
    const given = (sql: string): string[] =>
      translate(Buffer.from(sql), options, 'mariadb', { withoutPartitions: true });
    expect(given('CREATE TABLE t (a INT) PARTITION BY HASH (a)')).toEqual(['CREATE TABLE t (a INT)']);
    expect(given('ALTER TABLE t ADD b INT PARTITION BY HASH (a)')).toEqual(['ALTER TABLE t ADD b INT']);
    expect(given('ALTER TABLE t ADD b INT REMOVE PARTITIONING')).toEqual(['ALTER TABLE t ADD b INT']);
  });
});
