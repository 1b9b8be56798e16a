import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseMysqlGtid } from '../../src/gtid/index.ts';
import { channelTo, openTestRelay, until } from './relay-streams.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-until-head-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const UUID = '11111111-1111-1111-1111-111111111111';

// The head of a source's file is not in the relay log, and the place behind it is what SHOW BINARY LOG STATUS gives after a FLUSH.
test('UNTIL the place where the first transaction of a file begins stops before it, as MySQL 9.7 does', async () => {
  const source = await openTestRelay(join(folder, 'source'), {
    name: 'source',
    settings: { server_id: 901 },
  });
  const log = source.streams.binaryLog;
  await log.executeEmpty(parseMysqlGtid(`${UUID}:1`));
  await log.rotate();
  const { file, position } = log.end;
  for (const number of [2, 3]) await log.executeEmpty(parseMysqlGtid(`${UUID}:${number}`));
  const relay = await openTestRelay(join(folder, 'relay'));
  const channel = await relay.streams.channels.configure(channelTo(source.server.port));
  await channel.start({ receiver: true, applier: true }, { kind: 'sourcePosition', file, position });
  await until(
    () => channel.status().applier.state === 'OFF',
    () => JSON.stringify(channel.status()),
  );
  expect(relay.streams.binaryLog.gtidExecuted).toBe(`${UUID}:1`);
  await relay.close();
  await source.close();
});
