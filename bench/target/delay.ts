import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Connection, connect } from '../../src/connection/index.ts';
import { openSqlite } from '../../src/store/index.ts';
import { digits, keepResult, medianOf } from './results.ts';
import { emptyTarget, follow, openTargetBench, reach, type TargetBench } from './stage.ts';

/**
 * How long after its commit a row is visible in the target: from before the statement is sent to the source. Commits come one by one, ten
 * milliseconds apart.
 */
const COUNT = Number(process.env['BENCH_TRANSACTIONS'] ?? 1000);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const BETWEEN_MS = 10;

/** Resolved once a row is there, with what makes sure that it is; asked for before it is written. */
type Watch = (row: number) => Promise<(() => Promise<void>) | undefined>;

/** A server says by itself when it has executed a GTID: of the source, or of its own where it gives one to each commit that it applies. */
async function watchGtids(
  bench: TargetBench,
  watcher: Connection,
  namedBy: 'source' | 'target',
): Promise<Watch> {
  const { root } = bench[namedBy];
  const uuid = await root.value('SELECT @@server_uuid');
  let executed: string | null | undefined;
  for (let before: typeof executed = null; before !== executed || executed === undefined; await pause(500)) {
    before = executed;
    executed = await root.value('SELECT @@global.gtid_executed');
  }
  const last = Number(new RegExp(`${uuid}:(?:1-)?(\\d+)$`).exec(executed ?? '')?.[1] ?? 0);
  return async (row) => {
    await watcher.value(`SELECT WAIT_FOR_EXECUTED_GTID_SET('${uuid}:${last + row}', 60)`);
    return async () => {
      const seen = await watcher.value('SELECT MAX(id) FROM small.delayed');
      if (seen !== String(row)) throw new Error(`row ${row} was waited for, and ${seen} is there`);
    };
  };
}

/** Where it does not, it is asked again and again. */
const watchRows =
  (has: (row: number) => boolean): Watch =>
  async (row) => {
    // oxlint-disable-next-line no-await-in-loop -- until it is there
    while (!has(row)) await pause(1);
    return undefined;
  };

async function measure(bench: TargetBench, watch: Watch): Promise<number[]> {
  const { root } = bench.source;
  const times: number[] = [];
  for (let row = 1; row <= COUNT; row += 1) {
    const seen = watch(row);
    const start = performance.now();
    await root.query('INSERT INTO small.delayed (v) VALUES (1)');
    const check = await seen;
    times.push(performance.now() - start);
    await check?.();
    await pause(BETWEEN_MS);
  }
  return times.toSorted((a, b) => a - b);
}

const ways: readonly (readonly [says: string, run: (bench: TargetBench) => Promise<number[]>])[] = [
  ["MySQL's own replica, 4 workers", native],
  ['to MySQL, GTIDs kept', (bench) => toServer(bench, {})],
  ['to MySQL, `keepGtids: false`', (bench) => toServer(bench, { keepGtids: false })],
  ['to SQLite (asked each millisecond)', toSqlite],
];

async function native(bench: TargetBench): Promise<number[]> {
  const { source, target } = bench;
  const { root } = target;
  await root.query(
    `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${source.server.port}, SOURCE_USER='b', SOURCE_AUTO_POSITION=1, SOURCE_SSL=1`,
  );
  await root.query('START REPLICA');
  const watcher = await connect(reach(target));
  const times = await measure(bench, await watchGtids(bench, watcher, 'source'));
  await watcher.close();
  await root.query('STOP REPLICA');
  return times;
}

async function toServer(bench: TargetBench, options: Readonly<Record<string, unknown>>): Promise<number[]> {
  const child = follow({
    source: reach(bench.source),
    target: reach(bench.target),
    options,
    stopAtEnd: false,
  });
  await child.begun;
  const watcher = await connect(reach(bench.target));
  const namedBy = options['keepGtids'] === false ? 'target' : 'source';
  const times = await measure(bench, await watchGtids(bench, watcher, namedBy));
  await watcher.close();
  await child.end();
  return times;
}

async function toSqlite(
  bench: TargetBench,
  folder = join(bench.folder, `sqlite${Date.now()}`),
): Promise<number[]> {
  const child = follow({ source: reach(bench.source), target: folder, options: {}, stopAtEnd: false });
  await child.begun;
  // Its file is there with the first table.
  await pause(2000);
  const database = await openSqlite(join(folder, 'small.sqlite'));
  const select = database.prepare('SELECT COUNT(*) AS n FROM delayed');
  const times = await measure(
    bench,
    watchRows((row) => select.get()?.['n'] === row),
  );
  database.close();
  await child.end();
  return times;
}

const bench = await openTargetBench();
const taken = ways.map((): number[][] => []);
try {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, [, run]] of ways.entries()) {
      await emptyTarget(bench);
      await bench.source.root.query('DROP DATABASE IF EXISTS small');
      await bench.source.root.query('RESET BINARY LOGS AND GTIDS');
      await bench.source.root.query('CREATE DATABASE small');
      await bench.source.root.query('CREATE TABLE small.delayed (id INT PRIMARY KEY AUTO_INCREMENT, v INT)');
      taken[index]!.push(await run(bench));
    }
  }
} finally {
  await bench.end();
}
const at = (times: readonly number[], share: number): number => times[Math.floor(times.length * share)]!;
keepResult(
  'target-delay',
  `${ROUNDS} rounds in turn of ${COUNT} commits of a row, ${BETWEEN_MS} ms apart; the target syncs each commit. Medians of the rounds, ms.`,
  [
    '| | p50 | p99 | longest |',
    '| --- | ---: | ---: | ---: |',
    ...ways.map(([says], index) => {
      const of = (share: number): string =>
        digits(medianOf(taken[index]!.map((times) => at(times, share))), 1);
      return `| ${says} | ${of(0.5)} | ${of(0.99)} | ${digits(medianOf(taken[index]!.map((times) => times.at(-1)!)), 1)} |`;
    }),
  ],
);
