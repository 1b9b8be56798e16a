import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/connection/index.ts';
import { ServerError } from '../../src/errors/index.ts';
import { parseMysqlGtid } from '../../src/gtid/index.ts';
import { startRelay, type TestRelay } from './relay.ts';
import { channelTo, openTestRelay, until } from './relay-streams.ts';

const ADD = 'asynchronous_connection_failover_add_source';
const DELETE = 'asynchronous_connection_failover_delete_source';
const LIST = 'SELECT * FROM performance_schema.replication_asynchronous_connection_failover';

describe('the statements of failover, in the words of MySQL 9.7.4', () => {
  let relay: TestRelay;
  let root: Connection;
  beforeAll(async () => {
    relay = await startRelay();
    root = await relay.session();
  });
  afterAll(async () => {
    await root.close();
    await relay.wipe();
  });

  const ask = async (sql: string): Promise<string> => {
    try {
      const { rows } = await root.query(sql);
      return rows.map((row) => row.map(String).join(',')).join(' ');
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      return `${error.errno} ${error.message}`;
    }
  };
  const wrong = (name: string, what: string): string =>
    `1123 Can't initialize function '${name}'; Wrong arguments: ${what}`;

  test.each([
    [`${ADD}('c1', '127.0.0.1')`, wrong(ADD, 'You need to specify all mandatory arguments.')],
    [`${ADD}('c1', 'h', 3308, '', 60, 1)`, wrong(ADD, 'You must specify max 5 arguments.')],
    [`${ADD}(12, 'h', 3308)`, wrong(ADD, 'You need to specify channel name.')],
    [`${ADD}('c1', NULL, 3308)`, wrong(ADD, 'You need to specify hostname.')],
    [`${ADD}('c1', '', 3308)`, wrong(ADD, 'You need to specify hostname.')],
    [`${ADD}('c1', 'h', '3309')`, wrong(ADD, 'You need to specify value for port.')],
    [`${ADD}('c1', 'h', 1, 5)`, wrong(ADD, 'You need to specify a string value for network_namespace.')],
    [
      `${ADD}('c1', 'h', 1, '', 0)`,
      wrong(ADD, 'The weight argument value should be integer value between 1-100.'),
    ],
    [
      `${ADD}('c1', 'h', 1, '', NULL)`,
      wrong(ADD, 'The weight argument value should be integer value between 1-100.'),
    ],
    [
      `${ADD}('c1', '${'h'.repeat(256)}', 1)`,
      `3200 ${ADD} UDF failed; Error saving host field of mysql.replication_asynchronous_connection_failover.`,
    ],
    [`${DELETE}('c1', 'h', 1)`, `3200 ${DELETE} UDF failed; Error no matching row was found to be deleted.`],
    [`${DELETE}('c1', 'h', 1, '', 5)`, wrong(DELETE, 'You must specify max 4 arguments.')],
    [
      "asynchronous_connection_failover_reset('c1')",
      wrong('asynchronous_connection_failover_reset', 'The function takes no arguments.'),
    ],
    [
      "asynchronous_connection_failover_delete_managed('c1')",
      wrong(
        'asynchronous_connection_failover_delete_managed',
        'You need to specify all mandatory arguments.',
      ),
    ],
  ])('%s', async (call, answer) => {
    expect(await ask(`SELECT ${call}`)).toBe(answer);
  });

  test('a list is kept, told apart without capitals, and outlives RESET REPLICA ALL', async () => {
    const done = `The UDF ${ADD}() executed successfully.`;
    expect(await ask(`SELECT ${ADD}('c1', 'h', 3306)`)).toBe(done);
    expect(await ask(`SELECT 1 + 1, ${ADD}('c1', 'H2', 3307, '', 60) AS x`)).toBe(`2,${done}`);
    expect(await ask(`DO ${ADD}('', 'h', 3306, NULL, 100)`)).toBe('');
    expect(await ask(`SELECT ${ADD}('C1', 'H', 3306, '', 70)`)).toMatch(
      /^3200 .* inserting row to the table\.$/,
    );
    await root.query("CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'h' FOR CHANNEL 'c1'");
    await root.query('RESET REPLICA ALL');
    expect(await ask(LIST)).toBe(',h,3306,,100, c1,h,3306,,50, c1,H2,3307,,60,');
    expect(await ask(`SELECT ${DELETE}('c1', 'h2', 3307)`)).toBe(
      `The UDF ${DELETE}() executed successfully.`,
    );
    expect(await ask(LIST)).toBe(',h,3306,,100, c1,h,3306,,50,');
    await root.query('SELECT asynchronous_connection_failover_reset()');
    expect(await ask(LIST)).toBe('');
  });

  test('what is no query changes no list, and waits for nothing', async () => {
    expect(await ask(`SELECT ${ADD}('c1', 'h', 3306) FROM`)).toMatch(/^1064 .* near '' at line 1$/);
    expect(await ask(`DO ${ADD}('c1', 'h', 3306) +`)).toMatch(/^1064 /);
    expect(await ask(LIST)).toBe('');
    expect(await ask('SELECT SLEEP(100000))')).toMatch(/^1064 /);
  });

  test('the list is for who may change channels', async () => {
    await root.query("CREATE USER nob@localhost IDENTIFIED BY 'x'");
    const nobody = await relay.session('nob', 'x');
    await expect(nobody.query(`SELECT ${ADD}('c1', 'h', 3306)`)).rejects.toMatchObject({ errno: 1227 });
    await nobody.close();
  });

  test('what they need is checked as the server checks it', async () => {
    const change = (options: string): Promise<string> =>
      ask(`CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'h', ${options}`);
    expect(await change('GTID_ONLY = 1')).toMatch(
      /^4065 GTID_ONLY cannot be enabled for replication channel ''/,
    );
    expect(await change('SOURCE_CONNECTION_AUTO_FAILOVER = 1')).toMatch(
      /^3991 .* SOURCE_AUTO_POSITION option/,
    );
    expect(await change('GTID_ONLY = 2')).toBe(
      "1064 You have an error in your CHANGE REPLICATION SOURCE syntax; GTID_ONLY only accepts values 0 or 1 near '2' at line 1",
    );
    expect(await change('SOURCE_CONNECTION_AUTO_FAILOVER = 2')).toMatch(/^1064 .* near '2' at line 1$/);
    await root.query('SET GLOBAL gtid_mode = ON_PERMISSIVE');
    expect(await change('SOURCE_AUTO_POSITION = 1, SOURCE_CONNECTION_AUTO_FAILOVER = 1')).toMatch(/^3990 /);
    expect(await change('SOURCE_AUTO_POSITION = 1, REQUIRE_ROW_FORMAT = 1, GTID_ONLY = 1')).toMatch(/^4065 /);
    await root.query('SET GLOBAL gtid_mode = ON');
    expect(
      await change(
        'SOURCE_AUTO_POSITION = 1, REQUIRE_ROW_FORMAT = 1, GTID_ONLY = 1, SOURCE_CONNECTION_AUTO_FAILOVER = 1',
      ),
    ).toBe('');
    expect(
      await ask(
        'SELECT AUTO_POSITION, SOURCE_CONNECTION_AUTO_FAILOVER, GTID_ONLY FROM performance_schema.replication_connection_configuration',
      ),
    ).toBe('1,1,1');
    expect(await change('GTID_ONLY = 1, SOURCE_AUTO_POSITION = 0')).toMatch(/^4065 /);
    expect(await change('SOURCE_AUTO_POSITION = 0, REQUIRE_ROW_FORMAT = 0')).toMatch(/^3993 /);
    expect(await ask('SET GLOBAL gtid_mode = ON_PERMISSIVE')).toMatch(/^3992 /);
    expect(await change('SOURCE_CONNECTION_AUTO_FAILOVER = 0')).toBe('');
    expect(await ask('SET GLOBAL gtid_mode = ON_PERMISSIVE')).toMatch(
      /^3111 .* is configured with GTID_ONLY = 1\./,
    );
    expect(await change('SOURCE_AUTO_POSITION = 0, REQUIRE_ROW_FORMAT = 0')).toMatch(/^4067 /);
    expect(await change('REQUIRE_ROW_FORMAT = 0')).toMatch(/^4066 /);
    expect(await change('GTID_ONLY = 0, SOURCE_AUTO_POSITION = 0, REQUIRE_ROW_FORMAT = 0')).toBe('');
  });
});

describe('a channel with a list', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-failover-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const UUID = '11111111-1111-1111-1111-111111111111';
  const OTHER = '22222222-2222-2222-2222-222222222222';
  const both = { receiver: true, applier: true };

  test('goes to the heaviest source that is there, and back once a heavier one answers', async () => {
    const open = (name: string, id: number) =>
      openTestRelay(join(folder, name), { name, settings: { server_id: id } });
    const first = await open('first', 901);
    const second = await open('second', 902);
    await first.streams.binaryLog.executeEmpty(parseMysqlGtid(`${UUID}:1`));
    await second.streams.binaryLog.executeEmpty(parseMysqlGtid(`${UUID}:1`));
    await second.streams.binaryLog.executeEmpty(parseMysqlGtid(`${OTHER}:1`));
    const { port } = first.server;
    const source = (to: number, weight: number) => ({
      channel: '',
      host: '127.0.0.1',
      port: to,
      networkNamespace: '',
      weight,
    });
    // Nobody listens at 9.
    const failover = [source(port, 60), source(9, 55), source(second.server.port, 50)];
    const relay = await openTestRelay(join(folder, 'relay'), { settings: { gtid_mode: 'ON' }, failover });
    const channel = await relay.streams.channels.configure(
      channelTo(port, { sourceConnectionAutoFailover: true, sourceRetryCount: 1, sourceConnectRetry: 0 }),
    );
    await channel.start(both);
    const executed = (gtids: string) =>
      until(
        () => relay.streams.binaryLog.gtidExecuted === gtids,
        () => `${relay.streams.binaryLog.gtidExecuted} ${JSON.stringify(channel.status())}`,
      );
    await executed(`${UUID}:1`);
    await first.close();
    await executed(`${UUID}:1,\n${OTHER}:1`);
    expect(channel.configuration.sourcePort).toBe(second.server.port);
    expect(relay.moves.map(({ sourcePort }) => sourcePort)).toContain(9);
    expect(relay.reports.map(String).join('\n')).toMatch(
      /timed out after 1 retries connecting to 'repl@127\.0\.0\.1:9' for channel ''.* failover, to 'repl@127\.0\.0\.1:\d+'/,
    );
    const third = await open('third', 903);
    failover.unshift(source(third.server.port, 80));
    await third.streams.binaryLog.executeEmpty(parseMysqlGtid(`${UUID}:2`));
    await executed(`${UUID}:1-2,\n${OTHER}:1`);
    expect(channel.configuration.sourcePort).toBe(third.server.port);
    expect(channel.status().receiver).toMatchObject({ state: 'ON', sourceServerId: 903 });
    await relay.close();
    await third.close();
    await second.close();
  }, 120_000);

  test('that is empty stops, and says so', async () => {
    const relay = await openTestRelay(join(folder, 'empty'));
    const channel = await relay.streams.channels.configure(
      channelTo(9, { sourceConnectionAutoFailover: true, sourceRetryCount: 1, sourceConnectRetry: 0 }),
    );
    await channel.start(both);
    await until(
      () => channel.status().receiver.state === 'OFF',
      () => JSON.stringify(channel.status()),
    );
    expect(channel.status().receiver.lastError).toMatchObject({ number: 2003 });
    expect(relay.reports.map(String).join()).toMatch(/because no alternative source is specified/);
    await relay.close();
  });
});
