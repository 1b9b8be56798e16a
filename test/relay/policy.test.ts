import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PrivilegeChecks } from '../../src/relay/streams.ts';
import { NO_FILTERS } from '../../src/replication/index.ts';
import { missingServers, type RunningServer, runTool, startServer } from '../servers/index.ts';
import { channelTo, openTestRelay, type TestRelayOptions, until, untilApplied } from './relay-streams.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-policy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(missingServers('mysql97', 'mysql56'))('what a channel may bring', () => {
  let source: RunningServer;
  beforeAll(async () => {
    source = await startServer('mysql97', `policy-${process.pid}`, {
      args: ['--server-id=1', '--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin=mysql-bin'],
    });
    await source.query(`CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'; RESET BINARY LOGS AND GTIDS; CREATE DATABASE a;
      CREATE DATABASE b; CREATE TABLE a.t (x INT); CREATE TABLE a.hidden (x INT); CREATE TABLE b.t (x INT);
      INSERT INTO a.t VALUES (1); INSERT INTO a.hidden VALUES (1); INSERT INTO b.t VALUES (1);
      UPDATE a.t, a.hidden SET a.t.x = 2, a.hidden.x = 2; SET binlog_transaction_compression=1;
      BEGIN; INSERT INTO a.t VALUES (3); INSERT INTO b.t VALUES (3); COMMIT; DELETE FROM a.t`);
  }, 120_000);
  afterAll(() => source.wipe());

  /** What mysqlbinlog prints of the relay's log, rows as text, without comments that differ each time. */
  async function printed(data: string): Promise<string> {
    const { stdout, stderr, exit } = await runTool('mysql97', 'mysqlbinlog', [
      '--no-defaults',
      '--base64-output=decode-rows',
      '-v',
      join(data, 'binlog.000001'),
    ]);
    expect([exit, stderr.toString()]).toEqual([0, '']);
    return stdout.toString();
  }

  async function applied(name: string, options: TestRelayOptions, changes: object): Promise<string> {
    const data = join(folder, name);
    const relay = await openTestRelay(data, options);
    const channel = await relay.streams.channels.configure(
      channelTo(source.port, { requireRowFormat: true, ...changes }),
    );
    await channel.start({ receiver: true, applier: true });
    await untilApplied(channel, () => channel.status().applier.transactionsApplied >= 11);
    // Every transaction leaves its GTID, whatever of it passed.
    expect(relay.streams.binaryLog.gtidExecuted).toMatch(/:1-11$/);
    await relay.close();
    return printed(data);
  }

  test('filters take tables out and leave every transaction whole', async () => {
    const text = await applied(
      'filtered',
      {},
      { filters: { ...NO_FILTERS, ignoreDb: ['b'], ignoreTable: ['a.hidden'] } },
    );
    const rows = text.split('\n').filter((line) => /^### (?:INSERT|UPDATE|DELETE)/.test(line));
    expect(new Set(rows)).toEqual(
      new Set(['### INSERT INTO `a`.`t`', '### UPDATE `a`.`t`', '### DELETE FROM `a`.`t`']),
    );
    expect(text).not.toMatch(/`hidden`|`b`\.`t`|TABLE a\.hidden/);
    // Each statement of rows ends: a replica closes its tables there.
    const ends = text.split('\n').filter((line) => /(?:Write|Update|Delete)_rows:/.test(line));
    expect(ends.every((line) => line.includes('STMT_END_F'))).toBe(true);
  });

  test('a database comes under another name', async () => {
    const text = await applied(
      'rewritten',
      {},
      { filters: { ...NO_FILTERS, rewriteDb: [['a', 'longer_name']] } },
    );
    expect(text).toContain('### INSERT INTO `longer_name`.`t`');
    expect(text).not.toContain('INTO `a`.`t`');
    expect(text).toContain('### INSERT INTO `b`.`t`');
  });

  const account: PrivilegeChecks = {
    exists: (user) => user === 'app',
    mayApply: () => true,
    mayReload: () => false,
    allows: (_user, _host, privilege, schema, table) =>
      privilege === 'CREATE' || (schema === 'a' && (table === 't' || privilege !== 'INSERT')),
  };

  test('the account of a channel says what it may change', async () => {
    const relay = await openTestRelay(join(folder, 'denied'), { privileges: account });
    const privilegeChecksUser = { user: 'app', host: '%' };
    const channel = await relay.streams.channels.configure(channelTo(source.port, { privilegeChecksUser }));
    await channel.start({ receiver: true, applier: true });
    await until(
      () => channel.status().applier.state === 'OFF',
      () => JSON.stringify(channel.status()),
    );
    expect(channel.status().applier.lastError).toMatchObject({
      number: 1142,
      message: expect.stringMatching(
        /^Worker 1 failed executing transaction '[0-9a-f-]{36}:7' at source log \S+\.0*\d+, end_log_pos \d+; Error executing row event: 'INSERT command denied to user 'app'@'%' for table 'hidden''$/,
      ),
    });
    // What came before it is there, and nothing of it.
    expect(relay.streams.binaryLog.gtidExecuted).toMatch(/:1-6$/);
    await relay.close();
  });

  test('a channel without such an account does not start', async () => {
    const relay = await openTestRelay(join(folder, 'nobody'), {
      privileges: { ...account, mayApply: () => false },
    });
    const privilegeChecksUser = { user: 'app', host: '%' };
    const channel = await relay.streams.channels.configure(channelTo(source.port, { privilegeChecksUser }));
    await channel.start({ receiver: false, applier: true });
    await until(
      () => channel.status().applier.state === 'OFF',
      () => JSON.stringify(channel.status()),
    );
    expect(channel.status().applier.lastError.number).toBe(13_496);
    await relay.close();
  });

  test('a source of 2013 without GTIDs gets some', async () => {
    const old = await startServer('mysql56', `policy56-${process.pid}`, {
      args: ['--server-id=56', '--log-bin=mysql-bin', '--binlog-format=ROW'],
    });
    try {
      await old.query(
        "DELETE FROM mysql.user WHERE user = ''; FLUSH PRIVILEGES; GRANT REPLICATION SLAVE ON *.* TO repl@'%'",
      );
      const [file = '', position = '4'] = (await old.query('SHOW MASTER STATUS'))
        .trim()
        .split('\n')
        .at(-1)!
        .split('\t');
      await old.query(
        'CREATE DATABASE o; CREATE TABLE o.t (x INT) ENGINE=InnoDB; INSERT INTO o.t VALUES (1); UPDATE o.t SET x = 2',
      );
      const data = join(folder, 'old');
      const relay = await openTestRelay(data);
      const channel = await relay.streams.channels.configure(
        channelTo(old.port, {
          positioning: 'position',
          sourceLogFile: file,
          sourceLogPos: Number(position),
          requireRowFormat: true,
          assignGtidsToAnonymousTransactions: 'LOCAL',
        }),
      );
      await channel.start({ receiver: true, applier: true });
      await untilApplied(channel, () => channel.status().applier.transactionsApplied >= 4);
      expect(relay.streams.binaryLog.gtidExecuted).toBe(`${relay.uuid}:1-4`);
      await relay.close();
      const text = await printed(data);
      expect(text).toContain(`SET @@SESSION.GTID_NEXT= '${relay.uuid}:4'`);
      expect(text).toContain('### UPDATE `o`.`t`');
    } finally {
      await old.wipe();
    }
  }, 120_000);
});
