import { describe, expect, it } from 'vitest';
import { redactStatement } from './redact.ts';
import { type AdministrativeStatement, readStatement } from './statement.ts';
import { StatementCursor } from './statement-cursor.ts';

function read(sql: string): AdministrativeStatement {
  return readStatement(new StatementCursor(Buffer.from(sql)));
}

describe('CHANGE … TO', () => {
  it('reads both vocabularies alike', () => {
    const values = "HOST = 'h', §_PORT=3307, §_SSL=1, §_HEARTBEAT_PERIOD=0.5, §_AUTO_POSITION = 1";
    const source = read(
      `CHANGE REPLICATION SOURCE TO SOURCE_${values.replaceAll('§', 'SOURCE')} FOR CHANNEL 'c'`,
    );
    const master = read(`change master 'c' to MASTER_${values.replaceAll('§', 'MASTER')}`);
    expect(source).toEqual(master);
    expect(source).toMatchObject({
      kind: 'changeSource',
      channel: 'c',
      options: { sourceHost: 'h', sourcePort: 3307, sourceSsl: true, sourceHeartbeatPeriod: 0.5 },
    });
  });

  it('lets the last of a repeated option win', () => {
    expect(read("CHANGE MASTER TO MASTER_HOST='a', MASTER_HOST='b'")).toMatchObject({
      options: { sourceHost: 'b' },
    });
  });

  it.each([
    ['SOURCE_TLS_CIPHERSUITES=NULL', { sourceTlsCiphersuites: null }],
    ['IGNORE_SERVER_IDS=(1,2)', { ignoreServerIds: [1, 2] }],
    ['IGNORE_SERVER_IDS=()', { ignoreServerIds: [] }],
    ["PRIVILEGE_CHECKS_USER='u'@'h'", { privilegeChecksUser: { user: 'u', host: 'h' } }],
    ['PRIVILEGE_CHECKS_USER=u@h', { privilegeChecksUser: { user: 'u', host: 'h' } }],
    ['REQUIRE_ROW_FORMAT=2', { requireRowFormat: 2 }],
    ['MASTER_USE_GTID=slave_pos', { masterUseGtid: 'slave_pos' }],
    ["SOURCE_PASSWORD=ENVIRONMENT 'PW'", { sourcePassword: { kind: 'environment', name: 'PW' } }],
    [
      'ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS=LOCAL',
      { assignGtidsToAnonymousTransactions: { kind: 'LOCAL' } },
    ],
  ])('reads %s', (option, options) => {
    expect(read(`CHANGE REPLICATION SOURCE TO ${option}`)).toMatchObject({ options });
  });

  it('reads filters', () => {
    expect(
      read(
        "CHANGE REPLICATION FILTER REPLICATE_DO_DB=(a, `b c`), REPLICATE_WILD_DO_TABLE=('a.%'), REPLICATE_REWRITE_DB=((x,y)), REPLICATE_DO_TABLE=()",
      ),
    ).toMatchObject({
      rules: [
        { rule: 'doDb', names: ['a', 'b c'] },
        { rule: 'wildDoTable', names: ['a.%'] },
        { rule: 'rewriteDb', pairs: [['x', 'y']] },
        { rule: 'doTable', names: [] },
      ],
    });
  });
});

describe('START and STOP', () => {
  it.each([
    ['START REPLICA', { kind: 'startReplica', all: false, channel: undefined }],
    ['START ALL SLAVES', { kind: 'startReplica', all: true }],
    ["START SLAVE 'c' IO_THREAD", { channel: 'c', threads: { receiver: true, applier: false } }],
    [
      "START REPLICA SQL_THREAD UNTIL SQL_AFTER_GTIDS='a:1' FOR CHANNEL 'c'",
      { until: { kind: 'afterGtids', gtids: 'a:1' }, channel: 'c' },
    ],
    [
      "START REPLICA UNTIL SOURCE_LOG_FILE='f', SOURCE_LOG_POS=4 USER='u' PASSWORD='p'",
      { until: { kind: 'sourcePosition', file: 'f', position: 4 }, user: 'u', password: 'p' },
    ],
    ["STOP REPLICA IO_THREAD FOR CHANNEL ''", { kind: 'stopReplica', channel: '' }],
    ["RESET REPLICA ALL FOR CHANNEL 'x'", { kind: 'resetReplica', all: true, channel: 'x' }],
  ])('%s', (sql, statement) => {
    expect(read(sql)).toMatchObject(statement);
  });
});

describe('accounts', () => {
  it('reads CREATE USER with everything', () => {
    expect(
      read(
        "CREATE USER IF NOT EXISTS 'a'@'10.%' IDENTIFIED WITH caching_sha2_password BY 'x', b REQUIRE SUBJECT '/CN=a' AND ISSUER '/CN=b' FAILED_LOGIN_ATTEMPTS 3 PASSWORD_LOCK_TIME UNBOUNDED ACCOUNT LOCK",
      ),
    ).toEqual({
      kind: 'createUser',
      ifNotExists: true,
      replace: false,
      users: [
        {
          account: { user: 'a', host: '10.%' },
          authentication: { plugin: 'caching_sha2_password', password: 'x' },
        },
        { account: { user: 'b', host: '%' }, authentication: undefined },
      ],
      clauses: {
        require: { kind: 'SPECIFIED', cipher: '', issuer: '/CN=b', subject: '/CN=a' },
        failedLoginAttempts: 3,
        passwordLockTime: -1,
        locked: true,
      },
    });
  });

  it('refuses a requirement said twice, in the words of the server', () => {
    expect(() => read("CREATE USER a REQUIRE SUBJECT 'x' SUBJECT 'y'")).toThrow(
      "Option 'SUBJECT' used twice in statement",
    );
    expect(() => read("CREATE USER a REQUIRE X509 SUBJECT 'y'")).toThrow("near 'SUBJECT 'y'' at line 1");
  });

  it.each([
    [
      'GRANT REPLICATION SLAVE, BINLOG_ADMIN ON *.* TO a@b WITH GRANT OPTION',
      ['REPLICATION SLAVE', 'BINLOG_ADMIN'],
      'global',
    ],
    ['GRANT ALL PRIVILEGES ON `s`.* TO a', ['ALL'], 'schema'],
    ['GRANT INSERT ON s.t TO a', ['INSERT'], 'table'],
  ])('%s', (sql, privileges, level) => {
    expect(read(sql)).toMatchObject({ kind: 'grant', privileges, level: { kind: level } });
  });
});

describe('what does not parse', () => {
  it.each([
    ['SELEC 1', "near 'SELEC 1' at line 1"],
    ['CHANGE REPLICATION SOURCE TO REQUIRE_ROW_FORMAT=ON', "near 'ON' at line 1"],
    ['START REPLICA\nFOO', "near 'FOO' at line 2"],
    ['SHOW REPLICA STATUS x', "near 'x' at line 1"],
    ['SHOW REPLICA STATUS FOR', "near '' at line 1"],
    ["CHANGE MASTER TO MASTER_HOST='unended", "near ''unended' at line 1"],
    ['SHOW REPLICA STATUS x ; ', "near 'x' at line 1"],
    ['ALTER USER a /* REQUIRE X509', "near '/* REQUIRE X509' at line 1"],
    ['ALTER USER a /*! REQUIRE X509', "near '' at line 1"],
    ['ROLLBACK\n/*!99999 ', "near '/*!99999' at line 2"],
    [' /* PREPARE', "near '/* PREPARE' at line 1"],
    ['CREATE USER `a', "near '`a' at line 1"],
  ])('%j is error 1064 %s', (sql, near) => {
    expect(() => read(sql)).toThrow(near);
  });

  it('is not what servers know and a relay does not', () => {
    expect(read('INSERT INTO t VALUES (1)')).toEqual({ kind: 'unsupported', word: 'INSERT' });
    expect(read('CREATE TABLE t (a INT)')).toEqual({ kind: 'unsupported', word: 'CREATE TABLE' });
  });
});

describe('SET', () => {
  it('reads all kinds of variables', () => {
    expect(
      read(
        "SET @a = 1, @@global.server_id=2, GLOBAL x = ON, y = 'z', NAMES utf8mb4 COLLATE utf8mb4_bin, @@z := 3",
      ),
    ).toEqual({
      kind: 'set',
      assignments: [
        { kind: 'user', name: 'a', value: '1' },
        { kind: 'system', scope: 'global', name: 'server_id', value: '2' },
        { kind: 'system', scope: 'global', name: 'x', value: 'ON' },
        { kind: 'system', scope: 'global', name: 'y', value: "'z'" },
        { kind: 'names', charset: 'utf8mb4', collation: 'utf8mb4_bin' },
        { kind: 'system', scope: 'session', name: 'z', value: '3' },
      ],
    });
  });
});

describe('several statements', () => {
  it('end at their semicolons', () => {
    const cursor = new StatementCursor(Buffer.from("SELECT ';'; SHOW WARNINGS;"));
    expect(readStatement(cursor)).toEqual({ kind: 'select', text: "SELECT ';'" });
    expect(cursor.acceptSymbol(';')).toBe(true);
    expect(readStatement(cursor)).toMatchObject({ kind: 'showWarnings' });
  });
});

describe('a statement shown to others', () => {
  it.each([
    ["CREATE USER a IDENTIFIED BY 'x'", 'CREATE USER a IDENTIFIED BY <secret>'],
    [
      "CHANGE MASTER TO MASTER_PASSWORD = 'x', MASTER_HOST='h'",
      "CHANGE MASTER TO MASTER_PASSWORD = <secret>, MASTER_HOST='h'",
    ],
    ["/* */ SET PASSWORD FOR a = PASSWORD('x')", '/* */ SET PASSWORD FOR a = PASSWORD(<secret>)'],
    ["SET PASSWORD FOR 'a'@'b' = 'x'", "SET PASSWORD FOR <secret>@'b' = <secret>"],
    ["SET PASSWORD = 'x'", 'SET PASSWORD = <secret>'],
    ['PREPARE s FROM "CHANGE MASTER TO MASTER_PASSWORD = \'x\'"', 'PREPARE s FROM <secret>'],
    ["EXECUTE IMMEDIATE 'SET PASSWORD = ''x'''", 'EXECUTE IMMEDIATE <secret>'],
    ["SELECT 'by' AS 'x'", "SELECT 'by' AS 'x'"],
  ])('%j', (sql, shown) => {
    expect(redactStatement(sql)).toBe(shown);
  });
});
