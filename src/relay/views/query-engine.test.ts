import { describe, expect, it, test, vi } from 'vitest';
import type { QueryContext } from './query-context.ts';
import { QueryEngine } from './query-engine.ts';
import { columnsOf, type View } from './view.ts';

const views: View<undefined>[] = [
  {
    schema: 'performance_schema',
    name: 't',
    columns: columnsOf('NAME char(64), N bigint, S enum(ON,OFF)?'),
    rows: () => [
      ['b', 2, 'ON'],
      ['a', 1, null],
    ],
  },
  {
    schema: 'performance_schema',
    name: 'big',
    columns: columnsOf('N bigint'),
    rows: () => Array.from({ length: 2000 }, (_, i) => [i]),
  },
];

const context: QueryContext = {
  schema: undefined,
  variable: ({ name }) => (name === 'version' ? '9.7.0' : name === 'port' ? 3307 : null),
  value: (name) => ({ VERSION: '9.7.0', 'CURRENT_TIMESTAMP ': 'now', UNIX_TIMESTAMP: 5 })[name],
  awaited: new Map([["BINLOG_GTID_POS('f', 4)", '0-1-2']]),
};

const engine = await QueryEngine.open(views, () => {
  throw new Error('no table is read here');
});
const run = (sql: string, schema?: string) =>
  engine.run(sql, { ...context, schema }, undefined, () => undefined);

test.each([
  "SELECT JSON_OVERLAPS(CONCAT('[', REPEAT('1,', 20000), '1]'), CONCAT('[', REPEAT('2,', 20000), '2]'))",
  "SELECT JSON_CONTAINS(CONCAT('[', REPEAT('1,', 20000), '2]'), CONCAT('[', REPEAT('2,', 20000), '2]'))",
  "SELECT REPEAT('a', 60000) LIKE CONCAT('%', REPEAT('a', 30000), 'b')",
  'SELECT SUM(LENGTH(SHA2(REPEAT(a.name, 10000 + a.n + b.n), 512))) FROM performance_schema.t a, performance_schema.t b, performance_schema.t c, performance_schema.t d, performance_schema.t e, performance_schema.t f, performance_schema.t g, performance_schema.t h, performance_schema.t i, performance_schema.t j',
])('%s holds nobody for ever', async (sql) => {
  const later = vi.spyOn(performance, 'now');
  let now = 0;
  later.mockImplementation(() => (now += 100));
  try {
    await expect(run(sql)).rejects.toMatchObject({ errno: 3024 });
  } finally {
    later.mockRestore();
  }
});

test('numbers of more digits than any has are the largest', async () => {
  expect((await run("SELECT BIT_COUNT(REPEAT('9', 60000)) n")).rows).toEqual([[expect.anything()]]);
});

describe('a query', () => {
  it.each([
    ['SELECT 1', ['1'], [[1]]],
    ["SELECT 1 + 1, \"a\" AS x, 'it''s' y", ['1 + 1', 'x', 'y'], [[2, 'a', "it's"]]],
    [
      'select @@version, @@port+1, VERSION( ), @u',
      ['@@version', '@@port+1', 'VERSION( )', '@u'],
      [['9.7.0', 3308, '9.7.0', null]],
    ],
    ['SELECT CURRENT_TIMESTAMP, unix_timestamp()', ['CURRENT_TIMESTAMP', 'unix_timestamp()'], [['now', 5]]],
    ["SELECT UNIX_TIMESTAMP('1970-01-01 00:00:07')", ["UNIX_TIMESTAMP('1970-01-01 00:00:07')"], [[7]]],
    ["SELECT BINLOG_GTID_POS('f', 4) p", ['p'], [['0-1-2']]],
    ["SELECT name FROM performance_schema.t WHERE name REGEXP '^[A]$'", ['name'], [['a']]],
    ["SELECT name FROM performance_schema.t WHERE name NOT RLIKE 'a|c'", ['name'], [['b']]],
    ["SELECT REGEXP_LIKE('abc', 'B') r", ['r'], [[1]]],
    ['SELECT 5 / 2, 1 + 6/4 * 2 / 3 x, 1 / 0 z', ['5 / 2', 'x', 'z'], [['2.5000', '2.00000000', null]]],
    ['SELECT GROUP_CONCAT(name ORDER BY n DESC) g FROM performance_schema.t', ['g'], [['b,a']]],
    ["SELECT GROUP_CONCAT(name ORDER BY n SEPARATOR '/') g FROM performance_schema.t", ['g'], [['a/b']]],
    [
      "SELECT GROUP_CONCAT(CONCAT(name, n) SEPARATOR '') g FROM performance_schema.t WHERE n = 1",
      ['g'],
      [['a1']],
    ],
    [
      'SELECT name, ROW_NUMBER() OVER (ORDER BY n DESC) r FROM performance_schema.t ORDER BY r',
      ['name', 'r'],
      [
        ['b', 1],
        ['a', 2],
      ],
    ],
    [
      'SELECT SUM(n) OVER w AS s FROM performance_schema.t WINDOW w AS (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)',
      ['s'],
      [['1'], ['3']],
    ],
    [
      'WITH x AS (SELECT name, n FROM performance_schema.t WHERE n > 1), y (m) AS (SELECT n + 1 FROM x) SELECT x.name, y.m FROM x, y',
      ['name', 'm'],
      [['b', 3]],
    ],
    ['WITH x AS (SELECT 5 AS five) SELECT five FROM x ORDER BY 1', ['five'], [[5]]],
    [
      'SELECT name, N FROM performance_schema.t ORDER BY n',
      ['name', 'N'],
      [
        ['a', 1],
        ['b', 2],
      ],
    ],
    ['SELECT count(*) FROM `performance_schema`.`t` WHERE NAME = \'B\' AND s <=> "on"', ['count(*)'], [[1]]],
    [
      'SELECT x.*, y.N FROM performance_schema.t x JOIN performance_schema.t y USING (NAME) WHERE x.N = 1',
      ['NAME', 'N', 'S', 'N'],
      [['a', 1, null, 1]],
    ],
    [
      'SELECT t.NAME FROM performance_schema.t, (SELECT MAX(N) m FROM performance_schema.t) q WHERE N = m',
      ['NAME'],
      [['b']],
    ],
    [
      'SELECT CONCAT(LEFT(name, 1), IF(N > 1, "!", "?")) FROM performance_schema.t LIMIT 1',
      ['CONCAT(LEFT(name, 1), IF(N > 1, "!", "?"))'],
      [['b!']],
    ],
    ['SELECT DISTINCT 1 FROM DUAL', ['1'], [[1]]],
    ['SELECT * FROM (WITH x AS (SELECT 1) SELECT * FROM x) y', ['1'], [[1]]],
    ['SELECT GROUP_CONCAT(name, n ORDER BY n) g FROM performance_schema.t', ['g'], [['a1,b2']]],
    [
      'WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT * FROM r',
      ['n'],
      [[1], [2], [3]],
    ],
    ['SELECT (SELECT 2), 1.5, 0x10, TRUE', ['(SELECT 2)', '1.5', '0x10', 'TRUE'], [[2, '1.5', '\u0010', 1]]],
    [
      "SELECT 'a_b' LIKE 'a\\_b', 'axb' LIKE 'a\\_b', 'AXB' LIKE 'a%'",
      ["'a_b' LIKE 'a\\_b'", "'axb' LIKE 'a\\_b'", "'AXB' LIKE 'a%'"],
      [[1, 0, 1]],
    ],
    [
      'SELECT 1 != 2, 3 >= 2, 0 || 1, 1 && 0, !0',
      ['1 != 2', '3 >= 2', '0 || 1', '1 && 0', '!0'],
      [[1, 1, 1, 0, 1]],
    ],
    [
      "SELECT GTID_SUBSET('3e11fa47-71ca-11e1-9e33-c80aa9429562:1', '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5') AS s",
      ['s'],
      [[1]],
    ],
    ['SELECT SQL_NO_CACHE NAME FROM performance_schema.t WHERE N IN (1) FOR UPDATE', ['NAME'], [['a']]],
  ])('%s', async (sql, columns, rows) => {
    const result = await run(sql);
    expect(result.columns).toEqual(columns);
    expect(result.rows).toEqual(rows);
  });

  it.each([
    ['a place', ' ORDER BY 1', (inner: string) => `SELECT (${inner}) ORDER BY 1`],
    ['places', ' ORDER BY 1, 1, 1', (inner: string) => `SELECT (${inner}) ORDER BY 1, 1, 1`],
    ['a name', '', (inner: string) => `SELECT (${inner}) AS x ORDER BY x`],
    ['a name in a condition', '', (inner: string) => `SELECT (${inner}) AS x GROUP BY x HAVING x = x`],
    ['a group', '', (inner: string) => `SELECT (${inner}) AS x GROUP BY x`],
  ])('has a limit where queries stand in queries, which SQLite copies for %s', async (_, tail, around) => {
    const nested = (depth: number): string => {
      let sql = `SELECT 1${tail}`;
      for (let left = depth; left > 0; left -= 1) sql = around(sql);
      return sql;
    };
    expect((await run(nested(4))).rows).toEqual([[1]]);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    for (const depth of [25, 60])
      await expect(run(nested(depth))).rejects.toThrow('Too high level of nesting');
  });

  it('has none for tables made of queries, which are not copied', async () => {
    let sql = 'SELECT 1 AS a, 2 AS b';
    for (let depth = 0; depth < 12; depth += 1)
      sql = `SELECT a, b FROM (${sql}) t${depth} WHERE a = 1 AND b > 1 AND (a < 5 OR b < 7) GROUP BY a, b ORDER BY a, b`;
    expect((await run(sql)).rows).toEqual([[1, 2]]);
  });

  it('has a limit for tables that WITH names of each other', async () => {
    const doubled = (depth: number): string => {
      const tables = Array.from({ length: depth }, (_, i) => `a${i + 1} AS (SELECT 1 FROM a${i} x, a${i} y)`);
      return `WITH a0 AS (SELECT 1), ${tables.join(', ')} SELECT COUNT(*) FROM a${depth}`;
    };
    expect((await run(doubled(4))).rows).toEqual([[1]]);
    await expect(run(doubled(25))).rejects.toThrow();
  });

  it('sorts decimals as numbers, by name and by place', async () => {
    for (const order of ['v', '1', 'v + 0']) {
      const sql = `SELECT n * 7.5 / 1 AS v FROM (SELECT 1 AS n UNION SELECT 2) t ORDER BY ${order}`;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect((await run(sql)).rows).toEqual([['7.50000'], ['15.00000']]);
    }
    expect((await run('(SELECT 7.5 AS v) UNION SELECT 15 ORDER BY 1')).rows).toEqual([['7.5'], ['15.0']]);
    expect((await run('(SELECT 7.5 AS v LIMIT 1) ORDER BY 1')).rows).toEqual([['7.5']]);
  });

  it.each([
    ['a row where a value stands', 'SELECT IFNULL((1, 2), 0)', 1241],
    ['5001 columns', `SELECT ${'1, '.repeat(5000)}1`, 1117],
    ['a NUL in a name', 'SELECT 1 AS `a\0b`', undefined],
  ])('with %s has the answer of a server, not of SQLite', async (_, sql, errno) => {
    const answer = run(sql);
    if (errno === undefined) expect((await answer).rows).toEqual([[1]]);
    else await expect(answer).rejects.toThrow(expect.objectContaining({ errno }));
  });

  it('finds tables in the default schema', async () => {
    expect((await run('SELECT N FROM t', 'performance_schema')).rows).toHaveLength(2);
    await expect(run('SELECT N FROM t')).rejects.toThrow('No database selected');
  });

  it.each([
    ["SELECT load_extension('x')", 'No database selected'],
    ["SELECT readfile('/etc/passwd')", 'No database selected'],
    ["ATTACH 'x' AS y", "near 'ATTACH 'x' AS y' at line 1"],
    ["SELECT 1; ATTACH 'x' AS y", "near 'ATTACH 'x' AS y' at line 1"],
    ["SELECT 1 INTO OUTFILE '/tmp/x'", "'INTO'"],
    [
      'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT n FROM r',
      'aborted after 1001',
    ],
    ['WITH RECURSIVE r AS (SELECT 1 AS n UNION SELECT n + 1 FROM r) SELECT n FROM r', 'aborted after 10000'],
    ['WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT * FROM r) SELECT n FROM r', '* in WITH RECURSIVE'],
    [
      'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n FROM r), s AS (SELECT 1 FROM r a, r b) SELECT 1 FROM s, s t',
      'MAX_JOIN_SIZE',
    ],
    ['WITH x AS (SELECT * FROM x) SELECT * FROM x', 'No database selected'],
    ['WITH b AS (SELECT * FROM performance_schema.big) SELECT COUNT(*) FROM b x, b y', 'MAX_JOIN_SIZE'],
    ['WITH sqlite_master AS (SELECT 1) SELECT * FROM sqlite_master', 'sqlite_master'],
    ['WITH x AS (SELECT 1', 'syntax'],
    ["SELECT 'a' REGEXP '('", 'Mismatched parenthesis in regular expression'],
    ['SELECT * FROM mysql.sqlite_master', "Table 'mysql.sqlite_master' doesn't exist"],
    ['SELECT * FROM pragma_database_list', 'No database selected'],
    ["SELECT * FROM sys.pragma_table_info('x')", "near '('x')' at line 1"],
    ['SELECT nope FROM performance_schema.t', "Unknown column 'nope' in 'field list'"],
    ['SELECT FROM', 'You have an error in your SQL syntax'],
    ['SELECT 1 FROM performance_schema.big a, performance_schema.big b', 'MAX_JOIN_SIZE'],
    ['SELECT (SELECT COUNT(*) FROM performance_schema.big b) FROM performance_schema.big a', 'MAX_JOIN_SIZE'],
    ['SELECT @a := 1', "'assignment in a query'"],
    ['select $$', "near '$$' at line 1"],
    ['select $1', "Unknown column '$1'"],
    ['select ?, :a', "near '?, :a' at line 1"],
    ['select [NAME] FROM performance_schema.t', "near '[NAME]"],
    ['SELECT randomblob(1000000000)', 'No database selected'],
  ])('that must not be is refused: %s', async (sql, message) => {
    await expect(run(sql)).rejects.toThrow(message);
  });

  it.each([
    ['mysql', ['b', '-0.6667', '0.9999']],
    ['mariadb', [5, '-0.6667', '1.0000']],
  ] as const)('computes as %s does', async (flavor, values) => {
    const sql = "SELECT GREATEST('b', 5), -2 / 3, 1 / 3 * 3";
    const { rows } = await engine.run(sql, { ...context, flavor }, undefined, () => undefined);
    expect(rows).toEqual([values]);
  });
});
