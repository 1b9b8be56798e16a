import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compare, keepComparison, randomComparison } from './differential/compare.ts';
import { FLAVOURS } from './differential/flavour.ts';
import { makeLogs, startSource } from './differential/logs.ts';
import { Random } from './differential/random.ts';
import { runInProcess, runReal } from './golden/invocation.ts';
import { missingServers, type RunningServer, sweepInstances } from './servers/index.ts';

// ROWLOCK_SEED chooses a run's scripts and command lines (`random` for new ones), ROWLOCK_LOGS=200 makes more logs, ROWLOCK_FLAVOURS=mysql97
// only those of one server. ROWLOCK_GOLDEN_TOOL=real compares the real tool with itself: that must always pass.
const {
  ROWLOCK_SEED: given = '2',
  ROWLOCK_LOGS: logs = '24',
  ROWLOCK_FLAVOURS: wanted = FLAVOURS.join(','),
  ROWLOCK_GOLDEN_TOOL: tool,
} = process.env;

/** A run without a seed repeats the last one's scripts, so that it fails for a change only; `random` looks further. */
const seed = given === 'random' ? String(Date.now()) : given;

const flavours = FLAVOURS.filter((flavour) => wanted.split(',').includes(flavour));
const logsEach = Math.ceil(Number(logs) / flavours.length);
const COMMANDS_EACH_LOG = 4;
const SHOWN = 8;
const LONGEST_MS = 60_000 + Number(logs) * 10_000;

const runner = tool === 'real' ? runReal : runInProcess;

describe.each(flavours)('random logs of %s', (flavour) => {
  const missing = missingServers(flavour);
  const kept = mkdtempSync(join(tmpdir(), `rowlock-differential-${flavour}-`));
  let source: RunningServer | undefined;

  beforeAll(async () => {
    if (missing !== undefined) return;
    await sweepInstances();
    source = await startSource(flavour, seed);
  }, 120_000);

  afterAll(async () => {
    await source?.wipe();
  }, 60_000);

  test.skipIf(missing)(
    `print the same as by the real tool (seed ${seed})`,
    { timeout: LONGEST_MS },
    async () => {
      if (source === undefined) throw new Error('no source');
      const found: string[] = [];
      const count = { logs: 0, bytes: 0, commands: 0, differing: 0 };
      for (let index = 0; index < logsEach; index++) {
        const own = `${seed}/${flavour}/${index}`;
        const folder = join(kept, String(index));
        const set = await makeLogs(source, flavour, own, folder);
        const random = new Random(`${own}/commands`);
        let differs = false;
        count.logs += set.logs.length;
        for (let run = 0; run < COMMANDS_EACH_LOG; run++) {
          const comparison = randomComparison(set, random);
          count.commands++;
          for (const content of Object.values(comparison.files)) count.bytes += content.length;
          const differences = await compare(comparison, runner);
          if (differences.length === 0) continue;
          differs = true;
          count.differing++;
          found.push([keepComparison(join(folder, `run${run}`), comparison), ...differences].join('\n'));
        }
        if (!differs) rmSync(folder, { recursive: true, force: true });
      }
      console.log(
        `${flavour}: ${count.logs} logs, ${count.commands} command lines over ${count.bytes} bytes, ${count.differing} differ (seed ${seed})`,
      );
      if (found.length === 0) rmSync(kept, { recursive: true, force: true });
      expect(count.logs).toBeGreaterThan(0);
      if (found.length > 0) {
        const error = new Error(
          `${found.length} of ${count.commands} command lines differ, ROWLOCK_SEED=${seed}, logs in ${basename(kept)}\n${found.slice(0, SHOWN).join('\n\n')}`,
        );
        error.stack = error.message;
        throw error;
      }
    },
  );
});
