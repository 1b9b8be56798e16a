import { describe, expect, it } from 'vitest';
import { parseTableStatement } from '../../../../sql/index.ts';
import type { SqliteValue } from '../../../../store/index.ts';
import { Catalog, contextOfText, type TableColumn } from '../../../schema/index.ts';
import type { AlterSession } from './conversion.ts';
import { conversion } from './convert.ts';

/** A quarter past five hours east of Greenwich. */
const SESSION: AlterSession = {
  flavor: 'mysql',
  padsChar: false,
  roundsFractions: true,
  zone: 5 * 3600 + 900,
  now: '2026-11-24 01:02:03',
};

function columnOf(type: string): TableColumn {
  const catalog = new Catalog();
  const sql = Buffer.from(`CREATE TABLE t (a ${type}) CHARSET utf8mb4`);
  catalog.follow(parseTableStatement(sql, { flavor: 'mysql' }), contextOfText('s', 'mysql'));
  return catalog.get('s', 't')!.columns[0]!;
}

function become(
  value: SqliteValue,
  from: string,
  to: string,
  session: Partial<AlterSession> = {},
): SqliteValue {
  const table = { schema: 's', name: 't' } as Parameters<typeof conversion>[0];
  return conversion(table, columnOf(from), columnOf(to), { ...SESSION, ...session })(value);
}

describe('values that are there become what servers make of them', () => {
  it.each<[SqliteValue, string, string, SqliteValue]>([
    ['b', "ENUM('a','b')", 'INT', 2n],
    ['x,z', "SET('x','y','z')", 'BIGINT', 5n],
    ['b', "ENUM('a','b')", 'DECIMAL(5,2)', '2.00'],
    ['b', "ENUM('a','b')", "ENUM('a','c')", ''],
    ['x,y', "SET('x','y')", "SET('z','y')", 'y'],
    [1.005, 'DOUBLE', 'DECIMAL(12,2)', '1.01'],
    [1e-5, 'DOUBLE', 'DECIMAL(12,6)', '0.000010'],
    [-1.5e9, 'DOUBLE', 'DECIMAL(20,1)', '-1500000000.0'],
    [Math.fround(0.1), 'FLOAT', 'DECIMAL(20,12)', '0.100000001490'],
    [2.5, 'DOUBLE', 'INT', 2n],
    [-3.5, 'DOUBLE', 'INT', -4n],
    [300n, 'INT', 'TINYINT', 127n],
    [-5n, 'BIGINT', 'BIGINT UNSIGNED', 0n],
    ['18446744073709551615', 'BIGINT UNSIGNED', 'BIGINT', 9223372036854775807n],
    [42n, 'INT(6) ZEROFILL', 'CHAR(8)', '000042'],
    [7n, 'INT UNSIGNED ZEROFILL', 'VARCHAR(20)', '0000000007'],
    [0n, 'YEAR', 'CHAR(4)', '0000'],
    [12n, 'INT', 'BINARY(4)', Buffer.from('12\0\0')],
    ['longer than that', 'VARCHAR(60)', 'VARCHAR(5)', 'longe'],
    ['Жx', 'VARCHAR(60)', 'VARCHAR(60) CHARACTER SET latin1', '?x'],
    ['2020-12-31 23:59:59.999999', 'DATETIME(6)', 'DATETIME(3)', '2021-01-01 00:00:00.000'],
    ['-10:59:59.5', 'TIME(1)', 'TIME', '-11:00:00'],
    ['2020-02-29 23:59:59', 'DATETIME', 'TIMESTAMP NULL', '2020-02-29 18:44:59'],
    ['2020-02-29 18:44:59', 'TIMESTAMP NULL', 'DATETIME(1)', '2020-02-29 23:59:59.0'],
    ['2020-02-29 18:45:00', 'TIMESTAMP NULL', 'DATE', '2020-03-01'],
    ['2020-02-29 18:45:00', 'TIMESTAMP NULL', 'VARCHAR(20)', '2020-03-01 00:00:00'],
    ['2020-01-01', 'DATE', 'TIMESTAMP NULL', '2019-12-31 18:45:00'],
    ['0000-00-00 00:00:00', 'DATETIME', 'TIMESTAMP NULL', '0000-00-00 00:00:00'],
    ['2020-01-02 03:04:05.5', 'VARCHAR(30)', 'DATETIME', '2020-01-02 03:04:06'],
    ['2020-01-02', 'VARCHAR(30)', 'DATE', '2020-01-02'],
    ['-100:00:00', 'VARCHAR(30)', 'TIME', '-100:00:00'],
    ['2020-01-02', 'DATE', 'INT', 20200102n],
    ['-03:04:05', 'TIME', 'INT', -30405n],
    [null, 'INT', 'INT NOT NULL DEFAULT 7', 0n],
    [null, "ENUM('a','b')", "ENUM('a','b') NOT NULL", ''],
    [null, 'DATE', 'DATE NOT NULL', '0000-00-00'],
    [null, 'TIMESTAMP NULL', 'TIMESTAMP NOT NULL', '2026-11-24 01:02:03'],
    [null, 'BIT(5)', 'DATE', null],
  ])('%o of %s in %s', (value, from, to, expected) => {
    expect(become(value, from, to)).toEqual(expected);
  });

  it('cut off where the session does not round', () => {
    const session = { roundsFractions: false };
    expect(become('2020-12-31 23:59:59.999', 'DATETIME(3)', 'DATETIME', session)).toBe('2020-12-31 23:59:59');
    expect(become('00:00:00.99', 'TIME(2)', 'TIME(1)', session)).toBe('00:00:00.9');
  });

  it.each<[SqliteValue, string, string]>([
    ['2', "ENUM('2','b')", "ENUM('a','b')"],
    ['A', "ENUM('A','b')", "ENUM('a','b')"],
    ['a', "ENUM('a','b')", "ENUM('á','b')"],
    [1n, 'BIT(5)', 'CHAR(5)'],
    [200n, 'INT', 'YEAR'],
    ['2040-01-01 00:00:00', 'DATETIME', 'TIMESTAMP NULL'],
    ['2020-02-31 00:00:00', 'DATETIME', 'TIMESTAMP NULL'],
    ['2020-02-31 23:59:59.9', 'DATETIME(1)', 'DATETIME'],
    ['838:59:59.9', 'TIME(1)', 'TIME'],
    ['2020-01-02 23:59:59.5', 'DATETIME(1)', 'DATE'],
    ['2020-1-2', 'VARCHAR(30)', 'DATE'],
    ['2020-02-31', 'VARCHAR(30)', 'DATE'],
    ['10:00', 'VARCHAR(30)', 'TIME'],
    ['12 apples', 'VARCHAR(30)', 'INT'],
    ['03:04:05.5', 'TIME(1)', 'INT'],
    [null, 'JSON', 'JSON NOT NULL'],
    [null, 'TIMESTAMP NULL', 'TIMESTAMP(3) NOT NULL'],
  ])('%o of %s is left to the source in %s', (value, from, to) => {
    expect(() => become(value, from, to)).toThrow('not in the log');
  });

  it('moments of a time zone that is not known are left to it too', () => {
    const unknown = { zone: undefined };
    for (const [from, to] of [
      ['DATETIME', 'TIMESTAMP NULL'],
      ['TIMESTAMP NULL', 'DATE'],
      ['TIMESTAMP NULL', 'VARCHAR(30)'],
    ] as const) {
      expect(() => become('2020-01-01 00:00:00', from, to, unknown)).toThrow('not in the log');
      expect(become(null, from, to, unknown)).toBeNull();
    }
    expect(become('2020-01-01 00:00:00', 'DATETIME', 'DATE', unknown)).toBe('2020-01-01');
  });
});
