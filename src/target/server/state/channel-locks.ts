import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from '../../../connection/index.ts';
import { UsageError } from '../../../errors/index.ts';

/** A session that ended without a goodbye goes on until its statement is done: seconds that are granted to it. */
const LOCK_SECONDS = 60;
/** Sessions of one channel. */
export const MOST_WORKERS = 64;

/** MySQL's MAX_USER_LOCK_NAME_LENGTH is 64. */
function lockName(channel: string, worker: number): string {
  const name = `rowlock.${createHash('sha256').update(channel).digest('hex').slice(0, 40)}`;
  return worker === 0 ? name : `${name}.${worker}`;
}

async function lock(connection: Connection, channel: string, name: string): Promise<void> {
  if ((await connection.value(`SELECT GET_LOCK('${name}', ${LOCK_SECONDS})`)) === '1') return;
  const holder = await connection.value(`SELECT IS_USED_LOCK('${name}')`);
  throw new UsageError(`channel '${channel}' is applied by connection ${holder} of the target already`, {
    hint: 'Stop the other one, or give this channel another name.',
  });
}

/**
 * Makes the session the first one that applies a channel here, until it ends. What others have sent before they were cut off is done or
 * undone then.
 *
 * @throws UsageError somebody else applies the channel
 */
export async function lockChannel(connection: Connection, channel: string): Promise<void> {
  await lock(connection, channel, lockName(channel, 0));
  const free = Array.from(
    { length: MOST_WORKERS - 1 },
    (_, index) => `IS_FREE_LOCK('${lockName(channel, index + 1)}')`,
  );
  const end = Date.now() + LOCK_SECONDS * 1000;
  while ((await connection.value(`SELECT ${free.join(' AND ')}`)) !== '1') {
    if (Date.now() > end) {
      throw new UsageError(`a session that applied channel '${channel}' goes on at the target`, {
        hint: 'See what it does in SHOW PROCESSLIST, and end it.',
      });
    }
    await pause(50);
  }
}

/** Lets whoever comes next wait for this session too. */
export async function lockWorker(connection: Connection, channel: string, worker: number): Promise<void> {
  await lock(connection, channel, lockName(channel, worker));
}
