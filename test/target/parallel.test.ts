import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawEvent } from '../../src/binlog/index.ts';
import { gtidText, SourceClient, transactionGtid } from '../../src/replication/index.ts';
import type { ServerTarget } from '../../src/target/index.ts';
import { type Flavour, isMaria } from '../differential/flavour.ts';
import { Random } from '../differential/random.ts';
import { missingServers, type RunningServer, reach, startServer } from '../servers/index.ts';
import { eightWriters } from './eight-writers.ts';
import { familyWriters } from './family-writers.ts';
import { replicateServer, type Way } from './replicate-server.ts';
import { checksumsOf, rowsOf } from './server-rows.ts';

// ROWLOCK_SEED=random, ROWLOCK_WORKLOADS=20 and ROWLOCK_KILLS=200 look further.
const {
  ROWLOCK_SEED: given = '1',
  ROWLOCK_KILLS: kills = '4',
  ROWLOCK_WORKLOADS: workloads = '1',
} = process.env;
/** Workloads before it is an error that none of them used a second session. */
const MOST_TRIED = 8;
const seed = given === 'random' ? String(Date.now()) : given;

const args: Readonly<Record<string, readonly string[]>> = {
  mysql97: ['--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--sync-binlog=0'],
  // Without them nobody waits for others to commit with.
  mariadb118: ['--binlog-commit-wait-count=4', '--binlog-commit-wait-usec=3000'],
};

const pairs: readonly (readonly [server: Flavour, ways: readonly Way[]])[] = [
  ['mysql97', [{}, { preserveCommitOrder: false }, { apply: 'sql' }]],
  ['mariadb118', [{}]],
];

/** The GTIDs of a server's log, in its order. */
async function gtidsOf(server: RunningServer): Promise<string[]> {
  const client = new SourceClient({
    connection: reach(server),
    start: 'beginning',
    stopAtEnd: true,
  });
  const event = new RawEvent();
  const found: string[] = [];
  do {
    while (client.next(event)) {
      const gtid = transactionGtid(event);
      if (gtid !== undefined) found.push(gtidText(gtid));
    }
  } while ((await client.wait()) !== 'ended');
  return found;
}

for (const [name, ways] of pairs) {
  describe.skipIf(missingServers(name) !== undefined)(`several sessions into ${name}`, () => {
    let source: RunningServer;
    let target: RunningServer;
    const tag = `parallel-${process.pid}`;
    const start = (which: 's' | 't', reuse = false) =>
      startServer(name, tag + which, {
        args:
          which === 's' ? (args[name] ?? []) : (args[name] ?? []).filter((word) => !/commit-wait/.test(word)),
        reuse,
      });

    beforeAll(async () => {
      source = await start('s');
      target = await start('t');
    }, 120_000);

    afterAll(async () => {
      await Promise.all([source.wipe(), target.wipe()]);
    }, 60_000);

    const replicate = (way: Way, signal?: AbortSignal): Promise<ServerTarget> =>
      replicateServer(name, source, target, way, signal);

    async function expectSame(schema: string): Promise<void> {
      expect(await rowsOf(target, schema)).toEqual(await rowsOf(source, schema));
      expect(await checksumsOf(target, schema)).toEqual(await checksumsOf(source, schema));
    }

    /** Whether anything is side by side is up to who commits together at the source: there are more workloads until something was. */
    async function replicateSeveral(
      way: Way,
      schema: string,
      write: (index: number) => Promise<void>,
    ): Promise<void> {
      let sessions = 1;
      for (let index = 0; index < Number(workloads) || (sessions === 1 && index < MOST_TRIED); index += 1) {
        await write(index);
        const server = await replicate(way);
        await expectSame(schema);
        sessions = Math.max(sessions, server.sessions);
      }
      expect(sessions).toBeGreaterThan(1);
    }

    for (const way of ways) {
      it(`holds what eight writers wrote, ${JSON.stringify(way)}, seed ${seed}`, {
        timeout: 600_000,
      }, async () => {
        await replicateSeveral(way, 'eight', (index) => eightWriters(source, `${seed} ${index}`, 25));
        const [theirs, ours] = [await gtidsOf(source), await gtidsOf(target)];
        const known = new Set(theirs);
        const all = ours.filter((gtid) => known.has(gtid));
        // Clients of MariaDB have no CREATE TABLE … SELECT that is one group of the log: it comes in two, under one GTID.
        const kept = isMaria(name) ? [...new Set(all)] : all;
        const isFree = ways.some(({ preserveCommitOrder }) => preserveCommitOrder === false);
        expect(kept.toSorted()).toEqual(theirs.toSorted());
        if (!isFree || way === ways[0]) expect(kept).toEqual(theirs);
      });
    }

    for (const way of ways) {
      it(`holds a table that was made with its rows, ${JSON.stringify(way)}`, async () => {
        await source.query(
          'DROP DATABASE IF EXISTS made; CREATE DATABASE made; CREATE TABLE made.a (id INT PRIMARY KEY) ENGINE=InnoDB;' +
            'INSERT INTO made.a VALUES (1), (2); CREATE TABLE made.b (PRIMARY KEY (id)) ENGINE=InnoDB AS SELECT id FROM made.a',
        );
        await replicate(way);
        await expectSame('made');
      });
    }

    for (const way of ways) {
      it(`holds parents and children that eight writers changed at once, ${JSON.stringify(way)}, seed ${seed}`, {
        timeout: 600_000,
      }, async () => {
        await replicateSeveral(way, 'family', (index) =>
          familyWriters(source, `${seed} family ${index}`, 40),
        );
      });
    }

    it('names the transaction that failed, not the one that was read', { timeout: 60_000 }, async () => {
      await source.query(
        'DROP DATABASE IF EXISTS eight; CREATE DATABASE eight; CREATE TABLE eight.t (id INT PRIMARY KEY)',
      );
      await replicate({});
      await target.query('SET sql_log_bin = 0; INSERT INTO eight.t VALUES (3)');
      await source.query(
        'INSERT INTO eight.t VALUES (1); INSERT INTO eight.t VALUES (2); INSERT INTO eight.t VALUES (3)',
      );
      const gtid = (await gtidsOf(source)).at(-1);
      await source.query('INSERT INTO eight.t VALUES (4); INSERT INTO eight.t VALUES (5)');
      await expect(replicate({})).rejects.toMatchObject({ errno: 1062, context: { gtid } });
      await target.query('SET sql_log_bin = 0; DELETE FROM eight.t WHERE id = 3');
      await replicate({});
      expect(await rowsOf(target, 'eight')).toEqual(await rowsOf(source, 'eight'));
    });

    // MariaDB's position goes with each transaction.
    for (const way of isMaria(name) ? [] : ways) {
      it(`passes over what was executed before, ${JSON.stringify(way)}`, { timeout: 60_000 }, async () => {
        await source.query(
          'DROP DATABASE IF EXISTS past; CREATE DATABASE past; CREATE TABLE past.t (id INT PRIMARY KEY, v INT);' +
            'INSERT INTO past.t VALUES (1, 1), (2, 2); UPDATE past.t SET v = 3 WHERE id = 2; DELETE FROM past.t WHERE id = 1',
        );
        await replicate(way);
        const [, first] = (await source.query('SHOW BINARY LOGS')).split('\n');
        const position = JSON.stringify({ file: first!.split('\t')[0], position: 4 });
        // As a start by position leaves it behind when it is killed.
        await target.query(`SET sql_log_bin = 0; UPDATE rowlock.channels SET position = '${position}'`);
        await source.query('INSERT INTO past.t VALUES (4, 4)');
        await replicate(way);
        await expectSame('past');
      });
    }

    for (const way of ways.slice(0, 2)) {
      it(`holds it after ${kills} cuts, ${JSON.stringify(way)}, seed ${seed}`, {
        timeout: 1_800_000,
      }, async () => {
        const random = new Random(`${seed} ${JSON.stringify(way)}`);
        await eightWriters(source, `${seed} cuts`, 25 + Number(kills));
        for (let cuts = 0; ; cuts += 1) {
          const abort = new AbortController();
          const isServer = random.chance(0.3);
          let isCut = false;
          const cutting =
            cuts >= Number(kills)
              ? undefined
              : pause(random.int(100, 700)).then(async () => {
                  isCut = true;
                  if (isServer) await target.kill();
                  abort.abort(new Error('cut'));
                });
          const isDone = await replicate(way, abort.signal).then(
            () => true,
            (error: unknown) => {
              if (!isCut) throw error;
              return false;
            },
          );
          await cutting;
          if (cutting !== undefined && isServer) target = await start('t', true);
          if (isDone) break;
        }
        await expectSame('eight');
      });
    }
  });
}
