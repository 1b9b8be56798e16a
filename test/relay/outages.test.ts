import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ConnectionError } from '../../src/errors/index.ts';
import { type OpenSource, openSource } from '../../src/replication/open-source.ts';
import { channelTo, openTestRelay, type TestRelay, until } from './relay-streams.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-outages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RETRY_COUNT = 3;
const CONNECT_RETRY_MS = 7000;

/** What a channel met on its way to the source, and the pauses between attempts. */
class Way {
  /** Attempts that are still to fail. */
  away = 0;
  attempts = 0;
  pauses: number[] = [];
  #last: OpenSource | undefined;

  readonly open: typeof openSource = async (...options) => {
    this.attempts += 1;
    if (this.away > 0) {
      this.away -= 1;
      throw new ConnectionError(2003, "Can't connect to MySQL server on 'there' (111)");
    }
    this.#last = await openSource(...options);
    return this.#last;
  };

  readonly sleep = async (milliseconds: number): Promise<void> => {
    this.pauses.push(milliseconds);
  };

  /** The link breaks, and so many attempts fail before there is another. */
  cut(failures: number): void {
    this.attempts = 0;
    this.pauses = [];
    this.away = failures;
    this.#last!.destroy(new ConnectionError(2013, 'Lost connection to MySQL server during query'));
  }
}

/** A relay behind an idle source, and a channel that has what the source has. */
async function follow(name: string, retryCount: number, body: (way: Way, relay: TestRelay) => Promise<void>) {
  const source = await openTestRelay(join(folder, `${name}-source`), {
    name: 'source',
    settings: { server_id: 901 },
  });
  const way = new Way();
  const relay = await openTestRelay(join(folder, name), { parts: { client: way } });
  const channel = await relay.streams.channels.configure(
    channelTo(source.server.port, {
      sourceRetryCount: retryCount,
      sourceConnectRetry: CONNECT_RETRY_MS / 1000,
      sourceHeartbeatPeriod: 0,
    }),
  );
  await channel.start({ receiver: true, applier: true });
  try {
    await body(way, relay);
  } finally {
    await relay.close();
    await source.close();
  }
}

const receiverOf = ({ streams }: TestRelay) => streams.channels.get('')!.status().receiver;

/** Waits until the channel reads again: the place in the source's log is told once the dump has begun. */
const reads = (way: Way, relay: TestRelay, attempts: number): Promise<void> =>
  until(
    () =>
      way.attempts === attempts && receiverOf(relay).state === 'ON' && receiverOf(relay).readSourceLogPos > 4,
    () => `${way.attempts} ${JSON.stringify(receiverOf(relay))}`,
  );

test('every outage of an idle source has all attempts, the first of them at once', async () => {
  await follow('idle', RETRY_COUNT, async (way, relay) => {
    await reads(way, relay, 1);
    // More outages than there are attempts, and more failures than that.
    for (let outage = 0; outage <= RETRY_COUNT; outage += 1) {
      way.cut(RETRY_COUNT - 1);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await reads(way, relay, RETRY_COUNT);
      expect(way.pauses[0]).toBeLessThanOrEqual(1000);
      expect(way.pauses.slice(1)).toEqual([CONNECT_RETRY_MS, CONNECT_RETRY_MS]);
      expect(receiverOf(relay).lastError.number).toBe(0);
    }
  });
});

test.each([1, RETRY_COUNT])('after %d attempts in vain it stops, and says so', async (retryCount) => {
  await follow(`vain-${retryCount}`, retryCount, async (way, relay) => {
    await reads(way, relay, 1);
    way.cut(Number.POSITIVE_INFINITY);
    await until(
      () => receiverOf(relay).state === 'OFF',
      () => JSON.stringify(receiverOf(relay)),
    );
    expect(way.attempts).toBe(retryCount);
    expect(receiverOf(relay).lastError).toMatchObject({
      number: 2003,
      message: expect.stringMatching(
        new RegExp(
          `^Error reconnecting to source .* This was attempt ${retryCount}/${retryCount}, with a delay of 7 seconds`,
        ),
      ),
    });
  });
});
