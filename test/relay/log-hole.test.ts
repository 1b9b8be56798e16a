import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RawEvent } from '../../src/binlog/index.ts';
import { SourceClient } from '../../src/replication/index.ts';
import type { Loopback } from '../connection/loopback.ts';
import { honest, listenAsForger, plainly, SOURCE_UUID } from './forged-source.ts';
import { channelTo, openTestRelay, type TestRelay, until, untilApplied } from './relay-streams.ts';

const TRANSACTIONS = 150;
const ALL = `${SOURCE_UUID}:1-${TRANSACTIONS}`;

let folder: string;
let source: Loopback;
let relay: TestRelay;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rowlock-hole-'));
  const sendings = Array.from({ length: TRANSACTIONS }, (_, index) => plainly(honest(index + 1)));
  source = await listenAsForger(() => sendings);
});
afterEach(async () => {
  await relay.close();
  await source.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<void> {
  relay = await openTestRelay(folder, {
    settings: { max_binlog_size: 4096, max_relay_log_size: 4096, relay_log_purge: false },
  });
  await relay.streams.channels.configure(channelTo(source.port));
}
const channel = () => relay.streams.channels.all[0]!;
const words = (): string => JSON.stringify(channel().status());

/** Takes the second file of the log away, and gives back what puts it there again. */
function hide(base: string): { readonly name: string; readonly putBack: () => void } {
  const names = readdirSync(folder).filter((name) => name.startsWith(`${base}.0`));
  expect(names.length).toBeGreaterThan(3);
  const name = `${base}.000002`;
  const [here, away] = [join(folder, name), join(folder, 'away')];
  renameSync(here, away);
  return { name, putBack: () => renameSync(away, here) };
}

test.each(['while the relay is down', 'under the relay'])(
  'a relay log that lost a file in its middle %s stops the applier, until it is put back',
  async (when) => {
    await open();
    await channel().start({ receiver: true, applier: false });
    await until(() => channel().status().receiver.retrievedGtidSet === ALL, words);
    await channel().stop({ receiver: true, applier: false });
    const isDown = when.startsWith('while');
    if (isDown) await relay.close();
    const { name, putBack } = hide('relay-bin');
    if (isDown) await open();
    await channel().start({ receiver: false, applier: true });
    await until(() => channel().status().applier.state === 'OFF', words);
    const { lastError } = channel().status().applier;
    expect(lastError.number).toBe(13_121);
    expect(lastError.message).toMatch(
      new RegExp(`^Relay log read failure: .*${name}: this file of the log is gone`),
    );
    expect(lastError.message).toContain('RESET REPLICA');
    const [, last] = /^[^:]+:1-(\d+)$/.exec(relay.streams.binaryLog.gtidExecuted)!;
    expect(Number(last)).toBeLessThan(TRANSACTIONS);

    putBack();
    await relay.close();
    await open();
    await channel().start({ receiver: false, applier: true });
    await untilApplied(channel(), () => relay.streams.binaryLog.gtidExecuted === ALL);
  },
);

test('a replica that comes to a file of the binary log that is gone is told so, and gets nothing of what is behind it', async () => {
  await open();
  await channel().start({ receiver: true, applier: true });
  await untilApplied(channel(), () => relay.streams.binaryLog.gtidExecuted === ALL);
  const { file } = relay.streams.binaryLog.end;
  const base = file.slice(0, file.lastIndexOf('.'));
  await relay.close();
  const { name } = hide(base);
  await open();
  const client = new SourceClient({
    connection: { host: '127.0.0.1', port: relay.server.port, user: 'repl', ssl: { sslMode: 'DISABLED' } },
    start: 'beginning',
  });
  const event = new RawEvent();
  const read = async (): Promise<void> => {
    for (;;) {
      while (client.next(event)) expect(client.file).toBe(`${base}.000001`);
      await client.wait();
    }
  };
  await expect(read()).rejects.toMatchObject({
    message: expect.stringContaining(`Could not open log file '${name}'`),
  });
  client.close();
});
