import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type EventStream, type Session } from '../../src/connection/index.ts';
import { hasOpenssl, makePki, temporaryFolder } from './authority.ts';
import { account, type Loopback, listenAsServer, serverTls } from './loopback.ts';

const TOTAL = 60_000_000;

describe.skipIf(!hasOpenssl())('a dump over TLS', () => {
  const [folder, remove] = temporaryFolder();
  let server: Loopback;
  let written = 0;
  /** Whether the source says that this is all, or goes away. */
  let isWhole = true;

  /** Events of every size from nothing to several TLS records, each filled with its number. */
  async function dump(session: Session): Promise<void> {
    if ((await session.command()) === undefined) return;
    session.beginDump(false);
    written = 0;
    for (let number = 0; written < TOTAL; number += 1) {
      const event = Buffer.alloc((number * 7919) % 70_000, number & 0xff);
      await session.event(event);
      written += event.length;
    }
    await session.flushEvents();
    if (isWhole) await session.endDump();
    else session.destroy();
  }

  beforeAll(async () => {
    const { servers, root } = makePki(folder);
    const tls = serverTls(Object.values(servers)[0]!, [root.cert]);
    server = await listenAsServer({ u: account('mysql_native_password', 'secret') }, { tls }, dump);
  });

  afterAll(async () => {
    await server.close();
    remove();
  });

  async function begin(): Promise<EventStream> {
    const account = { host: '127.0.0.1', port: server.port, user: 'u', passwords: ['secret'] };
    const connection = await connect({ ...account, ssl: { sslMode: 'REQUIRED' } });
    return connection.dump({ kind: 'position', file: 'f', position: 4, flags: 0, serverId: 7 });
  }

  /** Reads to the end, and how many bytes of events came. */
  async function readAll(stream: EventStream): Promise<number> {
    let received = 0;
    let number = 0;
    do {
      for (; stream.step(); number += 1) {
        const { bytes, start, end } = stream;
        const length = (number * 7919) % 70_000;
        if (end - start !== length || !bytes.subarray(start, end).equals(Buffer.alloc(length, number & 0xff)))
          throw new Error(`event ${number} is not what was sent`);
        received += length;
      }
    } while (await stream.wait());
    return received;
  }

  test('events arrive whole and in order', async () => {
    isWhole = true;
    expect(await readAll(await begin())).toBe(written);
  });

  test('a consumer that stops reading holds the source back, and misses nothing', async () => {
    isWhole = true;
    const stream = await begin();
    await stream.wait();
    for (let still = 0, before = -1; still < 200; still = written === before ? still + 1 : 0) {
      before = written;
      await turn();
    }
    expect(written).toBeLessThan(20_000_000);
    expect(await readAll(stream)).toBe(written);
    expect(written).toBeGreaterThanOrEqual(TOTAL);
  });

  test('a source that goes away is a lost connection', async () => {
    isWhole = false;
    await expect(readAll(await begin())).rejects.toMatchObject({ errno: 2013 });
  });
});
