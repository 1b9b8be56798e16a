import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { MysqlGtidSet } from '../../src/gtid/index.ts';
import { missingServers, type RunningServer, withServer } from '../servers/index.ts';
import { lastLine } from './last-line.ts';
import { channelTo, openTestRelay, untilApplied } from './relay-streams.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-fan-in-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ARGS = ['--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin=mysql-bin'];
const NAMES = ['one', 'two', 'three'] as const;
const REPL = "CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'; RESET BINARY LOGS AND GTIDS";

/** Runs `body` with a server of each name. */
function withServers(
  names: readonly string[],
  body: (servers: readonly RunningServer[]) => Promise<void>,
  started: readonly RunningServer[] = [],
): Promise<void> {
  const [name, ...rest] = names;
  if (name === undefined) return body(started);
  return withServer('mysql97', name, { args: [`--server-id=${10 - names.length}`, ...ARGS] }, (server) =>
    withServers(rest, body, [...started, server]),
  );
}

/** Each with GTIDs of its own, one in three under a tag. */
function load(name: string): string {
  const rounds = Array.from(
    { length: 50 },
    (_, index) =>
      `SET gtid_next='AUTOMATIC${index % 3 === 0 ? ':vendor' : ''}'; INSERT INTO ${name}.t (b) VALUES (${index}); UPDATE ${name}.t SET b = b + 1 WHERE a = 1;`,
  );
  return `${rounds.join(' ')} FLUSH BINARY LOGS;`;
}

test.skipIf(missingServers('mysql97'))(
  'three sources meet in one log, and a parallel replica fails over from relay to source and back',
  async () => {
    await withServers(NAMES, async (sources) => {
      const named = NAMES.map((name, index) => [name, sources[index]!] as const);
      const relay = await openTestRelay(join(folder, 'relay'), { settings: { max_binlog_size: 16_384 } });
      const channels = [];
      for (const [name, source] of named) {
        await source.query(
          `${REPL}; CREATE DATABASE ${name}; CREATE TABLE ${name}.t (a INT PRIMARY KEY AUTO_INCREMENT, b INT)`,
        );
        const control = await relay.streams.channels.configure(channelTo(source.port, { channel: name }));
        await control.start({ receiver: true, applier: true });
        channels.push(control);
      }
      for (let round = 0; round < 2; round += 1)
        await Promise.all(named.map(([name, source]) => source.query(load(name))));
      const executed = async (source: RunningServer): Promise<string> =>
        lastLine(await source.query("SELECT REPLACE(@@gtid_executed, '\\n', '')")).replaceAll('\\n', '');
      const sets = await Promise.all(sources.map(executed));
      const wanted = MysqlGtidSet.parse(sets.join(','));
      const held = (): MysqlGtidSet => MysqlGtidSet.parse(relay.streams.binaryLog.gtidExecuted);
      await untilApplied(channels[0]!, () => wanted.isSubsetOf(held()));
      expect(held().format()).toBe(wanted.format());
      expect(relay.streams.binaryLog.gtidExecuted).toContain(':vendor:1-');
      expect(relay.streams.binaryLog.files.length).toBeGreaterThan(3);

      const parallel = ['--server-id=3', ...ARGS, '--replica-parallel-workers=4'];
      await withServer('mysql97', 'behind', { args: parallel }, async (replica) => {
        const follow = (port: number): string =>
          `STOP REPLICA; CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${port}, SOURCE_USER='repl', SOURCE_SSL=0, SOURCE_AUTO_POSITION=1, GET_SOURCE_PUBLIC_KEY=1; START REPLICA`;
        const has = async (set: string): Promise<void> => {
          const waited = await replica.query(`SELECT WAIT_FOR_EXECUTED_GTID_SET('${set}', 50)`);
          if (lastLine(waited) !== '0') throw new Error(await replica.query('SHOW REPLICA STATUS'));
        };
        await replica.query(follow(relay.server.port));
        await has(wanted.format(','));
        for (const [name, source] of named) {
          const sum = `SELECT COUNT(*), SUM(b), MAX(b) FROM ${name}.t`;
          expect(await replica.query(sum)).toBe(await source.query(sum));
        }
        // Source and relay carry the same names: a replica may change between them.
        const [one, two, three] = sources as [RunningServer, RunningServer, RunningServer];
        await replica.query(follow(one.port));
        await one.query('INSERT INTO one.t (b) VALUES (7)');
        await has(await executed(one));
        await replica.query(follow(relay.server.port));
        await two.query('INSERT INTO two.t (b) VALUES (8)');
        await three.query("SET gtid_next='AUTOMATIC:late'; INSERT INTO three.t (b) VALUES (9)");
        await has(await executed(two));
        await has(await executed(three));
        // Where it stands is asked by tag too: nothing is sent twice, and what came meanwhile is.
        await replica.query('STOP REPLICA');
        await three.query("SET gtid_next='AUTOMATIC:late'; INSERT INTO three.t (b) VALUES (10)");
        await replica.query('START REPLICA');
        await has(await executed(three));
        expect(await replica.query('SELECT MAX(b) FROM three.t')).toBe(
          await three.query('SELECT MAX(b) FROM three.t'),
        );
      });
      await relay.close();
    });
  },
  120_000,
);
