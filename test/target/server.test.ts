import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ConnectOptions, connect } from '../../src/connection/index.ts';
import type { StartPoint } from '../../src/replication/index.ts';
import { Replication, ServerTarget, type ServerTargetOptions } from '../../src/target/index.ts';
import { type Flavour, isMaria } from '../differential/flavour.ts';
import { missingServers, type RunningServer, reach, startServer } from '../servers/index.ts';
import { endOf, isHonest } from './conformance.ts';
import { loggedWorkload } from './log-settings.ts';
import { checksumsOf, rowsOf } from './server-rows.ts';

// ROWLOCK_SEED=random and ROWLOCK_WORKLOADS=50 look further.
const { ROWLOCK_SEED: given = '2', ROWLOCK_WORKLOADS: count = '1' } = process.env;
const seed = given === 'random' ? String(Date.now()) : given;

const GTIDS = ['--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin-trust-function-creators=1'];
const args: Readonly<Record<string, readonly string[]>> = { mysql97: GTIDS };

/** As many as there may be: the last one's bit is that of a sign. */
const SET_MEMBERS = Array.from({ length: 64 }, (_, index) => `'m${index}'`).join(', ');

const LONG_XID = `'${'g'.repeat(64)}', '${'b'.repeat(64)}', 2147483647`;
const LONG_XA = `CREATE TABLE w.x (a INT PRIMARY KEY); XA START ${LONG_XID}; INSERT INTO w.x VALUES (1); XA END ${LONG_XID}; XA PREPARE ${LONG_XID}; XA COMMIT ${LONG_XID}`;

/** Definitions that the other family writes otherwise, or has not. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  mysql97: `CREATE TABLE w.t (a INT PRIMARY KEY, b INT CONSTRAINT c CHECK (b > 0) NOT ENFORCED NOT NULL, returning INT, u BINARY(16) DEFAULT (UUID_TO_BIN(UUID())),
     j JSON, x VARCHAR(9) AS (j->>'$.x') STORED, CHECK (a < b)); INSERT INTO w.t (a, b, returning, j) VALUES (-5, -1, 1, '{"x": "y"}');
     ALTER TABLE w.t DROP CHECK c, ADD CONSTRAINT d CHECK (a < 9), RENAME COLUMN returning TO returned; ALTER TABLE w.t ALTER CHECK d NOT ENFORCED;
     INSERT INTO w.t (a, b) VALUES (10, 11); ALTER TABLE w.t DROP CONSTRAINT d; CREATE INDEX i ON w.t (b); DROP INDEX i ON w.t ALGORITHM=INPLACE LOCK=NONE; ${LONG_XA}`,
  mariadb118: `CREATE TABLE w.t (a INT PRIMARY KEY, b INT CHECK (b > a), rank INT, u UUID DEFAULT UUID(), v CHAR(36) DEFAULT UUID(), w TEXT DEFAULT 'x', KEY k (rank) IGNORED);
     INSERT INTO w.t (a, b) VALUES (1, 2); DELETE FROM w.t; ALTER TABLE w.t MODIFY b INT CHECK (b < a); INSERT INTO w.t (a, b) VALUES (5, 3);
     ALTER TABLE w.t ADD COLUMN IF NOT EXISTS (c INT); ALTER TABLE w.t ADD COLUMN IF NOT EXISTS rank INT, DROP COLUMN IF EXISTS none, ADD IF NOT EXISTS d INT AFTER a;
     ALTER TABLE w.t ADD CONSTRAINT IF NOT EXISTS e CHECK (d > 0); ALTER TABLE w.t DROP CONSTRAINT IF EXISTS e; ALTER TABLE IF EXISTS w.none ADD x INT;
     CREATE INDEX IF NOT EXISTS k ON w.t (b); DROP INDEX IF EXISTS none ON w.t; DROP INDEX IF EXISTS k ON w.t; RENAME TABLE IF EXISTS w.t TO w.s; INSERT INTO w.s (a, b, d) VALUES (7, 1, 2);
     SET system_versioning_alter_history = KEEP; CREATE TABLE w.v (a INT PRIMARY KEY, b INT WITH SYSTEM VERSIONING); ALTER TABLE w.v ADD c INT; INSERT INTO w.v VALUES (1, 2, 3);
     CREATE TABLE w.p (a INT, KEY (a)); CREATE TABLE w.c (a INT PRIMARY KEY, FOREIGN KEY (a) REFERENCES w.p (a));
     CREATE TABLE w.f (a INT PRIMARY KEY, b INT, FOREIGN KEY (b) REFERENCES w.f (a)); INSERT INTO w.f VALUES (1, NULL), (2, 1), (3, 2), (4, 3); DELETE FROM w.f WHERE a > 1 ORDER BY a DESC;
     CREATE TABLE w.m (e ENUM('x', 'y'), s SET(${SET_MEMBERS}), a INT, PRIMARY KEY (e, s, a)); INSERT INTO w.m VALUES ('x', 'm63', 1), ('y', 'm0,m63', 2), ('x', 'm1', 3), ('y', '', 4);
     UPDATE w.m SET a = a + 10; DELETE FROM w.m WHERE a < 14; ${LONG_XA}`,
};

type Way = Pick<ServerTargetOptions, 'keepGtids' | 'apply'>;
const KEPT: Way = {};
const GROUPED: Way = { keepGtids: false };
const SQL: Way = { keepGtids: false, apply: 'sql' };

const pairs: readonly (readonly [source: Flavour, target: Flavour, ways: readonly Way[]])[] = [
  ['mysql97', 'mysql97', [KEPT, GROUPED, SQL]],
  ['mysql56', 'mysql97', [GROUPED]],
  ['mariadb118', 'mysql97', [SQL]],
  ['mariadb1011', 'mysql97', [SQL]],
  ['mariadb118', 'mariadb118', [KEPT, GROUPED]],
  ['mysql97', 'mariadb118', [SQL]],
  ['mysql56', 'mariadb118', [SQL]],
];

for (const [from, to, ways] of pairs) {
  describe.skipIf(missingServers(from, to) !== undefined)(`${to} behind ${from}`, () => {
    let source: RunningServer;
    let target: RunningServer;
    let folder: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'rowlock-target-'));
      const start = (name: Flavour, tag: string) =>
        startServer(name, `${tag}-${process.pid}`, { args: args[name] ?? [], env: { TZ: 'UTC' } });
      [source, target] = await Promise.all([start(from, 'tsource'), start(to, 'ttarget')]);
    }, 120_000);

    afterAll(async () => {
      await Promise.all([source.wipe(), target.wipe()]);
      rmSync(folder, { recursive: true });
    }, 60_000);

    async function replicate(
      options: Partial<ServerTargetOptions>,
      channel = 'c',
      connection?: ConnectOptions,
      start: StartPoint = 'beginning',
    ): Promise<ServerTarget> {
      const server = new ServerTarget({
        connection: connection ?? reach(target),
        flavor: isMaria(from) ? 'mariadb' : 'mysql',
        ...options,
      });
      try {
        await new Replication({
          connection: reach(source),
          target: server,
          channel,
          start,
          stopAtEnd: true,
          retry: false,
        }).run();
      } finally {
        await server.close();
      }
      return server;
    }

    /** Everything that the source has done. */
    async function executed(): Promise<string> {
      const answer = await source.query(`SELECT @@${isMaria(from) ? 'gtid_binlog_pos' : 'gtid_executed'}`);
      return answer.split('\n').slice(1).join('').replaceAll('\\n', '').trim();
    }

    for (const way of ways) {
      it(`holds what the source holds after random statements, seed ${seed}, ${JSON.stringify(way)}`, {
        timeout: 300_000,
      }, async () => {
        let held = 0;
        for (let index = 0; held < Number(count) && index < 5 * Number(count); index += 1) {
          const work = `${seed} ${index} ${way.keepGtids}`;
          // oxlint-disable-next-line no-await-in-loop -- one workload after the other
          const start = await endOf(source, from);
          // oxlint-disable-next-line no-await-in-loop -- one workload after the other
          await loggedWorkload(source, from, work, join(folder, `${work} ${way.apply}`));
          try {
            // oxlint-disable-next-line no-await-in-loop -- one workload after the other
            await replicate(way, `${work} ${way.apply}`, undefined, start);
          } catch (error) {
            if (isHonest(error)) continue;
            throw error;
          }
          // oxlint-disable-next-line no-await-in-loop -- compares this workload
          expect(await rowsOf(target, 'undo')).toEqual(await rowsOf(source, 'undo'));
          held += 1;
          if (from !== to) continue;
          // oxlint-disable-next-line no-await-in-loop -- compares this workload
          expect(await checksumsOf(target, 'undo')).toEqual(await checksumsOf(source, 'undo'));
        }
        expect(held).toBeGreaterThan(0);
      });
    }

    it.runIf(ways[0] === SQL && OWN_WORDS[from] !== undefined)(
      'has definitions in its own words',
      { timeout: 60_000 },
      async () => {
        const start = await endOf(source, from);
        await source.query(`CREATE DATABASE w; ${OWN_WORDS[from]}`);
        await replicate(SQL, 'words', undefined, start);
        expect(await rowsOf(target, 'w')).toEqual(await rowsOf(source, 'w'));
      },
    );

    it.runIf(from === 'mysql56')(
      'a table is gone that went beside one that was not there',
      { timeout: 120_000 },
      async () => {
        const start = await endOf(source, from);
        await source.query(
          'CREATE DATABASE gone; CREATE TABLE gone.a (id INT); CREATE TABLE gone.b (id INT)',
        );
        await expect(source.query('DROP TABLE gone.a, gone.none')).rejects.toThrow('1051');
        await replicate(SQL, 'gone', undefined, start);
        expect([...(await rowsOf(target, 'gone')).keys()]).toEqual(['b']);
      },
    );

    it.runIf(from === 'mysql56')(
      'what is taken back is not there, whatever temporary tables came and went meanwhile',
      { timeout: 120_000 },
      async () => {
        const start = await endOf(source, from);
        await source.query(
          `CREATE DATABASE back; USE back; CREATE TABLE i (id INT PRIMARY KEY) ENGINE=InnoDB; CREATE TABLE m (id INT PRIMARY KEY) ENGINE=MyISAM;
           BEGIN; INSERT INTO i VALUES (1); INSERT INTO m VALUES (1); CREATE TEMPORARY TABLE x (id INT); INSERT INTO x VALUES (1); DROP TEMPORARY TABLE x; ROLLBACK;
           INSERT INTO i VALUES (2)`,
        );
        await replicate(ways[0]!, 'back', undefined, start);
        expect(await rowsOf(target, 'back')).toEqual(await rowsOf(source, 'back'));
        expect((await rowsOf(target, 'back')).get('i')).toEqual(['2']);
      },
    );

    it.runIf(from === to)(
      'writes statements over TLS as an account that may not replay',
      { timeout: 120_000 },
      async () => {
        const start = { gtids: await executed() };
        await target.query(
          `CREATE USER writer@'127.0.0.1' IDENTIFIED BY 'Secret-1' REQUIRE SSL; GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES ON *.* TO writer@'127.0.0.1'`,
        );
        await source.query(
          `DROP DATABASE IF EXISTS works; CREATE DATABASE works; CREATE TABLE works.kept (id INT AUTO_INCREMENT PRIMARY KEY, t TIMESTAMP(3) NULL, g INT AS (LENGTH(v)) STORED, v VARCHAR(20) CHARACTER SET latin1);
           CREATE TABLE works.child (id INT, FOREIGN KEY (id) REFERENCES works.kept (id) ON DELETE CASCADE);
           SET time_zone = '+05:30'; INSERT INTO works.kept (t, v) VALUES ('2026-03-04 05:06:07.125', 'caf\u00e9'), (NULL, ''), ('2026-03-04 05:06:08', NULL);
           INSERT INTO works.child VALUES (1), (2), (2), (3); UPDATE works.kept SET v = 'x' WHERE id = 1; DELETE FROM works.child WHERE id = 2 LIMIT 1; DELETE FROM works.kept WHERE id = 3`,
        );
        const writer: ConnectOptions = {
          host: '127.0.0.1',
          port: target.port,
          user: 'writer',
          passwords: ['Secret-1'],
          ssl: { sslMode: 'REQUIRED' },
        };
        const server = await replicate({}, 'as writer', writer, start);
        expect(server.abilities).toMatchObject({ canReplay: false, canKeepGtids: false });
        expect(await rowsOf(target, 'works')).toEqual(await rowsOf(source, 'works'));
      },
    );

    it.runIf(from === to)(
      'holds what engines without transactions hold, also where the transaction around it was taken back',
      { timeout: 120_000 },
      async () => {
        const start = { gtids: await executed() };
        await source.query(
          `DROP DATABASE IF EXISTS lasting; CREATE DATABASE lasting; USE lasting; CREATE TABLE lasting.a (id INT PRIMARY KEY, v LONGBLOB) ENGINE=MyISAM;
           CREATE TABLE lasting.b LIKE lasting.a; CREATE TABLE lasting.i (id INT PRIMARY KEY) ENGINE=InnoDB; CREATE TABLE lasting.j LIKE lasting.i;
           INSERT INTO lasting.a VALUES (1, ''), (2, ''), (3, ''); INSERT INTO lasting.b SELECT * FROM lasting.a;
           DELETE x, y FROM lasting.a x JOIN lasting.b y USING (id) WHERE id < 3;
           INSERT INTO lasting.a VALUES (4, REPEAT('x', 700000)), (5, REPEAT('y', 700000)), (6, 'z'); UPDATE lasting.a SET v = CONCAT(v, 'w');
           INSERT INTO lasting.i VALUES (1)`,
        );
        // MySQL refuses with enforce_gtid_consistency what mixes engines in a transaction.
        if (isMaria(from))
          await source.query(
            `USE lasting; XA START 'x'; INSERT INTO j VALUES (11); INSERT INTO b VALUES (9, ''); INSERT INTO j VALUES (12); XA END 'x'; XA ROLLBACK 'x';
             BEGIN; INSERT INTO b VALUES (10, ''); INSERT INTO i VALUES (13); ROLLBACK; INSERT INTO i VALUES (4); DELETE x, y FROM a x JOIN b y ON x.id + 3 = y.id`,
          );
        for (const way of ways) {
          // oxlint-disable-next-line no-await-in-loop -- one way after the other
          await target.query('DROP DATABASE IF EXISTS lasting');
          // oxlint-disable-next-line no-await-in-loop -- one way after the other
          await replicate(way, `lasting ${JSON.stringify(way)}`, undefined, start);
          // oxlint-disable-next-line no-await-in-loop -- compares this way
          expect(await rowsOf(target, 'lasting')).toEqual(await rowsOf(source, 'lasting'));
          if (!isMaria(to) || way.keepGtids === false) continue;
          // Nothing of the target's own under a number that the source will use.
          // oxlint-disable-next-line no-await-in-loop -- compares this way
          expect(await target.query('SELECT @@gtid_binlog_pos')).toBe(
            // oxlint-disable-next-line no-await-in-loop -- compares this way
            await source.query('SELECT @@gtid_binlog_pos'),
          );
        }
      },
    );

    it.runIf(from === 'mariadb118' && to === 'mariadb118')(
      'gives texts the collations that the source gave them',
      { timeout: 60_000 },
      async () => {
        const start = await endOf(source, from);
        await source.query(
          `DROP DATABASE IF EXISTS coll; CREATE DATABASE coll; USE coll; CREATE TABLE a (x TEXT CHARACTER SET utf8mb4); SET character_set_collations = 'utf8mb4=utf8mb4_general_ci,latin1=latin1_bin';
           CREATE TABLE b (x TEXT CHARACTER SET utf8mb4, y TEXT CHARACTER SET latin1); SET character_set_collations = ''; ALTER TABLE b ADD (z TEXT CHARACTER SET utf8mb4, u TEXT CHARACTER SET latin1)`,
        );
        await replicate(GROUPED, 'collations', undefined, start);
        const asked =
          "SELECT table_name, column_name, collation_name FROM information_schema.columns WHERE table_schema = 'coll' ORDER BY 1, 2";
        expect(await target.query(asked)).toBe(await source.query(asked));
      },
    );

    it.runIf(from === to)(
      'does not mind what the target has set for sessions of people',
      { timeout: 60_000 },
      async () => {
        const start = await endOf(source, from);
        await source.query(
          'DROP DATABASE IF EXISTS people; CREATE DATABASE people; CREATE TABLE people.t (a INT, b INT, v INT, PRIMARY KEY (a, b)); INSERT INTO people.t VALUES (1, 1, 1), (1, 2, 2); UPDATE people.t SET v = 5 WHERE b = 2; ALTER TABLE people.t ADD w INT',
        );
        const settings = {
          autocommit: 0,
          completion_type: 1,
          sql_select_limit: 1,
          max_join_size: 1,
          sql_safe_updates: 1,
          ...(isMaria(to)
            ? { max_statement_time: 0.005, tx_read_only: 1 }
            : { max_execution_time: 1, transaction_read_only: 1 }),
        };
        const names = Object.keys(settings);
        try {
          await target.query(
            Object.entries(settings)
              .map(([name, unusual]) => `SET GLOBAL ${name} = ${unusual}`)
              .join('; '),
          );
          // oxlint-disable-next-line no-await-in-loop -- one way after the other
          for (const way of [...ways, SQL])
            await replicate(way, `people ${JSON.stringify(way)} ${ways.length}`, undefined, start);
        } finally {
          await target.query(names.map((name) => `SET GLOBAL ${name} = DEFAULT`).join('; '));
        }
        expect(await rowsOf(target, 'people')).toEqual(await rowsOf(source, 'people'));
      },
    );

    it.runIf(from === 'mariadb118' && to === 'mariadb118')(
      'carries out under other settings what the source did under them',
      { timeout: 60_000 },
      async () => {
        const start = await endOf(source, from);
        await source.query(
          `DROP DATABASE IF EXISTS other; CREATE DATABASE other; USE other; CREATE TABLE c (a INT, CHECK (a > 5)); SET check_constraint_checks = 0; INSERT INTO c VALUES (1); SET check_constraint_checks = 1;
           INSERT INTO c VALUES (7); SET sql_if_exists = 1; DROP TABLE none; DROP VIEW none; SET sql_if_exists = 0; ALTER TABLE c ADD b INT;
           CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM c; ALTER EVENT e ENABLE COMMENT 'x'`,
        );
        for (const way of [GROUPED, SQL]) {
          // oxlint-disable-next-line no-await-in-loop -- one way after the other
          await target.query('DROP DATABASE IF EXISTS other');
          // oxlint-disable-next-line no-await-in-loop -- one way after the other
          await replicate(way, `other ${way.apply}`, undefined, start);
          // oxlint-disable-next-line no-await-in-loop -- compares this way
          expect(await rowsOf(target, 'other')).toEqual(await rowsOf(source, 'other'));
          // What it does at the source comes as rows.
          expect(
            // oxlint-disable-next-line no-await-in-loop -- compares this way
            await target.query("SELECT status FROM information_schema.events WHERE event_schema = 'other'"),
          ).toBe('status\nSLAVESIDE_DISABLED\n');
        }
        const behind = await endOf(source, from);
        await source.query(
          'USE other; CREATE TABLE v (a INT PRIMARY KEY) WITH SYSTEM VERSIONING; INSERT INTO v VALUES (1); SET system_versioning_alter_history = KEEP; ALTER TABLE v ADD b INT; INSERT INTO v VALUES (2, 3)',
        );
        await replicate(GROUPED, 'versions', undefined, behind);
        expect(await rowsOf(target, 'other')).toEqual(await rowsOf(source, 'other'));
      },
    );

    it.runIf(from === 'mysql97' && to === 'mysql97')(
      'sends no more at once than the target takes, and says what it cannot send',
      { timeout: 60_000 },
      async () => {
        const start = { gtids: await executed() };
        await source.query(
          `DROP DATABASE IF EXISTS packets; CREATE DATABASE packets; USE packets; CREATE TABLE t (id INT PRIMARY KEY, b LONGBLOB);
           BEGIN; INSERT INTO t WITH RECURSIVE n AS (SELECT 1 a UNION ALL SELECT a + 1 FROM n WHERE a < 100) SELECT a, REPEAT('x', a * 220) FROM n; UPDATE t SET b = CONCAT(b, 'y') WHERE id % 3 = 0;
           INSERT INTO t VALUES (101, REPEAT('x', 20000)), (102, REPEAT('x', 31000)); COMMIT; DELETE FROM t WHERE id % 2 = 0`,
        );
        await target.query('SET GLOBAL max_allowed_packet = 65536');
        try {
          for (const way of ways) {
            // oxlint-disable-next-line no-await-in-loop -- one way after the other
            await target.query('SET sql_log_bin = 0; DROP DATABASE IF EXISTS packets');
            // oxlint-disable-next-line no-await-in-loop -- one way after the other
            await replicate(way, `packets ${JSON.stringify(way)}`, undefined, start);
            // oxlint-disable-next-line no-await-in-loop -- compares this way
            expect(await checksumsOf(target, 'packets')).toEqual(await checksumsOf(source, 'packets'));
          }
          await source.query("INSERT INTO packets.t VALUES (200, REPEAT('x', 60000))");
          // oxlint-disable-next-line no-await-in-loop -- one way after the other
          for (const way of ways)
            await expect(
              replicate(way, `packets ${JSON.stringify(way)}`, undefined, start),
            ).rejects.toMatchObject({
              message: expect.stringContaining('more than the target takes in a packet'),
              hint: 'Set max_allowed_packet of the target to 1G.',
            });
        } finally {
          await target.query('SET GLOBAL max_allowed_packet = DEFAULT');
        }
      },
    );

    it.runIf(from === 'mysql97' && to === 'mysql97')(
      'tries a transaction again that waits for a lock too long, and those behind it',
      { timeout: 120_000 },
      async () => {
        await target.query('SET GLOBAL innodb_lock_wait_timeout = 1');
        const start = { gtids: await executed() };
        await source.query(
          'DROP DATABASE IF EXISTS locks; CREATE DATABASE locks; CREATE TABLE locks.t (id INT PRIMARY KEY, n INT); INSERT INTO locks.t VALUES (1, 1), (2, 2)',
        );
        await replicate({}, 'locks', undefined, start);
        const other = await connect(reach(target));
        await other.query('BEGIN');
        await other.query('SELECT * FROM locks.t WHERE id = 1 FOR UPDATE');
        await source.query(
          'UPDATE locks.t SET n = 3 WHERE id = 1; UPDATE locks.t SET n = n + 10 WHERE id = 1; UPDATE locks.t SET n = 5 WHERE id = 2',
        );
        const server = new ServerTarget({ connection: reach(target), flavor: 'mysql' });
        const run = new Replication({
          connection: reach(source),
          target: server,
          channel: 'locks',
          start,
          stopAtEnd: true,
          retry: false,
        }).run();
        await vi.waitFor(() => expect(server.retried).toBeGreaterThan(0), { timeout: 60_000 });
        await other.query('ROLLBACK');
        await run;
        await Promise.all([server.close(), other.close()]);
        expect(await rowsOf(target, 'locks')).toEqual(new Map([['t', ['1\t13', '2\t5']]]));
      },
    );

    it.runIf(from === 'mariadb118' && to === 'mysql97')(
      'overwrites a row that others refer to, and leaves those',
      { timeout: 60_000 },
      async () => {
        const start = await endOf(source, from);
        const found: number[] = [];
        const overwrite = async (): Promise<void> => {
          const way: Partial<ServerTargetOptions> = {
            ...SQL,
            conflicts: 'overwrite',
            onConflict: ({ errno }) => found.push(errno),
          };
          await replicate(way, 'kin', undefined, start);
        };
        await source.query(
          `DROP DATABASE IF EXISTS kin; CREATE DATABASE kin; USE kin; CREATE TABLE p (id INT PRIMARY KEY, u INT, t VARCHAR(20), UNIQUE (u), UNIQUE (t(2)));
           CREATE TABLE c (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE);
           INSERT INTO p VALUES (1, 1, 'aa'), (2, 2, 'bb'), (3, 3, NULL); INSERT INTO c VALUES (1, 1), (2, 2), (3, 3)`,
        );
        await overwrite();
        expect(found).toEqual([]);
        await target.query(
          "INSERT INTO kin.p VALUES (8, 8, 'xyz'), (9, 9, NULL), (7, NULL, NULL); DELETE FROM kin.p WHERE id = 3",
        );
        await source.query(
          "USE kin; UPDATE p SET t = 'ac' WHERE id = 1; UPDATE p SET id = 7 WHERE id = 2; UPDATE p SET u = 8, t = 'xy' WHERE id = 1; UPDATE p SET u = 9 WHERE id = 3; DELETE FROM c WHERE id = 3",
        );
        await overwrite();
        expect(found).toEqual([1062, 1062, 1062, 1032, 1032]);
        expect(await rowsOf(target, 'kin')).toEqual(await rowsOf(source, 'kin'));
      },
    );

    it.runIf(from === 'mariadb118' && to === 'mysql97')(
      'tries a group of transactions again under the settings that each of them had',
      { timeout: 60_000 },
      async () => {
        await target.query('SET GLOBAL innodb_lock_wait_timeout = 1');
        const start = await endOf(source, from);
        await source.query(
          `DROP DATABASE IF EXISTS again; CREATE DATABASE again; USE again; CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE n (id INT PRIMARY KEY, v INT);
           CREATE TABLE c (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1); INSERT INTO n VALUES (1, 1)`,
        );
        await replicate(SQL, 'again', undefined, start);
        const other = await connect(reach(target));
        await other.query('BEGIN');
        await other.query('SELECT * FROM again.n FOR UPDATE');
        await source.query(
          'USE again; DELETE FROM p; SET foreign_key_checks = 0; UPDATE n SET v = 2; INSERT INTO c VALUES (2, 7)',
        );
        const server = new ServerTarget({ connection: reach(target), flavor: 'mariadb', ...SQL });
        const run = new Replication({
          connection: reach(source),
          target: server,
          channel: 'again',
          start,
          stopAtEnd: true,
          retry: false,
        }).run();
        await vi.waitFor(() => expect(server.retried).toBeGreaterThan(0), { timeout: 30_000 });
        await other.query('ROLLBACK');
        await run;
        await Promise.all([server.close(), other.close()]);
        expect(await rowsOf(target, 'again')).toEqual(await rowsOf(source, 'again'));
      },
    );
  });
}
