import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/connection/index.ts';
import { ServerError } from '../../src/errors/index.ts';
import { startRelay, type TestRelay } from './relay.ts';

let relay: TestRelay;
let root: Connection;
let nobody: Connection;

const text = (value: Buffer | null): string | null => (value === null ? null : value.toString());

/** Rows as text, or `errno state message`. */
async function ask(
  connection: Connection,
  sql: string,
): Promise<readonly (readonly (string | null)[])[] | string> {
  try {
    const { rows } = await connection.query(sql);
    return rows.map((row) => row.map(text));
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return `${error.errno} ${error.sqlState} ${error.message}`;
  }
}

beforeAll(async () => {
  relay = await startRelay({ variables: { server_id: 77 } });
  root = await relay.session();
  await root.query("CREATE USER nob@localhost IDENTIFIED BY 'x'");
  nobody = await relay.session('nob', 'x');
});

afterAll(async () => {
  await root.close();
  await nobody.close();
  await relay.wipe();
});

/** The words of MySQL 9.7.4, from asking it. */
describe('errors are those of the server', () => {
  test.each([
    [
      'DROP USER nope@x',
      "1396 HY000 Operation DROP USER failed for 'nope'@'x' (User account does not exist)",
    ],
    [
      'CREATE USER nob@localhost',
      "1396 HY000 Operation CREATE USER failed for 'nob'@'localhost' (User account already exists)",
    ],
    [
      'DROP USER nope@x, nob2@y',
      "1396 HY000 Operation DROP USER failed for 'nope'@'x' (User account does not exist),'nob2'@'y' (User account does not exist)",
    ],
    ['GRANT SELECT ON *.* TO nope@x', '1410 42000 You are not allowed to create a user with GRANT'],
    ['RENAME USER nope@x TO y@x', "1396 HY000 Operation RENAME USER failed for 'nope'@'x'"],
    ['SHOW GRANTS FOR nope@x', "1141 42000 There is no such grant defined for user 'nope' on host 'x'"],
    [
      'SHOW CREATE USER nope@x',
      "1396 HY000 Operation SHOW CREATE USER failed for 'nope'@'x' (User account does not exist)",
    ],
    ['KILL 99999', '1094 HY000 Unknown thread id: 99999'],
    [
      'START REPLICA',
      '1200 HY000 The server is not configured as replica; fix in config file or with CHANGE REPLICATION SOURCE TO',
    ],
    ["START REPLICA FOR CHANNEL 'q'", "3074 HY000 Replica channel 'q' does not exist."],
    ["SHOW REPLICA STATUS FOR CHANNEL 'q'", "3074 HY000 Replica channel 'q' does not exist."],
    ["PURGE BINARY LOGS TO 'x'", '1373 HY000 Target log not found in binlog index'],
    ['SET GLOBAL nope=1', "1193 HY000 Unknown system variable 'nope'"],
    ['SELECT @@nope', "1193 HY000 Unknown system variable 'nope'"],
    ['SET GLOBAL port=1', "1238 HY000 Variable 'port' is a read only variable"],
    [
      'SET server_id=1',
      "1229 HY000 Variable 'server_id' is a GLOBAL variable and should be set with SET GLOBAL",
    ],
    ["SET GLOBAL server_id='x'", "1232 42000 Incorrect argument type to variable 'server_id'"],
    ["SET autocommit='x'", "1231 42000 Variable 'autocommit' can't be set to the value of 'x'"],
    ['SET NAMES foo', "1115 42000 Unknown character set: 'foo'"],
    [
      'GRANT REPLICATION SLAVE ON s.* TO nob@localhost',
      '1221 HY000 Incorrect usage of DB GRANT and GLOBAL PRIVILEGES',
    ],
    [
      'GRANT BINLOG_ADMIN ON s.* TO nob@localhost',
      '3619 HY000 Illegal privilege level specified for BINLOG_ADMIN',
    ],
    [
      'GRANT SHUTDOWN ON s.t TO nob@localhost',
      '1144 42000 Illegal GRANT/REVOKE command; please consult the manual to see which privileges can be used',
    ],
    ["CREATE USER z@z IDENTIFIED WITH nope BY 'x'", "1524 HY000 Plugin 'nope' is not loaded"],
    ['USE nope', "1049 42000 Unknown database 'nope'"],
    [
      "CHANGE REPLICATION SOURCE TO PRIVILEGE_CHECKS_USER='nope'@'x'",
      "3926 HY000 PRIVILEGE_CHECKS_USER for replication channel '' was set to `nope`@`x`, but this is not an existing user.",
    ],
    ["CHANGE REPLICATION SOURCE TO SOURCE_HOST=''", '1210 HY000 Incorrect arguments to SOURCE_HOST'],
    [
      "CHANGE REPLICATION SOURCE TO SOURCE_AUTO_POSITION=1, SOURCE_LOG_FILE='x'",
      '1776 HY000 Parameters SOURCE_LOG_FILE, SOURCE_LOG_POS, RELAY_LOG_FILE and RELAY_LOG_POS cannot be set when SOURCE_AUTO_POSITION is active.',
    ],
    [
      'CHANGE REPLICATION SOURCE TO REQUIRE_ROW_FORMAT=2',
      '3945 HY000 The requested value 2 is invalid for REQUIRE_ROW_FORMAT, must be either 0 or 1.',
    ],
    [
      'CHANGE REPLICATION SOURCE TO SOURCE_DELAY=4294967295',
      '1729 HY000 The requested value 4294967295 for the source delay exceeds the maximum 2147483647',
    ],
    [
      'CHANGE REPLICATION SOURCE TO SOURCE_HEARTBEAT_PERIOD=4294968',
      '1624 HY000 The requested value for the heartbeat period is either negative or exceeds the maximum allowed (4294967 seconds).',
    ],
    [
      'CHANGE REPLICATION SOURCE TO SOURCE_HEARTBEAT_PERIOD=-1',
      "1064 42000 You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near '-1' at line 1",
    ],
    [
      "CHANGE REPLICATION SOURCE TO SOURCE_COMPRESSION_ALGORITHMS='x'",
      "3920 HY000 Invalid SOURCE_COMPRESSION_ALGORITHMS 'x' for channel ''.",
    ],
    [
      'CHANGE REPLICATION SOURCE TO SOURCE_ZSTD_COMPRESSION_LEVEL=99',
      "3921 HY000 Invalid SOURCE_ZSTD_COMPRESSION_LEVEL 99 for channel ''.",
    ],
    [
      "CHANGE REPLICATION SOURCE TO ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS='x'",
      "1525 HY000 Incorrect UUID value: 'x'",
    ],
    [
      'CHANGE REPLICATION SOURCE TO GTID_ONLY=1',
      "4065 HY000 GTID_ONLY cannot be enabled for replication channel ''. You need GTID_MODE = ON, SOURCE_AUTO_POSITION = 1 and REQUIRE_ROW_FORMAT = 1.",
    ],
    [
      "CHANGE REPLICATION SOURCE TO SOURCE_PASSWORD='123456789012345678901234567890123'",
      '3056 HY000 The password provided for the replication user exceeds the maximum length of 32 characters',
    ],
    [
      'CHANGE REPLICATION SOURCE TO IGNORE_SERVER_IDS=(1)',
      "3139 HY000 CHANGE REPLICATION SOURCE TO ... IGNORE_SERVER_IDS='...' when @@GLOBAL.GTID_MODE = ON cannot be performed on channel ''.",
    ],
    [
      "START REPLICA UNTIL SOURCE_LOG_FILE='x'",
      '1277 HY000 Incorrect parameter or combination of parameters for START REPLICA UNTIL',
    ],
    [
      "START REPLICA SQL_THREAD USER='u'",
      '1763 HY000 Setting authentication options is not possible when only the Replica SQL Thread is being started.',
    ],
    [
      "CHANGE REPLICATION FILTER REPLICATE_WILD_DO_TABLE=('x')",
      "3067 HY000 Supplied filter list contains a value which is not in the required format 'db_pattern.table_pattern'",
    ],
    [
      "SHOW BINLOG EVENTS IN 'x'",
      '1220 HY000 Error when executing command SHOW BINLOG EVENTS: Could not find target log',
    ],
    [
      'RESET BINARY LOGS AND GTIDS TO 0',
      "3567 HY000 The requested value '0' for the next binary log index is out of range. Please use a value between '1' and '2000000000'.",
    ],
    ['SELECT * FROM performance_schema.nope', "1146 42S02 Table 'performance_schema.nope' doesn't exist"],
    ['SELECT nope', "1054 42S22 Unknown column 'nope' in 'field list'"],
  ])('%s', async (sql, answer) => {
    expect(await ask(root, sql)).toBe(answer);
  });
});

describe('somebody without privileges', () => {
  const lacks = (names: string): string =>
    `1227 42000 Access denied; you need (at least one of) the ${names} privilege(s) for this operation`;
  test.each([
    ["CHANGE REPLICATION SOURCE TO SOURCE_HOST='h'", lacks('SUPER or REPLICATION_SLAVE_ADMIN')],
    ['START REPLICA', lacks('SUPER or REPLICATION_SLAVE_ADMIN')],
    ['RESET REPLICA', lacks('RELOAD')],
    ['SHOW REPLICA STATUS', lacks('SUPER, REPLICATION CLIENT')],
    ['SHOW BINARY LOGS', lacks('SUPER, REPLICATION CLIENT')],
    ['SHOW BINARY LOG STATUS', lacks('SUPER, REPLICATION CLIENT')],
    ['SHOW BINLOG EVENTS', lacks('REPLICATION SLAVE')],
    ['SHOW REPLICAS', lacks('REPLICATION SLAVE')],
    ["PURGE BINARY LOGS TO 'x'", lacks('SUPER or BINLOG_ADMIN')],
    ['RESET BINARY LOGS AND GTIDS', lacks('RELOAD or FLUSH_TABLES')],
    ['ALTER INSTANCE RELOAD TLS', lacks('CONNECTION_ADMIN')],
    ['CREATE USER x@y', lacks('CREATE USER')],
    ['SET GLOBAL server_id=1', lacks('SUPER or SYSTEM_VARIABLES_ADMIN')],
    ['SET PERSIST server_id=1', lacks('SUPER or SYSTEM_VARIABLES_ADMIN')],
    ['SHUTDOWN', lacks('SHUTDOWN')],
    ['GRANT BINLOG_ADMIN ON *.* TO nob@localhost', lacks('GRANT OPTION')],
    ['USE mysql', "1044 42000 Access denied for user 'nob'@'localhost' to database 'mysql'"],
    [
      'SELECT * FROM mysql.user',
      "1142 42000 SELECT command denied to user 'nob'@'localhost' for table 'user'",
    ],
    [
      'SHOW GRANTS FOR root@localhost',
      "1142 42000 SELECT command denied to user 'nob'@'localhost' for table 'user'",
    ],
  ])('may not: %s', async (sql, answer) => {
    expect(await ask(nobody, sql)).toBe(answer);
  });

  test('sees itself and no more', async () => {
    expect(await ask(nobody, 'SHOW GRANTS')).toEqual([['GRANT USAGE ON *.* TO `nob`@`localhost`']]);
    expect(await ask(nobody, 'SHOW DATABASES')).toEqual([['information_schema']]);
    expect(await ask(nobody, 'SELECT USER FROM information_schema.PROCESSLIST')).toEqual([['nob']]);
    expect(await ask(nobody, "SET PASSWORD = 'y'")).toEqual([]);
    expect(await ask(nobody, "ALTER USER CURRENT_USER() IDENTIFIED BY 'x'")).toEqual([]);
  });
});

describe('accounts', () => {
  test('come back as they were made', async () => {
    const made =
      "CREATE USER 'a'@'10.%' IDENTIFIED WITH client_ed25519 BY 'x' REQUIRE SUBJECT '/O=A/CN=a' AND ISSUER '/CN=b' " +
      'FAILED_LOGIN_ATTEMPTS 3 PASSWORD_LOCK_TIME 2 ACCOUNT LOCK';
    await root.query(made);
    await root.query('GRANT REPLICATION SLAVE, BINLOG ADMIN ON *.* TO a@`10.%`');
    await root.query('GRANT INSERT, UPDATE ON app.* TO a@`10.%` WITH GRANT OPTION');
    await root.query('GRANT DELETE ON app.t TO a@`10.%`');
    expect(await ask(root, "SHOW GRANTS FOR a@'10.%'")).toEqual([
      ['GRANT REPLICATION SLAVE ON *.* TO `a`@`10.%`'],
      ['GRANT BINLOG_ADMIN ON *.* TO `a`@`10.%`'],
      ['GRANT INSERT, UPDATE ON `app`.* TO `a`@`10.%` WITH GRANT OPTION'],
      ['GRANT DELETE ON `app`.`t` TO `a`@`10.%`'],
    ]);
    const [[line]] = (await ask(root, "SHOW CREATE USER a@'10.%'")) as [[string]];
    expect(line).toMatch(
      /^CREATE USER `a`@`10.%` IDENTIFIED WITH 'client_ed25519' AS '[^']{43}' REQUIRE SUBJECT '\/O=A\/CN=a' ISSUER '\/CN=b' PASSWORD EXPIRE DEFAULT ACCOUNT LOCK .* FAILED_LOGIN_ATTEMPTS 3 PASSWORD_LOCK_TIME 2$/,
    );
    await root.query("DROP USER a@'10.%'");
    await root.query(line);
    expect(await ask(root, "SHOW CREATE USER a@'10.%'")).toEqual([[line]]);
    expect(await ask(root, "SELECT ssl_type, x509_subject FROM mysql.user WHERE user = 'a'")).toEqual([
      ['SPECIFIED', '/O=A/CN=a'],
    ]);
    await root.query("DROP USER a@'10.%'");
  });

  test('are refused a password that could not log in', async () => {
    const [most, more] = ['x'.repeat(256), 'x'.repeat(257)];
    const refused = (what: string, who = "'long'@'%'"): string =>
      `1396 HY000 Operation ${what} failed for ${who}`;
    expect(await ask(root, `CREATE USER long IDENTIFIED BY '${more}'`)).toBe(refused('CREATE USER'));
    expect(await ask(root, `CREATE USER long IDENTIFIED BY '${most}'`)).toEqual([]);
    expect(await ask(root, `ALTER USER long IDENTIFIED BY '${more}'`)).toBe(refused('ALTER USER'));
    expect(await ask(root, `SET PASSWORD FOR long = '${more}'`)).toBe(refused('SET PASSWORD'));
    expect(await ask(root, `CREATE USER other, another IDENTIFIED BY '${more}'`)).toBe(
      refused('CREATE USER', "'another'@'%'"),
    );
    const session = await relay.session('long', most);
    await session.close();
    // Nor is one of several made; and where the password does not travel, its length does not matter.
    await root.query(`ALTER USER long IDENTIFIED WITH mysql_native_password BY '${more}'`);
    expect(await ask(root, "SELECT user FROM mysql.user WHERE user REGEXP 'long|other'")).toEqual([['long']]);
    await root.query('DROP USER long');
  });

  test('lose what is revoked', async () => {
    await root.query('CREATE USER r');
    await root.query('GRANT ALL ON s.* TO r');
    expect(await ask(root, 'SHOW GRANTS FOR r')).toEqual([
      ['GRANT USAGE ON *.* TO `r`@`%`'],
      ['GRANT ALL PRIVILEGES ON `s`.* TO `r`@`%`'],
    ]);
    await root.query('REVOKE ALL PRIVILEGES ON s.* FROM r');
    expect(await ask(root, 'SHOW GRANTS FOR r')).toEqual([['GRANT USAGE ON *.* TO `r`@`%`']]);
    await root.query('DROP USER r');
  });

  test('are told of in the audit log, without passwords', async () => {
    await root.query("CREATE USER secretive IDENTIFIED BY 'hunter2'");
    await root.query('DROP USER secretive');
    const lines = JSON.stringify(relay.audit);
    expect(lines).toContain('CREATE USER');
    expect(lines).not.toContain('hunter2');
  });
});

describe('channels', () => {
  test('are configured, shown, started and removed', async () => {
    await root.query(
      "CHANGE REPLICATION SOURCE TO SOURCE_HOST='h', SOURCE_USER='u', SOURCE_PASSWORD='hunter2', SOURCE_SSL=1, SOURCE_SSL_CA='/ca', SOURCE_AUTO_POSITION=1, REQUIRE_ROW_FORMAT=1 FOR CHANNEL 'c'",
    );
    await root.query("CHANGE REPLICATION FILTER REPLICATE_DO_DB=(a,b) FOR CHANNEL 'c'");
    const { columns, rows } = await root.query('SHOW REPLICA STATUS');
    const shown = Object.fromEntries(columns.map(({ name }, i) => [name, text(rows[0]![i]!)]));
    expect(columns).toHaveLength(60);
    expect(shown).toMatchObject({
      Source_Host: 'h',
      Source_SSL_Allowed: 'Yes',
      Source_SSL_CA_File: '/ca',
      Replica_IO_Running: 'No',
      Auto_Position: '1',
      Replicate_Do_DB: 'a,b',
      Channel_Name: 'c',
    });
    const legacy = await root.query("SHOW SLAVE STATUS FOR CHANNEL 'c'");
    expect(legacy.columns.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'Slave_IO_State',
        'Master_Host',
        'Seconds_Behind_Master',
        'Get_master_public_key',
      ]),
    );
    expect(
      await ask(
        root,
        'SELECT c.HOST, a.REQUIRE_ROW_FORMAT, s.SERVICE_STATE FROM performance_schema.replication_connection_configuration c JOIN performance_schema.replication_applier_configuration a USING (CHANNEL_NAME) JOIN performance_schema.replication_connection_status s USING (CHANNEL_NAME)',
      ),
    ).toEqual([['h', 'YES', 'OFF']]);
    await root.query("START REPLICA FOR CHANNEL 'c'");
    expect(await ask(root, "CHANGE REPLICATION SOURCE TO SOURCE_HOST='i' FOR CHANNEL 'c'")).toBe(
      "3021 HY000 This operation cannot be performed with a running replica io thread; run STOP REPLICA IO_THREAD FOR CHANNEL 'c' first.",
    );
    await root.query("START REPLICA FOR CHANNEL 'c'");
    expect(await ask(root, 'SHOW WARNINGS')).toEqual([
      ['Note', '3083', "Replication thread(s) for channel 'c' are already runnning."],
    ]);
    expect(await ask(root, "CHANGE REPLICATION SOURCE TO SOURCE_DELAY=1 FOR CHANNEL 'c'")).toBe(
      "3085 HY000 This operation cannot be performed with a running replica sql thread; run STOP REPLICA SQL_THREAD FOR CHANNEL 'c' first.",
    );
    expect(await ask(root, "CHANGE REPLICATION SOURCE TO REQUIRE_ROW_FORMAT=0 FOR CHANNEL 'c'")).toBe(
      "3081 HY000 This operation cannot be performed with running replication threads; run STOP REPLICA FOR CHANNEL 'c' first",
    );
    expect(await ask(root, "RESET REPLICA ALL FOR CHANNEL 'c'")).toMatch(/^3081 /);
    await root.query("STOP REPLICA FOR CHANNEL 'c'");
    expect(JSON.stringify([...relay.context.state.channels.all()])).not.toContain('hunter2');
    await root.query("RESET REPLICA ALL FOR CHANNEL 'c'");
    expect(await ask(root, 'SHOW REPLICA STATUS')).toEqual([]);
  });

  test('have names in small letters, and go on behind what they applied when they leave their GTIDs', async () => {
    const change = (options: string) =>
      root.query(`CHANGE REPLICATION SOURCE TO ${options} FOR CHANNEL 'Big'`);
    const place =
      'SELECT AUTO_POSITION, CHANNEL_NAME FROM performance_schema.replication_connection_configuration';
    await change("SOURCE_HOST = 'h', SOURCE_AUTO_POSITION = 1, SOURCE_DELAY = 5");
    expect(await ask(root, place)).toEqual([['1', 'big']]);
    const begins = (): unknown[] => {
      const { positioning, sourceLogFile, sourceLogPos } =
        relay.context.streams.channels.get('big')!.configuration;
      return [positioning, sourceLogFile, sourceLogPos];
    };
    const applied = { sourceLogFile: 'bin.000007', execSourceLogPos: 345 };
    Object.assign(relay.context.streams.channels.get('big')!, { applied });
    await change('SOURCE_AUTO_POSITION = 0');
    expect(begins()).toEqual(['position', 'bin.000007', 345]);
    // Of another source it means nothing, and a place that is named counts.
    await change('SOURCE_AUTO_POSITION = 1');
    await change("SOURCE_AUTO_POSITION = 0, SOURCE_HOST = 'other'");
    expect(begins()).toEqual(['position', '', 4]);
    await change('SOURCE_AUTO_POSITION = 1');
    await change("SOURCE_AUTO_POSITION = 0, SOURCE_LOG_FILE = 'bin.000002', SOURCE_LOG_POS = 99");
    expect(begins()).toEqual(['position', 'bin.000002', 99]);
    await root.query("RESET REPLICA FOR CHANNEL 'BIG'");
    expect(relay.context.streams.channels.get('big')!.configuration.sourceDelay).toBe(0);
    expect(
      await ask(root, "START REPLICA UNTIL SOURCE_LOG_FILE = 'x', SOURCE_LOG_POS = 4 FOR CHANNEL 'big'"),
    ).toBe('1277 HY000 Incorrect parameter or combination of parameters for START REPLICA UNTIL');
    // This relay was told to leave channels stopped: then UNTIL cannot be passed by mistake.
    const { variables } = relay.context;
    const told = async (): Promise<unknown> => {
      await root.query(
        "START REPLICA UNTIL SOURCE_LOG_FILE = 'x.000001', SOURCE_LOG_POS = 4 FOR CHANNEL 'big'",
      );
      const warnings = await ask(root, 'SHOW WARNINGS');
      await root.query("STOP REPLICA FOR CHANNEL 'big'");
      return warnings;
    };
    expect(await ask(root, 'SELECT @@skip_replica_start')).toEqual([['1']]);
    expect(await told()).toEqual([]);
    variables.settle('skip_replica_start', false);
    expect(await told()).toEqual([['Note', '1278', expect.stringContaining('--skip-replica-start')]]);
    variables.settle('skip_replica_start', true);
    await root.query("RESET REPLICA ALL FOR CHANNEL 'bIG'");
  });

  test('need a name where there are several', async () => {
    for (const name of ['a', 'b'])
      await root.query(`CHANGE REPLICATION SOURCE TO SOURCE_HOST='h' FOR CHANNEL '${name}'`);
    expect(await ask(root, 'CHANGE REPLICATION SOURCE TO SOURCE_PORT=1')).toBe(
      '3079 HY000 Multiple channels exist on the replica. Please provide channel name as an argument.',
    );
    await root.query('RESET REPLICA ALL');
  });
});

describe('variables', () => {
  test('are set, persisted and forgotten', async () => {
    await root.query('SET PERSIST replica_net_timeout = 30');
    expect(await ask(root, 'SELECT @@global.slave_net_timeout')).toEqual([['30']]);
    expect(await ask(root, 'SELECT * FROM performance_schema.persisted_variables')).toEqual([
      ['replica_net_timeout', '30'],
    ]);
    await root.query('RESET PERSIST');
    await root.query('SET GLOBAL replica_net_timeout = DEFAULT');
    expect(await ask(root, "SHOW VARIABLES LIKE 'replica\\_net%'")).toEqual([['replica_net_timeout', '60']]);
  });

  test('of a replica are understood', async () => {
    await root.query('SET @master_heartbeat_period = 30000001024, @source_heartbeat_period = 30000001024');
    await root.query(
      'SET @master_binlog_checksum = @@global.binlog_checksum, @source_binlog_checksum = @@global.binlog_checksum',
    );
    expect(await ask(root, 'SELECT @source_binlog_checksum')).toEqual([['CRC32']]);
    expect(await ask(root, 'SELECT @@GLOBAL.SERVER_ID')).toEqual([['77']]);
    expect(await ask(root, 'SELECT @@GLOBAL.GTID_MODE')).toEqual([['ON']]);
    expect(await ask(root, "SHOW VARIABLES LIKE 'SERVER_ID'")).toEqual([['server_id', '77']]);
    expect(await ask(root, "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('have_ssl', 'port')")).toEqual([
      ['have_ssl', 'YES'],
      ['port', String(relay.port)],
    ]);
  });
});

/** What drivers and monitors ask first, as recorded from them or from their sources. */
describe('probes', () => {
  test.each([
    'SELECT @@max_allowed_packet, @@system_time_zone, @@time_zone, @@auto_increment_increment, @@tx_isolation AS i',
    'SELECT  @@session.auto_increment_increment AS auto_increment_increment, @@character_set_client AS character_set_client, @@character_set_connection AS character_set_connection, @@character_set_results AS character_set_results, @@character_set_server AS character_set_server, @@collation_server AS collation_server, @@collation_connection AS collation_connection, @@init_connect AS init_connect, @@interactive_timeout AS interactive_timeout, @@license AS license, @@lower_case_table_names AS lower_case_table_names, @@max_allowed_packet AS max_allowed_packet, @@net_write_timeout AS net_write_timeout, @@performance_schema AS performance_schema, @@sql_mode AS sql_mode, @@system_time_zone AS system_time_zone, @@time_zone AS time_zone, @@transaction_isolation AS transaction_isolation, @@wait_timeout AS wait_timeout',
    '/* mysql-connector-j */SET character_set_results = NULL, autocommit = 1',
    "SET sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES'), NAMES utf8mb4",
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    'SET time_zone = "+00:00"',
    'select @@version_comment limit 1',
    'SELECT @@version, @@version_comment',
    'show variables like "sql_mode"',
    "SHOW SESSION VARIABLES LIKE 'lower_case_table_names'",
    'SHOW COLLATION',
    "SHOW VARIABLES WHERE Variable_name ='language' OR Variable_name = 'net_write_timeout' OR Variable_name like 'tx_iso%'",
    "SELECT COALESCE(user, '') AS user, SUBSTRING_INDEX(host, ':', 1) AS host, COALESCE(command, '') AS command, COALESCE(state, '') AS state, COUNT(*) AS processes, SUM(time) AS seconds FROM information_schema.processlist WHERE ID != connection_id() AND TIME >= 0 GROUP BY user, host, command, state",
    'SHOW GLOBAL STATUS',
    'SHOW GLOBAL VARIABLES',
    'SELECT @@log_bin, @@server_id, @@server_uuid, @@gtid_mode, @@have_ssl',
    "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ifnull(ENGINE, 'NONE') as ENGINE, ifnull(TABLE_ROWS, '0') FROM information_schema.tables WHERE TABLE_SCHEMA = 'performance_schema'",
    'SELECT SCHEMA_NAME FROM information_schema.SCHEMATA',
    'SELECT CHANNEL_NAME, WORKER_ID, LAST_APPLIED_TRANSACTION_ORIGINAL_COMMIT_TIMESTAMP FROM performance_schema.replication_applier_status_by_worker',
    'SELECT NOW(6), CURRENT_TIMESTAMP, UTC_TIMESTAMP(), SYSDATE(), CURDATE(), DATABASE(), SCHEMA(), USER()',
    'BEGIN',
    'COMMIT',
    'START TRANSACTION WITH CONSISTENT SNAPSHOT',
    'ROLLBACK',
    'DO 1',
    'SELECT 1 FROM DUAL WHERE 1 = 1',
    'SELECT 1 AS `x y` UNION ALL SELECT 2 ORDER BY 1 DESC LIMIT 1, 1',
    'SHOW FULL TABLES FROM mysql',
    'SHOW FULL COLUMNS FROM mysql.user',
    'DESCRIBE mysql.user',
    'SHOW CREATE TABLE mysql.user',
    'SHOW TRIGGERS FROM mysql',
    "SHOW FUNCTION STATUS WHERE Db = 'x'",
    'SHOW ENGINES',
    'SHOW PLUGINS',
    'SHOW CHARACTER SET',
    'SHOW WARNINGS LIMIT 10',
    'SHOW COUNT(*) WARNINGS',
    'UNLOCK TABLES',
    'FLUSH TABLES',
    'FLUSH PRIVILEGES',
  ])('%s', async (sql) => {
    expect(typeof (await ask(root, sql)), sql).toBe('object');
  });
});

describe('sessions', () => {
  test('are seen and ended', async () => {
    const other = await relay.session();
    const id = await other.value('SELECT CONNECTION_ID()');
    expect(await ask(root, `SELECT COMMAND FROM performance_schema.processlist WHERE ID = ${id}`)).toEqual([
      ['Sleep'],
    ]);
    expect(await ask(nobody, `KILL ${id}`)).toBe(`1094 HY000 Unknown thread id: ${id}`);
    await root.query(`KILL ${id}`);
    await expect(other.query('SELECT 1')).rejects.toThrow();
  });

  test('do not see the secrets of others', async () => {
    const statement = root.query(
      "/* */ SELECT 'hunter2', INFO FROM performance_schema.processlist WHERE INFO LIKE '%processlist%'",
    );
    expect((await statement).rows).toHaveLength(1);
    expect(relay.failures).toEqual([]);
  });
});
