import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseMysqlGtid } from '../../src/gtid/index.ts';
import { type Disk, nodeDisk } from '../../src/store/index.ts';
import { channelTo, openTestRelay, until, untilApplied } from './relay-streams.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-exec-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const UUID = '11111111-1111-1111-1111-111111111111';
const both = { receiver: true, applier: true };

test('what came first and is not in the relay log yet has not been applied', async () => {
  const source = await openTestRelay(join(folder, 'source'), {
    name: 'source',
    settings: { server_id: 901 },
  });
  const sourceLog = source.streams.binaryLog;
  for (const number of [1, 2, 3]) await sourceLog.executeEmpty(parseMysqlGtid(`${UUID}:${number}`));
  let goOn: () => void = () => undefined;
  let held: Promise<void> | undefined;
  const disk: Disk = {
    ...nodeDisk,
    open: async (path, mode) => {
      const file = await nodeDisk.open(path, mode);
      return {
        write: async (pieces, position) => {
          if (path.includes('relay-bin.')) await held;
          await file.write(pieces, position);
        },
        read: (into, position) => file.read(into, position),
        sync: () => file.sync(),
        truncate: (size) => file.truncate(size),
        size: () => file.size(),
        close: () => file.close(),
      };
    },
  };
  const relay = await openTestRelay(join(folder, 'relay'), { parts: { disk } });
  const channel = await relay.streams.channels.configure(channelTo(source.server.port));
  held = new Promise((resolve) => {
    goOn = resolve;
  });
  await channel.start(both);
  const words = (): string => JSON.stringify(channel.status());
  const { file, position } = sourceLog.end;
  await until(() => channel.status().receiver.readSourceLogPos === position, words);
  expect(channel.status().receiver.sourceLogFile).toBe(file);
  expect(channel.status().applier.execSourceLogPos).toBeLessThan(position);
  goOn();
  await untilApplied(channel, () => relay.streams.binaryLog.gtidExecuted === `${UUID}:1-3`);
  await until(() => channel.status().applier.execSourceLogPos === position, words);
  // The next file of the relay log moves the channel on without a transaction, and is not counted as one.
  await channel.flushRelayLog();
  await sourceLog.executeEmpty(parseMysqlGtid(`${UUID}:4`));
  await untilApplied(channel, () => relay.streams.binaryLog.gtidExecuted === `${UUID}:1-4`);
  expect(relay.streams.counters.transactions).toBe(4);
  await relay.close();
  await source.close();
});

test('a source that never answered is connected to, not again, and what it came to is known until RESET', async () => {
  const relay = await openTestRelay(join(folder, 'nobody'));
  const nobody = channelTo(1, { sourceRetryCount: 2, sourceConnectRetry: 0 });
  const channel = await relay.streams.channels.configure(nobody);
  const error = (): string => channel.status().receiver.lastError.message;
  await channel.start({ receiver: true, applier: false });
  await until(() => channel.status().receiver.state === 'OFF', error);
  expect(error()).toMatch(/^Error connecting to source 'repl@127\.0\.0\.1:1'\. This was attempt 2\/2, /);
  await relay.streams.channels.configure({ ...nobody, sourcePort: 2 });
  expect(error()).toMatch(/This was attempt 2\/2/);
  await channel.reset();
  expect(error()).toBe('');
  await relay.close();
});

test('what stands behind the last transaction of the source has been applied with it', async () => {
  const source = await openTestRelay(join(folder, 'idle'), { name: 'idle', settings: { server_id: 902 } });
  const sourceLog = source.streams.binaryLog;
  await sourceLog.executeEmpty(parseMysqlGtid(`${UUID}:1`));
  const relay = await openTestRelay(join(folder, 'behind'));
  const channel = await relay.streams.channels.configure(channelTo(source.server.port));
  await channel.start(both);
  const places = (): unknown => {
    const { receiver, applier } = channel.status();
    return [
      receiver.sourceLogFile,
      receiver.readSourceLogPos,
      applier.sourceLogFile,
      applier.execSourceLogPos,
    ];
  };
  const stands = async (): Promise<void> => {
    const { file, position } = sourceLog.end;
    const wanted = JSON.stringify([file, position, file, position]);
    await until(
      () => JSON.stringify(places()) === wanted,
      () => `${wanted} ${JSON.stringify(places())}`,
    );
  };
  await stands();
  for (let flushes = 0; flushes < 2; flushes += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await sourceLog.rotate();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await stands();
  }
  await sourceLog.executeEmpty(parseMysqlGtid(`${UUID}:2`));
  await stands();
  // What UNTIL asks for may have been applied before.
  for (const condition of [
    { kind: 'sourcePosition', file: 'binlog.000001', position: 4 },
    { kind: 'afterMtsGaps' },
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await channel.stop(both);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await channel.start({ receiver: false, applier: true }, condition);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await until(
      () => channel.status().applier.state === 'OFF',
      () => JSON.stringify(channel.status()),
    );
    expect(channel.status().applier.lastError.number).toBe(0);
  }
  await relay.close();
  await source.close();
});
