import { expect, test } from 'vitest';
import { ReceiverProgress } from './receiver-progress.ts';
import { FACTS } from './source-facts.cases.ts';

/** As a replica of MySQL 9.7.4 and of MariaDB 11.8.6 says it: the first attempt behind START is no second one. */
test('a receiver that is started again connects, and reconnects once its source has answered', () => {
  const progress = new ReceiverProgress(() => 0);
  progress.start();
  progress.retry(1);
  expect([progress.hasAnswered, progress.stage]).toEqual([false, 'Connecting to source']);
  progress.connected(FACTS);
  progress.retry(1);
  expect(progress.stage).toBe('Waiting to reconnect after a failed source event read');
  progress.retry(2);
  expect([progress.hasAnswered, progress.stage]).toEqual([
    true,
    'Reconnecting after a failed source event read',
  ]);
  progress.retry(3, true);
  expect(progress.stage).toBe('Waiting to reconnect after a failed registration on source');
  progress.stop(0);
  progress.start();
  progress.retry(1);
  expect([progress.hasAnswered, progress.stage]).toEqual([false, 'Connecting to source']);
});
