import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RawEvent } from '../../src/binlog/index.ts';
import { ServerError } from '../../src/errors/index.ts';
import {
  type LinkState,
  ReplicationError,
  SourceClient,
  type SourceClientOptions,
  type SourcePosition,
} from '../../src/replication/index.ts';
import { FakeSource, type Fault, RecordedLogs } from './fake-source.ts';

const rotation = [1, 2, 3, 4, 5, 6].map((number) => `rotation.${number}`);
const sources = [
  ['MySQL by GTID', 'mysql97', rotation, { flavor: 'mysql', hasGtids: true }],
  ['MySQL by position', 'mysql97', rotation, { flavor: 'mysql', hasGtids: false }],
  ['MySQL 5.6', 'mysql56', ['misc.1', 'misc.2', 'misc.3', 'misc.4'], { flavor: 'mysql', hasGtids: false }],
  ['MySQL, XA', 'mysql97', ['xa'], { flavor: 'mysql', hasGtids: true }],
  ['MySQL, compressed', 'mysql97', ['compression'], { flavor: 'mysql', hasGtids: true }],
  ['MariaDB by GTID', 'mariadb118', ['gtid.1', 'gtid.2'], { flavor: 'mariadb', hasGtids: true }],
  ['MariaDB by position', 'mariadb118', ['gtid.1', 'gtid.2'], { flavor: 'mariadb', hasGtids: false }],
] as const;

/**
 * A lost event shows in the position of the next one: but by GTID, what is missing between transactions may have been passed over, and
 * not every event of MariaDB has a position. Packets are numbered, so that none can be lost on the way.
 */
const kindsOf = (flavor: 'mysql' | 'mariadb', hasGtids: boolean): readonly Fault['kind'][] => [
  'cut',
  'damaged',
  'refused',
  'full',
  ...(flavor === 'mysql' ? (['repeated'] as const) : []),
  ...(flavor === 'mysql' && !hasGtids ? (['lost'] as const) : []),
];

const faultOf = (flavor: 'mysql' | 'mariadb', hasGtids: boolean): fc.Arbitrary<Fault> =>
  fc.record({ after: fc.nat({ max: 60 }), kind: fc.constantFrom(...kindsOf(flavor, hasGtids)) });

interface Following {
  /** Whole transactions, in hex. */
  readonly transactions: string[];
  /** A stored place behind each transaction, as JSON. */
  readonly places: string[];
  /** File → what was written of it. */
  readonly files: Map<string, Buffer>;
}

const instantly = { sleep: async (): Promise<void> => {}, random: (): number => 0.5 };

/** Follows to the end as an application does. Events come back as bytes of their transactions, and as copies of files. */
async function follow(options: SourceClientOptions): Promise<Following> {
  const client = new SourceClient({ ...instantly, stopAtEnd: true, ...options });
  const event = new RawEvent();
  const transactions: string[] = [];
  const places: string[] = [];
  const files = new Map<string, Buffer>();
  let open: Buffer[] = [];
  for (;;) {
    while (client.next(event)) {
      if (!client.inLog) continue;
      const bytes = Buffer.from(event.view());
      const file = Buffer.alloc(Math.max(files.get(client.file)?.length ?? 4, client.position));
      files.get(client.file)?.copy(file);
      bytes.copy(file, event.position);
      files.set(client.file, file);
      const { place } = client;
      if (place === 'outside') continue;
      if (place === 'begins' || place === 'alone') open = [];
      open.push(bytes);
      if (place === 'ends' || place === 'alone') {
        transactions.push(Buffer.concat(open).toString('hex'));
        places.push(JSON.stringify(client.boundary));
      }
    }
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const waited = await client.wait();
    if (waited === 'ended') return { transactions, places, files };
    if (waited === 'resumed') open = [];
  }
}

describe.each(sources)('%s', (_, server, names, facts) => {
  const logs = new RecordedLogs(server, names);
  const connection = { user: 'nobody' };
  const fault = faultOf(facts.flavor, facts.hasGtids);

  test('a source that ends a dump without being asked to shuts down: it is tried again', async () => {
    const { open } = new FakeSource(logs, facts, []);
    const endless = {
      connection,
      start: 'beginning',
      open,
      stopAtEnd: false,
      retry: { attempts: 3 },
    } as const;
    await expect(follow(endless)).rejects.toThrow(
      'gave up after 3 attempts without progress: the source has ended the stream: it is shutting down',
    );
  });

  test('everything comes once and whole, whatever breaks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 12 }), async (faults) => {
        const source = new FakeSource(logs, facts, faults);
        const { open } = source;
        const retry = { attempts: faults.length, initial: true };
        const { transactions, files } = await follow({ connection, start: 'beginning', open, retry });
        expect(transactions).toEqual(logs.transactions);
        for (const { name, events } of logs.files) {
          const whole = Buffer.concat([Buffer.alloc(4), ...events.map(({ bytes }) => bytes)]);
          expect(files.get(name)?.equals(whole)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a stored position continues where it was taken', async () => {
    const all = await follow({ connection, start: 'beginning', open: new FakeSource(logs, facts, []).open });
    expect(all.places.length).toBe(logs.transactions.length);
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: all.places.length - 1 }),
        fc.array(fault, { maxLength: 3 }),
        async (at, faults) => {
          const start = JSON.parse(all.places[at]!) as SourcePosition;
          const { open } = new FakeSource(logs, facts, faults);
          const rest = await follow({ connection, start, open, retry: { initial: true } });
          expect(rest.transactions).toEqual(logs.transactions.slice(at + 1));
        },
      ),
      { numRuns: 30 },
    );
  });

  test('what is broken again and again at the same place is an error, and nothing of it gets through', async () => {
    const faults = Array.from({ length: 10 }, (): Fault => ({ after: 5, kind: 'damaged' }));
    const source = new FakeSource(logs, facts, faults);
    const failing = follow({ connection, start: 'beginning', open: source.open, retry: { attempts: 3 } });
    await expect(failing).rejects.toThrow(/^gave up after 3 attempts without progress: /);
  });
});

describe('a client', () => {
  const logs = new RecordedLogs('mysql97', rotation);
  const facts = { flavor: 'mysql', hasGtids: true } as const;
  const connection = { user: 'nobody' };

  test('does not try again what is refused for good', async () => {
    const source = new FakeSource(logs, facts, []);
    const start = { file: 'nosuch.000001' };
    const failing = follow({ connection, start, open: source.open });
    await expect(failing).rejects.toThrow(ServerError);
    expect(source.dumps).toBe(1);
  });

  test('has not tried in vain where an attempt came further in a transaction', async () => {
    // All inside the second transaction, and each a bit further.
    const faults = [7, 8, 9].map((after): Fault => ({ after, kind: 'cut' }));
    const { open } = new FakeSource(logs, facts, faults);
    const { transactions } = await follow({ connection, start: 'beginning', open, retry: { attempts: 1 } });
    expect(transactions).toEqual(logs.transactions);
  });

  test('goes on in the middle of a log without checksums', async () => {
    const none = new RecordedLogs('mysql97', ['checksum-none']);
    const { open } = new FakeSource(none, { flavor: 'mysql', hasGtids: false }, []);
    const { places } = await follow({ connection, start: 'beginning', open });
    const start = JSON.parse(places[0]!) as SourcePosition;
    const rest = await follow({ connection, start, open, retry: { attempts: 0 } });
    expect(rest.transactions).toEqual(none.transactions.slice(1));
  });

  test('fails with the first error where nothing is tried again', async () => {
    const { open } = new FakeSource(logs, facts, [{ after: 20, kind: 'cut' }]);
    await expect(follow({ connection, start: 'beginning', open, retry: false })).rejects.toMatchObject({
      errno: 2013,
    });
    const refusing = new FakeSource(logs, facts, [{ after: 0, kind: 'refused' }]);
    await expect(follow({ connection, start: 'beginning', open: refusing.open })).rejects.toMatchObject({
      errno: 2003,
    });
  });

  test('waits longer after each attempt, and tells', async () => {
    const pauses: number[] = [];
    const told: number[] = [];
    const faults = Array.from({ length: 6 }, (): Fault => ({ after: 0, kind: 'refused' }));
    const { open } = new FakeSource(logs, facts, faults);
    await follow({
      connection,
      start: 'beginning',
      open,
      retry: { initial: true, delayMs: 100, maxDelayMs: 1000, jitter: 0 },
      sleep: async (milliseconds) => void pauses.push(milliseconds),
      onRetry: ({ attempt }) => told.push(attempt),
    });
    expect(pauses).toEqual([100, 200, 400, 800, 1000, 1000]);
    expect(told).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('does not go on by position on another server, but does by GTID', async () => {
    let dumps = 0;
    const uuid = (): string => (dumps++ === 0 ? 'one' : 'other');
    const failover = (hasGtids: boolean): NonNullable<SourceClientOptions['open']> => {
      dumps = 0;
      const source = new FakeSource(logs, { ...facts, hasGtids }, [{ after: 30, kind: 'cut' }]);
      return async (start) => {
        const serverUuid = uuid();
        if (typeof start !== 'string' && start.gtids === undefined && start.serverUuid !== serverUuid) {
          throw new ReplicationError('REPLICATION_SOURCE_CHANGED', 1593, 'another server answers');
        }
        const opened = await source.open(start);
        return { ...opened, facts: { ...opened.facts, serverUuid } };
      };
    };
    const by = async (hasGtids: boolean): Promise<Following> =>
      follow({ connection, start: 'beginning', open: failover(hasGtids) });
    expect((await by(true)).transactions).toEqual(logs.transactions);
    await expect(by(false)).rejects.toMatchObject({ code: 'REPLICATION_SOURCE_CHANGED' });
  });

  test('does not go on in another file of the same name', async () => {
    const source = new FakeSource(logs, { ...facts, hasGtids: false }, [{ after: 30, kind: 'cut' }]);
    const other = new RecordedLogs('mysql97', rotation);
    for (const { events } of other.files) {
      for (const { bytes } of events) {
        if (bytes[4] === 15) bytes.writeUInt32LE(bytes.readUInt32LE(0) + 1, 0);
      }
    }
    const replaced = new FakeSource(other, { ...facts, hasGtids: false }, []);
    let dumps = 0;
    const open: SourceClientOptions['open'] = async (start) =>
      dumps++ === 0 ? source.open(start) : replaced.open(start);
    const following = follow({ connection, start: 'beginning', open, verifyChecksums: false });
    await expect(following).rejects.toMatchObject({ code: 'REPLICATION_SOURCE_CHANGED' });
  });

  test('stops when it is closed or aborted, wherever it is', async () => {
    const states: LinkState['name'][] = [];
    const faults = Array.from({ length: 9 }, (): Fault => ({ after: 0, kind: 'refused' }));
    const { open } = new FakeSource(logs, facts, faults);
    const abort = new AbortController();
    const client = new SourceClient({
      ...instantly,
      connection,
      start: 'beginning',
      open,
      signal: abort.signal,
      retry: { initial: true },
      onRetry: ({ attempt }) => {
        states.push(client.link.name);
        if (attempt === 3) abort.abort(new Error('enough'));
      },
    });
    await expect(client.wait()).rejects.toThrow('enough');
    expect(states).toEqual(['pausing', 'pausing', 'pausing']);
    expect(client.link.name).toBe('stopped');
    const closed = new SourceClient({ ...instantly, connection, start: 'now', open });
    closed.close();
    expect(await closed.wait()).toBe('ended');
    expect(closed.next(new RawEvent())).toBe(false);
  });
});
