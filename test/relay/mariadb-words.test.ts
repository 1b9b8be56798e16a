import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/connection/index.ts';
import { ask as askBy, type TextRow } from './ask.ts';
import { interrupted } from './interrupted.ts';
import { startRelay, type TestRelay } from './relay.ts';

let relay: TestRelay;
let root: Connection;
beforeAll(async () => {
  relay = await startRelay({ flavor: 'mariadb' });
  root = await relay.session();
});
afterAll(async () => {
  await root?.close();
  await relay?.wipe();
});

const ask = (sql: string): Promise<readonly TextRow[] | string> => askBy(root, sql);

/** Asked of MariaDB 11.8.6. */
test.each([
  ["STOP SLAVE 'nope'", "1617 There is no master connection 'nope'"],
  ['SELEKT', /^1064 .*corresponds to your MariaDB server version/],
  ["START SLAVE UNTIL MASTER_GTID_POS = 'garbage'", '1941 Could not parse GTID list'],
  ["SELECT MASTER_GTID_WAIT('garbage', 0.1)", '1941 Could not parse GTID list'],
  ["SELECT MASTER_GTID_WAIT('0-1-9', 0.05), MASTER_GTID_WAIT('', 0)", [['-1', '0']]],
  ["SELECT MASTER_POS_WAIT('x.000001', 4, 1)", [[null]]],
  ['SHOW REPLICA HOSTS', []],
  ["START SLAVE UNTIL SQL_AFTER_GTIDS = 'garbage'", '1941 Could not parse GTID list'],
  [
    "START SLAVE SQL_THREAD UNTIL MASTER_GTID_POS = '0-1-1'",
    '1277 Incorrect parameter or combination of parameters for START SLAVE UNTIL',
  ],
  ["EXECUTE IMMEDIATE 'SELECT 7'", [['7']]],
  ['SET STATEMENT max_statement_time=5, sql_mode="" FOR SELECT @@max_statement_time', [['5.000000']]],
  ['SELECT @@max_statement_time', [['0.000000']]],
  ['SET STATEMENT long_query_time=0.25 FOR SELECT @@long_query_time', [['0.250000']]],
  ["SET long_query_time='1.5'", "1232 Incorrect argument type to variable 'long_query_time'"],
  ['SET STATEMENT timestamp=100 FOR SELECT NOW()', [['1970-01-01 00:01:40']]],
  ['SET STATEMENT nonsense=1 FOR SELECT 1', "1193 Unknown system variable 'nonsense'"],
  [
    "SET STATEMENT gtid_slave_pos='' FOR SELECT 1",
    "1229 Variable 'gtid_slave_pos' is a GLOBAL variable and should be set with SET GLOBAL",
  ],
  ["SET STATEMENT GLOBAL sql_mode='' FOR SELECT 1", /^1064 .*near 'sql_mode/],
  // One within another, and however many of them.
  [
    'SET STATEMENT max_statement_time=1 FOR SET STATEMENT max_statement_time=2 FOR SELECT @@max_statement_time',
    [['2.000000']],
  ],
  [`${'SET STATEMENT sql_mode="" FOR '.repeat(50_000)}SELECT 1`, [['1']]],
  ['SET STATEMENT sql_mode="" FOR', /^1064 .*near ''/],
  ['SET STATEMENT sql_mode="" FOR SET @a = 8', []],
  ['SET STATEMENT sql_mode="" FOR EXECUTE IMMEDIATE "SELECT @a"', [['8']]],
  // Nothing that is prepared can run itself.
  ...['EXECUTE s', "EXECUTE IMMEDIATE 'SELECT 1'", "PREPARE s FROM 'SELECT 1'", 'DEALLOCATE PREPARE s'].map(
    (inner): [string, string] => [
      `PREPARE s FROM "SET STATEMENT sql_mode='' FOR SET STATEMENT sql_mode='' FOR ${inner}"`,
      '1295 This command is not supported in the prepared statement protocol yet',
    ],
  ),
  ['SELECT * FROM information_schema.slave_status', []],
  ['SELECT domain_id, server_id, seq_no FROM mysql.gtid_slave_pos', []],
  ['SHOW CREATE TRIGGER nosuch.t', '1360 Trigger does not exist'],
  ['SELECT @@collation_server, @@collation_connection', [['utf8mb4_uca1400_ai_ci', 'utf8mb4_uca1400_ai_ci']]],
  ["SHOW STATUS LIKE 'Slave_running'", [['Slave_running', 'OFF']]],
  [
    "SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'SLAVE_RUNNING'",
    [['OFF']],
  ],
  ['CREATE USER hashed IDENTIFIED BY "x"', []],
  ["SET PASSWORD FOR hashed = 'no hash'", /^1827 /],
  ['DROP USER hashed', []],
  ['CREATE OR REPLACE USER CURRENT_USER', "1396 Operation CREATE USER failed for 'root'@'localhost'"],
  ['SHOW CREATE USER nobody', "1133 Can't find any matching row in the user table"],
  ["DROP USER nobody@''", "1396 Operation DROP USER failed for 'nobody'@'%'"],
  ["START SLAVE 'it''s'", "1617 There is no master connection 'it's'"],
  ["STOP SLAVE 'c' FOR CHANNEL 'd'", /^1210 .*CONNECTION_NAME AND FOR CHANNEL/],
  ['SELECT @@wsrep_on, @@innodb_flush_log_at_trx_commit', [['0', '1']]],
  // What a relay has not is said by its name.
  [
    "CREATE USER two IDENTIFIED VIA ed25519 USING PASSWORD('a') OR mysql_native_password USING PASSWORD('b')",
    /^1235 .*'several factors'/,
  ],
  ['FLUSH BINARY LOGS DELETE_DOMAIN_ID=(9)', /^1235 .*'DELETE_DOMAIN_ID'/],
  ['KILL QUERY ID 5', /^1235 .*'KILL QUERY ID'/],
  // Its passwords are three times as long as MySQL's.
  [`CHANGE MASTER 'long' TO MASTER_PASSWORD='${'p'.repeat(96)}'`, []],
  ["RESET SLAVE 'long' ALL", []],
  [
    `CHANGE MASTER TO MASTER_PASSWORD='${'p'.repeat(97)}'`,
    "1470 String '***' is too long for MASTER_PASSWORD (should be no longer than 96)",
  ],
  [
    `CHANGE MASTER TO MASTER_HOST='${'h'.repeat(256)}'`,
    `1470 String '${'h'.repeat(67)}...' is too long for MASTER_HOST (should be no longer than 255)`,
  ],
  [
    `CHANGE MASTER TO MASTER_USER='${'u'.repeat(129)}'`,
    `1470 String '${'u'.repeat(67)}...' is too long for MASTER_USER (should be no longer than 128)`,
  ],
  ['RESET MASTER TO 0', []],
  ['SHOW CREATE VIEW mysql.user', "1347 'mysql.user' is not of type 'VIEW'"],
])('%.80s', async (sql, answer) => {
  if (answer instanceof RegExp) expect(await ask(sql)).toMatch(answer);
  else expect(await ask(sql)).toEqual(answer);
});

test.each([
  [
    'CREATE USER IF NOT EXISTS root@localhost',
    [['Note', '1973', "Can't create user 'root'@'localhost'; it already exists"]],
  ],
  ['DROP USER IF EXISTS nobody@x', [['Note', '1974', "Can't drop user 'nobody'@'x'; it doesn't exist"]]],
  [
    'ALTER USER IF EXISTS nobody@x REQUIRE SSL',
    [
      ['Error', '1133', "Can't find any matching row in the user table"],
      ['Note', '1396', "Operation ALTER USER failed for 'nobody'@'x'"],
    ],
  ],
  [
    "CHANGE MASTER 'beat' TO MASTER_HEARTBEAT_PERIOD=61",
    [
      [
        'Warning',
        '1704',
        "The requested value for the heartbeat period exceeds the value of `slave_net_timeout' seconds. A sensible value for the period should be less than the timeout",
      ],
    ],
  ],
  ["RESET SLAVE 'beat' ALL", []],
  ['SELECT nope', [['Error', '1054', "Unknown column 'nope' in 'SELECT'"]]],
])('%s leaves notes in the words of MariaDB', async (sql, notes) => {
  await ask(sql);
  expect(await ask('SHOW WARNINGS')).toEqual(notes);
});

test.each([
  ['SHOW COLLATION', 'Sortlen'],
  ['SHOW INDEX FROM mysql.user', 'Ignored'],
  ['SHOW TABLE STATUS FROM mysql', 'Temporary'],
  ['SHOW PROCEDURE STATUS', 'Database Collation'],
])('%s ends with the column %s, as in MariaDB', async (sql, last) => {
  const { columns } = await root.query(sql);
  expect(columns.at(-1)?.name).toBe(last);
  expect(columns.map(({ name }) => name)).not.toContain('Language');
});

test('the filters of the default connection are variables', async () => {
  const shown = "SHOW VARIABLES LIKE 'replicate%db'";
  expect(await ask(shown)).toEqual([
    ['replicate_do_db', ''],
    ['replicate_ignore_db', ''],
    ['replicate_rewrite_db', ''],
  ]);
  await root.query("CHANGE MASTER TO MASTER_HOST='h'");
  await root.query('CHANGE REPLICATION FILTER REPLICATE_DO_DB=(a,b), REPLICATE_REWRITE_DB=((a,c))');
  expect(await ask(shown)).toEqual([
    ['replicate_do_db', 'a,b'],
    ['replicate_ignore_db', ''],
    ['replicate_rewrite_db', 'a->c'],
  ]);
  expect(await ask('SELECT @@replicate_do_db, @@replicate_events_marked_for_skip')).toEqual([
    ['a,b', 'REPLICATE'],
  ]);
  expect(await ask("SET GLOBAL replicate_do_db=''")).toMatch(/^1238 /);
  await root.query('RESET SLAVE ALL');
});

/** Asked of MariaDB 11.8.6. */
test('ids to ignore are listed in order, each once', async () => {
  await root.query(
    "CHANGE MASTER 'ids' TO MASTER_HOST='h', IGNORE_SERVER_IDS=(2,1,2), DO_DOMAIN_IDS=(5,4,5)",
  );
  const { columns, rows } = await root.query("SHOW SLAVE 'ids' STATUS");
  const value = (column: string): string | undefined =>
    rows[0]?.[columns.findIndex(({ name }) => name === column)]?.toString();
  expect([value('Replicate_Ignore_Server_Ids'), value('Replicate_Do_Domain_Ids')]).toEqual(['1, 2', '4, 5']);
  await root.query("RESET SLAVE 'ids' ALL");
});

/** Asked of MariaDB 11.8.6. */
test('nothing of a connection changes while one of its threads runs, and all are started and stopped without notes', async () => {
  await root.query("CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=9, MASTER_USER='u'");
  await root.query("CHANGE MASTER 'new' TO MASTER_DELAY=1");
  await root.query('START SLAVE IO_THREAD');
  expect(await ask('CHANGE MASTER TO MASTER_DELAY=1')).toMatch(/^1198 /);
  await root.query('STOP SLAVE');
  await root.query('START SLAVE SQL_THREAD');
  expect(await ask('CHANGE MASTER TO MASTER_CONNECT_RETRY=1')).toMatch(/^1198 /);
  expect(await ask("START SLAVE UNTIL MASTER_GTID_POS='garbage'")).toMatch(/^1254 /);
  await root.query('START ALL SLAVES');
  expect(await ask('SHOW WARNINGS')).toEqual([['Note', '1937', "SLAVE '' started"]]);
  await root.query('START ALL SLAVES');
  expect(await ask('SHOW WARNINGS')).toEqual([]);
  await root.query('STOP ALL SLAVES');
  expect(await ask('SHOW WARNINGS')).toEqual([['Note', '1938', "SLAVE '' stopped"]]);
  const connections = await ask('SHOW ALL SLAVES STATUS');
  expect(connections).toHaveLength(1);
  expect(await ask('CHANGE MASTER TO MASTER_DELAY=2147483648')).toBe(
    '1729 The requested value 2147483648 for the master delay exceeds the maximum 2147483647',
  );
  for (const name of ['', 'new']) await root.query(`RESET SLAVE '${name}' ALL`);
});

test('what a session calls its default connection is meant without a name, and no other', async () => {
  for (const name of ['', 'two']) await root.query(`CHANGE MASTER '${name}' TO MASTER_HOST='h'`);
  const names = async (): Promise<unknown> => {
    const { columns, rows } = await root.query('SHOW ALL SLAVES STATUS');
    const at = columns.findIndex(({ name }) => name === 'Connection_name');
    return rows.map((row) => row[at]?.toString());
  };
  await root.query('START SLAVE');
  expect(await ask('RESET SLAVE ALL')).toBe(
    "1198 This operation cannot be performed as you have a running slave ''; run STOP SLAVE '' first",
  );
  await root.query('START SLAVE');
  expect(await ask('SHOW WARNINGS')).toEqual([['Note', '1254', 'Slave is already running']]);
  await root.query('STOP ALL SLAVES');
  expect(await ask('SHOW WARNINGS')).toContainEqual(['Note', '1938', "SLAVE '' stopped"]);
  await root.query("SET default_master_connection = 'two'");
  await root.query('STOP SLAVE');
  expect(await ask('SHOW WARNINGS')).toEqual([['Note', '1255', 'Slave already has been stopped']]);
  expect(await ask('SHOW SLAVE STATUS')).toHaveLength(1);
  await root.query('RESET SLAVE ALL');
  expect(await names()).toEqual(['']);
  await root.query("SET default_master_connection = ''");
  await root.query('RESET SLAVE ALL');
  expect(await names()).toEqual([]);
});

describe('GRANT', () => {
  test('makes accounts, and says how they log in', async () => {
    await root.query(
      "GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO r1 IDENTIFIED BY 'y' REQUIRE SSL WITH GRANT OPTION",
    );
    expect(await ask('SHOW GRANTS FOR r1')).toEqual([
      [
        "GRANT REPLICATION SLAVE, BINLOG MONITOR ON *.* TO `r1`@`%` IDENTIFIED BY PASSWORD '*7446F64EFCFB1294A6DE20CAE7E49C2377A9AA25' REQUIRE SSL WITH GRANT OPTION",
      ],
    ]);
    await root.query('GRANT USAGE ON *.* TO r1 REQUIRE X509');
    await root.query('ALTER USER r1 ACCOUNT LOCK');
    expect(await ask('SHOW CREATE USER r1')).toEqual([
      [
        "CREATE USER `r1`@`%` IDENTIFIED BY PASSWORD '*7446F64EFCFB1294A6DE20CAE7E49C2377A9AA25' REQUIRE X509 ACCOUNT LOCK",
      ],
    ]);
    expect(await ask('GRANT USAGE ON *.* TO nobody REQUIRE SSL')).toMatch(/^1133 /);
    expect(await ask('SHOW GRANTS')).toEqual([
      [expect.stringMatching(/^GRANT ALL PRIVILEGES ON \*\.\* TO `root`@`localhost` .* WITH GRANT OPTION$/)],
    ]);
    await root.query('DROP USER r1');
  });
});

test('a connection whose place is forgotten goes on with GTIDs, whatever it went by', async () => {
  const shown = async (): Promise<unknown> => {
    const { columns, rows } = await root.query('SHOW SLAVE STATUS');
    const wanted = ['Master_Log_File', 'Read_Master_Log_Pos', 'Using_Gtid'];
    return wanted.map((name) => rows[0]![columns.findIndex((column) => column.name === name)]?.toString());
  };
  await root.query(
    "CHANGE MASTER TO MASTER_HOST='h', MASTER_USE_GTID=no, MASTER_LOG_FILE='b.000003', MASTER_LOG_POS=777",
  );
  expect(await shown()).toEqual(['b.000003', '777', 'No']);
  for (const gtid of ['no', 'current_pos']) {
    await root.query(`CHANGE MASTER TO MASTER_USE_GTID=${gtid}`);
    await root.query('RESET SLAVE');
    expect(await shown()).toEqual(['', '4', 'Slave_Pos']);
  }
  await root.query('RESET SLAVE ALL');
});

/** Asked of MariaDB 11.8.6. */
test.each(['SELECT SLEEP(500)', "SELECT MASTER_GTID_WAIT('0-1-99')", 'SET @a = SLEEP(500)'])(
  '%s ends by KILL QUERY and by max_statement_time',
  async (sql) => {
    expect(await interrupted(relay, sql)).toBe('1317 Query execution was interrupted');
    expect(await ask(`SET STATEMENT max_statement_time = 0.02 FOR ${sql}`)).toBe(
      '1969 Query execution was interrupted (max_statement_time exceeded)',
    );
  },
);
