import { describe, expect, it } from 'vitest';
import { forge } from './forge.ts';
import { MysqlbinlogGuard, mysqlbinlogErrorLine } from './mysqlbinlog-guard.ts';
import type { Refusal } from './verdict.ts';

/** Events up to the refused one; every case was written as a log and given to mysqlbinlog 9.7.4 --require-row-format. */
const refused: readonly (readonly string[])[] = [
  ['GTID', 'Q:BEGIN', 'Q:INSERT INTO t VALUES (1)'],
  ['GTID', 'Q:BE', 'Q:INSERT INTO t VALUES (1)'],
  ['GTID', 'Q:B', 'Q:DELETE FROM t'],
  ['GTID', 'Q:BEGIN', 'Q:commit'],
  ['GTID', 'Q:BEGIN', 'Q:ROLLBACK TO x'],
  ['GTID', 'Q:BEGIN', 'Q:CREATE  TABLE x select 1'],
  ['GTID', 'Q:BEGIN', 'Q:DROP TABLE x'],
  ['GTID', 'Q:BEGIN', 'Q:RELEASE SAVEPOINT x'],
  ['GTID', 'Q:BEGIN', 'Q:XA COMMIT x'],
  ['GTID', 'Q:CREATE TEMPORARY TABLE t (a int)'],
  ['GTID', 'Q:create temporary table t (a int)'],
  ['GTID', 'Q:CREATE TEMPORARYx'],
  ['GTID', 'Q:DROP TEMPORARY TABLE t'],
  ['GTID', 'Q:DROP TEMPORARY TA'],
  ['Q:CREATE TEMPORARY TABLE t (a int)'],
  ['GTID_LOG_EVENT', 'INTVAR'],
  ['GTID_LOG_EVENT', 'RAND'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'USER_VAR'],
  ['GTID_LOG_EVENT', 'USER_VAR', 'Q:DROP TEMPORARY TABLE x'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'BEGIN_LOAD_QUERY'],
  ['BEGIN_LOAD_QUERY'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'APPEND_BLOCK'],
  ['EXECUTE_LOAD_QUERY'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'STOP', 'Q:DELETE'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'PREVIOUS_GTIDS', 'Q:DELETE'],
  ['GTID_TAGGED', 'Q:BEGIN', 'Q:DELETE'],
  ['ANONYMOUS_GTID', 'Q:BEGIN', 'Q:DELETE'],
];

const passed: readonly (readonly string[])[] = [
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'TABLE_MAP', 'WRITE_ROWS', 'XID'],
  ['GTID_LOG_EVENT', 'Q:INSERT INTO t VALUES (1)'],
  ['Q:INSERT INTO t VALUES (1)'],
  ['GTID_LOG_EVENT', 'Q:begin', 'Q:INSERT INTO t VALUES (1)', 'XID'],
  ['GTID_LOG_EVENT', 'Q:BEGIN ', 'Q:INSERT INTO t VALUES (1)', 'XID'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'Q:COMM', 'Q:INSERT 1'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'Q:rollback', 'Q:INSERT 1'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'Q:ROLLBACKX', 'Q:INSERT 1'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'Q:ROLLBACK TO', 'Q:INSERT 1'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'Q:SAVEPOINT x', 'XID'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'Q:savepointdelete', 'XID'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'Q:xa endx', 'XID'],
  ['GTID_LOG_EVENT', "Q:XA START X'01'", 'TABLE_MAP', 'WRITE_ROWS', "Q:XA END X'01'", 'XA_PREPARE'],
  ['GTID_LOG_EVENT', "Q:xa START X'01'", 'TABLE_MAP', 'WRITE_ROWS', 'Q:DELETE'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'Q:XA PREPARE', 'XID'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'Q:XA ROLLBACK', 'Q:DELETE'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'Q:create table x select 1', 'XID'],
  ['GTID_LOG_EVENT', 'Q:CREATE TEMPORARY'],
  ['GTID_LOG_EVENT', 'Q:DROP TEMPORARY T'],
  ['GTID_LOG_EVENT', 'Q:CREATE  TEMPORARY TABLE t'],
  ['GTID_LOG_EVENT', 'USER_VAR', 'Q:INSERT 1'],
  ['USER_VAR', 'USER_VAR', 'Q:CREATE TABLE x'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'ROWS_QUERY', 'TABLE_MAP', 'PARTIAL_UPDATE_ROWS', 'VIEW_CHANGE', 'XID'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'INCIDENT', 'Q:DELETE FROM t'],
  ['GTID_LOG_EVENT', 'GTID_LOG_EVENT', 'XID', 'Q:DELETE', 'Q:BEGIN', 'Q:BEGIN', 'XID'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'GTID_LOG_EVENT', 'Q:DELETE FROM t'],
  ['28!'],
  ['GTID_LOG_EVENT', 'TRANSACTION_PAYLOAD', 'Q:DELETE'],
  ['GTID_LOG_EVENT', 'Q:BEGIN', 'TRANSACTION_PAYLOAD', 'Q:DELETE'],
];

function run(texts: readonly string[]): string[] {
  const guard = new MysqlbinlogGuard();
  return texts.map((text) => {
    const verdict = guard.check(forge(text === 'GTID' ? 'GTID_LOG_EVENT' : text));
    return verdict.pass ? 'pass' : 'refused';
  });
}

describe('the rule of mysqlbinlog --require-row-format', () => {
  it.each(refused.map((texts) => [texts]))('refuses the last of %j', (texts) => {
    expect(run(texts)).toEqual(texts.map((_, i) => (i === texts.length - 1 ? 'refused' : 'pass')));
  });

  it.each(passed.map((texts) => [texts]))('passes %j', (texts) => {
    expect(run(texts)).toEqual(texts.map(() => 'pass'));
  });

  it('refuses what the program cannot read: types it does not know, empty statements', () => {
    const verdicts = ['99', '160', 'Q:'].map((text) => new MysqlbinlogGuard().check(forge(text)));
    expect(verdicts.map((verdict) => (verdict.pass ? undefined : verdict.violation))).toEqual([
      'unsupportedEvent',
      'unsupportedEvent',
      'emptyQuery',
    ]);
  });

  it('has the words of the program', () => {
    const statement = new MysqlbinlogGuard().check(forge('BEGIN_LOAD_QUERY')) as Refusal;
    expect(mysqlbinlogErrorLine(statement)).toBe(
      'ERROR: Event being written violates the --require-row-format parameter constraints.',
    );
    const undecodable = new MysqlbinlogGuard().check({ type: 2, flags: 0 }) as Refusal;
    expect(mysqlbinlogErrorLine(undecodable)).toBe(
      'ERROR: Unexpected event being evaluated under --require-row-format.',
    );
  });
});
