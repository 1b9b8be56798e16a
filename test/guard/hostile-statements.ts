import type { Random } from '../differential/random.ts';

/** What changes rows, or does what no replica should do for its source: each leaves a trace. */
export const CORES = [
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
  'DROP TEMPORARY TABLE IF EXISTS g.tmp',
  'CREATE TEMPORARY TABLE g.tmp LIKE g.t',
  'CREATE OR REPLACE TEMPORARY TABLE g.tmp (a INT)',
  'ALTER TABLE g.t ADD COLUMN b INT DEFAULT (g.f())',
  'LOAD DATA LOCAL INFILE "x" INTO TABLE g.t',
  'LOAD XML LOCAL INFILE "x" INTO TABLE g.t',
  "PREPARE s FROM 'DELETE FROM g.t'",
  'XA COMMIT "x"',
  'CREATE EVENT g.e ON SCHEDULE AT 20900101 DO DELETE FROM g.t',
  'CREATE TRIGGER g.r BEFORE INSERT ON g.u FOR EACH ROW DELETE FROM g.t',
  'CREATE PROCEDURE g.q() BEGIN DELETE FROM g.t; END',
  'CREATE PROCEDURE g.q() BEGIN DELETE FROM g.t; END; DELETE FROM g.t',
  'CREATE VIEW g.v AS SELECT g.f()',
  'BINLOG "AAAA"',
  'SHOW TABLES WHERE g.f()',
  'FOR i IN 1..2 DO DELETE FROM g.t; END FOR',
  'WHILE (SELECT COUNT(*) FROM g.t) > 0 DO DELETE FROM g.t; END WHILE',
  'VALUES (g.f())',
  'TABLE g.t',
  'INSERT INTO g.t SELECT g.f() RETURNING a',
  'CREATE SEQUENCE g.s',
  'SELECT NEXTVAL(g.s)',
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
/** The marks of a version's comment. */
function marked(random: Random, text: string): string {
  const version = random.pick(VERSIONS);
  const gap = random.pick(['', ' ', '\n']);
  return `${random.pick(['/*!', '/*!', '/*M!', '/*! '])}${version}${gap}${text}${random.pick([' ', ''])}*/`;
}

/** One of the above, or what could pass for it, hidden in what servers read in different ways. One character a byte. */
export function disguised(random: Random): string {
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

/** What the statements need to do what they want. */
export const SETUP = [
  'DROP DATABASE IF EXISTS g',
  'CREATE DATABASE g',
  'CREATE TABLE g.t (a INT)',
  'CREATE TABLE g.u (a INT)',
  'CREATE PROCEDURE g.p() DELETE FROM g.t',
  'CREATE FUNCTION g.f() RETURNS INT DETERMINISTIC MODIFIES SQL DATA BEGIN DELETE FROM g.t; RETURN 1; END',
] as const;
