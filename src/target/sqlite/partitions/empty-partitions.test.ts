import { expect, test } from 'vitest';
import { parseTableStatement } from '../../../sql/index.ts';
import { openSqlite, type SqliteDatabase, type SqliteValue } from '../../../store/index.ts';
import { Catalog, contextOfText, isKept, type Table } from '../../schema/index.ts';
import { createTable, quote } from '../definition/definition.ts';
import { emptyPartitions } from './empty-partitions.ts';

function tableOf(definition: string): Table {
  const catalog = new Catalog();
  const statement = parseTableStatement(Buffer.from(`CREATE TABLE t ${definition}`), { flavor: 'mariadb' });
  catalog.follow(statement, contextOfText('s', 'mariadb'));
  return catalog.get('s', 't')!;
}

/** What is left of rows with these values when partitions are emptied. */
async function left(
  definition: string,
  rows: readonly (SqliteValue | readonly SqliteValue[])[],
  ...partitions: readonly number[]
): Promise<SqliteValue[]> {
  const table = tableOf(definition);
  const database: SqliteDatabase = await openSqlite(':memory:');
  database.exec(createTable(table));
  const values = table.columns
    .filter(isKept)
    .map(() => '?')
    .join(', ');
  const insert = database.prepare(`INSERT INTO t VALUES (${values})`);
  for (const row of rows) insert.run(...(Array.isArray(row) ? (row as SqliteValue[]) : [row as SqliteValue]));
  try {
    emptyPartitions({ database }, table, partitions);
    const [first] = table.columns;
    return database
      .prepare(`SELECT ${quote(first!.name)} AS v FROM t ORDER BY rowid`)
      .all()
      .map(({ v }) => v!);
  } finally {
    database.close();
  }
}

const ranges = (...bounds: readonly string[]): string =>
  `(${bounds.map((bound, at) => `PARTITION p${at} VALUES LESS THAN (${bound})`).join(', ')})`;
const lists = (...values: readonly string[]): string =>
  `(${values.map((value, at) => `PARTITION p${at} VALUES IN (${value})`).join(', ')})`;

test('RANGE: NULL is the least, bounds are excluded, unsigned ones may be larger than SQLite has room for', async () => {
  const integers = `(a INT) PARTITION BY RANGE (a) ${ranges('-5', '5', 'MAXVALUE')}`;
  expect(await left(integers, [null, -6, -5, 4, 5, 2147483647], 0)).toEqual([-5, 4, 5, 2147483647]);
  expect(await left(integers, [null, -6, -5, 4, 5], 1)).toEqual([null, -6, 5]);
  expect(await left(integers, [null, -6, -5, 4, 5], 1, 2)).toEqual([null, -6]);
  const large = `(a BIGINT UNSIGNED) PARTITION BY RANGE (a) ${ranges('9223372036854775808', '18446744073709551615', 'MAXVALUE')}`;
  const rows = [null, 7, '9223372036854775808', '18446744073709551615'];
  expect((await left(large, rows, 0)).map(String)).toEqual(['9223372036854775808', '18446744073709551615']);
  expect((await left(large, rows, 2)).map(String)).toEqual(['null', '7', '9223372036854775808']);
});

test('a row that lies in no partition is one too many', async () => {
  const definition = `(a INT) PARTITION BY LIST (a) ${lists('1, 2', 'NULL')}`;
  expect(await left(definition, [1, null], 1)).toEqual([1]);
  await expect(left(definition, [1, 3], 1)).rejects.toThrow('none of the partitions');
  const range = `(a INT) PARTITION BY RANGE (a * 2) ${ranges('5', '9')}`;
  expect(await left(range, [2, 3, 4], 1)).toEqual([2]);
  await expect(left(range, [2, 5], 0)).rejects.toThrow('none of the partitions');
});

test('HASH goes by the rest, without its sign, and NULL is the least integer', async () => {
  // As servers of both families put them.
  const rows = [null, 0, 1, -1, 2, -2];
  expect(await left('(a INT) PARTITION BY HASH (a) PARTITIONS 3', rows, 1)).toEqual([null, 0, 2, -2]);
  expect(await left('(a INT) PARTITION BY HASH (a) PARTITIONS 3', rows, 2)).toEqual([0, 1, -1]);
  const linear = '(a BIGINT UNSIGNED) PARTITION BY LINEAR HASH (a) PARTITIONS 5';
  const large = [null, 0, 1, 3, 4, 5, 6, 7, 8, '18446744073709551615', '9223372036854775808'];
  expect(await left(linear, large, 3)).toEqual([null, 0, 1, 4, 5, 6, 8, '9223372036854775808']);
  expect(await left(linear, large, 0, 1)).toEqual([3, 4, 6, 7, '18446744073709551615']);
});

test('what is no day is NULL to functions of days', async () => {
  const rows = [null, '0000-00-00', '2019-12-31', '2020-00-00', '2020-03-00', '2020-03-01', '2020-03-02'];
  for (const of of ['TO_DAYS', 'TO_SECONDS']) {
    const days = `(d DATE) PARTITION BY RANGE (${of}(d)) ${ranges(`${of}('2019-12-31')`, `${of}('2020-03-02')`, 'MAXVALUE')}`;
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await left(days, rows, 0)).toEqual(['2019-12-31', '2020-03-01', '2020-03-02']);
    // oxlint-disable-next-line no-await-in-loop -- the same
    expect(await left(days, rows, 1)).toEqual([null, '0000-00-00', '2020-00-00', '2020-03-00', '2020-03-02']);
  }
  const years = `(d DATE) PARTITION BY RANGE (YEAR(d)) ${ranges('1', '2020', 'MAXVALUE')}`;
  expect(await left(years, rows, 0)).toEqual(rows.slice(2));
  expect(await left(years, rows, 2)).toEqual(rows.slice(0, 3));
  await expect(
    left(
      `(d DATE) PARTITION BY RANGE (TO_DAYS(d)) ${ranges('1', "TO_DAYS('2025-01-01')", 'MAXVALUE')}`,
      ['2020-02-31'],
      2,
    ),
  ).rejects.toThrow('in no calendar');
});

test('TIMESTAMP counts in UTC, and its zero as 0', async () => {
  const rows = [
    null,
    '0000-00-00 00:00:00',
    '1970-01-01 00:00:01',
    '2020-03-01 23:59:59',
    '2020-03-02 00:00:00',
  ];
  const definition = `(t TIMESTAMP NULL) PARTITION BY RANGE (UNIX_TIMESTAMP(t)) ${ranges('0', '1', '1583107200', 'MAXVALUE')}`;
  expect(await left(definition, rows, 0)).toEqual(rows.slice(1));
  expect(await left(definition, rows, 1)).toEqual([null, ...rows.slice(2)]);
  expect(await left(definition, rows, 2)).toEqual([null, rows[1], rows[4]]);
  expect(await left(definition, rows, 3)).toEqual(rows.slice(0, 4));
});

test('the second of a fraction is below it', async () => {
  const rows = ['2020-03-01 23:59:59.000', '2020-03-01 23:59:59.001', '2020-03-02 00:00:00.000'];
  const of = (what: string) =>
    `(t TIMESTAMP(3) NULL) PARTITION BY RANGE (${what}(UNIX_TIMESTAMP(t))) ${ranges('1583107200', 'MAXVALUE')}`;
  expect(await left(of('FLOOR'), rows, 0)).toEqual([rows[2]]);
  expect(await left(of('CEILING'), rows, 0)).toEqual([rows[1], rows[2]]);
});

test('weeks begin with Sunday', async () => {
  const rows = ['2019-12-31', '2020-01-01', '2020-01-04 23:59:59', '2020-01-05', '2017-01-01', '2016-12-31'];
  const weeks = (bound: string) =>
    `(t DATETIME) PARTITION BY RANGE (YEARWEEK(t)) ${ranges(bound, 'MAXVALUE')}`;
  const kept = rows.map((row) => (row.length > 10 ? row : `${row} 00:00:00`));
  expect(await left(weeks('202001'), kept, 1)).toEqual([kept[0], kept[1], kept[2], kept[4], kept[5]]);
  expect(await left(weeks('201952'), kept, 0)).toEqual([kept[0], kept[1], kept[2], kept[3]]);
  expect(await left(weeks('201701'), kept, 0)).toEqual(kept.slice(0, 5));
});

test('calculations cut towards zero, FLOOR goes below', async () => {
  const calculated = `(a INT) PARTITION BY LIST (a DIV 2 + a % 3) ${lists('-2, -1', '0', '1, 2, 3, 4', 'NULL')}`;
  expect(await left(calculated, [null, -3, -1, 0, 1, 3, 5], 0)).toEqual([null, 0, 1, 3, 5]);
  const floors = `(c DECIMAL(8,2)) PARTITION BY LIST (FLOOR(c)) ${lists('-2, 0', '-1, 1, NULL')}`;
  expect(await left(floors, [null, '0.50', '-0.50', '-1.00', '1.99', '-1.01'], 0)).toEqual([
    null,
    '-0.50',
    '-1.00',
    '1.99',
  ]);
});

test('RANGE COLUMNS compares column by column', async () => {
  const definition = `(a INT, d DATETIME(2)) PARTITION BY RANGE COLUMNS (a, d) ${ranges("1, '2020-01-01'", '1, MAXVALUE', 'MAXVALUE, MAXVALUE')}`;
  const rows = [
    [null, '2021-01-01 00:00:00.00'],
    [0, null],
    [1, null],
    [1, '2020-01-01 00:00:00.00'],
    [2, '2019-01-01 00:00:00.00'],
  ];
  expect(await left(definition, rows, 0)).toEqual([1, 2]);
  expect(await left(definition, rows, 1)).toEqual([null, 0, 1, 2]);
  expect(await left(definition, rows, 2)).toEqual([null, 0, 1, 1]);
});

test('texts go by their collation, or stop', async () => {
  const rows = ['a', 'A', 'b', 'z', null];
  const bytes = `(s VARCHAR(9) COLLATE utf8mb4_bin) PARTITION BY RANGE COLUMNS (s) ${ranges("'a'", "'b'", 'MAXVALUE')}`;
  expect(await left(bytes, rows, 0)).toEqual(['a', 'b', 'z']);
  const folded = `(s VARCHAR(9)) COLLATE utf8mb4_general_ci PARTITION BY LIST COLUMNS (s) ${lists("'A'", "'B', 'z'", 'NULL')}`;
  expect(await left(folded, rows, 0)).toEqual(['b', 'z', null]);
  expect(await left(folded, ['a', 'Ä', 'B '], 0)).toEqual(['B ']);
  const weighed = `(s CHAR(9) COLLATE utf8mb4_0900_ai_ci) PARTITION BY RANGE COLUMNS (s) ${ranges("'e  '", "'straße'", 'MAXVALUE')}`;
  expect(await left(weighed, ['È', 'd', 'STRASRZ', 'Strasse', 'strass'], 1)).toEqual(['d', 'Strasse']);
  const rough = `(s VARCHAR(9) COLLATE utf8mb4_uca1400_as_ci) PARTITION BY LIST COLUMNS (s) ${lists("'A'", "'B'")}`;
  expect(await left(rough, ['a', 'b'], 0)).toEqual(['b']);
  await expect(left(rough, ['a', 'ä'], 0)).rejects.toThrow('whose place only the source knows');
  const other = `(s VARCHAR(9) COLLATE cp1251_general_ci) PARTITION BY LIST COLUMNS (s) ${lists("'A'", "'B', 'z'", 'NULL')}`;
  expect(await left(other, ['A', 'B', null], 0)).toEqual(['B', null]);
  await expect(left(other, ['a', 'B'], 1)).rejects.toThrow('collation');
  const usual = `(s VARCHAR(9)) CHARSET=latin1 PARTITION BY LIST COLUMNS (s) ${lists("'A'", "'B', 'z'", 'NULL')}`;
  expect(await left(usual, rows, 0)).toEqual(['b', 'z', null]);
  const padded = `(s VARCHAR(9) COLLATE latin1_bin) PARTITION BY LIST COLUMNS (s) ${lists("'a'", "'b'")}`;
  expect(await left(padded, ['a ', 'b'], 0)).toEqual(['b']);
});

test('the rest of a list is in its DEFAULT', async () => {
  const definition = '(a INT) PARTITION BY LIST (a) (PARTITION p0 VALUES IN (1, 2), PARTITION p1 DEFAULT)';
  expect(await left(definition, [1, 3, null], 1)).toEqual([1]);
});

test.each([
  ['(a INT, v INT AS (a + 1) VIRTUAL) PARTITION BY HASH (v) PARTITIONS 2', 'virtual'],
  [`(t TIMESTAMP(3) NULL) PARTITION BY RANGE (UNIX_TIMESTAMP(t)) ${ranges('1')}`, 'no integer'],
  [`(t TIME) PARTITION BY RANGE COLUMNS (t) ${ranges("'10:00:00'")}`, 'which is time'],
  [`(d DATE) PARTITION BY RANGE COLUMNS (d) ${ranges("'2020-1-1'")}`, 'no plain date'],
  [`(a INT) PARTITION BY RANGE (a) ${ranges('TO_DAYS(NOW())')}`, 'NOW'],
  [`(a INT) WITH SYSTEM VERSIONING PARTITION BY RANGE (a) ${ranges('1')}`, 'keeps the rows'],
])('of %s nothing is guessed', async (definition, reason) => {
  await expect(left(definition, [], 0)).rejects.toThrow(reason);
});
