import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EventType } from '../src/binlog/index.ts';
import { corpusLogs } from './corpus-logs.ts';
import { type Comparison, compareSteady, keepComparison } from './differential/compare.ts';
import { damageEvent } from './differential/damaged-events.ts';
import { Random } from './differential/random.ts';
import { runInProcess } from './golden/invocation.ts';
import { missingServers } from './servers/index.ts';

// ROWLOCK_SEED chooses the damage, ROWLOCK_DAMAGE=2000 makes more of it.
const { ROWLOCK_SEED: seed = '1', ROWLOCK_DAMAGE: cases = '30' } = process.env;

/** Table maps and the rows that are read by them. */
const TYPES = new Set<number>([
  EventType.TABLE_MAP_EVENT,
  EventType.WRITE_ROWS_EVENT_V1,
  EventType.UPDATE_ROWS_EVENT_V1,
  EventType.DELETE_ROWS_EVENT_V1,
  EventType.WRITE_ROWS_EVENT,
  EventType.UPDATE_ROWS_EVENT,
  EventType.DELETE_ROWS_EVENT,
  EventType.PARTIAL_UPDATE_ROWS_EVENT,
]);
const MAPS = new Set<number>([EventType.TABLE_MAP_EVENT]);
const ALL = new Set<number>(Object.values(EventType));

const OPTIONS = [
  ['-v'],
  ['-vv'],
  ['-vv'],
  ['--print-table-metadata'],
  ['--print-table-metadata'],
  ['-vv', '--print-table-metadata', '--base64-output=decode-rows'],
  ['-vv', '-H'],
  [],
] as const;

const SHOWN = Number(process.env['ROWLOCK_SHOWN'] ?? 8);

/** mariadb-binlog checks next to nothing: what it makes of most damage is in its memory, not in the log. */
describe.each([['mysqlbinlog', 'mysql97', /^mysql/]] as const)(
  'events damaged before %s reads them',
  (tool, server, names) => {
    const logs = corpusLogs.filter(({ name }) => names.test(name) && !/encrypted|damaged|\/big/.test(name));

    test.skipIf(missingServers(server))(
      `print the same as by it, as far as it reads nothing but the event (seed ${seed})`,
      { timeout: 60_000 + Number(cases) * 2000 },
      async () => {
        const random = new Random(`${seed}/${tool}/damage`);
        const folder = mkdtempSync(join(tmpdir(), `rowlock-damaged-${server}-`));
        const found: string[] = [];
        const count = { cases: 0, unsteady: 0, crashed: 0 };
        while (count.cases < Number(cases)) {
          const log = damageEvent(
            random.pick(logs).read(),
            random.pick([MAPS, MAPS, TYPES, ALL, ALL]),
            random,
          );
          if (log === undefined || log.length > 200_000) continue;
          const force = random.chance(0.4) ? ['--force-read'] : [];
          const argv = ['--no-defaults', ...random.pick(OPTIONS), ...force, 'log'];
          const comparison: Comparison = { tool, argv, files: { log }, timeZone: 'UTC' };
          const differences = await compareSteady(comparison, runInProcess);
          count.cases++;
          if (differences === 'crashed' || differences === 'unsteady') count[differences]++;
          else if (differences.length > 0)
            found.push(
              [keepComparison(join(folder, `${count.cases}`), comparison), ...differences].join('\n'),
            );
        }
        console.log(`${tool}: ${JSON.stringify(count)}, ${found.length} differ (seed ${seed})`);
        const error = new Error(
          `${found.length} differ, kept in ${basename(folder)}\n${found.slice(0, SHOWN).join('\n\n')}`,
        );
        error.stack = error.message;
        if (found.length > 0) throw error;
        expect(count.cases).toBeGreaterThan(count.unsteady + count.crashed);
      },
    );
  },
);
