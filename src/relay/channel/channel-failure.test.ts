import { expect, test } from 'vitest';
import { applierStopped, receiverStopped } from './channel-failure.ts';

test('a violation has a line of its own, and no other; rows are not for the log', () => {
  expect(receiverStopped('c', { errno: 3944, message: 'x' })).toBeUndefined();
  expect(applierStopped('c', 3944)).toBeUndefined();
  expect(applierStopped('c', 1062)).toMatchObject({
    code: 'CHANNEL_STOPPED',
    message: "The applier of channel 'c' has stopped, error 1062",
    hint: expect.stringContaining('Last_SQL_Error'),
  });
});
