import { expect, test } from 'vitest';
import { parseTableStatement } from './table-statement.ts';

const read = (sql: string) => parseTableStatement(Buffer.from(sql), { flavor: 'mariadb' });

function partitioning(sql: string): unknown {
  const statement = read(sql);
  if (statement.kind !== 'createTable') throw new Error(JSON.stringify(statement));
  return statement.partitioning;
}

function change(sql: string): unknown {
  const statement = read(`ALTER TABLE t ${sql}`);
  return statement.kind === 'alterTable' ? statement.changes : statement;
}

const a = { kind: 'column', name: 'a' };
const integer = (digits: string) => ({ kind: 'integer', digits });
const text = (value: string) => ({ kind: 'text', text: value });

test('PARTITION BY as people write it, and as servers and dumps show it', () => {
  const written = partitioning(
    `CREATE TABLE t (a INT) ENGINE=InnoDB PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (-5) COMMENT = 'x), (y' ENGINE = InnoDB,
     PARTITION \`p 1\` VALUES LESS THAN MAXVALUE)`,
  );
  expect(written).toEqual({
    method: 'range',
    isByColumns: false,
    by: [a],
    partitions: [
      { name: 'p0', values: [[integer('-5')]], isDefault: false },
      { name: 'p 1', values: [[{ kind: 'maxvalue' }]], isDefault: false },
    ],
  });
  const shown = partitioning(
    `CREATE TABLE \`t\` (\`a\` int DEFAULT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
/*!50100 PARTITION BY RANGE (\`a\`)
(PARTITION p0 VALUES LESS THAN (-5) ENGINE = InnoDB,
 PARTITION \`p 1\` VALUES LESS THAN MAXVALUE ENGINE = InnoDB) */`,
  );
  expect(shown).toEqual(written);
});

test('columns, lists of several, subpartitions and DEFAULT', () => {
  expect(
    partitioning(
      `CREATE TABLE t (a INT, s CHAR(2)) PARTITION BY LIST COLUMNS(a, \`s\`) SUBPARTITION BY HASH (a) SUBPARTITIONS 2
       (PARTITION p0 VALUES IN ((1, 'a'), (2, NULL)) (SUBPARTITION s0, SUBPARTITION s1), PARTITION p1 DEFAULT)`,
    ),
  ).toEqual({
    method: 'list',
    isByColumns: true,
    by: [a, { kind: 'column', name: 's' }],
    partitions: [
      {
        name: 'p0',
        values: [
          [integer('1'), text('a')],
          [integer('2'), { kind: 'null' }],
        ],
        isDefault: false,
      },
      { name: 'p1', values: [], isDefault: true },
    ],
  });
});

test('expressions, with operators where they bind', () => {
  expect(
    partitioning(
      'CREATE TABLE t (a INT) PARTITION BY LINEAR HASH (year(t.`a`) - -3 * a MOD 2 + EXTRACT(YEAR_MONTH FROM a)) PARTITIONS 2',
    ),
  ).toMatchObject({
    method: 'linearHash',
    by: [
      {
        name: '+',
        arguments: [
          {
            name: '-',
            arguments: [
              { name: 'YEAR', arguments: [a] },
              { name: 'MOD', arguments: [{ name: '*', arguments: [integer('-3'), a] }, integer('2')] },
            ],
          },
          { name: 'EXTRACT', arguments: [text('YEAR_MONTH'), a] },
        ],
      },
    ],
    partitions: [{ name: 'p0' }, { name: 'p1' }],
  });
});

test.each([
  ['PARTITION BY KEY (a) PARTITIONS 3', 'KEY spreads'],
  ['PARTITION BY SYSTEM_TIME INTERVAL 1 DAY (PARTITION p0 HISTORY, PARTITION pn CURRENT)', 'SYSTEM_TIME'],
  ['PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (1.5))', 'expected'],
  ["PARTITION BY LIST COLUMNS (a) (PARTITION p0 VALUES IN (X'41'))", 'expected'],
  ['PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (1)) SOMETHING', 'end of the partitions'],
  [`PARTITION BY HASH (${'('.repeat(100_000)}a`, 'shorter'],
])('what is not understood of %s leaves the table as it is', (clause, reason) => {
  expect(partitioning(`CREATE TABLE t (a INT) ${clause}`)).toMatchObject({
    method: 'unknown',
    reason: expect.stringContaining(reason) as string,
  });
});

test('a query behind partitions is one', () => {
  expect(
    read('CREATE TABLE t (a INT) PARTITION BY LIST (a) (PARTITION p VALUES IN (1)) SELECT 1 AS a'),
  ).toMatchObject({ kind: 'createTable', select: true, partitioning: { method: 'list' } });
});

test('changes of partitions', () => {
  expect(change('ADD PARTITION IF NOT EXISTS (PARTITION p VALUES IN (1, 2))')).toMatchObject([
    { kind: 'partitions', change: { kind: 'add', ifNotExists: true, partitions: [{ name: 'p' }] } },
  ]);
  expect(change('ADD PARTITION PARTITIONS 3')).toEqual([
    { kind: 'partitions', change: { kind: 'addCount', count: 3 } },
  ]);
  expect(change('COALESCE PARTITION 2')).toEqual([
    { kind: 'partitions', change: { kind: 'coalesce', count: 2 } },
  ]);
  expect(change('REORGANIZE PARTITION a, `b` INTO (PARTITION c VALUES LESS THAN (9))')).toMatchObject([
    { kind: 'partitions', change: { kind: 'reorganize', names: ['a', 'b'], into: [{ name: 'c' }] } },
  ]);
  expect(change('REMOVE PARTITIONING')).toEqual([{ kind: 'partitions', change: { kind: 'remove' } }]);
  expect(change('ADD c INT, PARTITION BY HASH (a)')).toMatchObject([
    { kind: 'addColumn' },
    { kind: 'partitions', change: { kind: 'partitionBy', partitioning: { method: 'hash' } } },
  ]);
  expect(change('ADD PARTITION (PARTITION p VALUES LESS THAN (NOW(')).toMatchObject([
    { kind: 'partitions', change: { kind: 'lost' } },
  ]);
});

test('partitions whose rows go', () => {
  const rows = { kind: 'partitionRows', other: undefined };
  expect(change('DROP PARTITION IF EXISTS p0, `p 1`')).toEqual([
    { ...rows, what: 'DROP', partitions: ['p0', 'p 1'], ifExists: true },
  ]);
  expect(change('TRUNCATE PARTITION ALL')).toEqual([
    { ...rows, what: 'TRUNCATE', partitions: 'all', ifExists: false },
  ]);
  expect(change('TRUNCATE PARTITION p0')).toMatchObject([{ what: 'TRUNCATE', partitions: ['p0'] }]);
  expect(change('EXCHANGE PARTITION p WITH TABLE s.o WITHOUT VALIDATION')).toMatchObject([
    { what: 'EXCHANGE', other: { schema: 's', name: 'o' } },
  ]);
});
