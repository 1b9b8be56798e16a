import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StartPoint } from '../../src/replication/index.ts';
import { Replication, ServerTarget } from '../../src/target/index.ts';
import { FLAVOURS, type Flavour, isMaria } from '../differential/flavour.ts';
import { missingServers, type RunningServer, reach, startServer } from '../servers/index.ts';
import { endOf, isHonest } from './conformance.ts';
import { bothSides } from './rows.ts';
import { checksumsOf, rowsOf } from './server-rows.ts';
import { replicateToSqlite } from './sqlite-replication.ts';
import { WRITERS, writersWorkload } from './writers.ts';

// ROWLOCK_SEED=random, ROWLOCK_WORKLOADS=50 and ROWLOCK_SOURCES=all look further.
const { ROWLOCK_SEED: given = '5', ROWLOCK_WORKLOADS: count = '1', ROWLOCK_SOURCES: from = '' } = process.env;
const seed = given === 'random' ? String(Date.now()) : given;
const sources: readonly Flavour[] = from === 'all' ? FLAVOURS : ['mysql97', 'mariadb118'];
const targets = ['mysql97', 'mariadb118'] as const satisfies readonly Flavour[];

const GTIDS = ['--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin-trust-function-creators=1'];
const args: Readonly<Record<string, readonly string[]>> = { mysql97: GTIDS };

for (const flavour of sources) {
  describe.skipIf(missingServers(flavour, ...targets) !== undefined)(`targets behind ${flavour}`, () => {
    let source: RunningServer;
    let servers: readonly RunningServer[];
    let folder: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'rowlock-writers-'));
      const start = (name: Flavour, tag: string) =>
        startServer(name, `${tag}-${process.pid}`, { args: args[name] ?? [], env: { TZ: 'UTC' } });
      source = await start(flavour, 'wsource');
      servers = await Promise.all(targets.map((name) => start(name, 'wtarget')));
    }, 120_000);

    afterAll(async () => {
      await Promise.all([source.wipe(), ...servers.map((server) => server.wipe())]);
      rmSync(folder, { recursive: true });
    }, 60_000);

    const flavor = isMaria(flavour) ? 'mariadb' : 'mysql';

    async function replicate(to: RunningServer, channel: string, start: StartPoint): Promise<void> {
      const target = new ServerTarget({ connection: reach(to), flavor });
      try {
        await new Replication({
          connection: reach(source),
          target,
          channel,
          start,
          stopAtEnd: true,
          retry: false,
        }).run();
      } finally {
        await target.close();
      }
    }

    /** Whether the target could hold all of it. */
    async function compare(target: Flavour | 'sqlite', name: string, start: StartPoint): Promise<boolean> {
      try {
        if (target === 'sqlite') {
          await replicateToSqlite(reach(source), flavor, join(folder, name, 'target'), start);
          const { theirs, ours } = await bothSides(source, 'undo', join(folder, name, 'target'));
          expect(ours).toEqual(theirs);
          return true;
        }
        const server = servers[targets.indexOf(target as (typeof targets)[number])]!;
        await replicate(server, name, start);
        expect(await rowsOf(server, 'undo')).toEqual(await rowsOf(source, 'undo'));
        if (target === flavour)
          expect(await checksumsOf(server, 'undo')).toEqual(await checksumsOf(source, 'undo'));
        return true;
      } catch (error) {
        if (isHonest(error)) return false;
        throw error;
      }
    }

    it(`hold what ${WRITERS} writers at a time wrote, seed ${seed}`, { timeout: 3_600_000 }, async () => {
      const held: Record<string, number> = {};
      const own = isMaria(flavour) ? 'mariadb118' : 'mysql97';
      // A target that refuses a workload in words has not shown what it holds: another one follows.
      for (let index = 0; (held[own] ?? 0) < Number(count) && index < 5 * Number(count); index += 1) {
        const name = `${seed} ${index}`;
        // oxlint-disable-next-line no-await-in-loop -- one workload after the other
        const start = await endOf(source, flavour);
        // oxlint-disable-next-line no-await-in-loop -- one workload after the other
        await writersWorkload(source, flavour, name, join(folder, name));
        // oxlint-disable-next-line no-await-in-loop -- one target after the other
        for (const target of ['sqlite', ...targets] as const)
          if (await compare(target, name, start)) held[target] = (held[target] ?? 0) + 1;
      }
      expect(held[own]).toBeGreaterThan(0);
    });
  });
}
