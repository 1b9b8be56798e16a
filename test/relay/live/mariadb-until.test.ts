import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  decodeBody,
  EventType,
  eventTypeName,
  HEADER_BYTES,
  LogState,
  RawEvent,
} from '../../../src/binlog/index.ts';
import { type Connection, type ConnectOptions, connect } from '../../../src/connection/index.ts';
import { DumpEvents } from '../../../src/replication/dump-events.ts';
import { missingServers, type RunningServer, startServer, withServer } from '../../servers/index.ts';
import { untilTrue } from '../../until-true.ts';
import { lastLine, openStage, printedRow, type Stage } from './stage.ts';

/** In nanoseconds. */
const HEARTBEAT_PERIOD = 200_000_000;
const ssl = { sslMode: 'DISABLED' as const };
const about: ReadonlySet<number> = new Set([
  EventType.GTID_EVENT,
  EventType.GTID_LIST_EVENT,
  EventType.XID_EVENT,
  EventType.TABLE_MAP_EVENT,
]);

/** What a dump brings of transactions and lists, and how it ends: files, positions and heads aside. */
async function dumped(options: ConnectOptions, state: string, until: string): Promise<string[]> {
  const connection: Connection = await connect(options);
  for (const setting of [
    "@master_binlog_checksum='CRC32'",
    '@mariadb_slave_capability=4',
    `@slave_connect_state='${state}'`,
    '@slave_gtid_strict_mode=0',
    `@master_heartbeat_period=${HEARTBEAT_PERIOD}`,
    ...(until === '' ? [] : [`@slave_until_gtid='${until}'`]),
  ])
    await connection.query(`SET ${setting}`);
  const stream = connection.dump({ kind: 'position', file: '', position: 4, flags: 0, serverId: 99 });
  const events = new DumpEvents(stream, 'hidden');
  const event = new RawEvent();
  const log = new LogState();
  log.flavor = 'mariadb';
  const lines: string[] = [];
  do {
    while (events.next(event, 0)) {
      const { bytes, bodyStart, serverId, type, timestamp } = event;
      if (type === EventType.FORMAT_DESCRIPTION_EVENT) {
        const body = decodeBody(event, log);
        if (body.kind === 'formatDescription') log.setFormat(body);
      }
      if (!about.has(type)) continue;
      // Lists of files differ: the relay's files are its own.
      if (type === EventType.GTID_LIST_EVENT && timestamp !== 0) continue;
      const body = type === EventType.GTID_LIST_EVENT ? decodeBody(event, log) : undefined;
      if (body?.kind === 'gtidList') {
        const gtids = body.gtids.map(
          ({ domainId, serverId: server, sequence }) => `${domainId}-${server}-${sequence}`,
        );
        lines.push(`list ${body.flags.toString(16)} ${gtids.sort().join(',')}`);
      } else if (type === EventType.GTID_EVENT) {
        lines.push(
          `gtid ${bytes.readUInt32LE(event.start + HEADER_BYTES + 8)}-${serverId}-${bytes.readBigUInt64LE(bodyStart)}`,
        );
      } else lines.push(eventTypeName(type));
    }
    // Who waits for more has sent all there is.
  } while (events.heartbeats === 0 && (await events.wait()));
  lines.push(events.heartbeats === 0 ? 'end' : 'open');
  events.close();
  await connection.close().catch(() => undefined);
  return lines;
}

describe.skipIf(missingServers('mariadb118', 'mariadb1011'))('a replica of MariaDB behind a relay', () => {
  let source: RunningServer;
  let stage: Stage;
  let behind: ConnectOptions;

  beforeAll(async () => {
    source = await startServer('mariadb118', `until-${process.pid}`, {
      args: ['--server-id=1', '--log-slave-updates=1'],
    });
    await source.query(`CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'; RESET MASTER; CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY);
      INSERT INTO d.t VALUES (1); INSERT INTO d.t VALUES (2); INSERT INTO d.t VALUES (3); SET gtid_domain_id=7; INSERT INTO d.t VALUES (4); INSERT INTO d.t VALUES (14);
      SET gtid_domain_id=0; INSERT INTO d.t VALUES (5); INSERT INTO d.t VALUES (6)`);
    stage = await openStage({ flavor: 'mariadb' });
    const { root, relay } = stage;
    await root.query("CREATE USER rep IDENTIFIED WITH mysql_native_password BY 'pw'");
    await root.query('GRANT REPLICATION SLAVE ON *.* TO rep');
    await root.query(
      `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${source.port}, MASTER_USER='repl', MASTER_SSL_VERIFY_SERVER_CERT=0, MASTER_USE_GTID=slave_pos`,
    );
    await root.query('START SLAVE');
    const wanted = lastLine(await source.query('SELECT @@gtid_binlog_pos'));
    await untilTrue(
      async () => String(await root.value('SELECT @@gtid_binlog_pos')) === wanted,
      () => stage.status(),
    );
    behind = { host: '127.0.0.1', port: relay.port, user: 'rep', passwords: ['pw'], ssl };
  }, 60_000);
  afterAll(async () => {
    await stage?.wipe();
    await source?.wipe();
  });

  test.each([
    ['0-1-2', ''],
    ['0-1-6', ''],
    ['0-1-4,7-1-1', ''],
    ['0-1-2', '0-1-4'],
    ['0-1-4', '0-1-4'],
    ['0-1-5', '0-1-4'],
    ['0-1-2', '0-1-4,7-1-1'],
    ['0-1-2', '7-1-2'],
    ['0-1-2', '0-1-400'],
    ['0-1-2', '9-1-3'],
  ])('that has %s and wants no more than [%s] is sent what the source would send', async (state, until) => {
    const direct = await dumped({ socketPath: source.socket, user: 'root', ssl }, state, until);
    expect(await dumped(behind, state, until)).toEqual(direct);
  });

  test('stops where it was told to', async () => {
    await withServer(
      'mariadb1011',
      'until-down',
      { args: ['--server-id=3', '--log-slave-updates=1'] },
      async (replica) => {
        await replica.query(
          `RESET MASTER; SET GLOBAL gtid_slave_pos=''; CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${stage.relay.port}, MASTER_USER='rep', MASTER_PASSWORD='pw', MASTER_USE_GTID=slave_pos; START SLAVE UNTIL master_gtid_pos='0-1-4,7-1-1'`,
        );
        await untilTrue(
          async () => {
            const status = printedRow(await replica.query('SHOW SLAVE STATUS'));
            return status['Slave_SQL_Running'] === 'No' && status['Slave_IO_Running'] === 'No';
          },
          () => replica.query('SHOW SLAVE STATUS'),
        );
        expect(lastLine(await replica.query('SELECT @@gtid_slave_pos'))).toBe('0-1-4,7-1-1');
        await replica.query('START SLAVE');
        await untilTrue(
          async () => lastLine(await replica.query('SELECT COUNT(*) FROM d.t')) === '7',
          () => replica.query('SHOW SLAVE STATUS'),
        );
      },
    );
  }, 60_000);
});
