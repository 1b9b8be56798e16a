import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { type Connection, connect } from '../../src/connection/index.ts';
import { type RunningServer, startServer } from '../../test/servers/index.ts';
import type { Followed, FollowOrder } from './follow.ts';

const GTIDS: readonly string[] = [
  '--gtid-mode=ON',
  '--enforce-gtid-consistency=ON',
  '--log-bin=mysql-bin',
  '--max-binlog-size=1G',
  '--innodb-buffer-pool-size=512M',
  '--innodb-redo-log-capacity=1G',
];
/** What is measured is applying: the source writes as fast as it can. */
const CARELESS: readonly string[] = ['--sync-binlog=0', '--innodb-flush-log-at-trx-commit=0'];

/** A server, and a session of its root. */
export interface Party {
  readonly server: RunningServer;
  readonly root: Connection;
}

/** A source that has written its log, a server that rows go to, and a folder for SQLite. */
export interface TargetBench {
  readonly folder: string;
  readonly source: Party;
  readonly target: Party;
  end(): Promise<void>;
}

async function open(tag: string, id: number, more: readonly string[]): Promise<Party> {
  const server = await startServer('mysql97', `bench-${tag}-${process.pid}`, {
    args: [`--server-id=${id}`, ...GTIDS, ...more],
  });
  const root = await connect({ socketPath: server.socket, host: 'localhost', user: 'root' });
  await root.query("CREATE USER b@'%'");
  await root.query("GRANT ALL ON *.* TO b@'%'");
  await root.query('RESET BINARY LOGS AND GTIDS');
  return { server, root };
}

/** The target syncs each commit, as servers do unless they are told otherwise. */
export async function openTargetBench(targetArgs: readonly string[] = []): Promise<TargetBench> {
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-bench-'));
  const source = await open('tsource', 1, CARELESS);
  const target = await open('ttarget', 2, targetArgs);
  return {
    folder,
    source,
    target,
    end: async () => {
      await Promise.all([source, target].map(({ root }) => root.close().catch(() => undefined)));
      await Promise.all([source.server.wipe(), target.server.wipe()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** How a child reaches a server: over TLS on loopback. */
export const reach = ({ server }: Party): FollowOrder['source'] => ({
  host: '127.0.0.1',
  port: server.port,
  user: 'b',
  ssl: { sslMode: 'REQUIRED' },
});

/** The 230 MB of bench/rows.sql: five transactions. */
export async function writeRows({ source }: TargetBench): Promise<void> {
  const text = readFileSync(join(process.env['BENCH_HOME'] ?? 'bench', 'rows.sql'));
  await source.server.query(text, { timeoutMs: 600_000 });
}

const TABLES = 8;

/** Transactions of a row each, three inserts to an update, by eight sessions, a table each. */
export async function writeSmall({ source }: TargetBench, count: number): Promise<void> {
  const { server, root } = source;
  await root.query('CREATE DATABASE small');
  const tables = Array.from({ length: TABLES }, (_, index) => `small.s${index}`);
  // oxlint-disable-next-line no-await-in-loop -- one definition after the other
  for (const table of tables)
    await root.query(
      `CREATE TABLE ${table} (id INT PRIMARY KEY AUTO_INCREMENT, k INT NOT NULL, v VARCHAR(100) NOT NULL, KEY (k))`,
    );
  const loops = tables.map((table) =>
    server.query(
      `DELIMITER //
SET sql_log_bin=0//
CREATE PROCEDURE ${table.replace('.', '.fill_')}(n INT) BEGIN DECLARE i INT DEFAULT 0; WHILE i < n DO SET i = i + 1;
IF i % 4 = 0 THEN UPDATE ${table} SET k = k + 1, v = REVERSE(v) WHERE id = i - 3 - ((i - 4) DIV 4); ELSE INSERT INTO ${table} (k, v) VALUES (i * 7919 % 10007, SHA2(i, 256)); END IF; END WHILE; END//
SET sql_log_bin=1//
CALL ${table.replace('.', '.fill_')}(${count / TABLES})//`,
      { timeoutMs: 600_000 },
    ),
  );
  await Promise.all(loops);
}

/** As if nothing had ever been applied. */
export async function emptyTarget({ target: { root } }: TargetBench): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- in order
  for (const sql of [
    'STOP REPLICA',
    'RESET REPLICA ALL',
    'DROP DATABASE IF EXISTS perf',
    'DROP DATABASE IF EXISTS small',
    'DROP DATABASE IF EXISTS rowlock',
    'RESET BINARY LOGS AND GTIDS',
  ])
    await root.query(sql);
  await quiet(root);
}

/** Until what the server does by itself is done: changed pages are written, what was dropped is gone. */
async function quiet(root: Connection): Promise<void> {
  await root.query('SET GLOBAL innodb_max_dirty_pages_pct = 0');
  for (let round = 0; round < 100; round += 1) {
    const { rows } = await root.query("SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_dirty'");
    if (Number(rows[0]?.[1]) < 10) break;
    await pause(100);
  }
  await root.query('SET GLOBAL innodb_max_dirty_pages_pct = 90');
}

/** Processor seconds that a server's process has taken, of all its threads. */
export function cpuOf({ server }: Party): number {
  const text = readFileSync(`/proc/${server.pid}/stat`, 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // utime and stime, in hundredths (sysconf(_SC_CLK_TCK) of Linux).
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** What applying took. */
export interface Applied {
  readonly seconds: number;
  /** Processor seconds of the target server, and of our process. */
  readonly serverCpu: number;
  readonly ourCpu: number;
  readonly peakMegabytes: number;
}

const executedBy = async ({ root }: Party): Promise<string> =>
  (await root.value('SELECT @@global.gtid_executed')) ?? '';

/** MySQL's own applier with four workers, from a relay log that has everything before it starts. */
export async function applyNatively(bench: TargetBench, workers: number): Promise<Applied> {
  const { source, target } = bench;
  const { root } = target;
  await root.query(
    `SET GLOBAL replica_parallel_workers = ${workers}, GLOBAL replica_preserve_commit_order = ON`,
  );
  await root.query(
    `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${source.server.port}, SOURCE_USER='b', SOURCE_AUTO_POSITION=1, SOURCE_SSL=1`,
  );
  await root.query('START REPLICA IO_THREAD');
  const wanted = await executedBy(source);
  for (;;) {
    const got = await root.value(
      `SELECT GTID_SUBSET('${wanted}', received_transaction_set) FROM performance_schema.replication_connection_status`,
    );
    if (got === '1') break;
    await pause(50);
  }
  const cpu = cpuOf(target);
  const start = performance.now();
  await root.query('START REPLICA SQL_THREAD');
  const waited = await root.value(`SELECT WAIT_FOR_EXECUTED_GTID_SET('${wanted}', 600)`);
  const seconds = (performance.now() - start) / 1000;
  if (waited !== '0') throw new Error("MySQL's own applier did not come to the end");
  const applied = { seconds, serverCpu: cpuOf(target) - cpu, ourCpu: 0, peakMegabytes: Number.NaN };
  await root.query('STOP REPLICA');
  return applied;
}

/** A child process that follows the source. `ended` says what it took. */
export function follow(order: FollowOrder): { readonly begun: Promise<void>; end(): Promise<Followed> } {
  const profile = process.env['BENCH_PROFILE'];
  const words = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const child = spawn(
    process.execPath,
    [...words, join(import.meta.dirname, 'follow.mjs'), JSON.stringify(order)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  let last = '';
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'begins') begin();
    last = line;
  });
  const ended = new Promise<Followed>((resolve, reject) => {
    child.once('close', (status) =>
      status === 0
        ? resolve(JSON.parse(last) as Followed)
        : reject(new Error(`a child ended with ${status}`)),
    );
  });
  return {
    begun,
    end: async () => {
      if (!order.stopAtEnd) child.stdin.end();
      return ended;
    },
  };
}

/** Ours: a process of its own reads the source's log over TLS and applies it. */
export async function applyOurs(
  bench: TargetBench,
  to: FollowOrder['target'],
  options: Readonly<Record<string, unknown>>,
): Promise<Applied> {
  const { source, target } = bench;
  const cpu = cpuOf(target);
  const child = follow({
    source: reach(source),
    target: to,
    options,
    stopAtEnd: true,
  });
  const followed = await child.end();
  return {
    seconds: followed.seconds,
    serverCpu: cpuOf(target) - cpu,
    ourCpu: followed.cpu,
    peakMegabytes: followed.peakMegabytes,
  };
}
