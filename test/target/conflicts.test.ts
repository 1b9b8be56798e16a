import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../src/store/index.ts';
import {
  type ConflictError,
  type ConflictRule,
  Replication,
  ServerTarget,
  SqliteTarget,
} from '../../src/target/index.ts';
import type { Flavour } from '../differential/flavour.ts';
import { missingServers, type RunningServer, reach, startServer } from '../servers/index.ts';

const targets = ['mysql97', 'mariadb118'] as const satisfies readonly Flavour[];

/** How the source's rows begin: ids 1 to 9, and what is as unique as they are. */
const BEGIN =
  'DROP DATABASE IF EXISTS clash; CREATE DATABASE clash; CREATE TABLE clash.t (id INT PRIMARY KEY, u INT UNIQUE, v VARCHAR(9));' +
  'CREATE TABLE clash.k (a INT, v VARCHAR(9));' +
  "INSERT INTO clash.t VALUES (1,1,'a'),(2,2,'b'),(3,3,'c'),(4,4,'d'),(5,5,'e'),(6,6,'f'); INSERT INTO clash.k VALUES (1,'a'),(2,'b'),(3,'c')";

/** What somebody does to the target alone. */
const ELSEWHERE =
  "DELETE FROM clash.t WHERE id IN (2, 3, 6); INSERT INTO clash.t VALUES (7,7,'x'),(8,8,'x'),(20,20,'x'); DELETE FROM clash.k WHERE a IN (1, 3)";

/** What the source does then, and the conflicts that come of it. */
const CHANGES: readonly (readonly [
  sql: string,
  skipped: readonly number[],
  overwritten?: readonly number[],
])[] = [
  ["INSERT INTO clash.t VALUES (7,7,'g')", [1062]],
  ["INSERT INTO clash.t VALUES (8,8,'h'),(9,9,'i')", [1062]],
  ["UPDATE clash.t SET v = 'B' WHERE id = 2", [1032]],
  ['UPDATE clash.t SET u = 20 WHERE id = 1', [1062]],
  ['DELETE FROM clash.t WHERE id IN (3, 4, 6)', [1032, 1032]],
  // What is there already is none.
  ["UPDATE clash.t SET v = 'E' WHERE id = 5", []],
  ["UPDATE clash.k SET v = 'A' WHERE a = 1", [1032]],
  // The one that was not there to be updated is there now, where it was written.
  ['DELETE FROM clash.k', [1032, 1032], [1032]],
];

/** What is left: of `t`, `id u v`. */
const LEFT: Readonly<Record<Exclude<ConflictRule, 'stop'>, readonly string[]>> = {
  skip: ['1\t1\ta', '5\t5\tE', '7\t7\tx', '8\t8\tx', '9\t9\ti', '20\t20\tx'],
  overwrite: ['1\t20\ta', '2\t2\tB', '5\t5\tE', '7\t7\tg', '8\t8\th', '9\t9\ti'],
};

/** One of them beside a copy in SQLite: what is changed at both, then at the source with images of few columns, and how that ends. */
const PARTLY: readonly (readonly [
  elsewhere: string,
  sql: string,
  expected: readonly number[] | 'stops',
  mended?: string,
])[] = [
  ["UPDATE t SET v = 'x' WHERE id = 1", "UPDATE part.t SET w = 'A' WHERE id = 1", []],
  // It is there already, and no conflict.
  ["UPDATE t SET w = 'B' WHERE id = 2", "UPDATE part.t SET w = 'B' WHERE id = 2", []],
  [
    'DELETE FROM t WHERE id = 3',
    "UPDATE part.t SET w = 'C' WHERE id = 3",
    'stops',
    "INSERT INTO t VALUES (3,3,'c','z')",
  ],
  [
    "INSERT INTO t VALUES (40,40,'x','x')",
    'UPDATE part.t SET u = 40 WHERE id = 4',
    'stops',
    'DELETE FROM t WHERE id = 40',
  ],
  // All of the row is in the log, before or after.
  ['DELETE FROM s WHERE id = 1', "UPDATE part.s SET v = 'A' WHERE id = 1", [1032]],
  ['DELETE FROM k WHERE a = 1', 'UPDATE part.k SET a = 9 WHERE a = 1', [1032]],
];

const BEGIN_PARTLY =
  'DROP DATABASE IF EXISTS part; CREATE DATABASE part; CREATE TABLE part.t (id INT PRIMARY KEY, u INT UNIQUE, v VARCHAR(9), w VARCHAR(9));' +
  'CREATE TABLE part.s (id INT PRIMARY KEY, v VARCHAR(9)); CREATE TABLE part.k (a INT, v VARCHAR(9), w VARCHAR(9));' +
  "INSERT INTO part.t VALUES (1,1,'a','z'),(2,2,'b','z'),(3,3,'c','z'),(4,4,'d','z'); INSERT INTO part.s VALUES (1,'a'); INSERT INTO part.k VALUES (1,'a','z')";

for (const to of targets) {
  describe.skipIf(missingServers('mysql97', to) !== undefined)(`rows in conflict in ${to}`, () => {
    let source: RunningServer;
    let target: RunningServer;

    beforeAll(async () => {
      const tag = `conflicts-${process.pid}`;
      source = await startServer('mysql97', `${tag}s`);
      target = await startServer(to, `${tag}t`);
    }, 120_000);

    afterAll(() => Promise.all([source.wipe(), target.wipe()]), 60_000);

    const toServer = async (
      rule: ConflictRule,
      onConflict: (conflict: ConflictError) => void,
    ): Promise<void> => {
      const server = new ServerTarget({
        connection: reach(target),
        flavor: 'mysql',
        keepGtids: false,
        conflicts: rule,
        onConflict,
      });
      try {
        await new Replication({
          connection: reach(source),
          target: server,
          channel: rule,
          start: 'beginning',
          stopAtEnd: true,
          retry: false,
        }).run();
      } finally {
        await server.close();
      }
    };

    for (const rule of ['skip', 'overwrite'] as const) {
      it(`are counted where the channel goes on: ${rule}`, { timeout: 60_000 }, async () => {
        const found: ConflictError[] = [];
        const replicate = (): Promise<void> => toServer(rule, (conflict) => found.push(conflict));
        await source.query(BEGIN);
        await replicate();
        expect(found).toEqual([]);
        await target.query(ELSEWHERE);
        for (const [sql, skipped, overwritten = skipped] of CHANGES) {
          const errnos = rule === 'skip' ? skipped : overwritten;
          // oxlint-disable-next-line no-await-in-loop -- one change after the other
          await source.query(sql);
          // oxlint-disable-next-line no-await-in-loop -- one change after the other
          await replicate();
          expect([sql, found.splice(0).map(({ errno }) => errno)]).toEqual([sql, errnos]);
        }
        const rows = await target.query('SELECT id, u, v FROM clash.t ORDER BY id');
        expect(rows.split('\n').slice(1, -1)).toEqual(LEFT[rule]);
        // Rows are named by their keys.
        await source.query('DELETE FROM clash.t WHERE id = 9');
        await target.query('DELETE FROM clash.t WHERE id = 9');
        await replicate();
        expect(found.map(({ message }) => message)).toEqual(["Can't find record in 't' (id=9)"]);
      });
    }

    it('are overwritten only where the log says all of them, as in SQLite', { timeout: 60_000 }, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'rowlock-partly-'));
      const found: number[] = [];
      const foundInFile: number[] = [];
      const toSqlite = async (): Promise<void> => {
        const file = new SqliteTarget({
          folder,
          flavor: 'mysql',
          conflicts: 'overwrite',
          onConflict: ({ errno }) => foundInFile.push(errno),
        });
        const options = { start: 'beginning', stopAtEnd: true, retry: false } as const;
        await new Replication({ connection: reach(source), target: file, ...options })
          .run()
          .finally(() => file.close());
      };
      const both = (): Promise<unknown>[] => [
        toServer('overwrite', ({ errno }) => found.push(errno)),
        toSqlite(),
      ];
      const change = async (sql: string): Promise<void> => {
        await target.query(`USE part; ${sql}`);
        const file = await openSqlite(join(folder, 'part.sqlite'));
        file.exec(sql);
        file.close();
      };
      await source.query(BEGIN_PARTLY);
      await Promise.all(both());
      for (const [elsewhere, sql, expected, mended] of PARTLY) {
        found.length = 0;
        foundInFile.length = 0;
        // oxlint-disable-next-line no-await-in-loop -- one change after the other
        await change(elsewhere);
        // oxlint-disable-next-line no-await-in-loop -- one change after the other
        await source.query(`SET binlog_row_image = 'MINIMAL'; ${sql}`);
        if (expected === 'stops') {
          // oxlint-disable-next-line no-await-in-loop -- both have begun
          const stopped = both().map((run) =>
            expect(run).rejects.toThrow(/a row of part\.t \(id=\d\) cannot be overwritten/),
          );
          // oxlint-disable-next-line no-await-in-loop -- one change after the other
          await Promise.all(stopped);
          // oxlint-disable-next-line no-await-in-loop -- one change after the other
          await change(mended!);
        }
        // oxlint-disable-next-line no-await-in-loop -- one change after the other
        await Promise.all(both());
        const errnos = expected === 'stops' ? [] : expected;
        expect([sql, found, foundInFile]).toEqual([sql, errnos, errnos]);
      }
      const rows = 'SELECT * FROM part.t ORDER BY id; SELECT * FROM part.s; SELECT * FROM part.k';
      expect(await target.query(rows)).toBe((await source.query(rows)).replace('1\t1\ta', '1\t1\tx'));
      rmSync(folder, { recursive: true });
    });

    it('are named by their own place, whatever shares their transaction', { timeout: 60_000 }, async () => {
      const end = async (): Promise<number> => {
        const status = await source.query('SHOW BINARY LOG STATUS');
        return Number(status.split('\n')[1]!.split('\t')[1]);
      };
      const positions: number[] = [];
      await source.query('CREATE DATABASE apart; CREATE TABLE apart.t (id INT PRIMARY KEY, v INT)');
      await source.query('INSERT INTO apart.t VALUES (1, 1), (2, 2), (3, 3)');
      await toServer('stop', () => undefined);
      await target.query('DELETE FROM apart.t WHERE id = 2');
      for (const id of [1, 2, 3]) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        positions.push(await end());
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await source.query(`UPDATE apart.t SET v = 9 WHERE id = ${id}`);
      }
      await expect(toServer('stop', () => undefined)).rejects.toMatchObject({
        context: { file: 'mysql-bin.000001', position: positions[1] },
      });
    });
  });
}
