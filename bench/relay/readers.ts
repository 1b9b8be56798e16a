import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ColdRelay, ColdRelayTook } from './cold-relay.ts';
import { fillLog, openBench, report, since } from './stage.ts';

const MEGABYTE = 2 ** 20;

/**
 * Readers of a whole log from a relay that was just started, over TLS: 1, then 32, the relay and its readers in processes of their own.
 * What counts is the sum of their bytes a second, and what the relay's memory grows by: from before the first reader came to the most there
 * ever was, the one cache of blocks that all share included; then what each reader beside the first one adds.
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
  const program = (name: string): string => join(import.meta.dirname, `${name}.mjs`);
  const read = async (count: number, processes: number): Promise<{ speed: number; most: number }> => {
    const relay = fork(program('cold-relay'), [join(folder, 'relay')]);
    const [{ port, memory }] = (await once(relay, 'message')) as [ColdRelay];
    const start = performance.now();
    await Promise.all(
      Array.from({ length: processes }, async () => {
        const words = [program('reader'), String(port), String(count / processes)];
        const [status] = await once(spawn(process.execPath, words, { stdio: 'inherit' }), 'exit');
        if (status !== 0) throw new Error(`a reader ended with ${String(status)}`);
      }),
    );
    const took = since(start);
    relay.send('end');
    const [{ processorMs, mostMemory }] = (await once(relay, 'message')) as [ColdRelayTook];
    await once(relay, 'exit');
    const megabytes = (size * count) / MEGABYTE;
    const speed = megabytes / (took / 1000);
    const more = (mostMemory - memory) / MEGABYTE;
    report(
      `${count} readers of ${(size / MEGABYTE).toFixed(0)} MB`,
      took,
      `${speed.toFixed(0)} MB/s, processor ${(processorMs / megabytes).toFixed(2)} ms a MB, ` +
        `+${more.toFixed(0)} MB, ${(more / count).toFixed(2)} MB a reader`,
    );
    return { speed, most: mostMemory / MEGABYTE };
  };
  for (let round = 0; round < 2; round += 1) {
    const one = await read(1, 1);
    const many = await read(32, 4);
    const further = (many.most - one.most) / 31;
    process.stdout.write(
      `× ${(many.speed / one.speed).toFixed(2)}, ${further.toFixed(2)} MB a further reader\n`,
    );
  }
} finally {
  await bench.end();
}
