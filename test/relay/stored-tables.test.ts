import type { ChildProcess } from 'node:child_process';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../../src/connection/index.ts';
import { openStreams } from '../../src/relay/open-streams.ts';
import { missingServers, type RunningServer, runTool, startServer } from '../servers/index.ts';
import { ask } from './ask.ts';
import { startRelay, type TestRelay } from './relay.ts';
import { until } from './relay-streams.ts';
import { startTestReader } from './start-reader.ts';

/** Nobody lives to see its end: 3 rows to the power of 40. */
const ENDLESS = `SELECT count(*) FROM ${Array.from({ length: 40 }, (_, i) => `Shop.Orders o${i}`).join(', ')}`;

describe.skipIf(missingServers('mysql97') !== undefined)('tables that channels fill', () => {
  let server: RunningServer;
  let relay: TestRelay;
  let source: Connection;
  let root: Connection;
  let reader: Connection;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    server = await startServer('mysql97', `stored-${process.pid}`, {
      args: ['--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--server-id=1'],
      env: { TZ: 'UTC' },
    });
    source = await connect({ socketPath: server.socket, user: 'root' });
    for (const sql of [
      "CREATE USER repl@'%' IDENTIFIED BY 'x'",
      "GRANT REPLICATION SLAVE, SELECT ON *.* TO repl@'%'",
      'CREATE DATABASE Shop',
      `CREATE TABLE Shop.Orders (id INT UNSIGNED PRIMARY KEY AUTO_INCREMENT, price DECIMAL(10,2) NOT NULL, name VARCHAR(20) DEFAULT 'x',
        doc JSON, raw VARBINARY(10), big BIGINT UNSIGNED, at DATETIME(3), KEY (name))`,
      'CREATE TABLE Shop.other (id INT PRIMARY KEY)',
      'CREATE TABLE Shop.serials (id BIGINT PRIMARY KEY)',
      'INSERT INTO Shop.serials VALUES (7), (9007199254740993), (1234567890123456789), (9223372036854775807), (-9223372036854775808)',
      `CREATE TABLE Shop.words (id INT PRIMARY KEY, \`ä日\` VARCHAR(20), l TEXT CHARACTER SET latin1, b VARBINARY(20))`,
      "INSERT INTO Shop.words VALUES (1, 'ä€日本😀', 'ä€', 'ä'), (2, 'a', NULL, x'ff')",
      `INSERT INTO Shop.Orders (price, name, doc, raw, big, at) VALUES (9.5, 'nine', '{"a": 1}', x'00ff', 18446744073709551615, '2026-01-02 03:04:05.678'),
        (10, 'ten', NULL, NULL, 1, NULL), (100.25, 'hundred', NULL, '', 0, NULL)`,
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await source.query(sql);
    }
    relay = await startRelay({
      variables: { rowlock_target: 'SQLITE', server_id: 9 },
      openStreams: (surroundings) => openStreams(surroundings),
      startReader: () => {
        const child = startTestReader();
        children.push(child);
        return child;
      },
      skipReplicaStart: false,
    });
    root = await relay.session();
    await root.query(
      `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${server.port}, SOURCE_USER='repl', SOURCE_PASSWORD='x', SOURCE_AUTO_POSITION=1`,
    );
    await root.query('START REPLICA');
    await caughtUp();
    await root.query("CREATE USER reader@localhost IDENTIFIED BY 'x'");
    await root.query('GRANT SELECT ON Shop.Orders TO reader@localhost');
    reader = await relay.session('reader', 'x');
  }, 120_000);

  afterAll(async () => {
    await source.close();
    await root.close();
    await reader.close();
    await relay.wipe();
    await server.wipe();
  }, 60_000);

  async function caughtUp(): Promise<void> {
    const wanted = (await source.value('SELECT @@gtid_executed')) ?? '';
    await until(
      () => relay.streams.binaryLog.gtidExecuted === wanted,
      () => JSON.stringify(relay.streams.channels.all[0]?.status()),
    );
  }

  /** A session that runs the endless query, once it does. */
  async function begun(...settings: readonly string[]): Promise<{
    readonly session: Connection;
    readonly id: string;
    readonly answer: Promise<unknown>;
  }> {
    const session = await relay.session();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    for (const setting of settings) await session.query(setting);
    const id = (await session.value('SELECT CONNECTION_ID()'))!;
    const answer = ask(session, ENDLESS).catch((error: unknown) => error);
    await until(
      () => relay.context.sessions.get(Number(id))?.state.info === ENDLESS,
      () => 'the query did not begin',
    );
    return { session, id, answer };
  }

  const killed = (): number => children.filter(({ signalCode }) => signalCode === 'SIGKILL').length;

  test.each([
    'SELECT * FROM Shop.Orders ORDER BY id',
    'SELECT id, price FROM Shop.Orders WHERE price > 9.75 ORDER BY price DESC',
    'SELECT o.price p FROM Shop.Orders o WHERE o.price = 10 OR o.`price` < 9.6 ORDER BY o.price',
    'SELECT name FROM Shop.Orders WHERE price BETWEEN 10 AND 200 ORDER BY name',
    'SELECT name, count(*) FROM Shop.Orders GROUP BY name HAVING max(price) > 50',
    'SELECT big FROM Shop.Orders WHERE id = 1',
    'SELECT a.id FROM Shop.Orders a JOIN Shop.other b ON a.id = b.id',
    "SELECT id, HEX(raw), LENGTH(raw) FROM Shop.Orders WHERE raw = x'00ff'",
    "SELECT id FROM Shop.Orders WHERE raw IN ('', x'00ff') ORDER BY id",
    "SELECT id FROM Shop.Orders WHERE raw BETWEEN '' AND 'z'",
    "SELECT id, CASE raw WHEN '' THEN 'empty' ELSE 'not' END FROM Shop.Orders WHERE name = BINARY 'hundred'",
    // More than a double holds.
    'SELECT id % 10, MOD(id, 100), id DIV 10, FLOOR(id), CEIL(id), ROUND(id), TRUNCATE(id, 0) FROM Shop.serials ORDER BY id',
    'SELECT ROUND(id, -3), TRUNCATE(id, -3), ROUND(-id, -1) FROM Shop.serials WHERE id BETWEEN 0 AND 2000000000000000000 ORDER BY id',
    "SELECT HEX(id), BIN(id), BIT_COUNT(id), id & 255, FORMAT(id, 1), CONCAT(id, 'x'), LEFT(id, 3) FROM Shop.serials ORDER BY id",
    'SELECT IF(id > 7, id, 0), CAST(id AS DECIMAL(30, 0)), GREATEST(id, 9007199254740992), LEAST(id, 9007199254740992) FROM Shop.serials ORDER BY id',
    "SELECT GROUP_CONCAT(id ORDER BY id), FIELD(max(id), 9223372036854775806, 9223372036854775807) FROM Shop.serials WHERE id LIKE '9%'",
    "SELECT x'41' = 'A', x'41' = 'a', HEX('a\\0b'), LENGTH('a\\0b'), 'a\\0b' = 'a', HEX(CONCAT(x'00', 'a'))",
  ])('%s answers as the source does', async (sql) => {
    expect(await ask(root, sql)).toEqual(await ask(source, sql));
  });

  test('bytes in a statement are found as they are, though they are no UTF-8', async () => {
    const sql = Buffer.from("SELECT id FROM Shop.Orders WHERE raw = _binary'\\0\xff'", 'latin1');
    expect((await root.queryBytes(sql)).rows).toEqual((await source.queryBytes(sql)).rows);
    expect((await root.queryBytes(sql)).rows).toHaveLength(1);
  });

  test.each([8, 13, 28, 33])(
    'a client of collation %i gets the bytes the source gives it',
    async (collation) => {
      const [ours, theirs] = await Promise.all([
        connect({ socketPath: relay.socket, user: 'root', passwords: [relay.password], collation }),
        connect({ socketPath: server.socket, user: 'root', collation }),
      ]);
      for (const sql of [
        'SELECT * FROM Shop.words ORDER BY id',
        Buffer.from("SELECT id FROM Shop.words WHERE b = _binary'\xff'", 'latin1'),
        'SHOW TABLES FROM Shop',
      ]) {
        const bytes = Buffer.from(sql);
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        const [our, their] = await Promise.all([ours.queryBytes(bytes), theirs.queryBytes(bytes)]);
        expect(our.rows, String(sql)).toEqual(their.rows);
        expect(our.columns.map(({ name }) => name)).toEqual(their.columns.map(({ name }) => name));
        expect(our.columns.map((each) => each.collation)).toEqual(
          their.columns.map((each) => each.collation),
        );
      }
      await ours.close();
      await theirs.close();
    },
  );

  test('columns are described as what they are', async () => {
    const types = async (connection: Connection) =>
      (await connection.query('SELECT id, price, raw, doc, big, at FROM Shop.Orders')).columns.map(
        ({ type }) => type,
      );
    const [, ...theirs] = await types(source);
    const [id, ...ours] = await types(root);
    expect(id).toBe(8);
    expect(ours.slice(0, 1)).toEqual(theirs.slice(0, 1));
    expect(ours.slice(2)).toEqual(theirs.slice(2));
  });

  test('moments are values of their own for programs, in text and in prepared statements', async () => {
    const driver = await mysql.createConnection({
      socketPath: relay.socket,
      user: 'root',
      password: relay.password,
      timezone: 'Z',
    });
    const at = [{ at: new Date('2026-01-02T03:04:05.678Z') }, { at: null }];
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const sql = 'SELECT at FROM Shop.Orders ORDER BY id LIMIT 2';
    expect((await driver.query(sql))[0]).toEqual(at);
    expect((await driver.execute(sql))[0]).toEqual(at);
    await driver.end();
  });

  test('while a query runs for ever, sessions are answered, rows come, and KILL QUERY ends it', async () => {
    const { session, id, answer } = await begun();
    await source.query('INSERT INTO Shop.other VALUES (1), (2)');
    await caughtUp();
    expect(await ask(root, 'SELECT count(*) FROM Shop.other')).toEqual([['2']]);
    const listed = await ask(root, `SELECT info FROM information_schema.processlist WHERE id = ${id}`);
    expect(listed).toEqual([[ENDLESS]]);
    const before = killed();
    await root.query(`KILL QUERY ${id}`);
    expect(await answer).toBe('1317 Query execution was interrupted');
    await until(
      () => killed() === before + 1,
      () => 'the process goes on',
    );
    expect(await ask(session, 'SELECT count(*) FROM Shop.other')).toEqual([['2']]);
    await session.close();
  });

  test('max_execution_time ends a query', async () => {
    const { session, answer } = await begun('SET max_execution_time = 100');
    expect(await answer).toBe(
      '3024 Query execution was interrupted, maximum statement execution time exceeded',
    );
    await session.query('SET max_execution_time = 0');
    expect(await ask(session, ENDLESS.replace('SELECT', 'SELECT /*+ MAX_EXECUTION_TIME(100) */'))).toContain(
      '3024 ',
    );
    expect(await ask(session, 'SELECT count(*) FROM Shop.words')).toEqual([['2']]);
    await session.close();
  });

  test('KILL, and a client that goes away, end a query', async () => {
    const before = killed();
    const [first, second] = await Promise.all([begun(), begun()]);
    await root.query(`KILL ${first.id}`);
    second.session.destroy();
    await until(
      () =>
        killed() === before + 2 && ![first, second].some(({ id }) => relay.context.sessions.has(Number(id))),
      () => 'they go on',
    );
    expect(await first.answer).toBeInstanceOf(Error);
    expect(await second.answer).toBeInstanceOf(Error);
  });

  test('they are shown among schemas, tables and columns', async () => {
    expect(await ask(root, "SHOW DATABASES LIKE 'Shop'")).toEqual([['Shop']]);
    expect(await ask(root, 'SHOW TABLES FROM Shop')).toEqual([['Orders'], ['other'], ['serials'], ['words']]);
    const columns = 'SHOW COLUMNS FROM Shop.Orders';
    expect(await ask(root, columns)).toEqual(await ask(source, columns));
    expect(await ask(root, 'SHOW CREATE TABLE Shop.other')).toEqual([
      [
        'other',
        'CREATE TABLE `other` (\n  `id` int NOT NULL,\n  PRIMARY KEY (`id`)\n) DEFAULT CHARSET=utf8mb4',
      ],
    ]);
    const types =
      "SELECT column_name, column_type, is_nullable, column_key FROM information_schema.columns WHERE table_schema = 'Shop' ORDER BY table_name, ordinal_position";
    expect(await ask(root, types)).toEqual(await ask(source, types));
    await root.query('USE shop');
    expect(await ask(root, 'SELECT count(*) FROM orders')).toEqual([['3']]);
  });

  test('mysqldump takes them along with their rows', async () => {
    const options = ['--no-defaults', `--socket=${relay.socket}`, '--user=root', '--set-gtid-purged=OFF'];
    const { stdout } = await runTool(
      'mysql97',
      'mysqldump',
      [...options, '--single-transaction', '--no-tablespaces', 'Shop'],
      { env: { ...process.env, MYSQL_PWD: relay.password } },
    );
    await server.query(`CREATE DATABASE restored; USE restored; ${stdout}`);
    expect(await ask(source, 'SELECT * FROM restored.Orders ORDER BY id')).toEqual(
      await ask(source, 'SELECT * FROM Shop.Orders ORDER BY id'),
    );
    expect(await ask(root, 'SHOW CREATE DATABASE IF NOT EXISTS Shop')).toEqual([
      ['Shop', expect.stringMatching(/^CREATE DATABASE \/\*!32312 IF NOT EXISTS\*\/ `Shop` /)],
    ]);
  });

  test('an account sees what it was granted, and nobody writes', async () => {
    expect(await ask(reader, 'SELECT count(*) FROM Shop.Orders')).toEqual([['3']]);
    expect(await ask(reader, 'SELECT count(*) FROM Shop.other')).toBe(
      "1142 SELECT command denied to user 'reader'@'localhost' for table 'other'",
    );
    expect(await ask(reader, 'SELECT count(*) FROM Shop.Orders JOIN Shop.other')).toBe(
      "1142 SELECT command denied to user 'reader'@'localhost' for table 'other'",
    );
    expect(await ask(reader, 'SHOW TABLES FROM Shop')).toEqual([['Orders']]);
    expect(await ask(reader, 'SHOW COLUMNS FROM Shop.other')).toContain('1146');
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    for (const sql of [
      'DELETE FROM Shop.Orders',
      'UPDATE Shop.Orders SET price = 0',
      'DROP TABLE Shop.Orders',
    ])
      expect(await ask(root, sql)).toMatch(/^1(235|064) /);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    for (const table of ['Shop.`(rowlock)`', 'Shop.sqlite_schema', 'Shop.nothing'])
      expect(await ask(root, `SELECT * FROM ${table}`)).toContain("doesn't exist");
  });

  test('the end of the relay ends a query', async () => {
    const { answer } = await begun();
    await relay.close();
    expect(await answer).toBeInstanceOf(Error);
    expect(children.every(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null)).toBe(true);
  });
});
