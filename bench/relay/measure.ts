import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { RawEvent } from '../../src/binlog/index.ts';
import { connect } from '../../src/connection/index.ts';
import { SourceClient } from '../../src/replication/index.ts';
import { channelTo, openTestRelay } from '../../test/relay/relay-streams.ts';
import { startServer } from '../../test/servers/index.ts';

/**
 * A relay beside MySQL's own replica, on the same source over loopback with TLS: receiving a large log, taking it through to the binary
 * log, many small transactions, and how much later a commit arrives behind the relay than behind the source.
 */
const GTIDS = [
  '--gtid-mode=ON',
  '--enforce-gtid-consistency=ON',
  '--log-bin=mysql-bin',
  '--max-binlog-size=1G',
];
const folder = mkdtempSync(join(tmpdir(), 'rowlock-bench-'));
const source = await startServer('mysql97', `bench-source-${process.pid}`, {
  args: ['--server-id=1', ...GTIDS],
});
const replica = await startServer('mysql97', `bench-replica-${process.pid}`, {
  args: ['--server-id=2', ...GTIDS],
});

const lastLine = (text: string): string => text.trim().split('\n').at(-1)!;
const since = (start: number): number => performance.now() - start;
const report = (what: string, milliseconds: number, more = ''): void => {
  process.stdout.write(`${what.padEnd(46)} ${milliseconds.toFixed(0).padStart(7)} ms ${more}\n`);
};

async function end(): Promise<{ file: string; position: number }> {
  const [file = '', position = ''] = lastLine(await source.query('SHOW BINARY LOG STATUS')).split('\t');
  return { file, position: Number(position) };
}

async function theirs(): Promise<number> {
  await replica.query('STOP REPLICA; RESET REPLICA ALL; RESET BINARY LOGS AND GTIDS').catch(() => undefined);
  await replica.query(
    `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${source.port}, SOURCE_USER='repl', SOURCE_AUTO_POSITION=1, SOURCE_SSL=1`,
  );
  const { position } = await end();
  const start = performance.now();
  await replica.query('START REPLICA IO_THREAD');
  for (;;) {
    const row = lastLine(await replica.query('SHOW REPLICA STATUS')).split('\t');
    if (Number(row[6]) >= position) return since(start);
    await pause(10);
  }
}

async function ours(applier: boolean, name: string): Promise<number> {
  const relay = await openTestRelay(join(folder, name));
  const channel = await relay.streams.channels.configure(
    channelTo(source.port, { requireRowFormat: true, sourceSsl: true }),
  );
  const { position } = await end();
  const start = performance.now();
  await channel.start({ receiver: true, applier });
  for (;;) {
    const status = channel.status();
    const at = applier ? status.applier.execSourceLogPos : status.receiver.readSourceLogPos;
    const error = status.receiver.lastError.message + status.applier.lastError.message;
    if (error !== '') throw new Error(error);
    if (at >= position) break;
    await pause(2);
  }
  const took = since(start);
  process.stdout.write(`  memory ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MB\n`);
  await relay.close();
  return took;
}

/** Committed before, so that nobody waits for the source. */
async function smallTransactions(): Promise<void> {
  const count = 50_000;
  await source.query(`RESET BINARY LOGS AND GTIDS; CREATE TABLE d.s (a INT PRIMARY KEY AUTO_INCREMENT, b INT); SET GLOBAL sync_binlog=0; SET GLOBAL innodb_flush_log_at_trx_commit=0;
DELIMITER //
CREATE PROCEDURE d.fill(n INT) BEGIN WHILE n > 0 DO INSERT INTO d.s (b) VALUES (n); SET n = n - 1; END WHILE; END//
DELIMITER ;
CALL d.fill(${count}); SET GLOBAL sync_binlog=1`);
  const mysql = await theirs();
  report(`MySQL's own receiver, ${count} transactions`, mysql, `${((count * 1000) / mysql).toFixed(0)}/s`);
  const through = await ours(true, 'small');
  report('the same through to the binary log', through, `${((count * 1000) / through).toFixed(0)}/s`);
}

/** Arrivals of single commits at a reader, in milliseconds after the commit returned. */
async function arrivals(port: number, count: number): Promise<number[]> {
  const executed = lastLine(await source.query('SELECT @@global.gtid_executed'));
  const writer = await connect({
    host: '127.0.0.1',
    port: source.port,
    user: 'repl',
    ssl: { sslMode: 'REQUIRED' },
  });
  const client = new SourceClient({
    connection: { host: '127.0.0.1', port, user: 'repl', ssl: { sslMode: 'PREFERRED' } },
    start: { gtids: executed },
  });
  const event = new RawEvent();
  let arrived: () => void = () => undefined;
  const following = (async () => {
    while ((await client.wait()) !== 'ended') {
      while (client.next(event)) if (client.place === 'ends' || client.place === 'alone') arrived();
    }
  })();
  await pause(500);
  const times: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const seen = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const start = performance.now();
    await writer.query('INSERT INTO d.s (b) VALUES (0)');
    await seen;
    times.push(since(start));
  }
  client.close();
  await following;
  await writer.close();
  return times.sort((a, b) => a - b);
}

async function latency(): Promise<void> {
  await source.query("GRANT INSERT ON d.* TO repl@'%'; GRANT REPLICATION CLIENT ON *.* TO repl@'%'");
  const relay = await openTestRelay(join(folder, 'latency'));
  const channel = await relay.streams.channels.configure(
    channelTo(source.port, { requireRowFormat: true, sourceSsl: true }),
  );
  const { position } = await end();
  await channel.start({ receiver: true, applier: true });
  while (channel.status().applier.execSourceLogPos < position) await pause(5);
  const direct = await arrivals(source.port, 300);
  const behind = await arrivals(relay.server.port, 300);
  const at = (times: readonly number[], share: number): string =>
    times[Math.floor(times.length * share)]!.toFixed(2);
  process.stdout.write(
    `commit to arrival: source p50 ${at(direct, 0.5)} p99 ${at(direct, 0.99)} ms, behind the relay p50 ${at(behind, 0.5)} p99 ${at(behind, 0.99)} ms\n`,
  );
  await relay.close();
}

try {
  await source.query(`CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'; CREATE DATABASE d;
    CREATE TABLE d.t (a INT PRIMARY KEY AUTO_INCREMENT, b TEXT)`);
  await source.query("INSERT INTO d.t (b) VALUES (REPEAT('x', 1000))");
  for (let round = 0; round < 10; round += 1) {
    await source.query(
      'INSERT INTO d.t (b) SELECT REPEAT(CHAR(97 + RAND() * 26), 1000) FROM d.t LIMIT 10000',
    );
  }
  for (let round = 0; round < 115; round += 1) {
    await source.query("INSERT INTO d.t (b) SELECT REPEAT('y', 1000) FROM d.t LIMIT 2000");
  }
  const { position } = await end();
  const megabytes = position / 2 ** 20;
  const speed = (milliseconds: number): string => `${((megabytes * 1000) / milliseconds).toFixed(0)} MB/s`;
  process.stdout.write(`log of ${megabytes.toFixed(0)} MB\n`);
  for (let round = 0; round < 2; round += 1) {
    const mysql = await theirs();
    report("MySQL's own receiver", mysql, speed(mysql));
    const receive = await ours(false, `receive${round}`);
    report(
      'receive, judge, durable relay log',
      receive,
      `${speed(receive)}, × ${(receive / mysql).toFixed(2)}`,
    );
    const through = await ours(true, `through${round}`);
    report(
      'the same through to the binary log',
      through,
      `${speed(through)}, × ${(through / mysql).toFixed(2)}`,
    );
  }
  await smallTransactions();
  await latency();
} finally {
  await source.wipe();
  await replica.wipe();
  rmSync(folder, { recursive: true, force: true });
}
