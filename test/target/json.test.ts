import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StartPoint } from '../../src/replication/index.ts';
import { openSqlite } from '../../src/store/index.ts';
import { type ConflictRule, Replication, ServerTarget } from '../../src/target/index.ts';
import { fileName } from '../../src/target/sqlite/index.ts';
import { Random } from '../differential/random.ts';
import { missingServers, type RunningServer, reach, startServer } from '../servers/index.ts';
import { endOf } from './conformance.ts';
import { RandomDocument } from './random-document.ts';
import { bothSides } from './rows.ts';
import { rowsOf } from './server-rows.ts';
import { replicateToSqlite } from './sqlite-replication.ts';

// ROWLOCK_SEED=random and ROWLOCK_DOCUMENTS=400 look further.
const { ROWLOCK_SEED: given = '1', ROWLOCK_DOCUMENTS: documents = '30' } = process.env;
const seed = given === 'random' ? String(Date.now()) : given;
const COUNT = Number(documents);

/** A row of values that are in documents what they are in no text. */
const KINDS = [
  "CREATE TABLE kinds (bi BIT(13), tb TINYBLOB, bl BLOB, mb MEDIUMBLOB, lb LONGBLOB, fb BINARY(3), ts TIMESTAMP(3) NULL, tn TIMESTAMP NULL, dc DECIMAL(20, 6), ye YEAR, en ENUM('x'), ge GEOMETRY)",
  "INSERT INTO kinds VALUES (b'1010101010101', x'00', x'0f', x'ff00', '', x'010203', '2024-05-06 07:08:09.123', '1970-01-02 00:00:00', -12.5, 2024, 'x', ST_GeomFromText('POINT(1 2)'))",
];

const BEGIN = [
  'CREATE DATABASE docs',
  'USE docs',
  ...KINDS,
  'CREATE TABLE t (id INT PRIMARY KEY, j JSON, n INT, k JSON)',
  'CREATE TABLE keyless (j JSON, n INT)',
];

/** What JSON_TYPE says of everything in the documents, by their ids. */
async function typesOf(server: RunningServer): Promise<string[]> {
  const answer = await server.query(
    `WITH RECURSIVE places (id, part) AS (SELECT id, j FROM docs.t UNION ALL SELECT places.id, inner_.part FROM places
       JOIN JSON_TABLE(IF(JSON_TYPE(places.part) = 'OBJECT', JSON_EXTRACT(places.part, '$.*'), places.part), '$[*]' COLUMNS (part JSON PATH '$')) inner_
       WHERE JSON_TYPE(places.part) IN ('OBJECT', 'ARRAY'))
     SELECT id, JSON_TYPE(part), HEX(part) FROM places`,
  );
  return answer.split('\n').slice(1).sort();
}

describe.skipIf(missingServers('mysql97', 'mariadb118') !== undefined)('documents of MySQL', () => {
  const folder = join(tmpdir(), `rowlock-json-${process.pid}`);
  let source: RunningServer;
  let mysql: RunningServer;
  let mariadb: RunningServer;

  beforeAll(async () => {
    const tag = `json-${process.pid}`;
    source = await startServer('mysql97', `${tag}s`, { env: { TZ: 'UTC' } });
    mysql = await startServer('mysql97', `${tag}t`, { env: { TZ: 'UTC' } });
    mariadb = await startServer('mariadb118', `${tag}m`, { env: { TZ: 'UTC' } });
  }, 180_000);

  afterAll(async () => {
    await Promise.all([source?.wipe(), mysql?.wipe(), mariadb?.wipe()]);
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  async function replicate(
    server: RunningServer,
    start: StartPoint,
    conflicts: ConflictRule = 'stop',
  ): Promise<number> {
    let found = 0;
    const target = new ServerTarget({
      connection: reach(server),
      flavor: 'mysql',
      keepGtids: false,
      apply: 'sql',
      conflicts,
      onConflict: () => {
        found += 1;
      },
    });
    try {
      await new Replication({
        connection: reach(source),
        target,
        channel: 'json',
        start,
        stopAtEnd: true,
        retry: false,
      }).run();
    } finally {
      await target.close().catch(() => undefined);
    }
    return found;
  }

  /** Carries statements out at the source; those that it refuses are left out. */
  const carryOut = (statements: readonly string[]): Promise<string> =>
    source.query(
      ['SET NAMES utf8mb4', "SET sql_mode = ''", 'USE docs', ...statements]
        .map((sql) => `${sql};\n`)
        .join(''),
      { force: true },
    );

  async function compare(start: StartPoint): Promise<void> {
    await replicate(mysql, start);
    await replicate(mariadb, start);
    await replicateToSqlite(reach(source), 'mysql', folder, start);
    const [theirs, types] = [await rowsOf(source, 'docs'), await typesOf(source)];
    expect(types.length).toBeGreaterThan(COUNT);
    expect(await typesOf(mysql)).toEqual(types);
    expect(await rowsOf(mysql, 'docs')).toEqual(theirs);
    const { theirs: hexed, ours } = await bothSides(source, 'docs', folder);
    expect(ours).toEqual(hexed);
    const columns = 'id, HEX(CONVERT(j USING utf8mb4)), n, HEX(CONVERT(k USING utf8mb4))';
    const asked = `SELECT ${columns} FROM docs.t ORDER BY id`;
    expect(await mariadb.query(asked)).toBe(await source.query(asked));
  }

  it(`reach servers by SQL and SQLite with all their types, whole and in steps, seed ${seed}`, {
    timeout: 3_600_000,
  }, async () => {
    const start = await endOf(source, 'mysql97');
    const random = new Random(`json ${seed}`);
    const make = new RandomDocument(random);
    await carryOut(BEGIN);
    const inserts = Array.from(
      { length: COUNT },
      (_, id) =>
        `INSERT INTO t VALUES (${id}, ${make.whole(3)}, 0, ${random.chance(0.2) ? 'NULL' : make.whole(2)})`,
    );
    await carryOut([...inserts, `INSERT INTO keyless SELECT j, id FROM t WHERE id % 5 = 0`]);
    await compare(start);
    for (const image of ['MINIMAL', 'NOBLOB', 'FULL']) {
      const updates = Array.from({ length: COUNT * 2 }, () => {
        const where = random.pick([`id = ${random.int(0, COUNT - 1)}`, `id % 7 = ${random.int(0, 6)}`]);
        const also = random.pick([
          '',
          ', n = n + 1',
          `, k = ${make.change('k')}`,
          `, id = id + ${COUNT * 10}`,
        ]);
        return `UPDATE t SET j = ${make.change('j')}${also} WHERE ${where}`;
      });
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await carryOut([
        `SET binlog_row_image = '${image}', binlog_row_value_options = 'PARTIAL_JSON'`,
        'START TRANSACTION',
        ...updates.slice(0, 5),
        'COMMIT',
        ...updates.slice(5),
        ...Array.from(
          { length: 5 },
          () => `UPDATE keyless SET j = ${make.change('j')}, n = n + 1 WHERE n % 10 = ${random.int(0, 9)}`,
        ),
        `UPDATE t SET id = id % ${COUNT * 10}`,
      ]);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await compare(start);
    }
  });

  it('are updated in steps only where they have the places', { timeout: 120_000 }, async () => {
    const start = await endOf(source, 'mysql97');
    const long = JSON.stringify({ a: 'x'.repeat(900), list: Array.from({ length: 80 }, (_, at) => at) });
    await carryOut([
      'CREATE DATABASE drift',
      'CREATE TABLE drift.t (id INT PRIMARY KEY, j JSON)',
      `INSERT INTO drift.t VALUES ${[1, 2, 3, 4, 5].map((id) => `(${id}, '${long}')`).join(', ')}`,
    ]);
    const alone = join(folder, 'drift');
    const toSqlite = (conflicts: ConflictRule): Promise<void> =>
      replicateToSqlite(reach(source), 'mysql', alone, start, undefined, conflicts);
    await Promise.all([replicate(mysql, start), replicate(mariadb, start), toSqlite('stop')]);
    const file = await openSqlite(join(alone, fileName('drift')));
    const elsewhere = [
      "UPDATE drift.t SET j = '{}' WHERE id = 2",
      'UPDATE drift.t SET j = NULL WHERE id = 3',
      'DELETE FROM drift.t WHERE id = 4',
    ];
    for (const sql of elsewhere) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await Promise.all([mysql.query(sql), mariadb.query(sql)]);
      file.exec(sql.replace('drift.', ''));
    }
    const many = Array.from({ length: 75 }, (_, at) => `'$.list[${at}]', '${at} new'`).join(', ');
    await carryOut([
      "SET binlog_row_image = 'MINIMAL', binlog_row_value_options = 'PARTIAL_JSON'",
      `UPDATE drift.t SET j = JSON_SET(j, ${many}) WHERE id < 5`,
      "UPDATE drift.t SET j = JSON_SET(j, '$.b', CAST(1.50 AS DECIMAL(3, 2)), '$.list[80]', 80) WHERE id = 5",
    ]);
    // So many steps at once are in the log.
    expect(await logged(source)).toMatch(/Update_rows_partial/);
    for (const server of [mysql, mariadb]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await expect(replicate(server, start)).rejects.toThrow("Can't find record in 't' (id=2)");
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await expect(replicate(server, start, 'overwrite')).rejects.toThrow(
        'a row of drift.t (id=2) cannot be overwritten: the log leaves columns of it out',
      );
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await replicate(server, start, 'skip')).toBe(3);
    }
    await expect(toSqlite('stop')).rejects.toThrow("Can't find record in 't' (id=2)");
    await expect(toSqlite('overwrite')).rejects.toThrow('the log leaves columns of it out');
    await toSqlite('skip');
    const asked = 'SELECT id, j FROM drift.t WHERE id IN (1, 5)';
    expect(await mariadb.query(asked)).toBe(await source.query(asked));
    expect(await mysql.query(asked)).toBe(await source.query(asked));
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    for (const server of [mysql, mariadb])
      expect(await server.query('SELECT id, j FROM drift.t WHERE id IN (2, 3, 4)')).toBe(
        'id\tj\n2\t{}\n3\tNULL\n',
      );
    const kept = file.prepare('SELECT id, j FROM t ORDER BY id').all();
    expect(kept.slice(1, 3)).toEqual([
      { id: 2, j: '{}' },
      { id: 3, j: null },
    ]);
    const rows = (await source.query(asked)).split('\n').slice(1, -1);
    expect([kept[0], kept[3]].map((row) => `${String(row?.['id'])}\t${String(row?.['j'])}`)).toEqual(rows);
    file.close();
  });
});

/** The types of the events in a server's last log. */
const logged = async (server: RunningServer): Promise<string> => {
  const file = (await server.query('SHOW BINARY LOG STATUS')).split('\n')[1]!.split('\t')[0]!;
  return server.query(`SHOW BINLOG EVENTS IN '${file}'`);
};
