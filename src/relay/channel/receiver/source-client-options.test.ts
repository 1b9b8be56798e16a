import { expect, test } from 'vitest';
import { defaultConfiguration } from '../configuration.ts';
import { ReceiverProgress } from './receiver-progress.ts';
import { sourceClientOptions } from './source-client-options.ts';
import { FACTS } from './source-facts.cases.ts';

/** Replicas of MySQL 9.7.4 and MariaDB 11.8.6 are back within milliseconds, whatever SOURCE_CONNECT_RETRY is. */
test('a link that was lost is opened again at once; pauses lie between attempts', async () => {
  const slept: number[] = [];
  const told: number[] = [];
  const progress = new ReceiverProgress(() => 0);
  const { onRetry, sleep } = sourceClientOptions(
    { ...defaultConfiguration('', 60), sourceHost: 'h' },
    {
      flavor: 'mysql',
      serverId: 2,
      serverUuid: '',
      report: { host: '', port: 0, user: '' },
      netTimeout: () => 60,
      semiSync: () => false,
      connectOptions: () => Promise.reject(new Error('nobody asks')),
      start: () => 'beginning',
      unreachable: ({ errno }) => void told.push(errno),
      client: {
        sleep: async (milliseconds) => {
          slept.push(milliseconds);
        },
      },
    },
    progress,
  );
  const { signal } = new AbortController();
  const fails = async (attempt: number): Promise<void> => {
    onRetry?.({ error: new Error('gone'), attempt, delayMs: 60_000 });
    await sleep?.(60_000, signal);
  };
  progress.start();
  await fails(1);
  progress.connected(FACTS);
  await fails(1);
  await fails(2);
  // One that comes about and is lost again, with nothing received in between, is no reason to hurry.
  progress.connected(FACTS);
  await fails(3);
  expect(told).toHaveLength(3);
  expect(slept).toEqual([60_000, 0, 60_000, 60_000]);
});
