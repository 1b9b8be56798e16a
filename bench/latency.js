// node bench/latency.js: from the moment before a commit is sent to the row in a consumer, over TLS; writes bench/results/latency.md.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { COMPETITORS, competitorModules } from './competitors.js';
import { servers } from './logs.js';

const ROWS = 2000;
const ROUNDS = 3;
const BETWEEN_MS = 1;

const server = await servers.startServer('mysql97', `bench-latency-${process.pid}`, {
  args: ['--innodb-flush-log-at-trx-commit=0', '--sync-binlog=0'],
});

/** Starts a consumer, writes until it has seen enough, and gives its three numbers. */
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
  const numbers = (async () => {
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
  const result = await numbers;
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
  const results = consumers.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, [, words]] of consumers.entries()) results[index].push(await measure(words));
  }
  const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];
  const text = [
    '# latency',
    '',
    `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}; ${ROUNDS} rounds`,
    `in turn of ${ROWS} single-row commits, ${BETWEEN_MS} ms apart: from before the statement is sent to the row in the consumer. Medians.`,
    '',
    '| | p50 µs | p99 µs | longest µs |',
    '| --- | ---: | ---: | ---: |',
    ...consumers.map(([name], index) => {
      const column = (at) => middle(results[index].map((numbers) => numbers[at]));
      return `| \`${name}\` | ${column(0)} | ${column(1)} | ${column(2)} |`;
    }),
    '',
  ].join('\n');
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true });
  writeFileSync(join(import.meta.dirname, 'results/latency.md'), text);
  console.log(text);
} finally {
  await server.wipe();
}
