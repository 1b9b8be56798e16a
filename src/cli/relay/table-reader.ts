// A process beside the relay: carries out queries over tables, as messages bring them.
import { constants, setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { openReads, type ReadOrder, type SendReply } from '../../relay/index.ts';

/** While SQLite looks for a row, nothing here hears that the relay is gone; a thread of its own does, and ends the process. */
const WATCH = `const relay = process.ppid;
setInterval(() => process.ppid === relay || process.kill(process.pid, 'SIGKILL'), 1000);`;

new Worker(WATCH, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 } }).unref();

try {
  // Where processors are few, channels come first.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // Nor does a sandbox that forbids it keep anybody from reading.
}

const reads = openReads();

const send: SendReply = (reply) =>
  new Promise((resolve, reject) => {
    process.send?.(reply, undefined, undefined, (error) => (error === null ? resolve() : reject(error)));
  });

process.on('message', (order: ReadOrder) => void reads.then((carryOut) => carryOut(order, send)));
