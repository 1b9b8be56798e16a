import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect as dial, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePair, openAuthority, pairFolder, revokePair } from '../../src/certificates/index.ts';
import { type Connection, connect } from '../../src/connection/index.ts';
import { startRelay, type TestRelay } from './relay.ts';
import { until } from './relay-streams.ts';

/** How many passwords are guessed: ROWLOCK_LOGINS=10000 is the long form. */
const LOGINS = Number(process.env['ROWLOCK_LOGINS'] ?? 150);
/**
 * So many at a time, from so many addresses of this machine that none has to wait: of a user the third failure from one address still costs
 * nothing. What the brake remembers is bounded whoever waits, and has a test of its own.
 */
const AT_ONCE = 8;
const ADDRESSES = Math.max(100, Math.ceil(LOGINS / 9));

let relay: TestRelay;
let root: Connection;
beforeAll(async () => {
  relay = await startRelay({
    // On a busy machine nobody is to be dropped for being slow.
    variables: { connect_timeout: 30, require_secure_transport: true },
  });
  root = await relay.session();
});
afterAll(async () => {
  await root.close();
  await relay.wipe();
});

// Memory is compared behind a collection: what is garbage does not count.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** 127.0.0.2, 127.0.0.3, … */
const address = (index: number): string => `127.0.${Math.floor(index / 250)}.${2 + (index % 250)}`;

async function guess(index: number): Promise<string> {
  const options = {
    host: '127.0.0.1',
    port: relay.port,
    user: index % 3 === 0 ? 'root' : `nobody${index}`,
    passwords: [`guess ${index}`],
    bindAddress: address(index % ADDRESSES),
    ssl: { sslMode: 'REQUIRED' as const },
  };
  return connect(options).then(
    async (connection) => {
      await connection.close();
      return 'came in';
    },
    (error: Error & { errno?: number }) => String(error.errno ?? error.message),
  );
}

async function guessAll(from: number, count: number): Promise<Map<string, number>> {
  const outcomes = new Map<string, number>();
  let next = from;
  const work = async (): Promise<void> => {
    while (next < from + count) {
      const outcome = await guess(next++);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcomes;
}

describe('guessed passwords', () => {
  test(
    'come to nothing, and nothing of them stays in memory',
    async () => {
      // What is made once, for the first of them, does not count.
      await guessAll(0, 50);
      collect();
      const before = process.memoryUsage();
      const outcomes = await guessAll(50, LOGINS);
      // The audit log of the test keeps every line; a relay writes them to a file.
      (relay.audit as unknown[]).length = 0;
      collect();
      const after = process.memoryUsage();
      if (LOGINS > 1000) {
        const megabytes = (value: number): string => (value / 2 ** 20).toFixed(1);
        console.log(
          `${LOGINS} failed logins from ${ADDRESSES} addresses: rss ${megabytes(before.rss)} → ${megabytes(after.rss)} MB, heap ${megabytes(before.heapUsed)} → ${megabytes(after.heapUsed)} MB`,
        );
      }
      expect([...outcomes.keys()].filter((outcome) => outcome !== '1045')).toEqual([]);
      expect(after.heapUsed - before.heapUsed).toBeLessThan(32 * 2 ** 20);
      expect(relay.context.sessions.size).toBe(1);
      expect(String(await root.value('SELECT 1'))).toBe('1');
    },
    60_000 + LOGINS * 200,
  );
});

describe('a login that never ends', () => {
  beforeAll(() => root.query('SET GLOBAL connect_timeout = 2'));
  afterAll(() => root.query('SET GLOBAL connect_timeout = 30'));

  const gone = (socket: Socket): Promise<void> =>
    new Promise((resolve) => {
      socket.on('error', () => undefined).on('close', () => resolve());
    });

  test.each([
    ['says nothing', () => undefined],
    ['sends half a packet', (socket: Socket) => void socket.write(Buffer.from([32, 0, 0, 1, 0x85]))],
    [
      'asks for TLS and says nothing more',
      (socket: Socket) =>
        void socket.write(
          Buffer.concat([Buffer.from([32, 0, 0, 1, 0x05, 0xae, 0xff, 0x01]), Buffer.alloc(28, 0)]),
        ),
    ],
    [
      'drips byte after byte',
      (socket: Socket) => {
        const timer = setInterval(() => socket.write(Buffer.from([1])), 100);
        socket.on('close', () => clearInterval(timer));
      },
    ],
  ])('is dropped: one that %s', async (_name, act) => {
    const { abortedConnects } = relay.context.counters;
    const socket = dial(relay.port, '127.0.0.1');
    const closed = gone(socket);
    socket.once('data', () => act(socket)).resume();
    await closed;
    // It is counted a moment after the other end hears of it.
    await until(
      () => relay.context.counters.abortedConnects > abortedConnects,
      () => 'it was not counted',
    );
  });

  test('does not keep others out, however many there are', async () => {
    const sockets = Array.from({ length: 200 }, (_, index) =>
      dial({ port: relay.port, host: '127.0.0.1', localAddress: address(index) })
        .on('error', () => undefined)
        .resume(),
    );
    await new Promise((resolve) => sockets.at(-1)!.once('data', resolve));
    // Who comes now may be slow.
    await root.query('SET GLOBAL connect_timeout = 30');
    const connection = await connect({
      host: '127.0.0.1',
      port: relay.port,
      user: 'root',
      passwords: [relay.password],
      ssl: { sslMode: 'VERIFY_IDENTITY', sslCa: relay.authority },
    });
    await connection.close();
    await Promise.all(sockets.map(async (socket) => (socket.destroyed ? undefined : gone(socket))));
  });
});

describe('a certificate that is revoked', () => {
  test('ends at the next login, and not a session that runs', async () => {
    const authority = await openAuthority(dirname(relay.authority), {
      now: () => new Date(),
      passphrase: async () => undefined,
    });
    const plan = { kind: 'user', days: 30, names: [], keyKind: 'ec-p256', keyForm: 'pkcs8' } as const;
    const pairs = [];
    for (const name of ['lost', 'kept'])
      pairs.push(await makePair(authority, { ...plan, name, subject: `/CN=${name}` }));
    await root.query("CREATE USER who IDENTIFIED BY 'pw' REQUIRE X509");
    const files = (name: string): string => pairFolder(authority, 'user', name);
    const kept = new Map(
      ['lost', 'kept'].map((name) => [
        name,
        ['client-cert.pem', 'client-key.pem'].map((file) => readFileSync(join(files(name), file))),
      ]),
    );
    const login = (name: string): Promise<Connection> => {
      const copy = join(relay.folder, `of-${name}`);
      mkdirSync(copy, { recursive: true });
      const [certificate, key] = kept.get(name)!;
      writeFileSync(join(copy, 'cert.pem'), certificate!);
      writeFileSync(join(copy, 'key.pem'), key!, { mode: 0o600 });
      return connect({
        host: '127.0.0.1',
        port: relay.port,
        user: 'who',
        passwords: ['pw'],
        ssl: {
          sslMode: 'VERIFY_CA',
          sslCa: relay.authority,
          sslCert: join(copy, 'cert.pem'),
          sslKey: join(copy, 'key.pem'),
        },
      });
    };
    const running = await login('lost');
    await revokePair(authority, pairs[0]!, 'keyCompromise');
    await root.query("SET GLOBAL ssl_crl = 'certificates/crl.pem'");
    await root.query('ALTER INSTANCE RELOAD TLS');
    await expect(login('lost')).rejects.toThrow();
    expect(String(await running.value('SELECT 1'))).toBe('1');
    const other = await login('kept');
    expect(String(await other.value('SELECT CURRENT_USER()'))).toBe('who@%');
    await other.close();
    await running.close();
  });
});
