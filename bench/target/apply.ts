import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { digits, keepResult, medianOf } from './results.ts';
import {
  type Applied,
  applyNatively,
  applyOurs,
  emptyTarget,
  openTargetBench,
  reach,
  type TargetBench,
  writeRows,
  writeSmall,
} from './stage.ts';

/** One log, applied by MySQL's own applier and by ours in turn, to an empty server and to SQLite. */
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const COUNT = Number(process.env['BENCH_TRANSACTIONS'] ?? 100_000);
const { BENCH_WORK: work, BENCH_WAYS: chosen } = process.env;

interface Way {
  readonly name: string;
  readonly says: string;
  readonly run: (bench: TargetBench) => Promise<Applied>;
}

const toSqlite = async (bench: TargetBench): Promise<Applied> => {
  const folder = join(bench.folder, 'sqlite');
  rmSync(folder, { recursive: true, force: true });
  return applyOurs(bench, folder, {});
};

const ways: readonly Way[] = [
  { name: 'native', says: "MySQL's own applier, 4 workers", run: (bench) => applyNatively(bench, 4) },
  // No two of its commits share a sync: the floor for clients that keep the order of commits.
  { name: 'serial', says: "MySQL's own applier, 1 worker", run: (bench) => applyNatively(bench, 1) },
  { name: 'kept', says: 'to MySQL, GTIDs kept', run: (bench) => applyOurs(bench, reach(bench.target), {}) },
  {
    name: 'one',
    says: 'to MySQL, GTIDs kept, `parallelWorkers: 1`',
    run: (bench) => applyOurs(bench, reach(bench.target), { parallelWorkers: 1 }),
  },
  {
    name: 'free',
    says: 'to MySQL, GTIDs kept, `preserveCommitOrder: false`',
    run: (bench) => applyOurs(bench, reach(bench.target), { preserveCommitOrder: false }),
  },
  {
    name: 'grouped',
    says: 'to MySQL, `keepGtids: false`',
    run: (bench) => applyOurs(bench, reach(bench.target), { keepGtids: false }),
  },
  {
    name: 'sql',
    says: "to MySQL, `keepGtids: false, apply: 'sql'`",
    run: (bench) => applyOurs(bench, reach(bench.target), { keepGtids: false, apply: 'sql' }),
  },
  { name: 'sqlite', says: 'to SQLite', run: toSqlite },
];

async function compare(name: string, write: (bench: TargetBench) => Promise<void>): Promise<void> {
  const bench = await openTargetBench();
  const used = ways.filter((way) => chosen === undefined || chosen.split(',').includes(way.name));
  const taken = new Map<Way, Applied[]>(used.map((way) => [way, []]));
  try {
    await write(bench);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const way of used) {
        // oxlint-disable-next-line no-await-in-loop -- in turn
        await emptyTarget(bench);
        // oxlint-disable-next-line no-await-in-loop -- in turn
        const applied = await way.run(bench);
        taken.get(way)!.push(applied);
        const { seconds, serverCpu, ourCpu } = applied;
        process.stderr.write(
          `${name} ${way.name} ${seconds.toFixed(2)} s, processor ${serverCpu.toFixed(2)} + ${ourCpu.toFixed(2)}\n`,
        );
      }
    }
  } finally {
    await bench.end();
  }
  const native = taken.get(used[0]!)!;
  const table = used.map((way) => {
    const runs = taken.get(way)!;
    const of = (key: keyof Applied) => runs.map((applied) => applied[key]);
    const ratio = medianOf(runs.map(({ seconds }, round) => seconds / native[round]!.seconds));
    return `| ${way.says} | ${digits(medianOf(of('seconds')), 2)} | ${digits(Math.min(...of('seconds')), 2)} | ${digits(ratio, 2)} | ${digits(medianOf(of('serverCpu')), 1)} | ${digits(medianOf(of('ourCpu')), 1)} | ${digits(Math.max(...of('peakMegabytes')), 0)} |`;
  });
  keepResult(
    `target-${name}`,
    [
      `${ROUNDS} rounds in turn; the target is MySQL 9.7 with its defaults (each commit synced, binary log on). The native applier begins with a`,
      'relay log that has everything; ours reads the same log from the source over TLS meanwhile, in a process of its own.',
    ].join('\n'),
    [
      '| | median s | fastest s | ÷ native | target CPU s | our CPU s | peak MiB |',
      '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
      ...table,
    ],
  );
}

if (work !== 'small') await compare('rows', writeRows);
if (work !== 'rows') await compare('small', (bench) => writeSmall(bench, COUNT));
