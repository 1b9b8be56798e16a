import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { EventType, RawEvent } from '../../../src/binlog/index.ts';
import { gtidText, SourceClient } from '../../../src/replication/index.ts';
import { missingServers, withServer } from '../../servers/index.ts';
import { untilTrue } from '../../until-true.ts';
import { lastLine, openStage, type Stage } from './stage.ts';

let stage: Stage | undefined;
const strangers: Socket[] = [];
afterEach(async () => {
  for (const socket of strangers.splice(0)) socket.destroy();
  await stage?.wipe();
  stage = undefined;
});

const READERS = 8;
const STRANGERS = 100;
const ROUNDS = 4;
/** Two of them are more than an applier holds until a transaction is whole. */
const LARGE_BYTES = 2_200_000;

/** Names of the transactions that were read whole, in order, and the bytes of all rows. */
interface Read {
  readonly names: string[];
  bytes: number;
}

async function readAll(port: number, wanted: () => string | undefined, read: Read): Promise<void> {
  const client = new SourceClient({
    connection: {
      host: '127.0.0.1',
      port,
      user: 'reader',
      passwords: ['pw'],
      ssl: { sslMode: 'REQUIRED' },
    },
    start: 'beginning',
  });
  const event = new RawEvent();
  try {
    for (;;) {
      while (client.next(event)) {
        if (event.type === EventType.WRITE_ROWS_EVENT) read.bytes += event.length;
        if (client.gtid === undefined || (client.place !== 'ends' && client.place !== 'alone')) continue;
        const name = gtidText(client.gtid);
        read.names.push(name);
        if (name === wanted()) return;
      }
      await client.wait();
    }
  } finally {
    client.close();
  }
}

test.skipIf(missingServers('mysql97'))(
  'readers have each transaction once while others are written in parts, logs rotate and go, and strangers hold connections open',
  async () => {
    await withServer(
      'mysql97',
      'crowd',
      { args: ['--server-id=1', '--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin=mysql-bin'] },
      async (source) => {
        await source.query(
          "CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'; RESET BINARY LOGS AND GTIDS; CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY AUTO_INCREMENT, b LONGBLOB)",
        );
        stage = await openStage({ variables: { max_binlog_size: 65_536, max_relay_log_size: 32_768 } });
        const { relay, root } = stage;
        await root.query("CREATE USER reader IDENTIFIED BY 'pw'");
        await root.query('GRANT REPLICATION SLAVE ON *.* TO reader');
        await root.query(
          `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${source.port}, SOURCE_USER='repl', SOURCE_SSL=1, SOURCE_AUTO_POSITION=1, REQUIRE_ROW_FORMAT=1`,
        );
        await root.query('START REPLICA');
        let last: string | undefined;
        const reads = Array.from({ length: READERS }, (): Read => ({ names: [], bytes: 0 }));
        const reading = reads.map((read) => readAll(relay.port, () => last, read));
        await untilTrue(
          () => reads.every(({ names }) => names.length >= 2),
          () => reads.map(({ names }) => names.length),
        );

        for (let each = 0; each < STRANGERS; each += 1) {
          const socket = createConnection(relay.port, '127.0.0.1');
          socket.on('error', () => undefined);
          strangers.push(socket);
          await once(socket, 'connect');
        }
        let ends = false;
        const purging = (async () => {
          while (!ends) {
            const [file] = (await root.query('SHOW BINARY LOG STATUS')).rows[0]!;
            await root.query(`PURGE BINARY LOGS TO '${file!.toString()}'`);
          }
        })();
        // Larger than what is held until it is whole, with small ones between.
        const large =
          'BEGIN; INSERT INTO d.t (b) VALUES (REPEAT(0x61, 5000000)); INSERT INTO d.t (b) VALUES (REPEAT(0x62, 5000000)); COMMIT;';
        for (let round = 0; round < ROUNDS; round += 1)
          await source.query(`${"INSERT INTO d.t (b) VALUES ('x');".repeat(20)} ${large}`);
        const executed = lastLine(await source.query('SELECT @@gtid_executed'));
        // The next one is the last, and nobody may take another for it.
        last = executed.replace(/1-(\d+)$/, (_, number: string) => String(Number(number) + 1));
        await source.query("INSERT INTO d.t (b) VALUES ('the end')");
        await Promise.all(reading);
        ends = true;
        await purging;
        const count = Number(/\d+$/.exec(last)![0]);
        const uuid = last.slice(0, last.indexOf(':'));
        const names = Array.from({ length: count }, (_, index) => `${uuid}:${index + 1}`);
        for (const read of reads) {
          expect(read.names).toEqual(names);
          expect(read.bytes).toBe(reads[0]!.bytes);
        }
        expect(reads[0]!.bytes).toBeGreaterThan(ROUNDS * 2 * LARGE_BYTES);
        // Nobody reads any more: all but the newest may go.
        await untilTrue(
          async () => {
            const [file] = (await root.query('SHOW BINARY LOG STATUS')).rows[0]!;
            await root.query(`PURGE BINARY LOGS TO '${file!.toString()}'`);
            return (await root.query('SHOW BINARY LOGS')).rows.length === 1;
          },
          async () => (await root.query('SHOW BINARY LOGS')).rows.map(String),
        );
      },
    );
  },
  120_000,
);
