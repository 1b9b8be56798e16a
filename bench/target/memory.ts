import { join } from 'node:path';
import { digits, keepResult } from './results.ts';
import { type Applied, applyOurs, emptyTarget, openTargetBench, reach } from './stage.ts';

/** What one transaction of a gigabyte takes, on its way to a server and to SQLite. */
const MEGABYTES = Number(process.env['BENCH_MEGABYTES'] ?? 1024);
const bench = await openTargetBench(['--max-binlog-cache-size=4G']);
const taken: [string, Applied][] = [];
try {
  const { server, root } = bench.source;
  await root.query('CREATE DATABASE perf');
  await root.query('CREATE TABLE perf.big (id INT PRIMARY KEY AUTO_INCREMENT, v TEXT)');
  const insert = "INSERT INTO perf.big (v) SELECT REPEAT('z', 2900) FROM perf.seed;";
  await server.query(
    `SET sql_log_bin=0; CREATE TABLE perf.seed (id INT PRIMARY KEY); INSERT INTO perf.seed WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM n; SET sql_log_bin=1; BEGIN; ${insert.repeat(Math.ceil(MEGABYTES / 2.8))} COMMIT`,
    { timeoutMs: 600_000 },
  );
  for (const [name, options] of [
    ['to MySQL, GTIDs kept', {}],
    ['to MySQL, `keepGtids: false`', { keepGtids: false }],
  ] as const) {
    await emptyTarget(bench);
    taken.push([name, await applyOurs(bench, reach(bench.target), options)]);
  }
  taken.push(['to SQLite', await applyOurs(bench, join(bench.folder, 'sqlite'), {})]);
} finally {
  await bench.end();
}
keepResult('target-memory', `One transaction of ${MEGABYTES} MiB of log.`, [
  '| | s | our CPU s | peak MiB |',
  '| --- | ---: | ---: | ---: |',
  ...taken.map(
    ([name, { seconds, ourCpu, peakMegabytes }]) =>
      `| ${name} | ${digits(seconds, 1)} | ${digits(ourCpu, 1)} | ${digits(peakMegabytes, 0)} |`,
  ),
]);
