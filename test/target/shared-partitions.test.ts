import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CatalogError, Replication, ServerTarget, SourceTables } from '../../src/target/index.ts';
import { type Flavour, isMaria } from '../differential/flavour.ts';
import { Random } from '../differential/random.ts';
import { missingServers, type RunningServer, reach, startServer } from '../servers/index.ts';
import { endOf } from './conformance.ts';
import { PartitionedTables } from './partitioned.ts';
import { rowsOf } from './server-rows.ts';

// ROWLOCK_SEED=random and ROWLOCK_PARTITIONED=50 look further.
const { ROWLOCK_SEED: given = '1', ROWLOCK_PARTITIONED: rounds = '4' } = process.env;
const seed = given === 'random' ? String(Date.now()) : given;

const PAIRS = [
  ['mysql97', 'mariadb118'],
  ['mariadb118', 'mysql97'],
  ['mysql56', 'mariadb118'],
] as const satisfies readonly (readonly [Flavour, Flavour])[];

/** What a target says that does not guess. */
const HONEST = /not in the log/;

describe.each(PAIRS)('partitions of %s in %s', (name, other) => {
  describe.skipIf(missingServers(name, other) !== undefined)('are kept where both spread rows alike', () => {
    let source: RunningServer;
    let target: RunningServer;

    beforeAll(async () => {
      const zone = { env: { TZ: 'America/New_York' } };
      [source, target] = await Promise.all([
        startServer(name, `shared-${process.pid}s`, zone),
        startServer(other, `shared-${process.pid}t`, zone),
      ]);
    }, 120_000);

    afterAll(async () => {
      await Promise.all([source.wipe(), target.wipe()]);
    }, 60_000);

    /** What both have now; undefined: the target has refused something in words. */
    async function both(round: number, script: readonly string[]): Promise<[unknown, unknown] | undefined> {
      const start = await endOf(source, name);
      await source.query(`${script.join(';\n')};`, { force: true, args: ['--binary-mode'] });
      const tables = new SourceTables(reach(source));
      const flavor = isMaria(name) ? 'mariadb' : 'mysql';
      const server = new ServerTarget({ connection: reach(target), flavor, lookUp: tables.renamed([]) });
      const channel = `round ${round}`;
      const end = { start, stopAtEnd: true, retry: false } as const;
      try {
        await new Replication({ connection: reach(source), target: server, channel, ...end }).run();
      } catch (error) {
        if (error instanceof CatalogError && HONEST.test(error.message)) return undefined;
        throw error;
      } finally {
        await server.close();
        await tables.close();
      }
      return [await rowsOf(target, 'parts'), await rowsOf(source, 'parts')];
    }

    it(`seed ${seed}`, { timeout: 1_200_000 }, async () => {
      let refused = 0;
      let kept = 0;
      for (let round = 0; round < Number(rounds); round += 1) {
        const random = new Random(`${seed} ${round}`);
        const script = [
          'DROP DATABASE IF EXISTS parts',
          'CREATE DATABASE parts',
          'USE parts',
          'SET SESSION binlog_format = ROW',
          `SET SESSION sql_mode = '${random.pick(['', 'NO_BACKSLASH_ESCAPES'])}'`,
          `SET SESSION time_zone = '${random.pick(['-03:30', '+00:00'])}'`,
          ...new PartitionedTables(random, name).statements(1),
        ];
        try {
          // oxlint-disable-next-line no-await-in-loop -- one workload after the other
          const rows = await both(round, script);
          if (rows === undefined) refused += 1;
          else expect(rows[0]).toEqual(rows[1]);
          // oxlint-disable-next-line no-await-in-loop -- the same
          const found = await target.query(
            "SELECT COUNT(*) FROM information_schema.partitions WHERE table_schema = 'parts' AND partition_name IS NOT NULL",
          );
          if (!found.endsWith('\n0\n')) kept += 1;
        } catch (error) {
          // The statements go into a file: they are too many for a message.
          const file = join(tmpdir(), `rowlock-shared-${seed}-${round}.sql`);
          writeFileSync(file, script.join(';\n'));
          throw new Error(`round ${round}, ${file}: ${error instanceof Error ? error.message : error}`, {
            cause: error,
          });
        }
      }
      console.log(`${name} to ${other}: ${rounds} rounds, ${kept} with partitions, ${refused} refused`);
      expect(kept).toBeGreaterThan(0);
      expect(refused).toBeLessThan(Number(rounds));
    });
  });
});
