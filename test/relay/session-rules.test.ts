import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../../src/connection/index.ts';
import { openStreams } from '../../src/relay/index.ts';
import { untilTrue } from '../until-true.ts';
import { ask as askBy, type TextRow } from './ask.ts';
import { interrupted } from './interrupted.ts';
import { startRelay, type TestRelay } from './relay.ts';
import { until } from './relay-streams.ts';

let relay: TestRelay;
let root: Connection;
beforeAll(async () => {
  relay = await startRelay({ openStreams: (surroundings) => openStreams(surroundings) });
  root = await relay.session();
});
afterAll(async () => {
  await root?.close();
  await relay?.wipe();
});

const ask = (sql: string): Promise<readonly TextRow[] | string> => askBy(root, sql);

/** Asked of MySQL 9.7.4 and MariaDB 11.8.6 in the same bytes. */
describe('the character set of a client', () => {
  const bytes = async (client: Connection, sql: string): Promise<readonly (string | undefined)[]> => {
    const { rows } = await client.queryBytes(Buffer.from(sql, 'latin1'));
    return rows.flat().map((value) => value?.toString('latin1'));
  };
  const open = (collation: number): Promise<Connection> =>
    connect({
      socketPath: relay.socket,
      user: 'root',
      passwords: [relay.password],
      ssl: { sslMode: 'DISABLED' },
      collation,
    });
  const names = 'SELECT @@character_set_client, @@character_set_results, @@collation_connection';

  test('is that of its login', async () => {
    const client = await open(8);
    expect(await bytes(client, names)).toEqual(['latin1', 'latin1', 'latin1_swedish_ci']);
    const { columns, rows } = await client.queryBytes(Buffer.from("SELECT '\xe4\x80', X'ff'", 'latin1'));
    expect(columns.map(({ collation }) => collation)).toEqual([8, 63]);
    expect(rows).toEqual([[Buffer.from('\xe4\x80', 'latin1'), Buffer.of(0xff)]]);
    await client.queryBytes(Buffer.from("SET @a = '\xe4\x80'", 'latin1'));
    expect(await bytes(client, 'SET NAMES utf8mb4')).toEqual([]);
    expect((await client.query('SELECT @a')).rows[0]?.[0]?.toString()).toBe('ä€');
    await client.close();
    await expect(open(54)).rejects.toMatchObject({
      errno: 1231,
      message: "Variable 'character_set_client' can't be set to the value of 'utf16'",
    });
  });

  test.each([
    ['latin1', '\xe4\x80???['],
    ['latin2', '\xe4????['],
    ['gbk', '??\xc8\xd5\xb1\xbe?['],
    ['cp850', '\x84????['],
    ['swe7', '{?????'],
    ['ucs2', '\0\xe4\x20\xac\x65\xe5\x67\x2c\0?\0['],
    ['utf8mb3', Buffer.from('ä€日本?[').toString('latin1')],
    ['NULL', Buffer.from('ä€日本😀[').toString('latin1')],
    ['binary', Buffer.from('ä€日本😀[').toString('latin1')],
  ])('of its results is %s', async (charset, text) => {
    const client = await relay.session();
    await client.query(`SET character_set_results = ${charset}`);
    expect((await client.query("SELECT 'ä€日本😀['")).rows[0]?.[0]?.toString('latin1')).toBe(text);
    await client.close();
  });

  test.each([
    ['SET NAMES utf16', "1231 Variable 'character_set_client' can't be set to the value of 'utf16'"],
    [
      'SET character_set_client = NULL',
      "1231 Variable 'character_set_client' can't be set to the value of 'NULL'",
    ],
    ['SET character_set_results = nix', "1115 Unknown character set: 'nix'"],
    ["SET character_set_results = ''", "1115 Unknown character set: ''"],
  ])('is refused: %s', async (sql, refusal) => {
    expect(await ask(sql)).toBe(refusal);
  });

  test('is known by the id of a collation and by an older name', async () => {
    const client = await relay.session();
    await client.query('SET character_set_results = 33, character_set_client = UTF8');
    expect(await bytes(client, names)).toEqual(['utf8mb3', 'utf8mb3', 'utf8mb4_general_ci']);
    await client.close();
  });
});

describe('warnings', () => {
  test('are those of the last statement, one that could not be read too', async () => {
    expect(await ask('SELEKT 1')).toMatch(/^1064 /);
    expect(await ask('NOPE')).toMatch(/^1064 /);
    expect(await ask('SHOW COUNT(*) WARNINGS')).toEqual([['1']]);
    expect(await ask('SELECT 1')).toEqual([['1']]);
    expect(await ask('SHOW WARNINGS')).toEqual([]);
  });

  test('are counted for the statement behind', async () => {
    await root.query('SET GLOBAL max_connections = 0');
    expect(await ask('SELECT @@warning_count, @@error_count')).toEqual([['1', '0']]);
    await root.query('SET GLOBAL max_connections = DEFAULT');
  });

  test('tell of no bounds where nothing was set', async () => {
    expect(await ask('SET SESSION replica_net_timeout = 31536001')).toMatch(/^1229 /);
    expect(await ask('SHOW WARNINGS')).toMatchObject([['Error', '1229', expect.anything()]]);
  });

  test.each([
    ["SET lc_time_names = 'de_DE'", "This relay doesn't follow 'lc_time_names = de_DE'"],
    ["SET lc_time_names = 'en_US'", undefined],
    ["SET sql_mode = 'HIGH_NOT_PRECEDENCE'", "This relay doesn't follow 'HIGH_NOT_PRECEDENCE'"],
    ['SET sql_mode = DEFAULT', undefined],
    [
      'SET NAMES utf8mb4 COLLATE utf8mb4_bin',
      "This relay doesn't follow 'collation_connection = utf8mb4_bin'",
    ],
    ['SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci', undefined],
  ])('tell of what queries do not follow: %s', async (sql, message) => {
    await root.query(sql);
    expect(await ask('SHOW WARNINGS')).toEqual(message === undefined ? [] : [['Warning', '1235', message]]);
  });

  test('tell of no time zone: it is followed, in what views show as well', async () => {
    const changedIn = async (zone: string): Promise<unknown> => {
      await root.query(`SET time_zone = '${zone}'`);
      expect(await ask('SHOW WARNINGS')).toEqual([]);
      return ask(
        "SELECT password_last_changed = FROM_UNIXTIME(UNIX_TIMESTAMP(password_last_changed)), ROUND(TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), password_last_changed) / 60) FROM mysql.user WHERE user = 'root'",
      );
    };
    expect(await changedIn('+00:00')).toEqual([['1', '0']]);
    expect(await changedIn('+13:00')).toEqual([['1', '13']]);
    await root.query('SET time_zone = DEFAULT');
  });

  test('tell of values that are out of bounds', async () => {
    await root.query('SET wait_timeout = 0');
    expect(await ask('SHOW WARNINGS')).toEqual([
      ['Warning', '1292', "Truncated incorrect wait_timeout value: '0'"],
    ]);
    expect(await ask('SELECT @@wait_timeout')).toEqual([['1']]);
    await root.query('SET wait_timeout = 100');
  });
});

/** Asked of MySQL 9.7.4. */
test.each([
  ['SHOW RELAYLOG EVENTS', []],
  ["START REPLICA FOR CHANNEL 'Nope'", "3074 Replica channel 'nope' does not exist."],
  ['START REPLICA SQL_THREAD,', /^1064 .*near ''/],
  [
    "CHANGE REPLICATION SOURCE TO SOURCE_USER='a\\nb'",
    "1525 Incorrect argument contains not-allowed LF value: 'a\nb'",
  ],
  ["CHANGE REPLICATION SOURCE TO SOURCE_SSL=1, SOURCE_LOG_FILE='x.000001' FOR CHANNEL 'place'", []],
  ['SHOW COUNT(*) WARNINGS', [['1']]],
  ["RESET REPLICA ALL FOR CHANNEL 'place'", []],
] as const)('a statement of channels: %s', async (sql, answer) => {
  if (answer instanceof RegExp) expect(await ask(sql)).toMatch(answer);
  else expect(await ask(sql)).toEqual(answer);
});

test('whoever asks is no account to be made: its password and privileges would be gone', async () => {
  const before = await ask('SHOW GRANTS');
  const taken = "1396 Operation CREATE USER failed for 'root'@'localhost' (User account already exists)";
  expect(await ask('CREATE USER CURRENT_USER')).toBe(taken);
  expect(await ask("CREATE USER IF NOT EXISTS CURRENT_USER() IDENTIFIED BY 'x'")).toEqual([]);
  expect(await ask('CREATE USER twice, twice')).toBe(
    "1396 Operation CREATE USER failed for 'twice'@'%' (User account already exists)",
  );
  expect(await ask('SHOW GRANTS')).toEqual(before);
  expect(await ask(`DROP USER ${'u'.repeat(33)}`)).toMatch(/^1470 /);
  expect(await ask('DROP USER u@')).toMatch(/^1396 .*'u'@''/);
});

test('a statement that fails lets go of GTID_NEXT: no transaction of that name comes of a COMMIT behind it', async () => {
  const gtid = 'c19ba61d-e555-11f1-844f-02fc00000001:4';
  await root.query(`SET GTID_NEXT = '${gtid}'`);
  expect(await ask("SET GTID_NEXT = 'AUTOMATIC'")).toMatch(/^1790 /);
  await root.query('COMMIT');
  expect(await ask('SELECT @@global.gtid_executed')).toEqual([['']]);
  // What cannot be read is no statement.
  await root.query(`SET GTID_NEXT = '${gtid}'`);
  expect(await ask('SELEKT')).toMatch(/^1064 /);
  expect(await ask("SET GTID_NEXT = 'AUTOMATIC'")).toMatch(/^1790 /);
  await root.query("SET GTID_NEXT = 'AUTOMATIC'");
});

test('a comment alone is a statement that does nothing; nothing at all is none', async () => {
  expect(await ask('/* ping */')).toEqual([]);
  expect(await ask(' ; ')).toBe('1065 Query was empty');
});

test('sql_mode says what quotes and backslashes are', async () => {
  await root.query("SET sql_mode = 'ANSI_QUOTES'");
  expect(await ask('SELECT "User" FROM "mysql"."user"')).toEqual([['root']]);
  expect(await ask('SELECT "a"')).toMatch(/^1054 Unknown column 'a'/);
  await root.query("SET sql_mode = 'NO_BACKSLASH_ESCAPES'");
  expect(await ask("SELECT 'a\\', 'b\\\\'")).toEqual([['a\\', 'b\\\\']]);
  await root.query('SET sql_mode = DEFAULT');
  expect(await ask("SELECT 'a\\'b'")).toEqual([["a'b"]]);
});

/** Asked of MySQL 9.7.4. */
test.each([
  ["SET sql_mode = 'bogus'", "1231 Variable 'sql_mode' can't be set to the value of 'bogus'"],
  ["SET time_zone = '+25:00'", "1298 Unknown or incorrect time zone: '+25:00'"],
  ["SET time_zone = 'Europe/Nowhere'", "1298 Unknown or incorrect time zone: 'Europe/Nowhere'"],
  ['SET collation_connection = nope', "1273 Unknown collation: 'nope'"],
  [
    'SET NAMES latin1 COLLATE utf8mb4_bin',
    "1253 COLLATION 'utf8mb4_bin' is not valid for CHARACTER SET 'latin1'",
  ],
  [
    'SET character_set_client = ucs2',
    "1231 Variable 'character_set_client' can't be set to the value of 'ucs2'",
  ],
  ["SET GLOBAL tls_version = 'SSLv3'", "1231 Variable 'tls_version' can't be set to the value of 'SSLv3'"],
  ['RESET PERSIST nope', '3615 Variable nope does not exist in persisted config file'],
  ["FLUSH RELAY LOGS FOR CHANNEL 'nope'", "3074 Replica channel 'nope' does not exist."],
  ['FLUSH LOGS, NOPE', /^1064 .*near 'NOPE'/],
  ["KILL 'x'", '1094 Unknown thread id: 0'],
  ['CREATE USER x FAILED_LOGIN_ATTEMPTS 32768', "1525 Incorrect FAILED_LOGIN_ATTEMPTS value: '32768'"],
  [`CREATE USER x@'${'h'.repeat(300)}'`, /^1470 .* is too long for host name/],
  ["CHANGE REPLICATION SOURCE TO PRIVILEGE_CHECKS_USER = ''@h", /^3925 .*anonymous users are disallowed/],
  ["SELECT GTID_SUBSET('x', '')", /^1772 Malformed GTID set specification/],
  ["SELECT WAIT_FOR_EXECUTED_GTID_SET('', -1)", '1210 Incorrect arguments to WAIT_FOR_EXECUTED_GTID_SET.'],
  ['GRANT USAGE ON *.* TO root@localhost REQUIRE SSL', /^1410 /],
  // What accounts of a relay have not is refused, and said.
  ['ALTER USER root@localhost PASSWORD EXPIRE', /^1235 .*'PASSWORD EXPIRE'/],
  ["ALTER USER root@localhost IDENTIFIED BY 'x' RETAIN CURRENT PASSWORD", /^1235 .*second account/],
  ['ALTER USER root@localhost WITH MAX_USER_CONNECTIONS 1', /^1235 .*max_connections/],
  ['GRANT boss TO root@localhost', /^1235 .*grant the privileges themselves/],
  ['GRANT SELECT (a) ON s.t TO root@localhost', /^1235 .*whole tables/],
  ['GRANT BACKUP_ADMIN ON *.* TO root@localhost', /^1235 .*BACKUP_ADMIN/],
])('%s: %s', async (sql, answer) => {
  if (typeof answer === 'string') expect(await ask(sql)).toBe(answer);
  else expect(await ask(sql)).toMatch(answer);
});

test('what does not change a thing passes', async () => {
  for (const sql of [
    'SET GLOBAL read_only = 1',
    'SET GLOBAL super_read_only = ON',
    'SET ROLE NONE',
    'FLUSH ENGINE LOGS, SLOW LOGS',
    'FLUSH LOGS, STATUS',
    'FLUSH /*!80000 GLOBAL */ STATUS, TABLE_STATISTICS, INDEX_STATISTICS, USER_STATISTICS, CLIENT_STATISTICS',
    'ALTER USER root@localhost DEFAULT ROLE NONE',
    'ALTER USER root@localhost WITH MAX_USER_CONNECTIONS 0 PASSWORD EXPIRE NEVER PASSWORD HISTORY 0',
  ])
    expect(await ask(sql), sql).toEqual([]);
});

describe('channels', () => {
  /** Asked of MySQL 9.7.4. */
  test.each([
    ['START REPLICA SQL_THREAD', /^1871 /],
    ["START REPLICA FOR CHANNEL ''", /^1200 /],
    ["CHANGE REPLICATION SOURCE TO SOURCE_HOST='h' FOR CHANNEL 'a '", /^3076 /],
  ])('that are not there: %s', async (sql, answer) => expect(await ask(sql)).toMatch(answer));

  test('that were told of no source are not shown, and not among all', async () => {
    await root.query("CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=9, SOURCE_USER='u'");
    await root.query("CHANGE REPLICATION SOURCE TO SOURCE_DELAY=1 FOR CHANNEL 'new'");
    const status = await root.query('SHOW REPLICA STATUS');
    expect(status.rows).toHaveLength(1);
    expect(await ask("SHOW REPLICA STATUS FOR CHANNEL 'new'")).toEqual([]);
    const configured = 'SELECT channel_name FROM performance_schema.replication_connection_configuration';
    expect(await ask(configured)).toEqual([['']]);
    for (const sql of ['START REPLICA SQL_THREAD', 'STOP REPLICA']) {
      expect(await ask(sql)).toEqual([]);
      expect(await ask('SHOW WARNINGS'), sql).toEqual([]);
    }
    expect(await ask("START REPLICA FOR CHANNEL 'new'")).toMatch(/^1200 /);
    await root.query('RESET REPLICA ALL');
  });

  test('are asked what UNTIL means once there is something to start', async () => {
    const until = "UNTIL SOURCE_LOG_FILE='mysql-bin', SOURCE_LOG_POS=4";
    expect(await ask(`START REPLICA ${until}`)).toMatch(/^1200 /);
    await root.query("CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=9, SOURCE_USER='u'");
    expect(await ask("START REPLICA UNTIL SQL_AFTER_GTIDS='x' FOR CHANNEL 'nope'")).toMatch(/^3074 /);
    expect(await ask("START REPLICA IO_THREAD UNTIL SQL_AFTER_GTIDS='x'")).toEqual([]);
    expect(await ask('SHOW WARNINGS')).toMatchObject([['Note', '1279', expect.anything()]]);
    expect(await ask(`START REPLICA ${until}`)).toMatch(/^1277 /);
    await root.query('START REPLICA SQL_THREAD');
    expect(await ask(`START REPLICA ${until}`)).toEqual([]);
    expect(await ask('SHOW WARNINGS')).toMatchObject([['Note', '3083', expect.anything()]]);
    await root.query('STOP REPLICA');
    await root.query('RESET REPLICA ALL');
  });

  /** What MySQL 9.7.4 answers while both threads run, the receiver alone, the applier alone. */
  test.each([
    ['REQUIRE_ROW_FORMAT=1', [3081, 3021, 3085]],
    ['SOURCE_DELAY=0, SOURCE_SSL=1', [3081, 3021, 3085]],
    ['REQUIRE_ROW_FORMAT=1, SOURCE_DELAY=0', [3081, 3021, 3085]],
    ['GTID_ONLY=0, SOURCE_DELAY=0', [3081, 3081, 3081]],
    ['PRIVILEGE_CHECKS_USER=NULL', [3085, undefined, 3085]],
    ['SOURCE_SSL=1', [3021, 3021, undefined]],
  ])('whose threads have to stop for %s', async (options, refused) => {
    await root.query("CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=9, SOURCE_USER='u'");
    const told: (number | undefined)[] = [];
    for (const threads of ['', 'IO_THREAD', 'SQL_THREAD']) {
      await root.query(`START REPLICA ${threads}`);
      const answer = await ask(`CHANGE REPLICATION SOURCE TO ${options}`);
      told.push(typeof answer === 'string' ? Number.parseInt(answer, 10) : undefined);
      await root.query('STOP REPLICA');
    }
    expect(told).toEqual(refused);
    await root.query('RESET REPLICA ALL');
  });

  test.each(['RELAY_LOG_POS=4', "RELAY_LOG_FILE='x.000001', RELAY_LOG_POS=4"])(
    'take no place in a relay log, which nobody would look at: %s',
    async (options) => {
      expect(await ask(`CHANGE REPLICATION SOURCE TO SOURCE_HOST='h', ${options}`)).toMatch(
        /^1235 .*SOURCE_LOG_FILE/,
      );
    },
  );

  test.each(["PASSWORD='x'", "USER='' PASSWORD='x'"])(
    'are started with what START says, and with nobody where it says no user: %s',
    async (credentials) => {
      await root.query(
        "CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=9, SOURCE_USER='u'",
      );
      await root.query(`START REPLICA IO_THREAD ${credentials}`);
      const told =
        'SELECT service_state, last_error_number FROM performance_schema.replication_connection_status';
      await untilTrue(
        async () => JSON.stringify(await ask(told)) === '[["OFF","13117"]]',
        () => ask(told),
      );
      expect(relay.failures.at(-1)).toMatchObject({
        code: 'CHANNEL_STOPPED',
        message: expect.stringContaining("The receiver of channel '' has stopped, error 13117: Fatal error"),
      });
      await root.query('STOP REPLICA');
      await root.query('RESET REPLICA ALL');
    },
  );

  test('that do not reach their source say so once, in the log', async () => {
    const known = relay.failures.length;
    const source = "SOURCE_HOST='127.0.0.1', SOURCE_PORT=9, SOURCE_USER='u'";
    await root.query(
      `CHANGE REPLICATION SOURCE TO ${source}, SOURCE_CONNECT_RETRY=0, SOURCE_RETRY_COUNT=4 FOR CHANNEL 'far'`,
    );
    await root.query("START REPLICA IO_THREAD FOR CHANNEL 'far'");
    await untilTrue(() => relay.failures.length === known + 2);
    expect(relay.failures.slice(known)).toMatchObject([
      {
        code: 'CHANNEL_UNREACHABLE',
        message: expect.stringMatching(/^Channel 'far' .* error 2003: Error conn/),
      },
      { code: 'CHANNEL_STOPPED', message: expect.stringContaining('attempt 4/4') },
    ]);
    await root.query("RESET REPLICA ALL FOR CHANNEL 'far'");
  });

  test('with an id of a source that is wrong leave no note', async () => {
    await ask("CHANGE REPLICATION SOURCE TO ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS='bogus'");
    expect(await ask('SHOW WARNINGS')).toEqual([['Error', '1525', "Incorrect UUID value: 'bogus'"]]);
  });

  test('that were never set up are stopped already', async () => {
    await root.query('STOP REPLICA');
    expect(await ask('SHOW WARNINGS')).toEqual([
      ['Note', '3084', "Replication thread(s) for channel '' are already stopped."],
    ]);
  });

  test.each(['a/b', 'a\\\\b', '../x'])('have names that are no file names: %s', async (name) => {
    const change = `CHANGE REPLICATION SOURCE TO SOURCE_HOST='h', SOURCE_LOG_FILE='x.000003', SOURCE_LOG_POS=555 FOR CHANNEL '${name}'`;
    await root.query(change);
    const { columns, rows } = await root.query(`SHOW REPLICA STATUS FOR CHANNEL '${name}'`);
    const value = (column: string): string | undefined =>
      rows[0]?.[columns.findIndex((one) => one.name === column)]?.toString();
    expect(value('Relay_Log_File')).toMatch(/^relay-bin-[a-z@0-9]+\.000001$/);
    // It goes on where it was told to begin.
    expect([value('Relay_Source_Log_File'), value('Exec_Source_Log_Pos')]).toEqual(['x.000003', '555']);
    await root.query(`RESET REPLICA ALL FOR CHANNEL '${name}'`);
  });
});

describe('accounts', () => {
  test('get a password made up, which is told once', async () => {
    const { columns } = await root.query('CREATE USER r1 IDENTIFIED BY RANDOM PASSWORD, r2');
    expect(columns.map(({ name }) => name)).toEqual(['user', 'host', 'generated password', 'auth_factor']);
    const [told] = await ask('SET PASSWORD FOR r1 TO RANDOM');
    const [user, host, password] = told!;
    expect([user, host]).toEqual(['r1', '%']);
    expect(password).toHaveLength(20);
    const target = { host: '127.0.0.1', port: relay.port, ssl: { sslMode: 'REQUIRED' as const } };
    const other = await connect({ ...target, user: 'r1', passwords: [password!] });
    await other.close();
    await root.query('DROP USER r1, r2');
  });

  test('lose all with REVOKE ALL ON *.*, as with MySQL; what was not granted is a warning with IF EXISTS', async () => {
    await root.query('CREATE USER g');
    await root.query('GRANT SELECT ON s.* TO g');
    await root.query('REVOKE IF EXISTS SELECT ON nope.* FROM g');
    expect(await ask('SHOW WARNINGS')).toEqual([
      ['Warning', '1141', "There is no such grant defined for user 'g' on host '%'"],
    ]);
    await root.query('REVOKE ALL ON *.* FROM g, nobody IGNORE UNKNOWN USER');
    expect(await ask('SHOW GRANTS FOR g')).toEqual([['GRANT USAGE ON *.* TO `g`@`%`']]);
    await root.query('DROP USER g');
  });
});

test('gtid_purged grows: a plus adds, and what there is stays', async () => {
  const [a, b] = ['aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa', 'bbbbbbbb-aaaa-aaaa-aaaa-aaaaaaaaaaaa'];
  await root.query(`SET GLOBAL gtid_purged = '${a}:1-3'`);
  expect(await ask(`SET GLOBAL gtid_purged = '${a}:1'`)).toBe(
    '3546 @@GLOBAL.GTID_PURGED cannot be changed: the new value must be a superset of the old value',
  );
  await root.query(`SET @@GLOBAL.GTID_PURGED = /*!80000 '+'*/ '${b}:1-2'`);
  expect(await ask(`SET GLOBAL gtid_purged = '+${a}:3-4'`)).toBe(
    '3546 @@GLOBAL.GTID_PURGED cannot be changed: the added gtid set must not overlap with @@GLOBAL.GTID_EXECUTED',
  );
  expect(await ask('SELECT @@gtid_executed')).toEqual([[`${a}:1-3,\n${b}:1-2`]]);
  await root.query('RESET BINARY LOGS AND GTIDS');
});

test('HEARTBEAT_INTERVAL has three digits behind its point', async () => {
  await root.query(
    "CHANGE REPLICATION SOURCE TO SOURCE_HOST='h', SOURCE_HEARTBEAT_PERIOD=1.5 FOR CHANNEL 'h'",
  );
  const from = "FROM performance_schema.replication_connection_configuration WHERE CHANNEL_NAME = 'h'";
  expect(await ask(`SELECT HEARTBEAT_INTERVAL, CONCAT(HEARTBEAT_INTERVAL) ${from}`)).toEqual([
    ['1.500', '1.500'],
  ]);
  await root.query("RESET REPLICA ALL FOR CHANNEL 'h'");
});

test('SOURCE_ZSTD_COMPRESSION_LEVEL = 0 is as if it was not said', async () => {
  await root.query(
    "CHANGE REPLICATION SOURCE TO SOURCE_HOST='h', SOURCE_ZSTD_COMPRESSION_LEVEL=7 FOR CHANNEL 'z'",
  );
  await root.query("CHANGE REPLICATION SOURCE TO SOURCE_ZSTD_COMPRESSION_LEVEL=0 FOR CHANNEL 'z'");
  const level = 'SELECT ZSTD_COMPRESSION_LEVEL FROM performance_schema.replication_connection_configuration';
  expect(await ask(`${level} WHERE CHANNEL_NAME = 'z'`)).toEqual([['7']]);
  await root.query("RESET REPLICA ALL FOR CHANNEL 'z'");
});

test('the process list says from which port a session comes, as SHOW PROCESSLIST of the servers', async () => {
  const target = { host: '127.0.0.1', port: relay.port, ssl: { sslMode: 'REQUIRED' as const } };
  await root.query("CREATE USER p IDENTIFIED BY 'x'");
  const other = await connect({ ...target, user: 'p', passwords: ['x'] });
  expect(await ask("SELECT HOST FROM information_schema.processlist WHERE USER = 'p'")).toEqual([
    [expect.stringMatching(/^localhost:\d+$/)],
  ]);
  expect((await other.query('SELECT USER()')).rows[0]?.[0]?.toString()).toBe('p@localhost');
  await other.close();
  await root.query('DROP USER p');
});

/** Asked of MySQL 9.7.4, one after the other. */
test('statements are prepared by SQL', async () => {
  for (const [sql, answer] of [
    ["PREPARE s FROM 'SELECT ? + 1 AS x'", []],
    ['SET @a = 4, @n = NULL', []],
    ['EXECUTE S USING @a', [['5']]],
    ['EXECUTE s USING @n', [[null]]],
    ['EXECUTE s', '1210 Incorrect arguments to EXECUTE'],
    ['EXECUTE s USING @a, @a', '1210 Incorrect arguments to EXECUTE'],
    [
      "PREPARE s FROM 'PREPARE t FROM ''x'''",
      '1295 This command is not supported in the prepared statement protocol yet',
    ],
    ['EXECUTE s USING @a', '1243 Unknown prepared statement handler (s) given to EXECUTE'],
    ["PREPARE s FROM 'SELECT 1; SELECT 2'", /^1064 .*near 'SELECT 2'/],
    ["PREPARE s FROM 'SHOW STATUS LIKE ?'", /^1064 .*near '\?'/],
    ["EXECUTE IMMEDIATE 'SELECT 7'", /^1064 /],
    ["SET @q = 'SELECT ''a'''", []],
    ['PREPARE s FROM @q', []],
    ['EXECUTE s', [['a']]],
    ['DROP PREPARE s', []],
    ['DEALLOCATE PREPARE s', '1243 Unknown prepared statement handler (s) given to DEALLOCATE PREPARE'],
  ] as const) {
    if (answer instanceof RegExp) expect(await ask(sql)).toMatch(answer);
    else expect(await ask(sql), sql).toEqual(answer);
  }
});

test('what a session may keep or have written out is bounded, and a refusal changes nothing', async () => {
  const long = 'x'.repeat(50_000);
  const many = (of: string): string[] => Array.from({ length: 100 }, () => of);
  await root.query(`SET @v = '${long}'`);
  expect(await ask(`SET @v = '${many(long).join('')}'`)).toBe('1041 Out of memory.');
  expect(await ask('SELECT LENGTH(@v)')).toEqual([[String(long.length)]]);
  await root.query("PREPARE one FROM 'SELECT LENGTH(?)'");
  await root.query(`PREPARE many FROM 'SELECT ${many('LENGTH(?)')}'`);
  expect(await ask('EXECUTE one USING @v')).toEqual([[String(long.length)]]);
  expect(await ask(`EXECUTE many USING ${many('@v')}`)).toBe('1041 Out of memory.');
  expect(await ask("PREPARE one FROM ''")).toBe('1065 Query was empty');
  await root.query('SET @v = NULL');
});

/** Asked of MySQL 9.7.4. */
test('RESET REPLICA forgets the place of a channel', async () => {
  const place = async (): Promise<unknown> => {
    const { columns, rows } = await root.query('SHOW REPLICA STATUS');
    const wanted = ['Source_Host', 'Source_Log_File', 'Read_Source_Log_Pos', 'Exec_Source_Log_Pos'];
    return wanted.map((name) => rows[0]![columns.findIndex((column) => column.name === name)]?.toString());
  };
  await root.query(
    "CHANGE REPLICATION SOURCE TO SOURCE_HOST='h', SOURCE_LOG_FILE='b.000003', SOURCE_LOG_POS=777, SOURCE_AUTO_POSITION=0",
  );
  expect(await place()).toEqual(['h', 'b.000003', '777', '777']);
  await root.query('RESET REPLICA');
  expect(await place()).toEqual(['h', '', '4', '0']);
  await root.query('RESET REPLICA ALL');
});

describe('what waits', () => {
  const wait = "SELECT WAIT_FOR_EXECUTED_GTID_SET('3e11fa47-71ca-11e1-9e33-c80aa9429562:1')";

  /** Asked of MySQL 9.7.4. */
  test.each([
    ['SELECT SLEEP(500)', [['1']]],
    ['DO SLEEP(500)', []],
    [wait, '1317 Query execution was interrupted'],
  ])('ends by KILL QUERY: %s', async (sql, reply) => {
    expect(await interrupted(relay, sql)).toEqual(reply);
  });

  /** Asked of MySQL 9.7.4. */
  test('ends by max_execution_time where it is a SELECT, and by its hint', async () => {
    const tooLong = '3024 Query execution was interrupted, maximum statement execution time exceeded';
    await root.query('SET max_execution_time = 20');
    expect(await ask('SELECT SLEEP(500)')).toEqual([['1']]);
    expect(await ask(wait)).toBe(tooLong);
    await root.query('SET @slept = SLEEP(0.1)');
    expect(await ask('SELECT @slept')).toEqual([['0']]);
    await root.query('SET max_execution_time = DEFAULT');
    expect(await ask(wait.replace('SELECT', 'SELECT /*+ MAX_EXECUTION_TIME(20) */'))).toBe(tooLong);
    expect(await ask('SELECT /*+ NO_ICP(t) MAX_EXECUTION_TIME(20) */ SLEEP(500)')).toEqual([['1']]);
  });

  test('ends where its client goes away', async () => {
    const client = await relay.session();
    const id = Number(await client.value('SELECT CONNECTION_ID()'));
    const answer = askBy(client, wait).catch((error: unknown) => error);
    await until(
      () => relay.context.sessions.get(id)?.state.info === wait,
      () => 'it did not begin',
    );
    client.destroy();
    await until(
      () => !relay.context.sessions.has(id),
      () => 'it goes on',
    );
    expect(await answer).toBeInstanceOf(Error);
  });
});
