import { expect, test } from 'vitest';
import { sourceOfComment } from './rewrite-generated.ts';
import { translate } from './translate.ts';

const toMariadb = (sql: string, isRefused: boolean): string[] =>
  translate(Buffer.from(sql), { flavor: 'mysql', charset: 'utf8mb4' }, 'mariadb', {
    refused: isRefused ? 3 : 0,
  });

test('a column that is worked out by what the target has not is an ordinary one, or empty', () => {
  const sql =
    "CREATE TABLE t (j JSON, a INT GENERATED ALWAYS AS (1 MEMBER OF (j)) STORED NOT NULL, b INT AS (JSON_VALUE(j, '$.a' RETURNING SIGNED)) VIRTUAL NOT NULL UNIQUE, KEY (b))";
  expect(toMariadb(sql, true)).toEqual([
    "CREATE TABLE t (j JSON, a INT COMMENT 'AS (member of j)' NOT NULL, b INT AS (NULL) VIRTUAL UNIQUE, KEY (b))",
  ]);
  expect(toMariadb(sql, false)[0]).toContain('MEMBER OF');
});

test('one that is stored and added has values that are not in the log', () => {
  const sql = 'ALTER TABLE t ADD a INT AS (1 MEMBER OF (j)) STORED';
  expect(toMariadb(sql, true)).toEqual([sql]);
  expect(toMariadb('ALTER TABLE t ADD (a INT AS (1 MEMBER OF (j)))', true)).toEqual([
    'ALTER TABLE t ADD a INT AS (NULL)',
  ]);
});

test('its comment says what it is worked out of, and nothing else', () => {
  const sql = "CREATE TABLE t (a INT, b INT AS (F(`it's`, a)) STORED COMMENT 'mine' UNIQUE)";
  expect(toMariadb(sql, true)).toEqual(["CREATE TABLE t (a INT, b INT COMMENT 'AS (f it\\'s a)' UNIQUE)"]);
  expect(sourceOfComment("AS (f it's a)")).toBe("f it's a");
  expect(sourceOfComment('AS ROW END')).toBeUndefined();
  const long = `CREATE TABLE t (b INT AS (F(${'a'.repeat(64)}${Array.from({ length: 9 }, (_, at) => `, c${String(at)}${'b'.repeat(63)}`).join('')})) STORED)`;
  expect(toMariadb(long, true)).toEqual(["CREATE TABLE t (b INT COMMENT 'AS ()')"]);
});

test('virtual columns stay while stored ones may be what is refused', () => {
  const sql = Buffer.from('CREATE TABLE t (a INT, b INT AS (F(a)) STORED, c INT AS (a + 1) VIRTUAL)');
  expect(translate(sql, { flavor: 'mysql', charset: 'utf8mb4' }, 'mariadb', { refused: 2 })).toEqual([
    "CREATE TABLE t (a INT, b INT COMMENT 'AS (f a)', c INT AS (a + 1) VIRTUAL)",
  ]);
});

const toMysql = (sql: string, type = 'int'): string[] =>
  translate(Buffer.from(sql), { flavor: 'mariadb', charset: 'utf8mb4' }, 'mysql', {
    table: {
      existing: {
        types: new Map([['v', type]]),
        indexes: new Map(),
        constraints: new Set(),
        partitions: new Set<string>(),
        hasPeriod: false,
      },
    },
  });

test('nothing is worked out of the bytes that a UUID or an address is in MySQL', () => {
  expect(
    toMysql(
      "CREATE TABLE t (u UUID, n INET6, s VARCHAR(40) AS (CONCAT('x', `U`)) PERSISTENT NOT NULL, l INT AS (LENGTH(n)), m INT AS (l + 1), k INT AS (m) STORED, i INT AS (IF(u IS NOT NULL, 1, 0)), UNIQUE (s))",
    ),
  ).toEqual([
    "CREATE TABLE t (u BINARY(16), n BINARY(16), s VARCHAR(40) COMMENT 'AS (concat u)' NOT NULL, l INT AS (NULL), m INT AS (NULL), k INT COMMENT 'AS (m)', i INT AS (IF(u IS NOT NULL, 1, 0)), UNIQUE (s))",
  ]);
  expect(toMysql('ALTER TABLE t ADD u INET4, ADD l INT AS (LENGTH(u)) VIRTUAL')).toEqual([
    'ALTER TABLE t ADD u BINARY(4), ADD l INT AS (NULL) VIRTUAL',
  ]);
  const stored = 'ALTER TABLE t ADD l INT AS (LENGTH(v)) STORED';
  expect(toMysql(stored)).toEqual([stored]);
  expect(() => toMysql(stored, 'binary(16)')).toThrow(/adds l, which is worked out of a UUID or an address/);
});
