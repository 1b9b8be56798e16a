// node bench/latency.js: from the moment before a commit is sent to the row in a consumer, over TLS; writes bench/results/latency.md.
// Consumers take turns, in another order each round, and start anew each time: what the first rows of a consumer cost counts.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { COMPETITORS, competitorModules } from './competitors.js';
import { servers } from './logs.js';

const ROWS = 5000;
/** Of a consumer that has just been started: its code is not compiled yet. */
const FIRST_ROWS = 1000;
const ROUNDS = Number(process.env.ROWLOCK_BENCH_ROUNDS ?? 5);
const BETWEEN_MS = 1;

const server = await servers.startServer('mysql97', `bench-latency-${process.pid}`, {
  args: ['--innodb-flush-log-at-trx-commit=0', '--sync-binlog=0'],
});

/** Starts a consumer, writes until it has seen enough, and gives how long each row took. */
async function measure(words) {
  await server.query('TRUNCATE bench.t; FLUSH BINARY LOGS');
  const log = (await server.query('SHOW BINARY LOG STATUS')).split('\n')[1].split('\t')[0];
  const [kind, ...rest] = words;
  const program = join(import.meta.dirname, 'programs/latency.js');
  const child = spawn(process.execPath, [program, kind, String(server.port), log, String(ROWS), ...rest], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  while ((await lines.next()).value !== 'ready');
  // Whoever is ready may still be on the way to the end of the log.
  await pause(300);
  const writer = await mysql.createConnection({
    host: '127.0.0.1',
    port: server.port,
    user: 'bench',
    password: 'bench',
  });
  const ways = (async () => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${kind} ended`);
      if (value !== 'ready') return value.split(' ').map(Number);
    }
  })();
  for (let row = 0; row < ROWS; row++) {
    await writer.query(`INSERT INTO bench.t (sent) VALUES (${process.hrtime.bigint()})`);
    await pause(BETWEEN_MS);
  }
  const result = await ways;
  await writer.end();
  return result;
}

try {
  await server.query(
    `CREATE USER bench IDENTIFIED BY 'bench'; GRANT ALL ON *.* TO bench; CREATE DATABASE bench;
     CREATE TABLE bench.t (id INT PRIMARY KEY AUTO_INCREMENT, sent BIGINT)`,
  );
  const modules = competitorModules();
  const { command, args } = servers.programCommand('mysql97', 'mysqlbinlog');
  const consumers = [
    ['rowlock stream().changes()', ['rowlock']],
    ...modules.map((module, index) => [COMPETITORS[index], ['zongji', module]]),
    ['mysqlbinlog --stop-never -v', ['mysqlbinlog', command, ...args]],
  ];
  const rounds = consumers.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const turn of consumers.keys()) {
      const index = (round + turn) % consumers.length;
      rounds[index].push(await measure(consumers[index][1]));
    }
  }
  const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  const sorted = (times) => times.toSorted((a, b) => a - b);
  const row = (name, index) => {
    const all = sorted(rounds[index].flat());
    const part = (from, to) => {
      const times = sorted(rounds[index].flatMap((round) => round.slice(from, to)));
      return `${at(times, 0.5)} / ${at(times, 0.99)}`;
    };
    const each = sorted(rounds[index].map((times) => at(sorted(times), 0.99)));
    const shares = [0.5, 0.9, 0.99, 1].map((share) => at(all, share)).join(' | ');
    const spread = `${at(each, 0.5)} (${each[0]}–${each.at(-1)})`;
    return `| \`${name}\` | ${shares} | ${spread} | ${part(0, FIRST_ROWS)} | ${part(FIRST_ROWS)} |`;
  };
  const text = [
    '# latency',
    '',
    `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}; ${ROUNDS} rounds`,
    `in turn of ${ROWS} single-row commits, ${BETWEEN_MS} ms apart, each read by a consumer that has just been started: from before the`,
    'statement is sent to the row in the consumer, in microseconds, over the rows of all rounds; and the p99 of each round by itself: the',
    `median of them, the least and the most; and p50 / p99 of the first ${FIRST_ROWS} rows alone, while a consumer's code is being compiled,`,
    'and of those behind them.',
    `Load average at the end ${loadavg()[0].toFixed(1)}.`,
    '',
    `| | p50 | p90 | p99 | longest | p99 by round | first ${FIRST_ROWS} | behind them |`,
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...consumers.map(([name], index) => row(name, index)),
    '',
  ].join('\n');
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true });
  writeFileSync(join(import.meta.dirname, 'results/latency.md'), text);
  console.log(text);
} finally {
  await server.wipe();
}
