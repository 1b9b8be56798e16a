import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { EventType, RawEvent } from '../../src/binlog/index.ts';
import { connect, type DumpRequest } from '../../src/connection/index.ts';
import { PacketChannel } from '../../src/connection/packets/packet-channel.ts';
import { MysqlGtidSet } from '../../src/gtid/index.ts';
import { DumpEvents } from '../../src/replication/index.ts';
import { binlogDump, Capability, handshakeResponse, OK, query } from '../../src/wire/index.ts';
import { purgeTo } from '../purge-to.ts';
import { missingServers, withServer } from '../servers/index.ts';
import { channelTo, openTestRelay, untilApplied } from './relay-streams.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-dump-errors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Case {
  /** Statements of the session before. */
  readonly before?: readonly string[];
  readonly dump: DumpRequest;
}

const byPosition = (file: string, position: number): DumpRequest => ({
  kind: 'position',
  file,
  position,
  flags: 1,
  serverId: 77,
});

const byGtid = (set: string): DumpRequest => ({
  kind: 'gtid',
  file: '',
  position: 4,
  flags: 1,
  serverId: 77,
  gtidSet: MysqlGtidSet.parse(set).toBytes(),
});

/** How many transactions of MariaDB a dump has, and what it ends with: `end`, or the error. Numbers that depend on the server do not count. */
async function outcome(port: number, { before = [], dump }: Case): Promise<string> {
  const connection = await connect({ host: '127.0.0.1', port, user: 'repl', ssl: { sslMode: 'DISABLED' } });
  let transactions = 0;
  try {
    for (const statement of before) await connection.query(statement);
    const events = new DumpEvents(connection.dump(dump));
    const event = new RawEvent();
    do while (events.next(event, 4)) if (event.type === EventType.GTID_EVENT) transactions += 1;
    while (await events.wait());
    return `${transactions} end`;
  } catch (error) {
    const { errno, sqlState, message } = error as { errno: number; sqlState: string; message: string };
    return `${transactions} ${errno} ${sqlState} ${message.replaceAll(/'[\w-]+\.\d{6}'/g, 'FILE').replaceAll(/ at \d+/g, ' at N')}`;
  } finally {
    connection.destroy();
  }
}

const CHECKSUM = "SET @master_binlog_checksum='CRC32', @source_binlog_checksum='CRC32'";

describe('a dump that cannot be', () => {
  test.skipIf(missingServers('mysql97'))(
    'ends as with MySQL',
    async () => {
      const args = ['--server-id=1', '--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin=binlog'];
      await withServer('mysql97', 'dump-errors', { args }, async (source) => {
        await source.query(
          "CREATE USER repl@'%' IDENTIFIED BY ''; GRANT REPLICATION SLAVE ON *.* TO repl@'%'; CREATE DATABASE d",
        );
        const uuid = (await source.query('SELECT @@server_uuid')).trim().split('\n').at(-1)!;
        const relay = await openTestRelay(join(folder, 'mysql'));
        const channel = await relay.streams.channels.configure(channelTo(source.port));
        await channel.start({ receiver: true, applier: true });
        await untilApplied(channel, () => channel.status().applier.transactionsApplied >= 3);
        await channel.stop({ receiver: true, applier: true });
        for (const both of [source.query('FLUSH BINARY LOGS'), relay.streams.binaryLog.rotate()]) await both;
        const last = (await source.query('SHOW BINARY LOGS')).trim().split('\n').at(-1)!.split('\t')[0]!;
        await purgeTo(source, last);
        await relay.streams.binaryLog.purgeTo(relay.streams.binaryLog.end.file);
        const ahead = `${uuid}:1-99`;
        const cases: Record<string, (own: string, file: string) => Case> = {
          'unknown file': () => ({ before: [CHECKSUM], dump: byPosition('nothing.000001', 4) }),
          'before the start': (_own, file) => ({ before: [CHECKSUM], dump: byPosition(file, 2) }),
          'beyond the end': (_own, file) => ({ before: [CHECKSUM], dump: byPosition(file, 99_999) }),
          'a reader that knows no checksums': (_own, file) => ({ dump: byPosition(file, 4) }),
          whole: (_own, file) => ({ before: [CHECKSUM], dump: byPosition(file, 4) }),
          purged: () => ({ before: [CHECKSUM], dump: byGtid('') }),
          'purged in part': () => ({ before: [CHECKSUM], dump: byGtid(`${uuid}:1-2`) }),
          'nothing missing': () => ({ before: [CHECKSUM], dump: byGtid(`${uuid}:1-3`) }),
          ahead: (own) => ({
            before: [CHECKSUM],
            dump: byGtid(own === uuid ? ahead : `${uuid}:1-3,${own}:1-99`),
          }),
        };
        for (const [name, make] of Object.entries(cases)) {
          const theirs = await outcome(source.port, make(uuid, last));
          const ours = await outcome(relay.server.port, make(relay.uuid, relay.streams.binaryLog.end.file));
          expect(`${name}: ${ours}`).toBe(`${name}: ${theirs}`);
        }
        await relay.close();
      });
    },
    60_000,
  );

  test.skipIf(missingServers('mariadb118'))(
    'ends as with MariaDB',
    async () => {
      const args = ['--server-id=1', '--log-bin=binlog'];
      await withServer('mariadb118', 'dump-errors', { args }, async (source) => {
        await source.query(
          "CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'; CREATE DATABASE d; SET gtid_seq_no=7; CREATE DATABASE e; SET server_id=4; CREATE DATABASE f",
        );
        const relay = await openTestRelay(join(folder, 'mariadb'), { flavor: 'mariadb' });
        const channel = await relay.streams.channels.configure(
          channelTo(source.port, { positioning: 'slave_pos' }),
        );
        await channel.start({ receiver: true, applier: true });
        await untilApplied(channel, () => channel.status().applier.transactionsApplied >= 5);
        await channel.stop({ receiver: true, applier: true });
        const before = (state: string, strict = '0'): readonly string[] => [
          CHECKSUM.split(',')[0]!,
          'SET @mariadb_slave_capability=4',
          `SET @slave_connect_state='${state}'`,
          `SET @slave_gtid_strict_mode=${strict}`,
        ];
        const dump = byPosition('', 4);
        const ignoring = 'SET @slave_gtid_ignore_duplicates=1';
        const ending = (until: string): string => `SET @slave_until_gtid='${until}'`;
        const cases: Record<string, (file: string) => Case> = {
          'unknown file': () => ({
            before: [CHECKSUM.split(',')[0]!],
            dump: byPosition('nothing.000001', 4),
          }),
          'before the start': (file) => ({ before: [CHECKSUM.split(',')[0]!], dump: byPosition(file, 2) }),
          'beyond the end': (file) => ({ before: [CHECKSUM.split(',')[0]!], dump: byPosition(file, 99_999) }),
          'a reader that knows no checksums': (file) => ({ dump: byPosition(file, 4) }),
          'from the beginning': () => ({ before: before(''), dump }),
          'nothing missing': () => ({ before: before('0-1-3'), dump }),
          'not in the log': () => ({ before: before('0-1-99'), dump }),
          'of another server': () => ({ before: before('0-8-2'), dump }),
          'of another server, strict': () => ({ before: before('0-8-2', '1'), dump }),
          'of another server, as new as the last one': () => ({ before: before('0-9-8'), dump }),
          'in a hole': () => ({ before: before('0-1-5'), dump }),
          'in a hole, strict': () => ({ before: before('0-1-5', '1'), dump }),
          'not here yet, while duplicates are ignored': () => ({
            before: [...before('0-1-99'), ignoring],
            dump,
          }),
          'of another server, while duplicates are ignored': () => ({
            before: [...before('0-9-8'), ignoring],
            dump,
          }),
          'not in the log, until what was before': () => ({
            before: [...before('0-1-99'), ending('0-1-2')],
            dump,
          }),
          'not in the log, until nothing': () => ({ before: [...before('0-1-99'), ending('')], dump }),
          'not in the log, until what comes later': () => ({
            before: [...before('0-1-99'), ending('0-1-98')],
            dump,
          }),
          'until the end of another server': () => ({ before: [...before('0-1-2'), ending('0-4-5')], dump }),
          'until a hole': () => ({ before: [...before('0-1-2'), ending('0-1-5')], dump }),
          'of an unknown domain': () => ({ before: before('5-1-7'), dump }),
        };
        for (const [name, make] of Object.entries(cases)) {
          const theirs = await outcome(source.port, make('binlog.000001'));
          const ours = await outcome(relay.server.port, make('binlog.000001'));
          expect.soft(`${name}: ${ours}`).toBe(`${name}: ${theirs}`);
        }
        await source.query(
          'FLUSH BINARY LOGS; FLUSH BINARY LOGS; SET GLOBAL slave_connections_needed_for_purge=0',
        );
        await purgeTo(source, 'binlog.000003');
        await relay.streams.binaryLog.rotate();
        await relay.streams.binaryLog.purgeTo(relay.streams.binaryLog.end.file);
        const old = { before: before('0-1-1'), dump };
        expect.soft(await outcome(relay.server.port, old)).toBe(await outcome(source.port, old));
        await relay.close();
      });
    },
    60_000,
  );

  test('is refused inside the last event, and nobody else waits for it', async () => {
    const relay = await openTestRelay(join(folder, 'inside'));
    const { file, position } = relay.streams.binaryLog.end;
    const dump = byPosition(file, position - 10);
    const ends = await outcome(relay.server.port, { before: [CHECKSUM], dump });
    expect(ends).toMatch(/^0 1236 HY000 .*10 bytes further/);
    await relay.close();
  });

  test.each([
    ['no acknowledgement', [1, 0, 0, 0, 0x0e]],
    ['out of order', [1, 0, 0, 5, 0xef]],
  ])('ends with a packet that is %s', async (what, packet) => {
    const relay = await openTestRelay(join(folder, what));
    const { file } = relay.streams.binaryLog.end;
    const channel = new PacketChannel(dial(relay.server.port, '127.0.0.1'));
    await channel.next();
    const capabilities =
      Capability.PROTOCOL_41 |
      Capability.SECURE_CONNECTION |
      Capability.PLUGIN_AUTH |
      Capability.LONG_PASSWORD;
    channel.agreed = { capabilities, extended: 0 };
    channel.put(handshakeResponse, {
      capabilities,
      extended: 0,
      maxPacket: 0xff_ffff,
      collation: 45,
      user: 'repl',
      authData: Buffer.alloc(0),
      schema: undefined,
      plugin: 'caching_sha2_password',
      attributes: new Map(),
      zstdLevel: 0,
    });
    channel.flush();
    await channel.next();
    expect(channel.marker).toBe(OK);
    channel.restart();
    channel.put(query, { attributes: [], statement: Buffer.from(CHECKSUM) });
    channel.flush();
    await channel.next();
    channel.restart();
    channel.put(binlogDump, { file, position: 4, flags: 0, serverId: 77 });
    channel.flush();
    await channel.next();
    const gone = once(channel.socket, 'close');
    channel.socket.write(Buffer.from(packet));
    await gone;
    await relay.close();
  });
});
