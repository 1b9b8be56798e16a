import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { RowlockError } from '../../src/errors/index.ts';
import { openStreams } from '../../src/relay/index.ts';
import { startRelay } from './relay.ts';
import { until } from './relay-streams.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-lost-key-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a key that was lost is told of at the start, and by the channel that needs it', async () => {
  const options = { folder, openStreams, skipReplicaStart: true };
  const before = await startRelay(options);
  const session = await before.session();
  await session.query(
    "CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=1, SOURCE_PASSWORD='sesame' FOR CHANNEL 'a'",
  );
  await session.close();
  await before.close();
  rmSync(join(folder, 'secret.key'));
  const relay = await startRelay(options);
  const lost = "the stored source password of channel 'a' does not open with this folder's secret.key";
  expect(relay.failures.map((error) => (error instanceof RowlockError ? error.message : error))).toEqual([
    lost,
  ]);
  const control = relay.streams.channels.get('a')!;
  await control.start({ receiver: true, applier: false });
  await until(
    () => control.status().receiver.state === 'OFF',
    () => JSON.stringify(control.status().receiver),
  );
  expect(control.status().receiver.lastError.message).toBe(
    `Fatal error: ${lost}. Put back the key it was stored with, or give the password again.`,
  );
  await relay.close();
});
