import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CatalogError } from '../../src/target/index.ts';
import { type Flavour, isMaria } from '../differential/flavour.ts';
import { Random } from '../differential/random.ts';
import { missingServers, type RunningServer, reach, startServer } from '../servers/index.ts';
import { Alterations } from './alterations.ts';
import { CollationChanges, collationsOfBoth } from './collations.ts';
import { PartitionedTables } from './partitioned.ts';
import { bothSides } from './rows.ts';
import { replicateToSqlite } from './sqlite-replication.ts';

// ROWLOCK_SEED=random and ROWLOCK_ALTERATIONS=100 look further.
const { ROWLOCK_SEED: given = '2', ROWLOCK_ALTERATIONS: count = '5' } = process.env;
// The same for ROWLOCK_PARTITIONED, of tables with partitions.
const { ROWLOCK_PARTITIONED: partitioned = '1' } = process.env;
const seed = given === 'random' ? String(Date.now()) : given;

/** What a target says that does not guess. */
const HONEST = /not in the log|only the source can work out/;

const args: Readonly<Record<string, readonly string[]>> = {
  mysql97: ['--gtid-mode=ON', '--enforce-gtid-consistency=ON'],
};

/** The statements go into a file: they are too many for a message. */
function told(cause: unknown, index: number, script: readonly string[]): Error {
  const file = join(tmpdir(), `rowlock-alter-${seed}-${index}.sql`);
  writeFileSync(file, script.join(';\n'));
  return new Error(`workload ${index}, ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, {
    cause,
  });
}

for (const flavour of [
  'mysql97',
  'mysql56',
  'mariadb118',
  'mariadb1011',
] as const satisfies readonly Flavour[]) {
  describe.skipIf(missingServers(flavour) !== undefined)(`definitions of ${flavour}`, () => {
    let server: RunningServer;
    let folder: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'rowlock-alter-'));
      server = await startServer(flavour, `alter-${process.pid}`, {
        args: args[flavour] ?? [],
        env: { TZ: 'America/New_York' },
      });
    }, 120_000);

    afterAll(async () => {
      await server.wipe();
      rmSync(folder, { recursive: true });
    }, 60_000);

    const family = isMaria(flavour) ? 'mariadb' : 'mysql';

    /** False: it was refused in words. */
    async function isFollowed(target: string, index: number, script: readonly string[]): Promise<boolean> {
      try {
        await replicateToSqlite(reach(server), family, target);
        return true;
      } catch (error) {
        if (!(error instanceof CatalogError && HONEST.test(error.message))) throw told(error, index, script);
        if (process.env['ROWLOCK_REFUSED'] !== undefined) console.log(`${index}: ${error.message}`);
        return false;
      }
    }

    it(`are followed, or refused in words, seed ${seed}`, { timeout: 1_200_000 }, async () => {
      let refused = 0;
      let tables = 0;
      for (let index = 0; index < Number(count); index += 1) {
        const target = join(folder, `target${index}`);
        const random = new Random(`${seed} ${index}`);
        const work = new Alterations(random, flavour);
        const statements = work.statements(random.int(20, 60));
        // oxlint-disable-next-line no-await-in-loop -- a fresh target, behind all that was
        await replicateToSqlite(reach(server), family, target, 'now');
        const settings = [
          'SET SESSION binlog_format = ROW',
          ...(random.chance(0.5) ? ["SET SESSION sql_mode = ''"] : []),
          ...(random.chance(0.5) ? ["SET SESSION time_zone = '-03:30'"] : []),
          // MySQL 5.6 has it for the whole server only.
          ...(flavour === 'mysql56'
            ? []
            : [`SET SESSION explicit_defaults_for_timestamp = ${random.int(0, 1)}`]),
        ];
        const script = [
          'DROP DATABASE IF EXISTS `undo`',
          'DROP DATABASE IF EXISTS undo2',
          'CREATE DATABASE `undo`',
          'CREATE DATABASE undo2',
          'USE `undo`',
          ...settings,
          ...statements,
        ];
        // oxlint-disable-next-line no-await-in-loop -- one workload after the other
        await server.query(`${script.join(';\n')};`, { force: true, args: ['--binary-mode'] });
        // oxlint-disable-next-line no-await-in-loop -- goes on where the target stands
        if (!(await isFollowed(target, index, script))) {
          refused += 1;
          continue;
        }
        for (const schema of ['undo', 'undo2']) {
          // oxlint-disable-next-line no-await-in-loop -- compares this workload
          const { theirs, ours } = await bothSides(server, schema, target);
          tables += theirs.size;
          try {
            expect(ours).toEqual(theirs);
          } catch (error) {
            throw told(error, index, script);
          }
        }
        // oxlint-disable-next-line no-await-in-loop -- the same
        const { theirs, ours } = await collationsOfBoth(server, ['undo', 'undo2'], target);
        try {
          expect(ours).toEqual(theirs);
        } catch (error) {
          throw told(error, index, script);
        }
      }
      expect(tables).toBeGreaterThan(0);
      // Most of what the generator makes can be followed.
      expect(refused).toBeLessThanOrEqual(Math.ceil(Number(count) * 0.8));
    });

    it(`take the rows of partitions along, seed ${seed}`, { timeout: 1_200_000 }, async () => {
      let refused = 0;
      let rows = 0;
      const rounds = Number(partitioned) * 2;
      for (let index = 0; index < rounds; index += 1) {
        const target = join(folder, `partitioned${index}`);
        const random = new Random(`${seed} partitions ${index}`);
        // oxlint-disable-next-line no-await-in-loop -- a fresh target, behind all that was
        await replicateToSqlite(reach(server), family, target, 'now');
        const script = [
          'DROP DATABASE IF EXISTS parts',
          'CREATE DATABASE parts',
          'USE parts',
          'SET SESSION binlog_format = ROW',
          `SET SESSION sql_mode = '${random.pick(['', 'ALLOW_INVALID_DATES', 'NO_BACKSLASH_ESCAPES'])}'`,
          `SET SESSION time_zone = '${random.pick(['SYSTEM', '-03:30', '+00:00'])}'`,
          ...new PartitionedTables(random, flavour).statements(3),
        ];
        // oxlint-disable-next-line no-await-in-loop -- one workload after the other
        await server.query(`${script.join(';\n')};`, { force: true, args: ['--binary-mode'] });
        // oxlint-disable-next-line no-await-in-loop -- goes on where the target stands
        if (!(await isFollowed(target, index, script))) {
          refused += 1;
          continue;
        }
        // oxlint-disable-next-line no-await-in-loop -- compares this workload
        const { theirs, ours } = await bothSides(server, 'parts', target);
        for (const lines of theirs.values()) rows += lines.length;
        try {
          expect(ours).toEqual(theirs);
        } catch (error) {
          throw told(error, index, script);
        }
      }
      expect(rows).toBeGreaterThan(0);
      expect(refused).toBeLessThanOrEqual(Math.ceil(rounds * 0.8));
    });

    it(`tell how texts compare, seed ${seed}`, { timeout: 1_200_000 }, async () => {
      for (let index = 0; index < Number(count) / 5; index += 1) {
        const target = join(folder, `collations${index}`);
        const work = new CollationChanges(new Random(`collations ${seed} ${index}`), flavour);
        const settings = ['SET SESSION binlog_format = ROW', "SET SESSION sql_mode = ''"];
        if (flavour !== 'mysql56') settings.push("SET GLOBAL binlog_row_metadata = 'FULL'");
        const options = { force: true, args: ['--binary-mode'] };
        const before = [...settings, ...work.before()];
        // oxlint-disable-next-line no-await-in-loop -- one workload after the other
        await server.query(`${before.join(';\n')};`, options);
        // oxlint-disable-next-line no-await-in-loop -- begins behind what was there before
        await replicateToSqlite(reach(server), family, target, 'now');
        const script = [...settings, ...work.statements(80)];
        // oxlint-disable-next-line no-await-in-loop -- what the log is to tell
        await server.query(`${script.join(';\n')};`, options);
        try {
          // oxlint-disable-next-line no-await-in-loop -- goes on where the target stands
          await replicateToSqlite(reach(server), family, target);
          // oxlint-disable-next-line no-await-in-loop -- compares this workload
          const { theirs, ours } = await collationsOfBoth(server, ['c0', 'c1', 'c2'], target);
          expect(Object.keys(theirs).length).toBeGreaterThan(10);
          expect(ours).toEqual(theirs);
        } catch (error) {
          throw told(error, index, [...before, ...script]);
        }
      }
    });
  });
}
