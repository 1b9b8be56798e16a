import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseMysqlGtid } from '../../src/gtid/index.ts';
import { channelTo, openTestRelay, until } from './relay-streams.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-hand-over-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shop = join(import.meta.dirname, '../../examples/shop.binlog');

test('an archive is served as it is; what its end must not bring in is passed over by name', async () => {
  const archive = join(folder, 'archive');
  mkdirSync(archive);
  copyFileSync(shop, join(archive, 'mysql-bin.000001'));
  writeFileSync(join(archive, 'mysql-bin.index'), './mysql-bin.000001\n');
  const settings = { server_id: 901, log_bin_basename: join(archive, 'mysql-bin') };
  const vendor = await openTestRelay(archive, { name: 'vendor', settings });
  const executed = vendor.streams.binaryLog.gtidExecuted;
  expect(executed).toMatch(/^[0-9a-f-]{36}:1-11$/);
  const uuid = executed.split(':')[0]!;

  const ours = await openTestRelay(join(folder, 'ours'), { name: 'ours' });
  const channel = await ours.streams.channels.configure(
    channelTo(vendor.server.port, { requireRowFormat: true }),
  );
  await channel.start({ receiver: true, applier: true });
  const words = (): string => JSON.stringify(channel.status());
  await until(() => channel.status().receiver.lastError.number === 3944, words);
  await until(() => ours.streams.binaryLog.gtidExecuted === `${uuid}:1-8`, words);

  for (const number of [9, 10, 11]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await ours.streams.binaryLog.executeEmpty(parseMysqlGtid(`${uuid}:${number}`));
  }
  await ours.streams.binaryLog.executeEmpty(parseMysqlGtid(`${uuid}:tag:1`));
  const all = `${uuid}:1-11:tag:1`;
  expect(ours.streams.binaryLog.gtidExecuted).toBe(all);
  const { position } = ours.streams.binaryLog.end;
  // What is here already is not written again.
  await ours.streams.binaryLog.executeEmpty(parseMysqlGtid(`${uuid}:10`));
  expect(ours.streams.binaryLog.end.position).toBe(position);

  await channel.stop({ receiver: true, applier: true });
  await channel.start({ receiver: true, applier: true });
  await until(() => channel.status().receiver.state === 'ON', words);
  await ours.close();

  // It is durable, and the channel kept its own place.
  const again = await openTestRelay(join(folder, 'ours'), {
    name: 'ours',
    channels: [channelTo(vendor.server.port, { requireRowFormat: true })],
  });
  expect(again.streams.binaryLog.gtidExecuted).toBe(all);
  expect(again.streams.channels.get('')!.status().applier.execSourceLogPos).toBeGreaterThan(4000);
  await again.close();
  await vendor.close();
});

test('an archive under another name is refused: its logs name each other', async () => {
  const archive = join(folder, 'renamed');
  mkdirSync(archive);
  copyFileSync(shop, join(archive, 'binlog.000001'));
  writeFileSync(join(archive, 'binlog.index'), './binlog.000001\n');
  await expect(openTestRelay(archive)).rejects.toMatchObject({
    message: expect.stringContaining("'mysql-bin.000002'"),
    hint: expect.stringContaining('--log-bin=mysql-bin'),
  });
});
