import { expect, test } from 'vitest';
import { parseTableStatement } from '../../sql/index.ts';
import { Catalog } from './catalog.ts';
import { contextOfText } from './statement-context.ts';

const RANGE =
  'PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20), PARTITION p2 VALUES LESS THAN MAXVALUE)';

function catalogOf(definition: string): {
  catalog: Catalog;
  follow: (sql: string, seconds?: number) => unknown;
} {
  const catalog = new Catalog();
  const follow = (sql: string, seconds?: number): unknown =>
    catalog.follow(parseTableStatement(Buffer.from(sql), { flavor: 'mariadb' }), {
      ...contextOfText('s', 'mariadb'),
      ...(seconds === undefined ? {} : { seconds }),
    });
  follow(`CREATE TABLE t ${definition}`);
  return { catalog, follow };
}

function names(catalog: Catalog, table = 't'): unknown {
  const known = catalog.get('s', table)?.partitioning;
  return known === undefined || known.method === 'unknown' ? known : known.partitions.map(({ name }) => name);
}

test('partitions that are added, merged, dropped and spread anew', () => {
  const { catalog, follow } = catalogOf(`(a INT, b INT) ${RANGE}`);
  expect(follow('ALTER TABLE t DROP PARTITION P1')).toMatchObject([
    { kind: 'emptyPartitions', partitions: [1], table: { partitioning: { partitions: [{}, {}, {}] } } },
    { kind: 'changePartitions' },
  ]);
  expect(names(catalog)).toEqual(['p0', 'p2']);
  follow('ALTER TABLE t REORGANIZE PARTITION p0, p2 INTO (PARTITION n VALUES LESS THAN (7))');
  follow('ALTER TABLE t ADD PARTITION (PARTITION m VALUES LESS THAN (9))');
  expect(names(catalog)).toEqual(['n', 'm']);
  expect(follow('ALTER TABLE t TRUNCATE PARTITION m, n')).toMatchObject([
    { kind: 'emptyPartitions', partitions: [1, 0] },
  ]);
  expect(follow('ALTER TABLE t TRUNCATE PARTITION ALL')).toMatchObject([{ kind: 'truncateTable' }]);
  expect(follow('ALTER TABLE t PARTITION BY HASH (b) PARTITIONS 3')).toMatchObject([
    { kind: 'changePartitions' },
  ]);
  follow('ALTER TABLE t ADD PARTITION PARTITIONS 2');
  follow('ALTER TABLE t COALESCE PARTITION 1');
  expect(names(catalog)).toEqual(['p0', 'p1', 'p2', 'p3']);
  follow('CREATE TABLE u LIKE t');
  expect(names(catalog, 'u')).toEqual(['p0', 'p1', 'p2', 'p3']);
  follow('ALTER TABLE t REMOVE PARTITIONING');
  expect(names(catalog)).toBeUndefined();
});

test('there are no more partitions than a server allows, however often some are added', () => {
  const { catalog, follow } = catalogOf('(a INT) PARTITION BY HASH (a) PARTITIONS 9000');
  follow('ALTER TABLE t ADD PARTITION PARTITIONS 99999');
  expect(names(catalog)).toHaveLength(8192);
});

test('partitions that are not there stop, unless they need not be', () => {
  const { follow } = catalogOf(`(a INT) ${RANGE}`);
  expect(follow('ALTER TABLE t DROP PARTITION IF EXISTS q, p0')).toMatchObject([{ partitions: [0] }, {}]);
  expect(follow('ALTER TABLE t DROP PARTITION IF EXISTS q')).toEqual([]);
  expect(() => follow('ALTER TABLE t DROP PARTITION q')).toThrow('none of that name');
});

test.each([
  ['(a INT)', '', 'TRUNCATE PARTITION p0', 'is not known'],
  ['(a INT) PARTITION BY KEY (a) PARTITIONS 2', '', 'TRUNCATE PARTITION p0', 'KEY spreads rows'],
  [`(a INT) ${RANGE}`, 'CHANGE a b INT', 'DROP PARTITION p0', 'a column that they are made by has changed'],
  [`(a INT) ${RANGE}`, '', 'EXCHANGE PARTITION p0 WITH TABLE o', 'EXCHANGE'],
  [
    `(a INT) ${RANGE}`,
    'ADD PARTITION (PARTITION p0 VALUES LESS THAN (99))',
    'DROP PARTITION p0',
    'does not fit',
  ],
  [`(a INT) ${RANGE}`, 'COALESCE PARTITION 3', 'DROP PARTITION p0', 'does not fit'],
  [
    "(a CHAR(5) COLLATE utf8mb4_bin) PARTITION BY LIST COLUMNS (a) (PARTITION p0 VALUES IN ('a'))",
    'MODIFY a CHAR(5) COLLATE utf8mb4_bin',
    'DROP PARTITION p0',
    'a column that they are made by has changed',
  ],
  [
    "(a CHAR(5)) COLLATE utf8mb4_bin PARTITION BY LIST COLUMNS (a) (PARTITION p0 VALUES IN ('a'))",
    'CONVERT TO CHARACTER SET utf8mb4',
    'DROP PARTITION p0',
    'a column that they are made by has changed',
  ],
  [
    '(a INT) PARTITION BY LIST (a) (PARTITION p0 VALUES IN (1), PARTITION d DEFAULT)',
    'ADD PARTITION (PARTITION p1 VALUES IN (2))',
    'DROP PARTITION p0',
    'DEFAULT',
  ],
])('of %s, with %s, %s stops: %s', (definition, change, last, reason) => {
  const { follow } = catalogOf(definition);
  if (change !== '') follow(`ALTER TABLE t ${change}`);
  expect(() => follow(`ALTER TABLE t ${last}`)).toThrow(reason);
});

test.each([['MODIFY a BIGINT, ADD c INT FIRST'], ['RENAME TO u']])('partitions outlive %s', (change) => {
  const { catalog, follow } = catalogOf(`(a INT) ${RANGE}`);
  follow(`ALTER TABLE t ${change}`);
  expect(names(catalog, change.startsWith('RENAME') ? 'u' : 't')).toEqual(['p0', 'p1', 'p2']);
});

test('partitions that the source has shown are known to statements that came later', () => {
  const shown = (): ReturnType<typeof catalogOf> => {
    const { catalog, follow } = catalogOf(`(a INT) ${RANGE}`);
    const table = catalog.get('s', 't')!;
    if (table.partitioning === undefined || table.partitioning.method === 'unknown') throw new Error('none');
    catalog.set({ ...table, partitioning: { ...table.partitioning, seenAt: 1000 } });
    return { catalog, follow };
  };
  expect(shown().follow('ALTER TABLE t TRUNCATE PARTITION p1', 1001)).toMatchObject([{ partitions: [1] }]);
  const early = shown();
  expect(() => early.follow('ALTER TABLE t DROP PARTITION p1', 1000)).toThrow('behind this statement');
  const moved = shown();
  moved.follow('RENAME TABLE t TO u', 999);
  expect(() => moved.follow('ALTER TABLE u DROP PARTITION p1', 1001)).toThrow('behind this statement');
  const copied = shown();
  copied.follow('CREATE TABLE u LIKE t', 1000);
  expect(() => copied.follow('ALTER TABLE u DROP PARTITION p1', 1001)).toThrow('behind this statement');
  const added = shown();
  added.follow('ALTER TABLE t ADD b INT', 999);
  expect(() => added.follow('ALTER TABLE t DROP PARTITION p1', 1001)).toThrow('behind this statement');
});
