import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { purgeTo } from '../purge-to.ts';
import { missingServers, type RunningServer, startServer } from '../servers/index.ts';
import { untilTrue } from '../until-true.ts';
import { copyAndKill } from './archive/kill.ts';
import {
  type Between,
  buildProgram,
  differingLogs,
  finishCopy,
  load,
  standBetween,
  startCopy,
} from './archive/stage.ts';
import { chances } from './matrix/dimensions.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-archive-'));
let program = '';
beforeAll(async () => {
  program = await buildProgram(join(folder, 'program'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let archives = 0;
/** An empty folder for an archive. */
function freshArchive(): string {
  archives += 1;
  const path = join(folder, `archive-${archives}`);
  mkdirSync(path);
  return path;
}

describe.each(['mysql97', 'mariadb118'] as const)('a live archive of %s', (name) => {
  const missing = missingServers(name);
  let server: RunningServer;
  let between: Between;

  beforeAll(async () => {
    if (missing !== undefined) return;
    server = await startServer(name, `archive-${process.pid}`, {
      args: ['--max-binlog-size=1M', '--sync-binlog=0', '--innodb-flush-log-at-trx-commit=0'],
    });
    await server.query(
      "CREATE USER r@'%' IDENTIFIED BY 'pw'; GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO r@'%'",
    );
    await server.query(load(80));
    between = await standBetween(server.port);
  }, 120_000);

  afterAll(async () => {
    await between?.close();
    await server?.wipe();
  });

  /** Over the socket, or through whoever stands between. */
  const local = (): string[] => [`--socket=${server.socket}`, '--user=root'];
  const remote = (): string[] => [
    '--host=127.0.0.1',
    `--port=${between.port}`,
    '--user=r',
    '--password=pw',
    '--ssl-mode=DISABLED',
    '--get-server-public-key',
  ];

  const newestLog = async (): Promise<string> =>
    (await server.query('SHOW BINARY LOGS')).trim().split('\n').at(-1)!.split('\t')[0]!;

  test.skipIf(missing)(
    'is the source, byte for byte, however often it is killed',
    { timeout: 120_000 },
    async () => {
      const archive = freshArchive();
      const killed = await copyAndKill({ program, archive, server, kills: 10, seed: 1, words: local() });
      expect(killed).toBe(10);
      expect(differingLogs(server, archive)).toEqual([]);
    },
  );

  test.skipIf(missing)('takes up what another program copied, and cuts off what is torn', async () => {
    const archive = freshArchive();
    const words = [...local(), `--result-file=${archive}/`];
    await finishCopy(program, [...words, '--to-last-log', 'mysql-bin.000001']);
    expect(readdirSync(archive)).not.toContain('archive.index');
    const last = readdirSync(archive).sort().at(-1)!;
    const copied = readFileSync(join(archive, last));
    truncateSync(join(archive, last), copied.length - 7);
    const stderr = await finishCopy(program, [...words, '--resume', 'mysql-bin.000001']);
    if (copied.length > 1000) expect(stderr).toContain('come again');
    await server.query('FLUSH BINARY LOGS');
    await finishCopy(program, [...words, '--resume', 'mysql-bin.000001']);
    expect(differingLogs(server, archive)).toEqual([]);
    // Where an event was damaged on disk, everything behind it is fetched again.
    const first = join(archive, 'mysql-bin.000001');
    const damaged = readFileSync(first);
    for (const name of readdirSync(archive).filter((file) => file !== 'mysql-bin.000001'))
      rmSync(join(archive, name));
    damaged[damaged.length >> 1]! ^= 1;
    writeFileSync(first, damaged);
    expect(await finishCopy(program, [...words, '--resume', 'mysql-bin.000001'])).toContain('checksum is');
    expect(differingLogs(server, archive)).toEqual([]);
  });

  test.skipIf(missing)('goes on over links that break anywhere', { timeout: 120_000 }, async () => {
    const archive = freshArchive();
    const first = await newestLog();
    const chance = chances(7);
    let budget = 40_000;
    // Cut in the login, between events, within them.
    between.change = (chunk) => {
      budget -= chunk.length;
      if (budget > 0) return undefined;
      budget = Math.floor(chance() * 150_000);
      setImmediate(() => between.cut());
      return chunk.subarray(0, chunk.length >> 1);
    };
    const words = ['--resume', `--result-file=${archive}/`, first];
    const copy = startCopy(program, [...remote(), ...words, '--reconnect', '--stop-never']);
    await server.query(load(60, 3));
    await server.query('FLUSH BINARY LOGS');
    const last = await newestLog();
    await untilTrue(() => copy.child.exitCode !== null || readdirSync(archive).includes(last));
    between.change = undefined;
    copy.child.kill('SIGTERM');
    expect(await copy.ended).toBe(143);
    expect(copy.stderr()).toMatch(/lost the source \(.*\); attempt 1 to go on in 0\.\d s/);
    await finishCopy(program, [...local(), ...words]);
    expect(differingLogs(server, archive, first)).toEqual([]);
  });

  test.skipIf(missing)('writes no event whose checksum is wrong, and says which', async () => {
    const archive = freshArchive();
    let seen = 0;
    between.change = (chunk) => {
      seen += chunk.length;
      // In a row: a wrong length would be waited for.
      const row = seen < 30_000 ? -1 : chunk.indexOf('x'.repeat(100));
      if (row === -1) return undefined;
      const damaged = Buffer.from(chunk);
      damaged[row]! ^= 0xff;
      return damaged;
    };
    const words = ['--resume', `--result-file=${archive}/`, 'mysql-bin.000001'];
    const copy = startCopy(program, [...remote(), ...words]);
    expect(await copy.ended).toBe(1);
    between.change = undefined;
    expect(copy.stderr()).toMatch(/^ERROR: mysql-bin\.\d+:\d+/m);
    await finishCopy(program, [...local(), ...words]);
    expect(differingLogs(server, archive)).toEqual([]);
  });

  test.skipIf(missing)('has one writer', async () => {
    const archive = freshArchive();
    const words = [...local(), '--resume', `--result-file=${archive}/`, 'mysql-bin.000001'];
    const copy = startCopy(program, [...words, '--stop-never']);
    await untilTrue(() => readdirSync(archive).includes('archive.index'));
    const second = startCopy(program, words);
    expect(await second.ended).toBe(1);
    expect(second.stderr()).toContain(`process ${copy.child.pid} on`);
    copy.child.kill('SIGKILL');
    await copy.ended;
    await finishCopy(program, words);
    expect(readdirSync(archive).some((file) => file.includes('lock'))).toBe(false);
  });

  test.skipIf(missing)('keeps what it is told to keep', async () => {
    const archive = freshArchive();
    const words = [...local(), '--resume', `--result-file=${archive}/`];
    const stderr = await finishCopy(program, [...words, '--expire-logs=1K', 'mysql-bin.000001']);
    expect(stderr).toContain('deleted');
    const left = readdirSync(archive).filter((file) => file.startsWith('mysql-bin'));
    expect(left).toHaveLength(1);
    expect(readFileSync(join(archive, 'archive.index'), 'utf8')).toBe(`${left[0]}\n`);
    // What is gone is not fetched again.
    await finishCopy(program, [...words, 'mysql-bin.000001']);
    expect(readdirSync(archive).filter((file) => file.startsWith('mysql-bin'))).toEqual(left);
  });

  test.skipIf(missing)(
    'refuses copies that are there already, and a source that was begun anew',
    async () => {
      const archive = freshArchive();
      const words = [...local(), `--result-file=${archive}/`, 'mysql-bin.000001'];
      await finishCopy(program, [...words, '--resume']);
      const again = startCopy(program, [...words, '--reconnect=1']);
      expect(await again.ended).toBe(1);
      expect(again.stderr()).toContain('Give --resume');
      for (const file of readdirSync(archive)) if (!file.endsWith('000001')) rmSync(join(archive, file));
      truncateSync(join(archive, 'mysql-bin.000001'), 3000);
      const before = readFileSync(join(archive, 'mysql-bin.000001'));
      await server.query(name === 'mysql97' ? 'RESET BINARY LOGS AND GTIDS' : 'RESET MASTER');
      await server.query(load(30));
      const other = startCopy(program, [...words, '--resume']);
      expect(await other.ended).toBe(1);
      expect(other.stderr()).toContain('another file of the same name');
      const after = readFileSync(join(archive, 'mysql-bin.000001'));
      expect(before.subarray(0, after.length).equals(after)).toBe(true);
      // The source deletes what another archive does not have yet.
      const late = [...local(), '--resume', `--result-file=${freshArchive()}/`, 'mysql-bin.000001'];
      await finishCopy(program, late);
      await server.query(`${load(20)}FLUSH BINARY LOGS; FLUSH BINARY LOGS`);
      const newest = await newestLog();
      await purgeTo(server, newest);
      const gap = startCopy(program, [...late, '--reconnect', '--stop-never']);
      expect(await gap.ended).toBe(1);
      expect(gap.stderr()).toMatch(/^ERROR: .*could not find .*\nhint: .*SHOW BINARY LOGS/im);
    },
  );
});
