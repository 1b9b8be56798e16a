import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/connection/index.ts';
import { BinaryLog } from '../../src/relay/binary-log/index.ts';
import { DumpServer } from '../../src/relay/dump/index.ts';
import { nodeDisk } from '../../src/store/index.ts';
import type { Loopback } from '../connection/loopback.ts';
import { missingServers, runTool } from '../servers/index.ts';
import { fixedUuid, listenForReplicas } from './dump-server.ts';
import { fill } from './fill.ts';
import { until } from './relay-streams.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-dump-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const VERSIONS = { mysql: '9.7.0-rowlock', mariadb: '11.8.0-MariaDB-rowlock' } as const;

async function serving(
  flavor: 'mysql' | 'mariadb',
  name: string,
  logs: readonly string[],
): Promise<{ log: BinaryLog; dumps: DumpServer; server: Loopback; close: () => Promise<void> }> {
  const serverUuid = fixedUuid(name);
  const log = await BinaryLog.open({
    disk: nodeDisk,
    folder: join(folder, name),
    flavor,
    serverId: 900,
    serverVersion: VERSIONS[flavor],
    now: Date.now,
    maxBinlogSize: 1 << 30,
    expireLogsSeconds: 0,
    spaceLimit: 0,
  });
  for (const path of logs) await fill(log, join('test/corpus', path));
  const dumps = new DumpServer({ log, serverId: 900, serverUuid, hasGtids: () => true });
  const server = await listenForReplicas({
    dumps,
    serverId: 900,
    serverUuid,
    flavor,
    serverVersion: VERSIONS[flavor],
  });
  return {
    log,
    dumps,
    server,
    close: async () => {
      dumps.endAll();
      await server.close();
      await log.close();
    },
  };
}

/** What is printed of events, without what depends on where they stand. */
const withoutPlaces = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/^# at \d+$|\t(?:Rotate to .*|Stop)$/.test(line))
    .map((line) =>
      line
        .replace(/end_log_pos \d+ (CRC32 0x[0-9a-f]+)?/, '')
        .replace(/(SQL_LOAD_MB-[0-9a-f]+)-[0-9a-f]+/g, '$1')
        .replace(/last_committed=\d+\s+sequence_number=\d+/, ''),
    )
    .join('\n')
    .trim();

const CASES = {
  mysql: {
    server: 'mysql97',
    tool: 'mysqlbinlog',
    logs: [
      'types-num',
      'compression',
      'statement',
      'load-data',
      'transactions',
      'row-v1',
      'xa',
      'ddl',
      'gtid',
    ],
  },
  mariadb: {
    server: 'mariadb118',
    tool: 'mariadb-binlog',
    logs: [
      'types-num',
      'compress',
      'statement',
      'load-data',
      'transactions',
      'xa-ddl',
      'annotate',
      'split',
      'sequences',
    ],
  },
} as const;

describe.each(['mysql', 'mariadb'] as const)('%s: the original tool', (flavor) => {
  const { server: name, tool, logs } = CASES[flavor];

  test.skipIf(missingServers(name)).each(logs.filter((log) => exists(`${name}/${log}.binlog`)))(
    'prints the same events from the relay as from the log: %s',
    async (log) => {
      const path = `${name}/${log}.binlog`;
      const relay = await serving(flavor, `${flavor}-${log}`, [path]);
      try {
        const options = ['--no-defaults', '--base64-output=decode-rows', '-v', '--force-if-open'];
        const remote = await runTool(name, tool, [
          ...options,
          '--read-from-remote-server',
          '--host=127.0.0.1',
          `--port=${relay.server.port}`,
          '--user=repl',
          ...(flavor === 'mysql' ? ['--ssl-mode=DISABLED'] : ['--skip-ssl']),
          'binlog.000001',
        ]);
        const local = await runTool(name, tool, [...options, join('test/corpus', path)]);
        expect(remote.stderr.toString()).toBe('');
        const events = (text: string): string => {
          const from = text.search(/^#.*(?:GTID|Anonymous|Query)\b/m);
          return withoutPlaces(text.slice(from)).replace(
            /^(?:DELIMITER ;|SET @@SESSION.GTID_NEXT= 'AUTOMATIC').*[\s\S]*/m,
            '',
          );
        };
        expect(events(remote.stdout.toString())).toBe(events(local.stdout.toString()));
        const own = await runTool(name, tool, [
          ...options,
          join(folder, `${flavor}-${log}`, 'binlog.000001'),
        ]);
        expect(events(own.stdout.toString())).toBe(events(local.stdout.toString()));
      } finally {
        await relay.close();
      }
    },
  );

  test.skipIf(missingServers(name))('is told where a server that ends has nothing more to say', async () => {
    const relay = await serving(flavor, `${flavor}-ends`, []);
    try {
      const copying = runTool(name, tool, [
        '--no-defaults',
        '--read-from-remote-server',
        '--host=127.0.0.1',
        `--port=${relay.server.port}`,
        '--user=repl',
        ...(flavor === 'mysql' ? ['--ssl-mode=DISABLED'] : ['--skip-ssl']),
        '--stop-never',
        'binlog.000001',
      ]);
      await until(
        () => relay.dumps.bytesSent > 0,
        () => 'no dump',
      );
      await relay.dumps.finish();
      const { exit, stderr } = await copying;
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    } finally {
      await relay.close();
    }
  });
});

function exists(path: string): boolean {
  try {
    return readFileSync(join('test/corpus', path)).length > 0;
  } catch {
    return false;
  }
}

test('a dump waits for more once its replica has taken all, and not before', async () => {
  const { dumps, close } = await serving('mysql', 'waits', ['mysql97/ddl.binlog']);
  let take = (): void => undefined;
  let asked = 0;
  const taken = new Promise<void>((resolve) => {
    take = resolve;
  });
  const slow = {
    beginDump: () => undefined,
    event: () => {
      asked += 1;
      return taken;
    },
    flushEvents: async () => undefined,
    endDump: async () => undefined,
    heard: () => new Promise(() => undefined),
  } as unknown as Session;
  const told: boolean[] = [];
  const stop = new AbortController();
  const order = {
    from: { kind: 'position', file: 'binlog.000001', position: 4 },
    nonBlocking: false,
    flags: 0,
    serverId: 5,
    uuid: '',
    heartbeatPeriod: 0,
    checksum: 'CRC32',
    mariadbCapability: 0,
    untilGtids: undefined,
    semiSync: false,
  } as const;
  const ended = dumps.serve(slow, order, stop.signal, (isWaiting) => told.push(isWaiting));
  await until(
    () => asked === 1,
    () => `${asked} events`,
  );
  expect(told).toEqual([]);
  take();
  await until(
    () => told.length > 0,
    () => `${asked} events`,
  );
  expect(told).toEqual([true]);
  expect(asked).toBeGreaterThan(5);
  stop.abort();
  await ended;
  await close();
});
