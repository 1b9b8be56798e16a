import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RowTextOptions } from '../../../text/index.ts';
import type { TeamStart } from './row-team.ts';
import type { TeamMemory } from './team-memory.ts';

/** Bytes of rows that one thread writes before a second is worth its start of some 40 ms. */
const ROWS_BEFORE_TEAM = 4 << 20;

/** To hand over a shorter event takes longer than to write its rows: logs of small transactions are one thread's (bench mysql-small-v). */
const LEAST_EVENT = 1 << 10;

/**
 * What comes before a second thread is wanted; where there is one processor, none ever is. Base64 does not count: to write it takes less
 * than to hand it over (bench remote-default).
 */
export function teamStart(): TeamStart {
  return {
    rowBytes: availableParallelism() > 1 ? ROWS_BEFORE_TEAM : Number.POSITIVE_INFINITY,
    leastEvent: LEAST_EVENT,
  };
}

/** Starts the thread beside this one. It holds nobody up: neither when it fails to start nor at the end. */
export function startRowWorker(memory: TeamMemory, { verbose, compat }: RowTextOptions): void {
  let worker: Worker;
  try {
    worker = new Worker(join(import.meta.dirname, 'row-worker.cjs'), {
      workerData: { memory, options: { verbose, compat } },
      execArgv: [],
      env: {},
      // Else Node opens process.stdout for it, which makes a pipe non-blocking: see processIo.
      stdout: true,
      stderr: true,
    });
  } catch {
    // No thread to be had: this one writes everything.
    return;
  }
  worker.unref();
  // A batch that it took and does not finish is written by this thread after a while, all others at once.
  worker.on('error', () => undefined);
}
