import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StartPoint } from '../../src/replication/index.ts';
import { type ConflictRule, Replication, ServerTarget } from '../../src/target/index.ts';
import { randomColumn } from '../differential/columns.ts';
import { type Flavour, isMaria } from '../differential/flavour.ts';
import { Random } from '../differential/random.ts';
import { randomAssignments, randomRows } from '../differential/schema.ts';
import { missingServers, type RunningServer, reach, startServer } from '../servers/index.ts';
import { endOf, isHonest } from './conformance.ts';
import { rowsOf } from './server-rows.ts';

// ROWLOCK_SEED=random and ROWLOCK_TABLES=200 look further.
const { ROWLOCK_SEED: given = '1', ROWLOCK_TABLES: count = '3' } = process.env;
const seed = given === 'random' ? String(Date.now()) : given;

const pairs: readonly (readonly [source: Flavour, target: Flavour])[] = [
  ['mariadb118', 'mysql97'],
  ['mariadb118', 'mariadb118'],
  ['mysql97', 'mariadb118'],
  ['mysql97', 'mysql97'],
];

/** What a target's operator may have set for everybody, and sessions that apply must not be led astray by. */
const HOUSE_RULES = [
  '--sql-mode=ANSI_QUOTES,NO_BACKSLASH_ESCAPES',
  '--autocommit=0',
  '--completion-type=CHAIN',
];
const rulesOf: Readonly<Partial<Record<Flavour, readonly string[]>>> = {
  mysql97: [...HOUSE_RULES, '--sql-require-primary-key=ON'],
  mariadb118: [...HOUSE_RULES, '--skip-character-set-client-handshake', '--character-set-server=latin1'],
};

/** Tables whose rows are found by bytes: `[columns, rows, families that have them]`. */
const BYTES: readonly (readonly [columns: string, rows: string, of: RegExp])[] = [
  ['id BINARY(4) PRIMARY KEY, v INT', "(0x01000000, 1), (0x00000000, 2), ('ab', 3), (0x02, 4) ", /./],
  // A place 0 of an ENUM, which a strict session refuses; and times that no UPDATE may touch.
  [
    "id INT PRIMARY KEY, e ENUM('a', 'b'), f ENUM('c') NOT NULL, m TIMESTAMP(2) NOT NULL DEFAULT CURRENT_TIMESTAMP(2) ON UPDATE CURRENT_TIMESTAMP(2), v INT",
    "(1, 'x', 'x', '2020-01-01', 1), (2, 'a', 'c', '2020-01-01', 2), (3, NULL, 'x', '2020-01-01', 3), (4, 'x', 'c', '2020-01-01', 4)",
    /./,
  ],
  // Its place 0 beside its other members, each of them once.
  ["id INT PRIMARY KEY, e ENUM('a', 'b') UNIQUE, v INT", "(1, 'a', 1), (2, 'x', 2), (3, 'b', 3)", /./],
  ["`sché\\'` INT PRIMARY KEY, v INT", '(1, 1), (2, 2)', /./],
  ["e ENUM('a', 'b'), a INT", "('x', 1), ('a', 1), ('x', 1), (NULL, 1)", /./],
  // Rows of MariaDB's log have a hash behind them that is no column.
  ['a BLOB UNIQUE, v INT', "('a', 1), (NULL, 2), ('b', 3)", /^mariadb/],
  ['a BINARY(4)', "(0x01000000), (0x00000000), ('ab'), (NULL)", /./],
  ['id UUID PRIMARY KEY, v INT', uuidRows((uuid) => `('${uuid}', 1)`), /^mariadb/],
  ['a UUID', uuidRows((uuid) => `('${uuid}')`), /^mariadb/],
  ['id INET6 PRIMARY KEY', "('::'), ('2001:db8::'), ('::1'), ('::ffff:1.2.3.4')", /^mariadb/],
  ['a INET6, b INET4', "('::', '0.0.0.0'), ('2001:db8::', '10.0.0.0'), (NULL, '1.2.3.4')", /^mariadb/],
];

/** Of every version, and those that are none; from 8 on MariaDB takes one variant only. */
function uuidRows(row: (uuid: string) => string): string {
  const versions = [0, 1, 2, 3, 4, 5, 6, 7, 8, 15];
  return [
    ...versions.flatMap((version) =>
      (version < 8 ? [8, 7] : [8]).map(
        (variant) => `12345678-9abc-${version.toString(16)}def-${variant}123-456789abcd00`,
      ),
    ),
    '00000000-0000-0000-0000-000000000000',
  ]
    .map(row)
    .join(', ');
}

for (const [from, to] of pairs) {
  describe.skipIf(missingServers(from, to) !== undefined)(`rows of ${from} in ${to}, by SQL`, () => {
    let source: RunningServer;
    let target: RunningServer;

    beforeAll(async () => {
      const start = (name: Flavour, tag: string, args: readonly string[] = []) =>
        startServer(name, `found-${process.pid}${tag}`, { args, env: { TZ: 'UTC' } });
      source = await start(from, 's');
      target = await start(to, 't', rulesOf[to]);
      if (isMaria(to)) await target.query('SET GLOBAL sql_if_exists = 1');
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      for (const server of [source, target])
        await server.query('CREATE DATABASE found CHARACTER SET utf8mb4');
    }, 120_000);

    afterAll(() => Promise.all([source.wipe(), target.wipe()]), 60_000);

    async function replicate(
      channel: string,
      start: StartPoint,
      conflicts: ConflictRule = 'stop',
    ): Promise<void> {
      const server = new ServerTarget({
        connection: reach(target),
        flavor: isMaria(from) ? 'mariadb' : 'mysql',
        keepGtids: false,
        apply: 'sql',
        conflicts,
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
        await server.close().catch(() => undefined);
      }
    }

    /** Rows come, are changed, and go. Gives how many there were; undefined: the target could not hold them. */
    async function comeAndGo(channel: string, statements: readonly string[]): Promise<number | undefined> {
      const start = await endOf(source, from);
      const lines = ["SET sql_mode = ''", 'USE found', 'DROP TABLE IF EXISTS t', ...statements];
      await source.query(`DELIMITER $$$\n${lines.map((line) => `${line}$$$\n`).join('')}`, {
        force: true,
        args: ['--binary-mode'],
      });
      try {
        await replicate(channel, start);
      } catch (error) {
        if (isHonest(error)) return undefined;
        throw error;
      }
      const there = await rowsOf(source, 'found');
      if (isMaria(from) === isMaria(to)) expect(await rowsOf(target, 'found')).toEqual(there);
      await source.query('DELETE FROM found.t');
      await replicate(channel, start);
      expect([statements[0], await rowsOf(target, 'found')]).toEqual([statements[0], new Map([['t', []]])]);
      return [...there.values()].flat().length;
    }

    it('are found by bytes that the log cuts off or turns round', { timeout: 120_000 }, async () => {
      for (const [index, [columns, rows, of]] of BYTES.entries()) {
        if (!of.test(from)) continue;
        const statements = [
          `CREATE TABLE t (${columns}) ENGINE=InnoDB`,
          `INSERT INTO t VALUES ${rows}`,
          ...(columns.includes(' v ') ? ['UPDATE t SET v = v + 1'] : []),
        ];
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        expect([columns, await comeAndGo(`bytes ${index}`, statements)]).toEqual([
          columns,
          rows.split('), (').length,
        ]);
      }
    });

    it('are told from others that are equal in what they name', { timeout: 60_000 }, async () => {
      const statements = [
        "CREATE TABLE t (a INT DEFAULT 7, b VARCHAR(3) NOT NULL DEFAULT '(x', n INT NOT NULL, m TIMESTAMP NULL, e ENUM('a')) ENGINE=InnoDB",
        "INSERT INTO t VALUES (-1, 'y', 1, NULL, 'a'), (7, 'y', 0, NULL, 'a'), (7, '(x', 1, NULL, 'a')",
        "SET SESSION binlog_row_image = 'MINIMAL'",
        "INSERT INTO t (e) VALUES ('x')",
      ];
      expect(await comeAndGo('defaults', statements)).toBe(4);
    });

    it('are computed as at the source, which only warned, and held whole all the same', {
      timeout: 60_000,
    }, async () => {
      const start = await endOf(source, from);
      // MariaDB's log does not tell the zone of rows, and its own replicas compute them by theirs.
      const zone = isMaria(from) ? '+00:00' : '+05:30';
      await source.query(`USE found; DROP TABLE IF EXISTS t; SET sql_mode = '', time_zone = '${zone}';
        CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20), m TIMESTAMP(2) NULL, d DATE, s VARCHAR(3) AS (CONCAT(a, a)) STORED,
          v TINYINT AS (id * 100) VIRTUAL, o DATE AS (CAST(a AS DATE)) STORED, h DATE AS (DATE(m)) STORED, INDEX (v), CHECK (a + 0 >= 0));
        INSERT INTO t (id, a, m) VALUES (1, 'abc', '2020-01-01 01:00:00.50'), (2, '2020-02-31', NULL);
        SET sql_mode = 'STRICT_ALL_TABLES'; INSERT IGNORE INTO t (id, a) VALUES (3, 'long'); UPDATE IGNORE t SET a = 'longer', m = m + INTERVAL 1 SECOND WHERE id = 1;
        SET sql_mode = 'ALLOW_INVALID_DATES'; INSERT INTO t (id, d) VALUES (4, '2020-02-31'), (5, '2020-00-00'); DELETE FROM t WHERE id = 3;
        SET sql_mode = ''; UPDATE t SET a = '1' WHERE id > 3`);
      await replicate('computed', start);
      expect(await rowsOf(target, 'found')).toEqual(await rowsOf(source, 'found'));
      await target.query("SET sql_mode = ''; ALTER TABLE found.t MODIFY a VARCHAR(10)");
      await source.query("SET sql_mode = ''; INSERT INTO found.t (id, a) VALUES (6, 'ten and one')");
      await expect(replicate('computed', start)).rejects.toThrow(
        'found.t of the target has no room for a value of the source (id=6)',
      );
    });

    it('are not cut off where those in conflict are skipped', { timeout: 60_000 }, async () => {
      const start = await endOf(source, from);
      await source.query(
        "USE found; DROP TABLE IF EXISTS t; CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20) UNIQUE); INSERT INTO t VALUES (1, 'a'), (2, 'b')",
      );
      await replicate('skip', start, 'skip');
      await target.query(
        "USE found; ALTER TABLE t MODIFY a VARCHAR(3); UPDATE t SET a = 'c' WHERE id = 2; COMMIT",
      );
      await source.query("UPDATE found.t SET a = 'c' WHERE id = 1");
      await replicate('skip', start, 'skip');
      expect((await rowsOf(target, 'found')).get('t')).toEqual(['1\t61', '2\t63']);
      await source.query("UPDATE found.t SET a = 'long' WHERE id = 1");
      await expect(replicate('skip', start, 'skip')).rejects.toThrow(
        'no room for a value of the source (id=1)',
      );
    });

    it.runIf(!isMaria(from) && isMaria(to))(
      'are told from others by texts that are equal to the target alone',
      { timeout: 60_000 },
      async () => {
        const start = await endOf(source, from);
        await source.query(`CREATE DATABASE texts; USE texts; CREATE TABLE d (a VARCHAR(9) PRIMARY KEY, v INT); INSERT INTO d VALUES ('t', 1), ('T ', 2);
          UPDATE d SET v = 3 WHERE a = 't'; CREATE TABLE c (a VARCHAR(9) CHARACTER SET utf8mb4 UNIQUE, b VARCHAR(9) CHARACTER SET utf8mb3 UNIQUE) CHARSET latin1;
          INSERT INTO c VALUES ('t', 'ae'), ('t ', 'æ'); SET default_collation_for_utf8mb4 = utf8mb4_general_ci, collation_server = utf8mb4_general_ci;
          CREATE TABLE g (a VARCHAR(9) CHARACTER SET utf8mb4 UNIQUE); INSERT INTO g VALUES ('ss'), ('ß');
          CREATE DATABASE more; CREATE TABLE more.g (a VARCHAR(9) UNIQUE); INSERT INTO more.g VALUES ('ss'), ('ß')`);
        await replicate('texts', start);
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        for (const schema of ['texts', 'more'])
          expect(await rowsOf(target, schema)).toEqual(await rowsOf(source, schema));
      },
    );

    it.runIf(isMaria(from) !== isMaria(to))(
      'become what they are at the source where a definition changes them',
      { timeout: 60_000 },
      async () => {
        const start = await endOf(source, from);
        const unknown = isMaria(from)
          ? "NVL2(d, 'x', 'y')"
          : "JSON_VALUE(JSON_ARRAY(d), '$[0]' RETURNING CHAR(9))";
        await source.query(`USE found; DROP TABLE IF EXISTS t;
          CREATE TABLE t (id INT PRIMARY KEY, d DATETIME(6), e TIME(6), s VARCHAR(9) AS (${unknown}) STORED); CREATE TABLE u LIKE t; DROP TABLE u;
          INSERT INTO t (id, d, e) VALUES (1, '2020-12-31 23:59:59.999999', '-10:10:10.555555');
          ALTER TABLE t MODIFY d DATETIME(2), MODIFY e TIME;
          SET sql_mode = 'HIGH_NOT_PRECEDENCE,NO_UNSIGNED_SUBTRACTION'; CREATE TABLE n (a INT UNSIGNED, b INT AS (NOT a BETWEEN 0 AND 1) STORED);
          INSERT INTO n (a) VALUES (0), (5); ALTER TABLE n ADD c INT AS (a - 5) STORED;
          ${isMaria(from) ? 'CREATE SEQUENCE gives; SELECT NEXTVAL(gives); DROP SEQUENCE gives;' : ''}`);
        await replicate('definitions', start);
        expect(await rowsOf(target, 'found')).toEqual(await rowsOf(source, 'found'));
        await source.query('DROP TABLE found.n');
        await replicate('definitions', start);
      },
    );

    it.runIf(isMaria(from) && !isMaria(to))(
      'are refused where the log leaves out what only the source works out',
      { timeout: 60_000 },
      async () => {
        const start = await endOf(source, from);
        await source.query(`USE found; DROP TABLE IF EXISTS t;
          CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT, g VARCHAR(9) AS (NVL2(a, 'x', 'y')) STORED COMMENT 'its own');
          INSERT INTO t (id, a, b) VALUES (1, NULL, 1), (2, 2, 2); UPDATE t SET b = 7`);
        await replicate('left out', start);
        expect(await rowsOf(target, 'found')).toEqual(await rowsOf(source, 'found'));
        await source.query('UPDATE found.t SET a = 3');
        const stopped = await replicate('left out', start).then(
          () => undefined,
          (error: unknown) => error,
        );
        // Older servers log it.
        if (stopped === undefined)
          expect(await rowsOf(target, 'found')).toEqual(await rowsOf(source, 'found'));
        else
          expect(stopped).toMatchObject({
            message:
              'the log leaves the generated column found.t.g out of a row, and the target cannot work it out',
            hint: 'Make the column VIRTUAL at the source, or leave the table out.',
          });
      },
    );

    it.runIf(from === 'mariadb118' && to === 'mysql97')(
      'are refused that cannot be held, also beside what only a session takes that is not strict',
      { timeout: 60_000 },
      async () => {
        const statements = [
          "CREATE TABLE t (e ENUM('a'), m TIMESTAMP(3) NULL) ENGINE=InnoDB",
          "INSERT INTO t VALUES ('x', '1970-01-01 00:00:00.826')",
        ];
        expect(await comeAndGo('place 0', statements)).toBeUndefined();
      },
    );

    it(`are found without a key, seed ${seed}`, { timeout: 3_600_000 }, async () => {
      let held = 0;
      for (let index = 0; index < Number(count); index += 1) {
        const random = new Random(`${seed} ${index}`);
        const columns = random.times(1, 2, (at) => randomColumn(random, from, `c${at}`));
        // MySQL does not find its own vectors again, by replay neither.
        if (columns.some(({ type }) => type.startsWith('VECTOR'))) continue;
        const table = { name: 't', columns };
        const statements = [
          `CREATE TABLE t (${columns.map(({ name, type }) => `${name} ${type}`).join(', ')}) ENGINE=InnoDB`,
          ...random.times(4, 8, () => `INSERT IGNORE INTO t ${randomRows(random, table)}`),
          `UPDATE IGNORE t SET ${randomAssignments(random, table)} LIMIT 3`,
        ];
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        if ((await comeAndGo(`random ${index}`, statements)) !== undefined) held += 1;
      }
      expect(held).toBeGreaterThan(0);
    });
  });
}
