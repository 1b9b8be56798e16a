import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runTool, spawnProgram } from '../../test/servers/index.ts';
import { fillLog, openBench, processorMs, report, since } from './stage.ts';

/**
 * A log of 230 MB copied by mysqlbinlog --raw: from the source at once, and behind a relay whose channel starts at the same moment. TLS on
 * every hop.
 */
const bench = await openBench();
try {
  const { folder, source, stage } = bench;
  const { root } = stage;
  await fillLog(bench, Number(process.env['BENCH_MEGABYTES'] ?? 230));
  const into = join(folder, 'raw');
  const empty = (): void => {
    rmSync(into, { recursive: true, force: true });
    mkdirSync(into);
  };
  const words = (port: number, user: string, password: string): string[] => [
    '--no-defaults',
    '--raw',
    '--read-from-remote-server',
    '--protocol=tcp',
    '--host=127.0.0.1',
    '--ssl-mode=REQUIRED',
    `--port=${port}`,
    `--user=${user}`,
    `--password=${password}`,
    `--result-file=${into}/`,
  ];
  const copied = (): number =>
    readdirSync(into).reduce((sum, name) => sum + statSync(join(into, name)).size, 0);
  for (let round = 0; round < 3; round += 1) {
    empty();
    const begun = performance.now();
    const plain = [...words(source.port, 'repl', ''), '--to-last-log', 'mysql-bin.000001'];
    const { exit, stderr } = await runTool('mysql97', 'mysqlbinlog', plain);
    if (exit !== 0) throw new Error(stderr);
    const direct = since(begun);
    report('mysqlbinlog --raw from the source', direct);

    await root.query('STOP REPLICA');
    await root.query('RESET REPLICA');
    await root.query('RESET BINARY LOGS AND GTIDS');
    empty();
    const start = performance.now();
    const worked = processorMs();
    const live = [...words(stage.relay.port, 'reader', 'pw'), '--stop-never', 'binlog.000001'];
    const reader = spawnProgram('mysql97', 'mysqlbinlog', live, { stdio: 'ignore' });
    await root.query('START REPLICA');
    await bench.caughtUp();
    const taken = since(start);
    const wanted = (await root.query('SHOW BINARY LOGS')).rows.reduce((sum, row) => sum + Number(row[1]), 0);
    while (copied() < wanted) await pause(10);
    const through = since(start);
    reader.kill('SIGKILL');
    report(
      'behind a relay that begins with it',
      through,
      `× ${(through / direct).toFixed(2)}, taken in after ${taken.toFixed(0)} ms, processor ${(processorMs() - worked).toFixed(0)} ms`,
    );
  }
} finally {
  await bench.end();
}
