import { describe, expect, test } from 'vitest';
import { EventType } from '../../src/binlog/index.ts';
import { type Connection, connect } from '../../src/connection/index.ts';
import type { GuardQuery } from '../../src/guard/index.ts';
import { StrictGuard } from '../../src/guard/index.ts';
import { Random } from '../differential/random.ts';
import { missingServers, withServer } from '../servers/index.ts';

// ROWLOCK_SEED chooses the statements, ROWLOCK_STATEMENTS=20000 makes more of them.
const { ROWLOCK_SEED: seed = '1', ROWLOCK_STATEMENTS: wanted = '100' } = process.env;

/** What changes rows, or does what no replica should do for its source: each leaves a trace. */
const CORES = [
  'INSERT INTO g.t VALUES (7)',
  'INSERT g.t SET a = 7',
  'REPLACE INTO g.t VALUES (7)',
  'REPLACE g.t VALUES (7)',
  'UPDATE g.t SET a = a + 100',
  'DELETE FROM g.t',
  'DELETE QUICK FROM g.t LIMIT 1',
  'CREATE TEMPORARY TABLE g.tmp (a INT)',
  'CREATE TABLE g.made AS SELECT 1 AS x',
  'CREATE TABLE g.made (x INT) SELECT 1 AS x',
  'CREATE TABLE g.made (SELECT 1 AS x)',
  'CREATE TABLE g.made IGNORE SELECT 1 AS x',
  'CREATE TABLE g.made (x INT) REPLACE SELECT 1 AS x',
  'CREATE TABLE g.made (x INT) ENGINE=InnoDB AS (SELECT 1 AS x)',
  'CREATE TABLE g.made (x INT) WITH c AS (SELECT 1 AS x) SELECT x FROM c',
  'CREATE TABLE g.made (x INT) TABLE g.t',
  'CREATE TABLE g.made (x INT) VALUES ROW(1)',
  'CREATE TABLE g.made (x INT) PARTITION BY HASH (x) AS SELECT 1 AS x',
  'CREATE OR REPLACE TABLE g.made SELECT 1 AS x',
  'CALL g.p()',
  'DO g.f()',
  'SELECT g.f()',
  'SET @x = g.f()',
  'EXECUTE s',
  "EXECUTE IMMEDIATE 'DELETE FROM g.t'",
  'WITH c AS (SELECT 1 AS x) UPDATE g.t, c SET a = 55 WHERE x = 1',
  'WITH c AS (SELECT 1 AS x) DELETE FROM g.t WHERE a IN (SELECT x FROM c)',
  'ANALYZE UPDATE g.t SET a = 9',
  'ANALYZE FORMAT=JSON DELETE FROM g.t',
  'EXPLAIN ANALYZE DELETE FROM g.t',
  'SET STATEMENT sort_buffer_size = 100000 FOR DELETE FROM g.t',
  'BEGIN NOT ATOMIC DELETE FROM g.t; END',
  'BEGIN; DELETE FROM g.t',
  'IF 1 THEN DELETE FROM g.t; END IF',
  'CREATE DATABASE x1; DELETE FROM g.t',
  'COMMIT; DELETE FROM g.t',
  'SAVEPOINT a; DELETE FROM g.t',
] as const;

/** Statements that pass, for what hides behind them. */
const DECOYS = [
  'BEGIN',
  'COMMIT',
  'CREATE TABLE x2 (a INT)',
  'TRUNCATE x3',
  'SAVEPOINT s',
  'DROP TABLE x4',
  'ALTER TABLE x5 ADD b INT',
];
const BLANKS = [
  ' ',
  '\t',
  '\n',
  '\r',
  '\v',
  '\f',
  '\0',
  '\u00a0',
  '/**/',
  '/* c */',
  '-- x\n',
  '--\n',
  '# x\n',
  '/*!*/',
  '/*M!*/',
  '--\t',
  '/*+ x */',
  '/*-- */',
  "/*'*/",
  '/*`*/',
];
const VERSIONS = [
  '',
  '0',
  '00000',
  '10000',
  '32302',
  '40000',
  '50000',
  '50701',
  '80000',
  '80400',
  '90704',
  '90799',
  '100000',
  '100500',
  '101100',
  '110806',
  '120000',
  '999999',
  '99999',
  '5000',
  '050000',
];
const SQL_MODES = [0, 4, 4, 0x100000, 0x100004];

/** The marks of a version's comment. */
function marked(random: Random, text: string): string {
  const version = random.pick(VERSIONS);
  const gap = random.pick(['', ' ', '\n']);
  return `${random.pick(['/*!', '/*!', '/*M!', '/*! '])}${version}${gap}${text}${random.pick([' ', ''])}*/`;
}

function disguised(random: Random): string {
  const core = random.pick(CORES);
  const blank = (): string => random.pick(BLANKS);
  const decoy = random.pick(DECOYS);
  const words = core.split(' ');
  const split = random.int(1, words.length);
  const [head, tail] = [words.slice(0, split).join(' '), words.slice(split).join(' ')];
  return random.pick([
    () => core,
    () => blank() + core,
    () => blank() + blank() + core + blank(),
    () => words.map((word) => (random.chance(0.3) ? blank() : ' ') + word).join(''),
    () => marked(random, core),
    () => `${marked(random, head)} ${tail}`,
    () => `${head} ${marked(random, tail)}`,
    () => `${decoy} ${marked(random, core)}`,
    () => `${marked(random, decoy)} ${core}`,
    () => `${decoy};${blank()}${core}`,
    () => `${decoy}${blank()};${core}`,
    () => `/*!${random.pick(VERSIONS)} ${decoy} */;${core}`,
    () => `${decoy} /* ${core}`,
    () => `${decoy} -- ${random.pick(['\n', '\r', '\v', ''])}${core}`,
    () => `${decoy} --${random.pick(['\n', '\r', '\t', '\u0001', 'x\n'])}${core}`,
    () => `${decoy} '\\' ${core} -- '`,
    () =>
      `${decoy} COMMENT '${random.pick(["\\'", "''", '\\\\', "\u00bf'", "\u00bf\\'", "\u0095\\'"])}' ${core}`,
    () =>
      `CREATE TABLE g.made (x INT) COMMENT '${random.pick(['\\', '\u00bf\\', '\u0095\\', '\u00a4\\', '"'])}' AS SELECT 1 AS x -- '`,
    () => `(${core})`,
    () => `{${core}}`,
    () => `${random.pick(['l:', ';', ';;', ', '])} ${core}`,
    () => core.replace(random.pick(['E', 'I', 'T']), random.pick(['e', '\u0000', '/**/'])),
    () => `/*!${random.pick(VERSIONS)} /* */ ${core} */`,
    () => `/*!${random.pick(VERSIONS)} ${head} /*!${random.pick(VERSIONS)} ${tail} */ */`,
    () => `/*!${random.pick(VERSIONS)} ${decoy} */ /*!${random.pick(VERSIONS)} ${core} */`,
  ])();
}

const CHARSETS = ['utf8mb4', 'latin1', 'gbk', 'sjis', 'big5', 'cp932', 'utf8mb4'];

/** Whether a guard would let the statement pass where a transaction, or a definition, may stand. */
function passes(query: GuardQuery): boolean {
  return [[], ['BEGIN']].some((before) => {
    const guard = new StrictGuard();
    const event = (statement: Uint8Array) => ({
      type: EventType.QUERY_EVENT,
      flags: 0,
      query: { ...query, statement },
    });
    for (const text of before) guard.check(event(Buffer.from(text)));
    return guard.check(event(query.statement)).pass;
  });
}

/** What of the traces is there. A table that was defined and is empty is a definition, as it should be. */
async function trace(connection: Connection): Promise<string> {
  const parts = [await connection.value("SELECT CONCAT_WS(' ', COUNT(*), SUM(a)) FROM g.t")];
  for (const query of ['SELECT COUNT(*) FROM g.made', "SELECT CONCAT('tmp', COUNT(*)) FROM g.tmp"]) {
    parts.push(await connection.value(query).catch(() => '0'));
  }
  return parts.join(',');
}

const SETUP = [
  'DROP DATABASE IF EXISTS g',
  'CREATE DATABASE g',
  'CREATE TABLE g.t (a INT)',
  'CREATE PROCEDURE g.p() DELETE FROM g.t',
  'CREATE FUNCTION g.f() RETURNS INT DETERMINISTIC MODIFIES SQL DATA BEGIN DELETE FROM g.t; RETURN 1; END',
] as const;

/** {@link trace} of what {@link CLEAN} leaves. */
const UNTOUCHED = '2 3,0,0';

/** After a statement that changed something. */
const CLEAN = [
  'USE g',
  'ROLLBACK',
  'DROP TABLE IF EXISTS made',
  'DROP TEMPORARY TABLE IF EXISTS tmp',
  'TRUNCATE t',
  'INSERT INTO t VALUES (1), (2)',
] as const;

describe.each([
  ['mysql97', 'mysql'],
  ['mariadb118', 'mariadb'],
] as const)('the strict rule, held against what %s does', (name, flavor) => {
  test.skipIf(missingServers(name))(
    `lets nothing pass that changes rows (seed ${seed})`,
    { timeout: 120_000 + Number(wanted) * 500 },
    async () => {
      await withServer(
        name,
        'guard-oracle',
        { args: ['--log-bin-trust-function-creators=1', '--skip-log-bin'] },
        async (server) => {
          const random = new Random(`${seed}/${name}/guard`);
          const open = async (): Promise<Connection> => {
            const made = await connect({ socketPath: server.socket, user: 'root' });
            await made.query("PREPARE s FROM 'DELETE FROM g.t'");
            return made;
          };
          const first = await connect({ socketPath: server.socket, user: 'root' });
          for (const statement of SETUP) await first.query(statement);
          first.destroy();
          let connection = await open();
          const count = { statements: 0, passed: 0, changed: 0 };
          const holes: string[] = [];
          let isChanged = true;
          for (; count.statements < Number(wanted); count.statements += 1) {
            const charset = random.pick(CHARSETS);
            const sqlMode = random.pick(SQL_MODES);
            const text = disguised(random);
            const statement = Buffer.from(text, 'latin1');
            const pass = passes({ statement, sqlMode, flavor, charset });
            if (pass) count.passed += 1;
            if (isChanged) for (const clean of CLEAN) await connection.query(clean);
            else await connection.query('ROLLBACK');
            const modes = [
              sqlMode & 4 ? 'ANSI_QUOTES' : '',
              sqlMode & 0x100000 ? 'NO_BACKSLASH_ESCAPES' : '',
            ];
            await connection.query(`SET NAMES ${charset}`);
            await connection.query(`SET sql_mode = '${modes.filter(Boolean).join(',')}'`);
            try {
              await connection.queryBytes(statement);
            } catch {
              // Most are no statements.
            }
            try {
              await connection.query("SET sql_mode = ''");
              await connection.query('SET NAMES utf8mb4');
            } catch {
              connection.destroy();
              connection = await open();
            }
            isChanged = (await trace(connection)) !== UNTOUCHED;
            if (isChanged) count.changed += 1;
            if (isChanged && pass) holes.push(JSON.stringify({ text, charset, sqlMode }));
          }
          console.log(`${name}: ${JSON.stringify(count)}, ${holes.length} holes (seed ${seed})`);
          connection.destroy();
          expect(holes).toEqual([]);
          expect(count.changed).toBeGreaterThan(Number(wanted) / 10);
        },
      );
    },
  );
});
