import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storedExpressions } from '../../src/relay/views/stored-expressions.ts';
import { openSqlite } from '../../src/store/index.ts';
import { openDump, readDump, SqliteLoad } from '../../src/target/index.ts';
import { Random } from '../differential/random.ts';
import { missingServers, type RunningServer, reach, runTool, startServer } from '../servers/index.ts';
import { bothSides } from './rows.ts';
import { replicateToSqlite } from './sqlite-replication.ts';

/** Values of the columns that others are worked out of. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  a: ['NULL', '0', '1', '3', '7', '-5', '100', '12'],
  b: ['NULL', '0', '2', '-9', '123456', '9007199254740993'],
  d: ['NULL', '0', '1.5', '2.345', '-7.125', '99.995', '10'],
  f: ['NULL', '0', '1.5', '0.1', '-3.25', '7e3'],
  s: ['NULL', "''", "'abc'", "'ABC '", "' b'", "'äöü'", "'a b c'", "'12x'", "'Abc'", "'straße'", "'日本'"],
  moment: ['NULL', "'2024-02-29 12:34:56'", "'2020-01-01'", "'1999-12-31 23:59:59'"],
  day: ['NULL', "'2024-03-01'", "'2019-12-30'"],
  j: ['NULL', `'{"a": 5, "b": "x"}'`, `'{"a": 12, "b": 3.5}'`, `'{"b": null}'`, `'{"a": 1, "b": true}'`],
};
const NAMES = Object.keys(VALUES);
const COLUMNS =
  'a INT, b BIGINT, d DECIMAL(8,3), f DOUBLE, s VARCHAR(40), moment DATETIME, day DATE, j JSON, doubled INT AS (a * 2) VIRTUAL';

/** Type and expression. */
const WORKED_OUT: readonly string[][] = [
  ['INT', 'a + 1'],
  ['BIGINT', 'b + a'],
  ['DECIMAL(12,2)', 'd * a'],
  ['DECIMAL(14,2)', 'a * d * (1 - 0.25)'],
  ['INT', 'd * 3'],
  ['DOUBLE', 'f * 2'],
  ['VARCHAR(100)', "concat(s, ' ', a)"],
  ['VARCHAR(100)', "concat_ws(',', a, s, b)"],
  ['VARCHAR(40)', 'lower(s)'],
  ['CHAR(5)', 'left(s, 5)'],
  ['TINYINT', 'if(a is null, 1, null)'],
  ['VARCHAR(10)', "case when a > 5 then 'big' else 'small' end"],
  ['BIGINT', 'coalesce(b, a, 0)'],
  ['INT', 'a mod 7'],
  ['TINYINT', "s like 'a%'"],
  ['INT', "s = 'abc'"],
  ['CHAR(32)', 'md5(s)'],
  ['INT', 'length(s)'],
  ['INT', 'year(moment)'],
  ['DATE', 'date(moment)'],
  ['INT', 'datediff(moment, day)'],
  ['DATETIME', 'moment + interval 1 day'],
];

/** The same of documents, which MySQL keeps in a form of its own. */
const OF_DOCUMENTS: readonly string[][] = [
  ['VARCHAR(50)', "json_unquote(json_extract(j, '$.b'))"],
  ['VARCHAR(50)', "json_value(j, '$.a')"],
  ['INT', 'json_length(j)'],
];

/** What gives rows that are there other values. */
const ALTERATIONS: readonly string[] = [
  'MODIFY g INT AS (a + 2) STORED',
  'MODIFY g BIGINT AS (a + 1) STORED NOT NULL',
  'ADD h INT AS (a * 2) STORED, ADD i INT AS (h + 1) STORED',
  'DROP g, ADD g INT AS (a + 5) STORED FIRST',
  'MODIFY b INT AS (a + 7) STORED, ADD UNIQUE (b)',
  'MODIFY d INT',
  'MODIFY g INT',
  "MODIFY n VARCHAR(20) AS (concat(a, 'X')) STORED",
];

/** What only the source works out for sure. */
const LEFT_TO_THE_SOURCE: readonly string[][] = [
  ['DECIMAL(20,9)', 'a / 7'],
  ['VARCHAR(20)', 'soundex(s)'],
  ['INT', 'doubled + 1'],
  ['VARCHAR(20)', "concat(if(a > 3, d, 1.5), '')"],
  ['VARCHAR(60)', "lower(concat(s, 'İ'))"],
  ['VARCHAR(60)', "json_value(j, '$.a')"],
];

/** Rows of all of them. */
function rowsOf(random: Random, count: number): string {
  const row = (): string => `(${NAMES.map((name) => random.pick(VALUES[name]!)).join(', ')})`;
  return `(${NAMES.join(', ')}) VALUES ${Array.from({ length: count }, row).join(', ')}`;
}

const folder = mkdtempSync(join(tmpdir(), 'rowlock-generated-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(missingServers('mariadb118') !== undefined)('stored generated columns of MariaDB', () => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await startServer('mariadb118', `target-generated-${process.pid}`, { env: { TZ: 'UTC' } });
  }, 120_000);

  afterAll(() => server.wipe(), 60_000);

  /** Makes a table with the column, and rows that come, change and are replaced. */
  async function work(schema: string, [type, expression]: readonly string[]): Promise<void> {
    const random = new Random(`${type} ${expression}`);
    const image = random.pick(['FULL', 'MINIMAL', 'NOBLOB']);
    const updates = Array.from({ length: 25 }, () => {
      const names = NAMES.filter(() => random.chance(0.2));
      const set = (names.length === 0 ? ['a', 's'] : names).map(
        (name) => `${name} = ${random.pick(VALUES[name]!)}`,
      );
      return `UPDATE IGNORE t SET ${set.join(', ')} WHERE id % ${random.pick([2, 3, 5])} = ${random.int(0, 1)}`;
    });
    await server.query(
      [
        `SET NAMES utf8mb4; SET binlog_row_image = ${image}`,
        `CREATE DATABASE ${schema} DEFAULT CHARACTER SET utf8mb4; USE ${schema}`,
        `CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, ${COLUMNS}, g ${type} AS (${expression}) STORED)`,
        `INSERT IGNORE INTO t ${rowsOf(random, 8)}`,
        ...updates,
        "INSERT IGNORE INTO t (id, a, s) VALUES (1, 5, 'dup'), (50, 6, 'new') ON DUPLICATE KEY UPDATE a = 8, s = 'b'",
        // Rows without a key, of which some are equal.
        `CREATE TABLE k (${COLUMNS}, g ${type} AS (${expression}) STORED)`,
        `INSERT INTO k (${NAMES.join(', ')}) SELECT ${NAMES.join(', ')} FROM t UNION ALL SELECT ${NAMES.join(', ')} FROM t`,
        "UPDATE IGNORE k SET a = 3, d = 7, s = 'x' LIMIT 5",
      ].join(';\n'),
    );
  }

  test('have the source’s values, though the log leaves them out of rows that change', {
    timeout: 120_000,
  }, async () => {
    for (const [index, column] of WORKED_OUT.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await work(`g${index}`, column);
    }
    const target = join(folder, 'worked-out');
    await replicateToSqlite(reach(server), 'mariadb', target);
    for (const [index, column] of WORKED_OUT.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { theirs, ours } = await bothSides(server, `g${index}`, target);
      expect([column, ours]).toEqual([column, theirs]);
    }
  });

  /** A server that logs generated columns has nothing stopped. */
  async function equalOrStopped(target: string): Promise<void> {
    const stopped = await replicateToSqlite(reach(server), 'mariadb', target).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (stopped === undefined) {
      const { theirs, ours } = await bothSides(server, 'left_out', target);
      expect(ours).toEqual(theirs);
      return;
    }
    expect(stopped).toMatchObject({
      message: expect.stringContaining(
        'the log leaves the generated column left_out.t.g out of a row, and only the source works it out',
      ) as string,
      hint: 'Make the column VIRTUAL at the source: those are not kept. Or leave the table out.',
    });
  }

  test.each(LEFT_TO_THE_SOURCE)(
    '%s AS (%s) stops rather than to keep what it was',
    {
      timeout: 60_000,
    },
    async (type, expression) => {
      await server.query('DROP DATABASE IF EXISTS left_out; RESET MASTER');
      await work('left_out', [type!, expression!]);
      await equalOrStopped(join(folder, expression!.replaceAll(/\W/g, '')));
    },
  );

  test('are there in rows that are put in anew', { timeout: 60_000 }, async () => {
    await server.query(
      `DROP DATABASE IF EXISTS left_out; RESET MASTER; CREATE DATABASE left_out; USE left_out;
       CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT UNIQUE, g INT AS (a + 1) STORED); INSERT INTO t (id, a, b) VALUES (1, 1, 1), (2, 2, 2)`,
    );
    const target = join(folder, 'anew');
    await replicateToSqlite(reach(server), 'mariadb', target);
    const file = await openSqlite(join(target, 'left_out.sqlite'));
    file.exec('DELETE FROM t; INSERT INTO t VALUES (9, 9, 20, 10)');
    file.close();
    await server.query('UPDATE left_out.t SET b = b * 10');
    await replicateToSqlite(reach(server), 'mariadb', target, 'beginning', undefined, 'overwrite');
    const { theirs, ours } = await bothSides(server, 'left_out', target);
    expect(ours).toEqual(theirs);
  });

  test('are not worked out by names that columns had before', { timeout: 60_000 }, async () => {
    await server.query(
      `DROP DATABASE IF EXISTS left_out; RESET MASTER; CREATE DATABASE left_out; USE left_out;
       CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT, g INT AS (a + 1) STORED); INSERT INTO t (id, a, b) VALUES (1, 1, 10);
       ALTER TABLE t RENAME COLUMN a TO c, RENAME COLUMN b TO a; UPDATE t SET a = 20, c = 30`,
    );
    await equalOrStopped(join(folder, 'renamed'));
  });
});

describe.each(['mysql97', 'mariadb118', 'mariadb1011'] as const)(
  'stored generated columns that %s makes in rows that are there',
  (name) => {
    const missing = missingServers(name);
    const flavor = name === 'mysql97' ? 'mysql' : 'mariadb';
    let server: RunningServer;

    beforeAll(async () => {
      if (missing === undefined)
        server = await startServer(name, `target-anew-${process.pid}`, { env: { TZ: 'UTC' } });
    }, 120_000);

    afterAll(() => server?.wipe(), 60_000);

    test.skipIf(missing)('are worked out', { timeout: 120_000 }, async () => {
      const random = new Random(name);
      await server.query(
        [
          'SET NAMES utf8mb4; CREATE DATABASE added DEFAULT CHARACTER SET utf8mb4; USE added',
          `CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, ${COLUMNS})`,
          `CREATE TABLE k (${COLUMNS})`,
          `INSERT INTO t ${rowsOf(random, 40)}`,
          `INSERT INTO k ${rowsOf(random, 1)}`,
          // More than are worked out together.
          ...Array.from(
            { length: 11 },
            () => `INSERT INTO k (${NAMES.join(', ')}) SELECT ${NAMES.join(', ')} FROM k`,
          ),
          ...[...WORKED_OUT, ...(flavor === 'mysql' ? OF_DOCUMENTS : [])].map(
            ([type, expression], index) => `ALTER TABLE t ADD g${index} ${type} AS (${expression}) STORED`,
          ),
          'ALTER TABLE k ADD g INT AS (a + 1) STORED',
          ...ALTERATIONS.flatMap((alteration, index) => [
            `CREATE TABLE a${index} (id INT PRIMARY KEY, a INT, b INT, d DECIMAL(5,2), g INT AS (a + 1) STORED, h2 INT AS (d * 10) STORED, n VARCHAR(20) AS (concat(a, 'x')) STORED)`,
            `INSERT INTO a${index} (id, a, b, d) VALUES (1, 1, 10, 1.00), (2, 2, 20, 2.60)`,
            `ALTER TABLE a${index} ${alteration}`,
            `INSERT INTO a${index} (id, a, d) VALUES (3, 30, 4.10)`,
          ]),
          'CREATE TABLE chain (id INT PRIMARY KEY, a INT, g INT AS (a + 1) STORED, h INT AS (g * 2) STORED, i INT AS (h - 1) STORED)',
          'INSERT INTO chain (id, a) VALUES (1, 1), (2, 5)',
          'ALTER TABLE chain MODIFY g INT AS (a + 10) STORED',
        ].join(';\n'),
        // Each family refuses some of them.
        { force: true },
      );
      const target = join(folder, name);
      await replicateToSqlite(reach(server), flavor, target);
      const { theirs, ours } = await bothSides(server, 'added', target);
      expect(ours).toEqual(theirs);
    });

    test.skipIf(missing ?? (name !== 'mysql97' && 'a program that dumps them'))(
      'are worked out in the rows of a dump, which has none of them',
      { timeout: 60_000 },
      async () => {
        await server.query(
          `DROP DATABASE IF EXISTS dumped; CREATE DATABASE dumped; USE dumped;
           CREATE TABLE t (id INT PRIMARY KEY, a INT, g INT AS (a + 1) STORED, h VARCHAR(20) AS (concat(g, '-', id)) STORED NOT NULL UNIQUE);
           CREATE TABLE p (a INT, k INT AS (a * 2) STORED NOT NULL, PRIMARY KEY (k)); CREATE TABLE e (a INT, g INT AS (a + 1) STORED);
           INSERT INTO t (id, a) VALUES (1, 5), (2, -6), (3, 7); INSERT INTO p (a) VALUES (1), (2)`,
        );
        const socket = `--socket=${server.socket}`;
        const dump = async (schema: string): Promise<string> => {
          const path = join(folder, `${schema}.sql`);
          const options = ['--no-defaults', '-uroot', socket, '--source-data=2', `--result-file=${path}`];
          const { exit } = await runTool('mysql97', 'mysqldump', [...options, '--databases', schema]);
          expect(exit).toBe(0);
          return path;
        };
        const load = async (target: string, path: string): Promise<void> => {
          const sink = await SqliteLoad.open(target, '', storedExpressions);
          try {
            await sink.begin();
            await readDump(openDump(path), { sink, filter: undefined });
          } finally {
            sink.close();
          }
        };
        const path = await dump('dumped');
        await server.query(
          'USE dumped; UPDATE t SET a = 9 WHERE id = 1; INSERT INTO e (a) VALUES (1); DELETE FROM p WHERE k = 4',
        );
        const target = join(folder, 'dumped');
        await load(target, path);
        await replicateToSqlite(reach(server), flavor, target);
        const { theirs, ours } = await bothSides(server, 'dumped', target);
        expect(ours).toEqual(theirs);
        await server.query(
          'CREATE DATABASE unknown; CREATE TABLE unknown.t (a INT, g DECIMAL(9,6) AS (a / 7) STORED); INSERT INTO unknown.t (a) VALUES (1)',
        );
        await expect(load(join(folder, 'unknown'), await dump('unknown'))).rejects.toThrow(
          'unknown.t has the stored generated column g, whose values mysqldump leaves out',
        );
      },
    );

    test.skipIf(missing)('stop at a text that is kept as bytes', { timeout: 60_000 }, async () => {
      await server.query(
        `${name === 'mysql97' ? 'RESET BINARY LOGS AND GTIDS' : 'RESET MASTER'}; CREATE DATABASE bytes; USE bytes;
         CREATE TABLE t (a INT, s VARCHAR(9)); INSERT INTO t VALUES (1, 'plain'), (2, CONCAT('x', CHAR(0), 'y'));
         ALTER TABLE t ADD n INT AS (a + 1) STORED; ALTER TABLE t ADD g VARCHAR(9) AS (UPPER(s)) STORED`,
      );
      await expect(replicateToSqlite(reach(server), flavor, join(folder, `${name}-bytes`))).rejects.toThrow(
        'ALTER TABLE makes the generated column bytes.t.g anew, with values that only the source can work out',
      );
    });
  },
);
