import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyStatement } from './classify.ts';
import type { LexerOptions } from './lexer.ts';
import type { Statement, StatementKind } from './statement.ts';

const classify = (sql: string, options?: LexerOptions): Statement =>
  classifyStatement(Buffer.from(sql, 'latin1'), options);

const kinds: Partial<Record<StatementKind, readonly string[]>> = {
  begin: ['BEGIN', 'begin work', 'START TRANSACTION READ ONLY', '/* c */ BeGiN -- x', 'BEGIN;'],
  commit: ['COMMIT', 'commit and no chain', '/*!COMMIT*/', '/*!50100 COMMIT*/'],
  rollback: ['ROLLBACK', 'ROLLBACK WORK'],
  rollbackTo: ['ROLLBACK TO `s`', 'rollback work to savepoint s', 'ROLLBACK/**/TO s'],
  savepoint: ['SAVEPOINT `a b`'],
  releaseSavepoint: ['RELEASE SAVEPOINT a'],
  xaStart: ["XA START X'01',X'',1", "xa begin 'a'"],
  xaEnd: ["XA END X'01'"],
  xaPrepare: ["XA PREPARE 'a'"],
  xaCommit: ["XA COMMIT 'a' ONE PHASE"],
  xaRollback: ["XA ROLLBACK 'a'"],
  insert: [
    'INSERT INTO t VALUES (1)',
    'insert t set a = (select 1)',
    'INSERT LOW_PRIORITY IGNORE INTO a.b (x, y) VALUES (1, 2) ON DUPLICATE KEY UPDATE x = 1',
    'INSERT t PARTITION (p0) (a) VALUES ((SELECT 1))',
    'INSERT INTO t () VALUES ()',
    'INSERT INTO t (`select`) VALUE (1)',
  ],
  insertSelect: [
    'INSERT INTO t SELECT 1',
    'INSERT INTO t (a, b) SELECT 1, 2',
    'INSERT INTO t (SELECT 1)',
    'INSERT INTO t ((SELECT 1))',
    'INSERT INTO t (a) WITH c AS (SELECT 1) SELECT * FROM c',
    'INSERT INTO t (a) (SELECT 1)',
    'INSERT INTO t TABLE u',
  ],
  replace: ['REPLACE INTO t VALUES (1)', 'REPLACE DELAYED t SET a=1'],
  replaceSelect: ['REPLACE t SELECT * FROM u'],
  update: [
    'UPDATE t SET a = 1',
    'update low_priority ignore a.t as x set a = (select 1), b = 2 where c',
    'WITH c AS (SELECT 1), d (x, y) AS (SELECT 1, 2) UPDATE t SET a = 1',
    'WITH RECURSIVE c AS (SELECT 1) UPDATE t SET a = 1',
    'SET STATEMENT max_statement_time = 1 FOR UPDATE t SET a = 1',
    'ANALYZE FORMAT=JSON UPDATE t SET a = 1',
  ],
  multiUpdate: [
    'UPDATE t, u SET t.a = 1',
    'UPDATE t JOIN u USING (a) SET t.a = 1',
    'UPDATE (SELECT 1) x, t SET a=1',
  ],
  delete: ['DELETE FROM t', 'delete quick from a.t where 1 limit 1', 'WITH c AS (SELECT 1) DELETE FROM t'],
  multiDelete: [
    'DELETE t FROM t JOIN u',
    'DELETE FROM t USING t, u',
    'DELETE FROM a.t, b.t USING x',
    'DELETE FROM t.* USING t',
  ],
  loadData: [
    "LOAD DATA INFILE 'x' INTO TABLE t",
    "LOAD DATA LOW_PRIORITY LOCAL INFILE 'x' REPLACE INTO TABLE a.t",
  ],
  loadXml: ["LOAD XML INFILE 'x' INTO TABLE t"],
  select: [
    'SELECT f()',
    '(SELECT 1) UNION (SELECT 2)',
    '((SELECT 1))',
    'WITH c AS (SELECT 1) SELECT 1',
    'TABLE t',
    'VALUES ROW(1)',
  ],
  call: ['CALL p()'],
  do: ['DO sleep(1)'],
  set: [
    'SET @a = 1',
    'SET GLOBAL x = 1',
    "SET PASSWORD FOR u@h = PASSWORD('x'), GLOBAL x = 1",
    "SET PASSWORD = 'x', @a = 1",
    'SET DEFAULT ROLE r FOR u@h, GLOBAL x = 1',
  ],
  account: [
    'GRANT ALL ON *.* TO u',
    'SET PASSWORD = 1',
    "SET PASSWORD FOR 'u,'@'h' = OLD_PASSWORD('x,y')",
    'SET DEFAULT ROLE r TO u',
    'SET DEFAULT ROLE r, s TO u, v',
    'SET DEFAULT ROLE r FOR u@h',
    "CREATE USER 'a'@'b'",
    'DROP ROLE r',
    'RENAME USER a TO b',
    'ALTER USER u IDENTIFIED BY RANDOM PASSWORD',
  ],
  createTable: ['CREATE TABLE t (a int)', 'create or replace table t like u'],
  alterTable: ['ALTER TABLE t ADD a int', 'ALTER ONLINE IGNORE TABLE t DROP a'],
  dropTable: ['DROP TABLE t', 'DROP TABLES IF EXISTS a.t, u CASCADE'],
  renameTable: ['RENAME TABLE a TO b'],
  truncate: ['TRUNCATE t', 'TRUNCATE TABLE a.t'],
  createIndex: ['CREATE UNIQUE INDEX i ON a.t (x)', 'CREATE FULLTEXT INDEX i USING BTREE ON t (x)'],
  dropIndex: ['DROP INDEX i ON t'],
  createView: ['CREATE OR REPLACE ALGORITHM=MERGE DEFINER=`a`@`b` SQL SECURITY INVOKER VIEW v AS SELECT 1'],
  createProcedure: [
    'CREATE DEFINER=table@localhost PROCEDURE p() SELECT 1',
    "CREATE DEFINER='a'@'b' PROCEDURE p() SELECT 1",
  ],
  createFunction: [
    'CREATE AGGREGATE FUNCTION f() RETURNS INT RETURN 1',
    "CREATE FUNCTION f RETURNS STRING SONAME 'x'",
    'CREATE DEFINER=CURRENT_USER() FUNCTION f() RETURNS INT RETURN 1',
  ],
  createTrigger: [
    'CREATE /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER t BEFORE INSERT ON x FOR EACH ROW SET @a = 1*/',
  ],
  createEvent: ['CREATE EVENT IF NOT EXISTS e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t'],
  createDatabase: ['CREATE DATABASE x', 'create schema if not exists x'],
  dropDatabase: ['DROP SCHEMA x'],
  maintenance: ['OPTIMIZE TABLE t', 'ANALYZE LOCAL TABLE t', 'REPAIR TABLE t', 'CHECK TABLE t'],
  flush: ['FLUSH PRIVILEGES'],
  explain: ['EXPLAIN UPDATE t SET a = 1', 'DESC t'],
  prepared: ["PREPARE s FROM 'DELETE FROM t'", "EXECUTE IMMEDIATE 'DELETE FROM t'", 'DROP PREPARE s'],
  binlog: ["BINLOG 'x'"],
  administrative: ['START REPLICA', 'STOP SLAVE', 'LOAD INDEX INTO CACHE t', 'RESET BINARY LOGS AND GTIDS'],
  compound: [
    'BEGIN NOT ATOMIC DELETE FROM t; END',
    'x: BEGIN END',
    'IF 1 THEN DELETE FROM t; END IF',
    '<<l>> LOOP NULL; END LOOP',
  ],
  empty: ['', ' ; ', '-- x', '/* x */', '/*!99999 DELETE FROM t */'],
  unknown: ['BE', 'INSRT', '`BEGIN`', "'BEGIN'", '1', 'constructor', '__proto__'],
};

describe('the kind of a statement', () => {
  for (const [kind, texts] of Object.entries(kinds)) {
    it.each(texts)(`is ${kind} for %j`, (sql) => {
      expect(classify(sql).kind).toBe(kind);
    });
  }

  it('does not depend on case, spaces and comments between tokens', () => {
    const gap = fc.constantFrom(
      ' ',
      '\n',
      '\t\v\f\r',
      '/**/',
      '/* TEMPORARY */',
      '-- x\n',
      '#x\n',
      '/*! */',
      '/*!99999 x*/',
    );
    const sql = fc.constantFrom(
      'drop table t',
      'create temporary table t select 1',
      'rollback to s',
      'delete from t',
    );
    fc.assert(
      fc.property(sql, fc.array(gap, { minLength: 8, maxLength: 8 }), fc.boolean(), (text, gaps, upper) => {
        const plain = classify(text);
        const words = (upper ? text.toUpperCase() : text).split(' ');
        const spaced = classify(words.map((word, i) => gaps[i]! + word).join(' ') + gaps[7]!);
        expect([spaced.kind, spaced.temporary, spaced.select]).toEqual([
          plain.kind,
          plain.temporary,
          plain.select,
        ]);
      }),
    );
  });

  it('never fails on bytes', () => {
    const piece = fc.constantFrom(
      'create',
      ' ',
      'table',
      '(',
      ')',
      "'",
      '"',
      '`',
      '/*!',
      '*/',
      '@',
      ';',
      'with',
      'as',
      'set',
      'statement',
      'for',
      'begin',
      'end',
      '.',
      '$',
      'insert',
      'select',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
        expect(typeof classify(pieces.join('')).kind).toBe('string');
      }),
    );
  });

  it('stays quick where statements are nested without end', () => {
    expect(classify('SET STATEMENT a = 1 FOR '.repeat(10_000)).kind).toBe('unknown');
    expect(classify('('.repeat(100_000)).kind).toBe('unknown');
  });
});

describe('temporary tables', () => {
  it.each([
    'CREATE TEMPORARY TABLE t (a int)',
    'create /* c */ temporary table t (a int)',
    'CREATE OR REPLACE TEMPORARY TABLE t (a int)',
    'DROP /*!40005 TEMPORARY */ TABLE IF EXISTS `t`',
    'DROP TEMPORARY TABLE t',
    'CREATE/**/TEMPORARY/**/TABLE t (a int)',
    'CREATE TEMPORARY SEQUENCE s',
  ])('are seen in %j', (sql) => {
    expect(classify(sql).temporary).toBe(true);
  });

  it.each([
    'CREATE TABLE temporary (a int)',
    'DROP TABLE `TEMPORARY`',
    'DROP TABLE t /* TEMPORARY */',
    'DROP /*!99999 TEMPORARY */ TABLE t',
  ])('are not seen in %j', (sql) => {
    expect(classify(sql).temporary).toBe(false);
  });

  it('depend on the server where a comment is code for one of the two', () => {
    const options = { flavor: 'mariadb' } as const;
    expect(classify('DROP /*M! TEMPORARY */ TABLE t').temporary).toBe(false);
    expect(classify('DROP /*M! TEMPORARY */ TABLE t', options).temporary).toBe(true);
    expect(classify('DROP /*!80000 TEMPORARY */ TABLE t').temporary).toBe(true);
    expect(classify('DROP /*!80000 TEMPORARY */ TABLE t', options).temporary).toBe(false);
    expect(classify('DROP /*!80000 TEMPORARY */ TABLE t', { version: 50_700 }).temporary).toBe(false);
    expect(classify('DROP /*!80000 a */ TABLE /*! b */ /*M!100503 c*/').commentVersions).toEqual([
      0, 80_000, 100_503,
    ]);
  });
});

describe('CREATE TABLE from a query', () => {
  it.each([
    'CREATE TABLE t SELECT 1',
    'CREATE TABLE t AS SELECT 1',
    'CREATE TABLE t (a int, KEY (a)) ENGINE=InnoDB REPLACE AS SELECT 1',
    'CREATE TABLE t (SELECT 1)',
    'CREATE TABLE t ((SELECT 1))',
    'CREATE TABLE t AS (SELECT 1) UNION SELECT 2',
    'CREATE TABLE t AS WITH c AS (SELECT 1) SELECT 1',
    'CREATE TABLE t (a int) TABLE u',
    'CREATE TABLE t VALUES ROW(1)',
    'CREATE TABLE IF NOT EXISTS a.t (a int) (WITH c AS (SELECT 1) SELECT 1)',
  ])('is seen in %j', (sql) => {
    expect(classify(sql).select).toBe(true);
  });

  it.each([
    'CREATE TABLE t (a int DEFAULT (1), `select` int) START TRANSACTION',
    'CREATE TABLE t (a int, b int AS (a + 1)) WITH SYSTEM VERSIONING',
    'CREATE TABLE t (a int) PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (1))',
    "CREATE TABLE t (a int) COMMENT 'SELECT'",
    'CREATE TABLE t LIKE u',
    'CREATE TABLE `select` (a int)',
  ])('is not seen in %j', (sql) => {
    expect(classify(sql).select).toBe(false);
  });

  it('is atomic with START TRANSACTION at its end', () => {
    expect(classify('CREATE TABLE t (a int) START TRANSACTION').startTransaction).toBe(true);
    expect(classify("CREATE TABLE t (a int) COMMENT 'START TRANSACTION'").startTransaction).toBe(false);
  });
});

describe('the tables of a statement', () => {
  it.each([
    ['INSERT INTO `a``b`.`c d` VALUES (1)', 'a`b.c d'],
    ['DROP TABLE a.t, u, `v`', 'a.t,u,v'],
    ['RENAME TABLE a TO b, x.c TO x.d', 'a,b,x.c,x.d'],
    ['ALTER TABLE IF EXISTS a.t ADD b int', 'a.t'],
    ['TRUNCATE a.t', 'a.t'],
    ['CREATE TABLE IF NOT EXISTS a.t (x int)', 'a.t'],
    ['CREATE INDEX i ON a.t (x)', 'a.t'],
    ['DROP INDEX IF EXISTS `on` ON a.t', 'a.t'],
    ['CREATE OR REPLACE DEFINER=`a`@`b` SQL SECURITY DEFINER VIEW a.v AS SELECT * FROM b.t', 'a.v'],
    ['ALTER ALGORITHM=MERGE VIEW v AS SELECT 1', 'v'],
    ['CREATE DEFINER=`a`@`b` TRIGGER c.r BEFORE INSERT ON a.t FOR EACH ROW SET @a = 1', 'a.t'],
    ['CREATE SEQUENCE IF NOT EXISTS a.s', 'a.s'],
    ['DROP SEQUENCE a.s, t', 'a.s,t'],
    ["LOAD DATA INFILE 'x' INTO TABLE a.t", 'a.t'],
    ['UPDATE t AS x SET a = 1', 't'],
    ['DELETE FROM a . t WHERE 1', 'a.t'],
    ['DELETE t FROM t, u', 't'],
    ['OPTIMIZE LOCAL TABLES a.t, u', 'a.t,u'],
    ['ANALYZE TABLE a.t UPDATE HISTOGRAM ON x', 'a.t'],
    ['REPAIR NO_WRITE_TO_BINLOG TABLE t QUICK', 't'],
    ['FLUSH TABLES a.t, u', 'a.t,u'],
    ['FLUSH LOCAL TABLES WITH READ LOCK', ''],
    ['FLUSH TABLES', ''],
    ['FLUSH PRIVILEGES', ''],
  ])('are named in %j', (sql, names) => {
    const found = classify(sql).tables.map(({ schema, table }) =>
      schema === undefined ? table : `${schema}.${table}`,
    );
    expect(found.join(',')).toBe(names);
  });

  it('are in double quotes under ANSI_QUOTES', () => {
    expect(classify('DROP TABLE "a""b"', { sqlMode: 4 }).tables).toEqual([
      { schema: undefined, table: 'a"b' },
    ]);
  });
});

describe('what follows a statement', () => {
  it.each([
    'BEGIN; DELETE FROM t',
    'CREATE TABLE t (a int);;DROP TABLE u',
    'CREATE PROCEDURE p() SELECT 1; DELETE FROM t',
    'CREATE PROCEDURE p() BEGIN SELECT CASE 1 WHEN 1 THEN 2 END; END; DELETE FROM t',
    'CREATE TRIGGER t BEFORE INSERT ON u FOR EACH ROW IF NEW.a THEN SET @a = 1; END IF; DELETE FROM t',
    'COMMIT /*! ; DELETE FROM t */',
  ])('is seen in %j', (sql) => {
    expect(classify(sql).more).toBe(true);
  });

  it.each([
    'BEGIN;',
    'COMMIT ; ; -- x',
    'BEGIN NOT ATOMIC DELETE FROM t; DELETE FROM u; END',
    "INSERT INTO t VALUES (';')",
    'DROP TABLE `;`',
    'CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR NOT FOUND BEGIN END; IF a THEN SELECT IF(1, 2, 3); ELSEIF b THEN SELECT 1; END IF; END',
    'CREATE PROCEDURE p() x: LOOP LEAVE x; END LOOP x',
    'CREATE PROCEDURE p() BEGIN CASE a WHEN 1 THEN SELECT 1; ELSE SELECT 2; END CASE; WHILE a DO SET a = 0; END WHILE; REPEAT SET a = 1; UNTIL a END REPEAT; END;',
    'CREATE FUNCTION f() RETURNS INT LANGUAGE JAVASCRIPT AS $x$ let a = 1; return a; $x$',
    'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM t; DROP TABLE IF EXISTS u; END',
  ])('is not seen in %j', (sql) => {
    expect(classify(sql).more).toBe(false);
  });
});

describe('a package of MariaDB, and a program of its ORACLE mode', () => {
  it('is taken to fill the text', () => {
    const sql = 'CREATE PACKAGE p AS PROCEDURE a; PROCEDURE b; END';
    expect(classify(sql, { flavor: 'mariadb' }).more).toBe(false);
    const program = 'CREATE PROCEDURE p (x IN OUT INT) AS y INT; BEGIN y := 1; x := y; END';
    expect(classify(program, { flavor: 'mariadb' }).more).toBe(true);
    expect(classify(program, { flavor: 'mariadb', sqlMode: 0x200 }).more).toBe(false);
    expect(classify(sql, { flavor: 'mariadb', sqlMode: 0x200 }).more).toBe(false);
    expect(classify(sql, { flavor: 'mysql', sqlMode: 0x200 }).more).toBe(true);
    expect(classify('COMMIT; DELETE FROM t', { flavor: 'mariadb', sqlMode: 0x200 }).more).toBe(true);
  });
});

describe('a statement that does not end', () => {
  it.each(["SELECT 'a", 'SELECT `a', 'SELECT /* a', 'SELECT /*! a', "SELECT 'a\\'", 'SELECT @`a'])(
    'is seen in %j',
    (sql) => {
      expect(classify(sql).malformed).toBe(true);
    },
  );

  it.each(["SELECT 'a\\''", "SELECT 'a''b'", 'SELECT "a\'"', "SELECT @'a'"])('is not seen in %j', (sql) => {
    expect(classify(sql).malformed).toBe(false);
  });

  it('depends on NO_BACKSLASH_ESCAPES', () => {
    expect(classify("SELECT '\\'", { sqlMode: 0x10_0000 }).malformed).toBe(false);
    expect(classify("SELECT '\\'").malformed).toBe(true);
  });

  it('depends on the character set where half a character looks like a quote', () => {
    const sql = Buffer.from("SELECT '\x95\x5c'; DELETE FROM t", 'latin1');
    expect(classifyStatement(sql, { charset: 'sjis' }).more).toBe(true);
    expect(classifyStatement(sql).malformed).toBe(true);
  });
});
