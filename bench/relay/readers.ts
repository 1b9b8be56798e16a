import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { openStage } from '../../test/relay/live/stage.ts';
import { fillLog, openBench, report, since } from './stage.ts';

/**
 * Readers of a whole log from a relay that was just started, over TLS: 1, then 32, in processes of their own. What counts is the sum of
 * their bytes a second, and what the relay's memory grows by.
 */
const bench = await openBench();
try {
  const { folder, stage } = bench;
  await fillLog(bench, Number(process.env['BENCH_MEGABYTES'] ?? 230));
  await stage.root.query('START REPLICA');
  await bench.caughtUp();
  await stage.root.query('STOP REPLICA');
  const size = (await stage.root.query('SHOW BINARY LOGS')).rows.reduce(
    (sum, row) => sum + Number(row[1]),
    0,
  );
  await stage.root.close();
  await stage.relay.close();
  const reader = join(import.meta.dirname, 'reader.mjs');
  const read = async (count: number, processes: number): Promise<number> => {
    const cold = await openStage({ folder: join(folder, 'relay') });
    const base = process.memoryUsage().rss;
    let most = base;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 20);
    const start = performance.now();
    await Promise.all(
      Array.from({ length: processes }, () => {
        const child = spawn(process.execPath, [reader, String(cold.relay.port), String(count / processes)], {
          stdio: 'inherit',
        });
        return new Promise<void>((resolve, reject) => {
          child.on('exit', (status) =>
            status === 0 ? resolve() : reject(new Error(`a reader ended with ${status}`)),
          );
        });
      }),
    );
    const took = since(start);
    clearInterval(watch);
    const speed = (size * count) / 2 ** 20 / (took / 1000);
    const memory = (most - base) / 2 ** 20;
    report(
      `${count} readers of ${(size / 2 ** 20).toFixed(0)} MB`,
      took,
      `${speed.toFixed(0)} MB/s, +${memory.toFixed(0)} MB, ${(memory / count).toFixed(1)} MB a reader`,
    );
    await cold.root.close();
    await cold.relay.close();
    return speed;
  };
  for (let round = 0; round < 2; round += 1) {
    const one = await read(1, 1);
    const many = await read(32, 4);
    process.stdout.write(`× ${(many / one).toFixed(2)}\n`);
  }
} finally {
  await bench.end();
}
