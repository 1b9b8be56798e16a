import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { missingServers, withServer } from '../servers/index.ts';
import { channelTo, openTestRelay, untilApplied } from './relay-streams.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-fan-in-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ARGS = ['--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin=mysql-bin'];
const lastLine = (text: string): string => text.trim().split('\n').at(-1)!;
const REPL = "CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'; RESET BINARY LOGS AND GTIDS";

test.skipIf(missingServers('mysql97'))(
  'sources meet in one log, and a parallel replica fails over from relay to source and back',
  async () => {
    await withServer('mysql97', 'one', { args: ['--server-id=1', ...ARGS] }, (one) =>
      withServer('mysql97', 'two', { args: ['--server-id=2', ...ARGS] }, async (two) => {
        for (const [source, name] of [
          [one, 'one'],
          [two, 'two'],
        ] as const) {
          await source.query(
            `${REPL}; CREATE DATABASE ${name}; CREATE TABLE ${name}.t (a INT PRIMARY KEY AUTO_INCREMENT, b INT)`,
          );
        }
        const relay = await openTestRelay(join(folder, 'relay'), { settings: { max_binlog_size: 16_384 } });
        const channels = [];
        for (const [source, channel] of [
          [one, 'one'],
          [two, 'two'],
        ] as const) {
          const control = await relay.streams.channels.configure(channelTo(source.port, { channel }));
          await control.start({ receiver: true, applier: true });
          channels.push(control);
        }
        const load = (name: string): string =>
          Array.from(
            { length: 150 },
            (_, index) =>
              `INSERT INTO ${name}.t (b) VALUES (${index}); UPDATE ${name}.t SET b = b + 1 WHERE a = 1;`,
          ).join(' ') + 'FLUSH BINARY LOGS;';
        await Promise.all([one.query(load('one')), two.query(load('two'))]);
        await Promise.all([one.query(load('one')), two.query(load('two'))]);
        const wanted = (await Promise.all([one, two].map((each) => each.query('SELECT @@gtid_executed'))))
          .map(lastLine)
          .sort()
          .join(',');
        const held = (): string => relay.streams.binaryLog.gtidExecuted.replaceAll('\n', '');
        await untilApplied(channels[0]!, () => held() === wanted);
        expect(relay.streams.binaryLog.files.length).toBeGreaterThan(3);

        const parallel = ['--server-id=3', ...ARGS, '--replica-parallel-workers=4'];
        await withServer('mysql97', 'behind', { args: parallel }, async (replica) => {
          const follow = (port: number): string =>
            `STOP REPLICA; CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${port}, SOURCE_USER='repl', SOURCE_SSL=0, SOURCE_AUTO_POSITION=1, GET_SOURCE_PUBLIC_KEY=1; START REPLICA`;
          const has = async (set: string): Promise<void> => {
            const waited = await replica.query(`SELECT WAIT_FOR_EXECUTED_GTID_SET('${set}', 20)`);
            if (lastLine(waited) !== '0') throw new Error(await replica.query('SHOW REPLICA STATUS'));
          };
          await replica.query(follow(relay.server.port));
          await has(wanted);
          for (const [source, name] of [
            [one, 'one'],
            [two, 'two'],
          ] as const) {
            const sum = `SELECT COUNT(*), SUM(b), MAX(b) FROM ${name}.t`;
            expect(await replica.query(sum)).toBe(await source.query(sum));
          }
          // Source and relay carry the same names: a replica may change between them.
          await replica.query(follow(one.port));
          await one.query('INSERT INTO one.t (b) VALUES (7)');
          await has(lastLine(await one.query('SELECT @@gtid_executed')));
          await replica.query(follow(relay.server.port));
          await two.query('INSERT INTO two.t (b) VALUES (8)');
          await has(lastLine(await two.query('SELECT @@gtid_executed')));
        });
        await relay.close();
      }),
    );
  },
  120_000,
);
