import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/connection/index.ts';
import { openStreams } from '../../src/relay/index.ts';
import { missingServers, type RunningServer, startServer } from '../servers/index.ts';
import { untilTrue } from '../until-true.ts';
import { startRelay, type TestRelay } from './relay.ts';
import { type SmallDisk, smallDisk } from './small-disk.ts';

const probe = smallDisk(1);
probe?.unmount();
const missing =
  missingServers('mysql97') ?? (probe === undefined ? 'nothing can be mounted here' : undefined);
if (probe === undefined) console.log('a full and a read-only disk: skipped, for nothing can be mounted here');

describe.skipIf(missing)('a relay on a small disk of its own', () => {
  let source: RunningServer;
  let disk: SmallDisk;
  let relay: TestRelay;
  let root: Connection;

  beforeAll(async () => {
    const args = ['--gtid-mode=ON', '--enforce-gtid-consistency=ON'];
    source = await startServer('mysql97', `small-disk-${process.pid}`, { args });
    await source.query(
      "CREATE USER repl@'%' IDENTIFIED BY 'rp'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'; RESET BINARY LOGS AND GTIDS; CREATE DATABASE d; CREATE TABLE d.t (id INT AUTO_INCREMENT PRIMARY KEY, v LONGBLOB)",
    );
  }, 120_000);
  afterAll(() => source?.wipe());

  beforeEach(async () => {
    disk = smallDisk(8)!;
    await open();
    await root.query(
      `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${source.port}, SOURCE_USER='repl', SOURCE_PASSWORD='rp', SOURCE_AUTO_POSITION=1, SOURCE_CONNECT_RETRY=1`,
    );
    await root.query('START REPLICA');
    await untilSame();
  }, 60_000);
  afterEach(async () => {
    try {
      await close();
    } finally {
      disk.unmount();
    }
  }, 60_000);

  const start = (folder: string): Promise<TestRelay> =>
    startRelay({
      folder,
      openStreams: (surroundings) => openStreams(surroundings),
      skipReplicaStart: false,
    });
  async function open(): Promise<void> {
    relay = await start(join(disk.folder, 'relay'));
    root = await relay.session();
  }
  async function close(): Promise<void> {
    await root.close();
    await relay.close();
  }

  async function status(): Promise<Readonly<Record<string, string>>> {
    const { columns, rows } = await root.query('SHOW REPLICA STATUS');
    return Object.fromEntries(columns.map(({ name }, index) => [name, rows[0]?.[index]?.toString() ?? '']));
  }
  const executed = async (server: Pick<Connection, 'value'>): Promise<string> =>
    String(await server.value('SELECT @@gtid_executed'));
  const atSource = async (): Promise<string> =>
    (await source.query('SELECT @@gtid_executed')).split('\n')[1]!.trim();

  const untilSame = (): Promise<void> =>
    untilTrue(async () => (await executed(root)) === (await atSource()), status);
  const isWaiting = async (): Promise<boolean> => {
    const { Replica_IO_State, Replica_SQL_Running_State } = await status();
    return [Replica_IO_State, Replica_SQL_Running_State].includes('Waiting for disk space');
  };

  test('that fills up keeps what it acknowledged, says so, and goes on by itself once there is space', async () => {
    const before = await executed(root);
    disk.fill(64 * 1024);
    await source.query(
      "INSERT INTO d.t (v) VALUES (REPEAT('a', 400000)); INSERT INTO d.t (v) VALUES (REPEAT('b', 400000))",
    );
    await untilTrue(isWaiting, status);
    expect(await status()).toMatchObject({
      Replica_IO_Running: 'Yes',
      Last_IO_Errno: '0',
      Last_SQL_Errno: '0',
    });
    expect(relay.failures.map(String).join()).toMatch(
      /Disk is full writing '.*Waiting for someone to free space/,
    );
    expect(await executed(root)).toBe(before);
    disk.fill();
    await expect(root.query("CREATE USER late IDENTIFIED BY 'pw'")).rejects.toMatchObject({
      errno: 1021,
      message: 'Disk full (relay.sqlite): nothing was changed. Free space on the disk, then try again.',
    });
    expect(await root.value("SELECT COUNT(*) FROM mysql.user WHERE user = 'late'")).toBe('0');

    disk.free();
    await root.query("CREATE USER late IDENTIFIED BY 'pw'");
    await untilSame();
    await close();
    await open();
    await untilSame();
    expect(await root.value("SELECT COUNT(*) FROM mysql.user WHERE user = 'late'")).toBe('1');
  });

  test('that is full of its own logs takes PURGE BINARY LOGS, and goes on', async () => {
    await source.query("INSERT INTO d.t (v) VALUES (REPEAT('a', 400000))");
    await untilSame();
    await root.query('FLUSH BINARY LOGS');
    disk.fill(64 * 1024);
    await source.query("INSERT INTO d.t (v) VALUES (REPEAT('c', 200000))");
    await untilTrue(isWaiting, status);
    const { file } = relay.streams.binaryLog.end;
    await root.query(`PURGE BINARY LOGS TO '${file}'`);
    await untilSame();
    expect(relay.streams.binaryLog.files.map(({ name }) => name)).toEqual([file]);
  });

  test('with a target on another one that fills up waits for that, too, and STOP REPLICA does not', async () => {
    const small = smallDisk(4)!;
    try {
      await root.query('STOP REPLICA');
      await root.query(`CHANGE REPLICATION TARGET TO TARGET_URL = 'sqlite:${small.folder}/tables'`);
      await root.query('START REPLICA');
      await source.query("CREATE DATABASE e; CREATE TABLE e.t (v LONGBLOB); INSERT INTO e.t VALUES ('here')");
      await untilSame();
      small.fill(16 * 1024);
      const before = await executed(root);
      await source.query(
        "INSERT INTO e.t VALUES (REPEAT('a', 200000)); INSERT INTO e.t VALUES (REPEAT('b', 200000))",
      );
      await untilTrue(isWaiting, status);
      expect(await status()).toMatchObject({ Replica_SQL_Running: 'Yes', Last_SQL_Errno: '0' });
      expect(relay.failures.map(String).join()).toContain(`Disk is full writing '${small.folder}/tables'`);
      expect(await executed(root)).toBe(before);
      await root.query('STOP REPLICA SQL_THREAD');
      expect(await status()).toMatchObject({ Replica_SQL_Running: 'No', Last_SQL_Errno: '0' });
      await root.query('START REPLICA SQL_THREAD');
      await untilTrue(isWaiting, status);
      small.free();
      await untilSame();
      expect(await root.value('SELECT GROUP_CONCAT(LENGTH(v)) FROM e.t')).toBe('4,200000,200000');
    } finally {
      await root.query('STOP REPLICA');
      await root.query("CHANGE REPLICATION TARGET TO TARGET_URL = 'none'");
      small.unmount();
    }
  });

  test('that is full keeps nobody from ending the relay', async () => {
    const before = await executed(root);
    disk.fill(64 * 1024);
    await source.query("INSERT INTO d.t (v) VALUES (REPEAT('c', 200000))");
    await untilTrue(isWaiting, status);
    await close();
    disk.free();
    await open();
    expect((await executed(root)).startsWith(before.slice(0, 36))).toBe(true);
    await untilSame();
  });

  test('that is read-only is said to be, and nothing is lost by the attempt', async () => {
    const before = await executed(root);
    await close();
    await expect(start(join(disk.readOnly, 'relay'))).rejects.toThrow(
      'The file system is read-only (relay.sqlite): nothing was changed. Look into the system log for why.',
    );
    await open();
    expect(await executed(root)).toBe(before);
    await source.query("INSERT INTO d.t (v) VALUES ('c')");
    await untilSame();
  });

  test('that is full when it starts says so, and starts once there is space', async () => {
    await close();
    disk.fill();
    await expect(start(join(disk.folder, 'relay'))).rejects.toThrow('Disk full (relay.sqlite)');
    disk.free();
    await open();
    await untilSame();
  });
});
