import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { parseMysqlGtid } from '../../src/gtid/index.ts';
import type { ChannelControl } from '../../src/relay/streams.ts';
import { channelTo, openTestRelay, type TestRelay, until } from './relay-streams.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-clock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const UUID = '11111111-1111-1111-1111-111111111111';
const DAY_MS = 86_400_000;
const both = { receiver: true, applier: true };

/** A source and a relay behind it, each with a clock that somebody sets. */
let source: TestRelay;
let relay: TestRelay;
const set = { source: 0, relay: 0 };
const real = Date.now;
let count = 0;
let transactions = 0;

beforeEach(async () => {
  count += 1;
  transactions = 0;
  set.source = 0;
  set.relay = 0;
  source = await openTestRelay(join(folder, `source${count}`), {
    name: 'source',
    settings: { server_id: 901 },
    parts: { now: () => real() + set.source },
  });
  relay = await openTestRelay(join(folder, `relay${count}`), {
    name: 'relay',
    settings: { max_binlog_size: 4096, max_relay_log_size: 4096 },
    parts: { now: () => real() + set.relay },
  });
});
afterEach(async () => {
  await relay.close();
  await source.close();
});

const executed = (): string => relay.streams.binaryLog.gtidExecuted;

async function commit(times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    transactions += 1;
    await source.streams.binaryLog.executeEmpty(parseMysqlGtid(`${UUID}:${transactions}`));
  }
}

async function open(changes: Parameters<typeof channelTo>[1] = {}): Promise<ChannelControl> {
  const channel = await relay.streams.channels.configure(channelTo(source.server.port, changes));
  await channel.start(both);
  return channel;
}

const untilAll = (channel: ChannelControl): Promise<void> =>
  until(
    () => executed() === `${UUID}:1${transactions > 1 ? `-${transactions}` : ''}`,
    () => `${executed()} ${JSON.stringify(channel.status())}`,
  );

test('clocks that jump, forth and back and at either end, lose nothing and stop nothing', async () => {
  const channel = await open();
  await commit(20);
  await untilAll(channel);
  for (const [ours, theirs] of [
    [400 * DAY_MS, 0],
    [-400 * DAY_MS, 0],
    [0, 400 * DAY_MS],
    [0, -400 * DAY_MS],
    [-DAY_MS, DAY_MS],
  ] as const) {
    set.relay = ours;
    set.source = theirs;
    await commit(20);
    await untilAll(channel);
    const { receiver, applier } = channel.status();
    expect([receiver.state, receiver.lastError.number, applier.lastError.number]).toEqual(['ON', 0, 0]);
    expect(applier.secondsBehindSource ?? 0).toBeGreaterThanOrEqual(0);
  }
  set.relay = 0;
  await channel.stop(both);
  await channel.start(both);
  await commit(1);
  await untilAll(channel);
});

test('a delay that is waited for ends once the clock says so', async () => {
  const channel = await open({ sourceDelay: 3600 });
  await commit(3);
  await until(
    () => channel.status().applier.remainingDelay !== null,
    () => JSON.stringify(channel.status()),
  );
  expect(executed()).toBe('');
  set.relay = 2 * 3600 * 1000;
  await untilAll(channel);
});

test('a clock far in the future makes no log old', async () => {
  relay.settings['binlog_expire_logs_seconds'] = 86_400;
  const channel = await open();
  await commit(5);
  await untilAll(channel);
  await relay.streams.binaryLog.rotate();
  const [first] = relay.streams.binaryLog.files;
  set.relay = 400 * DAY_MS;
  await relay.streams.binaryLog.rotate();
  expect(relay.streams.binaryLog.files[0]).toEqual(first);
  expect(relay.reports.map(String).join()).toMatch(/the clock is ahead by 345\d{5} s/);
  // Who says it in so many words is believed.
  const kept = await relay.streams.binaryLog.purgeBefore(new Date(real() + DAY_MS));
  expect(relay.streams.binaryLog.files.map(({ name }) => name)).toEqual(kept);
  expect(kept).toHaveLength(1);
});
