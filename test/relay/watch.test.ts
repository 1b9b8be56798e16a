import { afterEach, describe, expect, test } from 'vitest';
import { defaultConfiguration } from '../../src/relay/index.ts';
import { listenForWatchers, type WatchedRelay, type WatchServer } from '../../src/web/index.ts';
import { IdleStreams } from './idle-streams.ts';

let relay: WatchedRelay;
let server: WatchServer;
afterEach(() => server.close());

async function get(path: string, method = 'GET'): Promise<{ status: number; text: string }> {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
  return { status: answer.status, text: await answer.text() };
}

async function watch(): Promise<IdleStreams> {
  const streams = new IdleStreams([{ ...defaultConfiguration('east', 60), sourceHost: 'db.example' }]);
  relay = {
    version: '9.7.0-rowlock',
    startedAt: 0,
    now: () => 86_400_000,
    streams: {
      channels: streams.channels,
      binaryLog: streams.binaryLog,
      dumps: streams.dumps,
      counters: { dumps: 2, dumpBytes: 10, transactions: 3, binaryLogBytes: 4 },
    },
    certificateEnd: () => new Date(3 * 86_400_000),
    sessions: () => 5,
  };
  server = await listenForWatchers(relay, { port: 0, addresses: ['127.0.0.1'] });
  return streams;
}

describe('what watchers are told', () => {
  test('the process lives', async () => {
    await watch();
    expect(await get('/healthz')).toEqual({ status: 200, text: 'ok\n' });
    expect((await get('/elsewhere')).status).toBe(404);
    expect((await get('/healthz', 'POST')).status).toBe(405);
  });

  test('a relay is not ready while a channel stands still', async () => {
    await watch();
    expect(await get('/readyz')).toEqual({
      status: 503,
      text: "channel 'east': receiver is OFF\nchannel 'east': applier is OFF\n",
    });
  });

  test('metrics have the names that dashboards know, and the same values when asked again', async () => {
    await watch();
    await get('/metrics');
    const { text } = await get('/metrics');
    expect(text).toContain(
      'mysql_slave_status_slave_io_running{channel_name="east",master_host="db.example",master_port="3306"} 0',
    );
    expect(text).toContain('rowlock_certificate_expiry_days 2\n');
    expect(text).toContain('rowlock_replicas_connected 2\n');
    expect(text).toContain('rowlock_binlog_transactions_total 3\n');
    // Nobody knows how far a channel that does not run is behind.
    expect(text).not.toContain('seconds_behind_master{');
  });
});

test('an address that is taken leaves none of the others open', async () => {
  await watch();
  const taken = server.port;
  await expect(
    listenForWatchers(relay, { port: taken, addresses: ['127.0.0.2', '127.0.0.1'] }),
  ).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const again = await listenForWatchers(relay, { port: taken, addresses: ['127.0.0.2'] });
  await again.close();
});
