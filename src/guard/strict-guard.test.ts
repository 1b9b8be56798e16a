import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuardQuery } from './event.ts';
import { forge } from './forge.ts';
import { StrictGuard } from './strict-guard.ts';
import { REQUIRE_ROW_FORMAT_MESSAGE, Violation } from './verdict.ts';

/** `{` stands for a payload event, `}` for the end of its events. */
function run(texts: readonly string[], query: Partial<GuardQuery> = {}): string[] {
  const guard = new StrictGuard();
  return texts.map((text) => {
    const verdict =
      text === '}'
        ? guard.endPayload()
        : guard.check(forge(text === '{' ? 'TRANSACTION_PAYLOAD' : text, query));
    return verdict.pass ? 'pass' : verdict.violation;
  });
}

const GTID = 'GTID_LOG_EVENT';

describe('the strict rule passes', () => {
  it.each(
    [
      ['FORMAT_DESCRIPTION', 'PREVIOUS_GTIDS', GTID, 'Q:BEGIN', 'TABLE_MAP', 'WRITE_ROWS', 'XID', 'ROTATE'],
      [
        GTID,
        'Q:BEGIN',
        'ROWS_QUERY',
        'TABLE_MAP',
        'PARTIAL_UPDATE_ROWS',
        'Q:COMMIT',
        'HEARTBEAT_LOG_EVENT_V2',
      ],
      [GTID, 'Q:BEGIN', 'Q:SAVEPOINT a', 'TABLE_MAP', 'DELETE_ROWS', 'Q:ROLLBACK TO `a`', 'Q:COMMIT'],
      [GTID, 'Q:BEGIN', 'VIEW_CHANGE', 'Q:COMMIT'],
      [
        GTID,
        "Q:XA START X'61',X'',1",
        'TABLE_MAP',
        'UPDATE_ROWS',
        "Q:XA END X'61'",
        'XA_PREPARE',
        GTID,
        "Q:XA COMMIT X'61'",
      ],
      [GTID, 'Q:BEGIN', 'Q:CREATE TABLE t (a int) START TRANSACTION', 'TABLE_MAP', 'WRITE_ROWS', 'XID'],
      [GTID, 'Q:CREATE TABLE t (a int)', GTID, 'Q:TRUNCATE t', GTID, 'Q:/* c */ alter table t add b int'],
      [GTID, 'Q:CREATE TRIGGER t BEFORE INSERT ON u FOR EACH ROW BEGIN DELETE FROM v; END', GTID],
      [GTID, 'USER_VAR', 'USER_VAR', 'Q:CREATE EVENT e ON SCHEDULE AT @a DO DELETE FROM t', GTID],
      [GTID, '{', 'Q:BEGIN', 'TABLE_MAP', 'WRITE_ROWS', 'XID', '}', GTID, 'Q:BEGIN', 'XID'],
      [GTID, 'Q:BEGIN', '99!', 'XID', 'INCIDENT'],
      [
        'GTID_LIST',
        'BINLOG_CHECKPOINT',
        'MARIADB_GTID',
        'ANNOTATE_ROWS',
        'TABLE_MAP',
        'WRITE_ROWS_COMPRESSED_EVENT_V1',
        'XID',
      ],
      [
        'START_ENCRYPTION',
        'MARIADB_GTID:standalone',
        'QC:CREATE TABLE t (a int)',
        'MARIADB_GTID',
        'QC:COMMIT',
      ],
      ['Q:# Dummy event replacing event type 160 that slave cannot handle.', GTID],
      [
        GTID,
        'Q:/*!40000 ALTER TABLE `t` DISABLE KEYS */',
        GTID,
        'Q:CREATE /*!50013 DEFINER=`a`@`b`*/ VIEW v AS SELECT 1',
      ],
    ].map((texts) => [texts]),
  )('%j', (texts) => {
    expect(run(texts)).toEqual(texts.map(() => 'pass'));
  });
});

const refused: Partial<Record<Violation, readonly (readonly string[])[]>> = {
  unsupportedEvent: [['99'], ['PRE_GA_WRITE_ROWS'], [GTID, 'Q:BEGIN', '0']],
  emptyQuery: [['Q:']],
  unreadableStatement: [
    [GTID, 'Q:DROP TABLE `t'],
    [GTID, 'Q:CREATE TABLE t (a int) /*! COMMENT 1'],
  ],
  severalStatements: [
    [GTID, 'Q:BEGIN; DELETE FROM t'],
    [GTID, 'Q:BEGIN', 'Q:COMMIT;DELETE FROM t'],
    [GTID, 'Q:DROP TABLE t; DELETE FROM u'],
  ],
  ambiguousStatement: [
    [GTID, 'Q:/*!80000 DROP TABLE t */ /*M! COMMIT */'],
    [GTID, `Q:DROP TABLE t ${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `/*!5000${n} */`).join(' ')}`],
  ],
  unknownStatement: [
    [GTID, 'Q:BE'],
    [GTID, 'Q:SET SESSION require_row_format = 0'],
    [GTID, "Q:SET PASSWORD FOR 'u'@'h' = '*0', GLOBAL event_scheduler = 1"],
    [GTID, 'Q:STOP REPLICA'],
    [GTID, 'Q:`BEGIN`'],
  ],
  statementChange: [
    ['Q:INSERT INTO t VALUES (1)'],
    [GTID, 'Q:INSERT INTO t VALUES (1)'],
    [GTID, 'Q:BEGIN', 'Q:/* x */ update t set a = 1'],
    [GTID, '{', 'Q:BEGIN', 'Q:DELETE FROM t'],
    [GTID, 'Q:/*!50001 CREATE VIEW v AS */ DELETE FROM t'],
    [GTID, 'Q:SELECT f()'],
    [GTID, 'Q:CALL p()'],
    [GTID, 'Q:WITH c AS (SELECT 1) DELETE FROM t'],
    [GTID, "Q:EXECUTE IMMEDIATE 'DELETE FROM t'"],
    [GTID, "Q:BINLOG 'AAAA'"],
    [GTID, 'Q:SET STATEMENT max_statement_time=1 FOR DELETE FROM t'],
    [GTID, 'Q:/*!99999 DELETE FROM t */'],
    [GTID, 'Q:/*M! DELETE FROM t */'],
    ['MARIADB_GTID', 'QC:DELETE FROM t'],
    ['MARIADB_GTID:standalone', 'Q:BEGIN NOT ATOMIC DELETE FROM t; END'],
  ],
  temporaryTable: [
    [GTID, 'Q:CREATE TEMPORARY TABLE t (a int)'],
    [GTID, 'Q:create /* c */ temporary table t (a int)'],
    [GTID, 'Q:DROP /*!40005 TEMPORARY */ TABLE IF EXISTS t'],
    [GTID, 'Q:CREATE OR REPLACE TEMPORARY TABLE t (a int)'],
    [GTID, 'Q:DROP /*M! TEMPORARY */ TABLE t'],
    [GTID, '{', 'Q:BEGIN', 'Q:DROP TEMPORARY TABLE t'],
  ],
  createSelect: [
    [GTID, 'Q:CREATE TABLE t SELECT 1'],
    [GTID, 'Q:BEGIN', 'Q:CREATE TABLE t (a int) SELECT 1'],
    [GTID, 'Q:CREATE TABLE t /*!80000 SELECT 1 */'],
    [GTID, 'Q:CREATE TABLE t (a int) /*M! SELECT 1 */'],
  ],
  sessionValue: [
    ['INTVAR'],
    [GTID, 'RAND'],
    [GTID, 'Q:BEGIN', 'USER_VAR'],
    [GTID, 'USER_VAR', 'Q:BEGIN'],
    [GTID, '{', 'INTVAR'],
    [GTID, 'USER_VAR', 'TABLE_MAP'],
    [GTID, 'USER_VAR', 'XID'],
  ],
  loadData: [
    ['BEGIN_LOAD_QUERY'],
    [GTID, 'Q:BEGIN', 'APPEND_BLOCK'],
    ['DELETE_FILE'],
    ['EXECUTE_LOAD_QUERY'],
    ['LOAD'],
    ['NEW_LOAD'],
    [GTID, '{', 'BEGIN_LOAD_QUERY'],
    [GTID, "Q:LOAD DATA INFILE 'x' INTO TABLE t"],
  ],
  definitionInTransaction: [
    [GTID, 'Q:BEGIN', 'Q:DROP TABLE t'],
    [GTID, '{', 'Q:DROP TABLE t'],
    ['MARIADB_GTID', 'Q:TRUNCATE t'],
    [GTID, "Q:XA START 'a'", "Q:XA END 'a'", 'Q:DROP TABLE t'],
  ],
  outsideTransaction: [
    ['TABLE_MAP'],
    [GTID, 'WRITE_ROWS'],
    ['XID'],
    [GTID, 'Q:COMMIT'],
    [GTID, "Q:XA START 'a'", "Q:XA END 'a'", 'TABLE_MAP'],
    ['MARIADB_GTID:standalone', 'TABLE_MAP'],
    [GTID, 'Q:CREATE TABLE t (a int) START TRANSACTION'],
    [GTID, '{', 'TABLE_MAP'],
  ],
  insideTransaction: [
    [GTID, 'Q:BEGIN', GTID],
    [GTID, 'Q:BEGIN', 'Q:BEGIN'],
    ['MARIADB_GTID', 'MARIADB_GTID'],
    [GTID, 'Q:BEGIN', '{'],
    [GTID, 'Q:BEGIN', "Q:XA COMMIT 'a'"],
    [GTID, '{', 'Q:BEGIN', GTID],
  ],
  foreignInPayload: [
    [GTID, '{', 'Q:BEGIN', 'XID', 'Q:BEGIN'],
    [GTID, '{', 'Q:BEGIN', 'XID', GTID],
    [GTID, '{', 'Q:BEGIN', 'ROTATE'],
    [GTID, '{', 'Q:BEGIN', 'XID', 'Q:DROP TABLE t'],
  ],
  unfinishedPayload: [
    [GTID, '{', GTID],
    [GTID, '{', '}'],
    [GTID, '{', 'Q:BEGIN', '}'],
    [GTID, '{', '{'],
    [GTID, '{', 'ROTATE'],
    [GTID, '}'],
  ],
};

describe('the strict rule refuses', () => {
  for (const [violation, cases] of Object.entries(refused)) {
    it.each(cases.map((texts) => [texts]))(`with ${violation} the last of %j`, (texts) => {
      expect(run(texts)).toEqual(texts.map((_, i) => (i === texts.length - 1 ? violation : 'pass')));
    });
  }

  it('a Query event that could not be decoded', () => {
    expect(new StrictGuard().check({ type: 2, flags: 0 })).toMatchObject({ violation: 'undecodableQuery' });
  });

  it('for every reason there is, with a sentence', () => {
    const tried = new Set([...Object.keys(refused), 'undecodableQuery']);
    expect([...tried].sort()).toEqual(Object.keys(Violation).sort());
  });

  it('in the words of the server where its applier refuses too', () => {
    expect(new StrictGuard().check(forge('Q:DELETE FROM t'))).toMatchObject({
      pass: false,
      errno: 3944,
      message: REQUIRE_ROW_FORMAT_MESSAGE,
    });
    expect(new StrictGuard().check(forge('TABLE_MAP'))).toMatchObject({ errno: undefined });
  });
});

describe('the strict rule', () => {
  it('reads a statement by its sql_mode', () => {
    const hidden = ["Q:DROP TABLE `t` /* \\' */ , `u\\'`; DELETE FROM v"];
    expect(run(hidden)).toEqual(['severalStatements']);
    const escape = ["Q:ALTER TABLE t COMMENT '\\'; DELETE FROM t -- '"];
    expect(run(escape)).toEqual(['pass']);
    expect(run(escape, { sqlMode: 0x10_0000 })).toEqual(['severalStatements']);
  });

  it('reads a statement by its character set', () => {
    const half = ["Q:ALTER TABLE t COMMENT '\x95\x5c'; DELETE FROM t -- '"];
    expect(run(half, { charset: 'latin1' })).toEqual(['pass']);
    expect(run(half, { charset: 'cp932' })).toEqual(['severalStatements']);
  });

  it('is not moved by what it refused', () => {
    const guard = new StrictGuard();
    for (const text of [GTID, 'Q:BEGIN', 'TABLE_MAP']) guard.check(forge(text));
    expect(guard.check(forge('Q:DELETE FROM t')).pass).toBe(false);
    expect(guard.isBetweenTransactions).toBe(false);
    expect(guard.check(forge('XID')).pass).toBe(true);
    expect(guard.isBetweenTransactions).toBe(true);
  });

  it('begins anew after a reset', () => {
    const guard = new StrictGuard();
    for (const text of [GTID, 'TRANSACTION_PAYLOAD', 'Q:BEGIN']) guard.check(forge(text));
    guard.reset();
    expect(guard.check(forge(GTID)).pass).toBe(true);
  });

  it('never lets a change by statement through, wherever it stands', () => {
    const before = fc.array(
      fc.constantFrom(
        GTID,
        'Q:BEGIN',
        'XID',
        'Q:COMMIT',
        'TABLE_MAP',
        'USER_VAR',
        'TRANSACTION_PAYLOAD',
        'MARIADB_GTID',
        'MARIADB_GTID:standalone',
        'Q:DROP TABLE t',
        "Q:XA START 'a'",
        "Q:XA END 'a'",
        'INCIDENT',
        'ROTATE',
      ),
    );
    const gap = fc.constantFrom(' ', '/* c */', '\n', '-- BEGIN\n', '/*!*/', '#\n');
    const words = fc.constantFrom(
      ['INSERT', 'INTO t VALUES (1)'],
      ['delete', 'from t'],
      ['UPDATE', 't SET a=1'],
      ['CREATE', 'TEMPORARY', 'TABLE t (a int)'],
      ['CREATE', 'TABLE t', 'SELECT 1'],
      ['REPLACE', 't VALUES (1)'],
    );
    fc.assert(
      fc.property(before, words, gap, (events, [...statement], space) => {
        const guard = new StrictGuard();
        for (const text of events) guard.check(forge(text));
        expect(guard.check(forge(`Q:${space}${statement.join(space)}`)).pass).toBe(false);
      }),
    );
  });
});
