import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Replication, ServerTarget, type ServerTargetOptions } from '../../src/target/index.ts';
import { type Flavour, isMaria } from '../differential/flavour.ts';
import { Random } from '../differential/random.ts';
import { missingServers, type RunningServer, reach, startServer } from '../servers/index.ts';
import { loggedWorkload } from './log-settings.ts';
import { rowsOf } from './server-rows.ts';
import { writersWorkload } from './writers.ts';

// ROWLOCK_SEED=random and ROWLOCK_KILLS=200 look further.
const { ROWLOCK_SEED: given = '1', ROWLOCK_KILLS: count = '6' } = process.env;
const seed = given === 'random' ? String(Date.now()) : given;

// Nobody promises exactly once for engines without transactions: their tables are made InnoDB.
const TRANSACTIONAL: Readonly<Record<string, readonly string[]>> = {
  mysql97: [
    '--gtid-mode=ON',
    '--enforce-gtid-consistency=ON',
    '--log-bin-trust-function-creators=1',
    '--disabled-storage-engines=MyISAM',
    '--sql-mode=',
  ],
  mariadb118: ['--enforce-storage-engine=InnoDB', '--sql-mode='],
};

/** The end of a run that nobody sees coming. */
interface Cut {
  readonly abort: AbortController;
  isMade: boolean;
}

type Way = Pick<ServerTargetOptions, 'keepGtids' | 'apply'>;

const pairs: readonly (readonly [source: Flavour, target: Flavour, ways: readonly Way[]])[] = [
  ['mysql97', 'mysql97', [{}, { keepGtids: false }]],
  ['mariadb118', 'mariadb118', [{}]],
  ['mysql97', 'mariadb118', [{}]],
];

for (const [from, to, ways] of pairs) {
  describe.skipIf(missingServers(from, to) !== undefined)(`${to} behind ${from}, cut`, () => {
    let source: RunningServer;
    let target: RunningServer;
    let folder: string;
    const tag = `kills-${process.pid}`;
    const start = (name: Flavour, reuse: boolean) =>
      startServer(name, tag + (name === from && !reuse ? 's' : ''), {
        args: TRANSACTIONAL[name] ?? [],
        env: { TZ: 'UTC' },
        reuse,
      });

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'rowlock-kills-'));
      source = await start(from, false);
      target = await startServer(to, tag, { args: TRANSACTIONAL[to] ?? [], env: { TZ: 'UTC' } });
      for (let index = 0; index < 3; index += 1)
        // oxlint-disable-next-line no-await-in-loop -- one workload after the other
        await loggedWorkload(source, from, `${seed} ${index}`, join(folder, String(index)));
    }, 120_000);

    afterAll(async () => {
      await Promise.all([source.wipe(), target.wipe()]);
      rmSync(folder, { recursive: true });
    }, 60_000);

    /** Replicates until it ends or is cut; what we know is gone then, as after SIGKILL. */
    async function replicate(way: Way, channel: string, cut: Cut): Promise<boolean> {
      const server = new ServerTarget({
        connection: { ...reach(target), signal: cut.abort.signal },
        flavor: isMaria(from) ? 'mariadb' : 'mysql',
        ...way,
      });
      try {
        const connection = { ...reach(source), signal: cut.abort.signal };
        await new Replication({
          connection,
          target: server,
          channel,
          start: 'beginning',
          stopAtEnd: true,
          retry: false,
        }).run();
        return true;
      } catch (error) {
        if (cut.isMade) return false;
        throw error;
      } finally {
        await server.close().catch(() => undefined);
      }
    }

    for (const way of ways) {
      it(`holds what the source holds after ${count} cuts, seed ${seed}, ${JSON.stringify(way)}`, {
        timeout: 1_800_000,
      }, async () => {
        const random = new Random(`${seed} ${JSON.stringify(way)}`);
        const channel = JSON.stringify(way);
        let cuts = 0;
        for (let workload = 0; ; ) {
          const cut: Cut = { abort: new AbortController(), isMade: false };
          const isServer = random.chance(0.2);
          const wait = random.int(5, 120);
          const cutting =
            cuts >= Number(count)
              ? undefined
              : pause(wait).then(async () => {
                  cut.isMade = true;
                  if (isServer) await target.kill();
                  cut.abort.abort(new Error('cut'));
                });
          // oxlint-disable-next-line no-await-in-loop -- one run after the other
          const isDone = await replicate(way, channel, cut);
          // oxlint-disable-next-line no-await-in-loop -- the cut comes, needed or not
          await cutting;
          // oxlint-disable-next-line no-await-in-loop -- the next run needs it
          if (cutting !== undefined && isServer) target = await start(to, true);
          if (!isDone) cuts += 1;
          else if (cutting === undefined) break;
          else {
            const name = `${channel} ${workload}`;
            workload += 1;
            // oxlint-disable-next-line no-await-in-loop -- there is nothing left to be cut
            await writersWorkload(
              source,
              from,
              `${seed} ${name}`,
              join(folder, `more ${workload} ${channel.length}`),
            );
          }
        }
        expect(await rowsOf(target, 'undo')).toEqual(await rowsOf(source, 'undo'));
      });
    }
  });
}
