import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Flavour, isMaria } from '../differential/flavour.ts';
import { missingServers, type RunningServer, reach, startServer } from '../servers/index.ts';
import { loggedWorkload } from './log-settings.ts';
import { bothSides } from './rows.ts';
import { replicateToSqlite } from './sqlite-replication.ts';

// ROWLOCK_SEED=random and ROWLOCK_WORKLOADS=50 look further.
const { ROWLOCK_SEED: given = '2', ROWLOCK_WORKLOADS: count = '3' } = process.env;
const seed = given === 'random' ? String(Date.now()) : given;

const args: Readonly<Record<string, readonly string[]>> = {
  mysql97: ['--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin-trust-function-creators=1'],
};

for (const flavour of [
  'mysql97',
  'mysql56',
  'mariadb118',
  'mariadb1011',
] as const satisfies readonly Flavour[]) {
  describe.skipIf(missingServers(flavour) !== undefined)(`SQLite behind ${flavour}`, () => {
    let server: RunningServer;
    let folder: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'rowlock-target-'));
      server = await startServer(flavour, `target-${process.pid}`, {
        args: args[flavour] ?? [],
        env: { TZ: 'UTC' },
      });
    }, 120_000);

    afterAll(async () => {
      await server.wipe();
      rmSync(folder, { recursive: true });
    }, 60_000);

    const family = isMaria(flavour) ? 'mariadb' : 'mysql';
    it(`holds what the source holds after random statements, seed ${seed}`, {
      timeout: 300_000,
    }, async () => {
      const target = join(folder, 'kept');
      for (let index = 0; index < Number(count); index += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one workload after the other
        await loggedWorkload(server, flavour, `${seed} ${index}`, join(folder, `work${index}`));
        // oxlint-disable-next-line no-await-in-loop -- goes on where the target stands
        await replicateToSqlite(reach(server), family, target);
        // oxlint-disable-next-line no-await-in-loop -- compares this workload
        const { theirs, ours } = await bothSides(server, 'undo', target);
        expect(ours).toEqual(theirs);
      }
    });

    it('holds the smallest numbers, also in a table that was altered', { timeout: 60_000 }, async () => {
      await server.query(
        `DROP DATABASE IF EXISTS small; CREATE DATABASE small; CREATE TABLE small.t (id INT PRIMARY KEY, f FLOAT, d DOUBLE);
         INSERT INTO small.t VALUES (1, 1e-40, 2.2250738585072014e-308), (2, -1e-40, -2.2250738585072014e-308), (3, 1.5e-17, 0);
         ALTER TABLE small.t ADD COLUMN n INT DEFAULT 7 FIRST`,
      );
      const target = join(folder, 'small');
      await replicateToSqlite(reach(server), family, target);
      const { theirs, ours } = await bothSides(server, 'small', target);
      expect(ours).toEqual(theirs);
    });
  });
}
