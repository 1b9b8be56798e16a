import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Replication, ServerTarget, type ServerTargetOptions } from '../../src/target/index.ts';
import { type Flavour, isMaria } from '../differential/flavour.ts';
import { randomWorkload } from '../differential/undo.ts';
import { missingServers, type RunningServer, startServer } from '../servers/index.ts';
import { checksumsOf, rowsOf } from './server-rows.ts';

// ROWLOCK_SEED=random and ROWLOCK_WORKLOADS=50 look further.
const { ROWLOCK_SEED: given = '2', ROWLOCK_WORKLOADS: count = '1' } = process.env;
const seed = given === 'random' ? String(Date.now()) : given;

const GTIDS = ['--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin-trust-function-creators=1'];
const args: Readonly<Record<string, readonly string[]>> = { mysql97: GTIDS };

type Way = Pick<ServerTargetOptions, 'keepGtids' | 'apply'>;
const KEPT: Way = {};
const GROUPED: Way = { keepGtids: false };
const SQL: Way = { keepGtids: false, apply: 'sql' };

const pairs: readonly (readonly [source: Flavour, target: Flavour, ways: readonly Way[]])[] = [
  ['mysql97', 'mysql97', [KEPT, GROUPED, SQL]],
  ['mysql56', 'mysql97', [GROUPED]],
  ['mariadb118', 'mysql97', [SQL]],
  ['mariadb1011', 'mysql97', [SQL]],
  ['mariadb118', 'mariadb118', [KEPT, GROUPED]],
  ['mysql97', 'mariadb118', [SQL]],
  ['mysql56', 'mariadb118', [SQL]],
];

const connection = (server: RunningServer) => ({
  socketPath: server.socket,
  host: 'localhost',
  user: 'root',
});

for (const [from, to, ways] of pairs) {
  describe.skipIf(missingServers(from, to) !== undefined)(`${to} behind ${from}`, () => {
    let source: RunningServer;
    let target: RunningServer;
    let folder: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'rowlock-target-'));
      const start = (name: Flavour, tag: string) =>
        startServer(name, `${tag}-${process.pid}`, { args: args[name] ?? [], env: { TZ: 'UTC' } });
      [source, target] = await Promise.all([start(from, 'tsource'), start(to, 'ttarget')]);
    }, 120_000);

    afterAll(async () => {
      await Promise.all([source.wipe(), target.wipe()]);
      rmSync(folder, { recursive: true });
    }, 60_000);

    async function replicate(options: Way, channel = 'c'): Promise<void> {
      const server = new ServerTarget({
        connection: connection(target),
        flavor: isMaria(from) ? 'mariadb' : 'mysql',
        ...options,
      });
      try {
        await new Replication({
          connection: connection(source),
          target: server,
          channel,
          start: 'beginning',
          stopAtEnd: true,
          retry: false,
        }).run();
      } finally {
        await server.close();
      }
    }

    for (const way of ways) {
      it(`holds what the source holds after random statements, seed ${seed}, ${JSON.stringify(way)}`, {
        timeout: 300_000,
      }, async () => {
        for (let index = 0; index < Number(count); index += 1) {
          const work = `${seed} ${index} ${way.keepGtids}`;
          // oxlint-disable-next-line no-await-in-loop -- one workload after the other
          await randomWorkload(source, from, work, join(folder, `${work} ${way.apply}`));
          // oxlint-disable-next-line no-await-in-loop -- goes on where the target stands
          await replicate(way);
          // oxlint-disable-next-line no-await-in-loop -- compares this workload
          expect(await rowsOf(target, 'undo')).toEqual(await rowsOf(source, 'undo'));
          if (from !== to) continue;
          // oxlint-disable-next-line no-await-in-loop -- compares this workload
          expect(await checksumsOf(target, 'undo')).toEqual(await checksumsOf(source, 'undo'));
        }
      });
    }
  });
}
