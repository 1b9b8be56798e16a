import type { ConnectOptions } from '../../src/connection/index.ts';
import { Replication, ServerTarget, SqliteTarget, type Target } from '../../src/target/index.ts';

/** What a child is told, as JSON on its command line. */
export interface FollowOrder {
  readonly source: ConnectOptions;
  /** A folder is SQLite's. */
  readonly target: string | ConnectOptions;
  readonly options: Readonly<Record<string, unknown>>;
  /** Ends with the source's log, or goes on until standard input ends. */
  readonly stopAtEnd: boolean;
}

/** What it answers at its end. */
export interface Followed {
  readonly seconds: number;
  /** Of all its threads, from its start. */
  readonly cpu: number;
  readonly peakMegabytes: number;
  readonly transactions: number;
  readonly retried: number;
}

/** `rowlock replicate` without its command line: from a source into a target, until the log ends. */
const order = JSON.parse(process.argv[2] ?? '{}') as FollowOrder;
const target: Target =
  typeof order.target === 'string'
    ? new SqliteTarget({ folder: order.target, flavor: () => 'mysql', ...order.options })
    : new ServerTarget({ connection: order.target, flavor: 'mysql', ...order.options });
const replication = new Replication({
  connection: order.source,
  target,
  start: 'beginning',
  stopAtEnd: order.stopAtEnd,
  retry: false,
  onBegin: () => process.stdout.write('begins\n'),
});
if (!order.stopAtEnd) process.stdin.once('end', () => replication.stop()).resume();
const start = performance.now();
try {
  await replication.run();
} finally {
  await target.close();
}
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const followed: Followed = {
  seconds: (performance.now() - start) / 1000,
  cpu: (userCPUTime + systemCPUTime) / 1e6,
  peakMegabytes: maxRSS / 1024,
  transactions: replication.progress.transactions,
  retried: target instanceof ServerTarget ? target.retried : 0,
};
process.stdout.write(`${JSON.stringify(followed)}\n`);
