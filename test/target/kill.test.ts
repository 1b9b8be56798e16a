import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Flavour } from '../differential/flavour.ts';
import { Random } from '../differential/random.ts';
import { missingServers, type RunningServer, startServer } from '../servers/index.ts';
import { bundle, removeBundles } from './bundle.ts';
import { loggedWorkload } from './log-settings.ts';
import { bothSides } from './rows.ts';
import { writersWorkload } from './writers.ts';

// ROWLOCK_KILLS=200 looks further.
const { ROWLOCK_SEED: given = '3', ROWLOCK_KILLS: kills = '4' } = process.env;
const seed = given === 'random' ? String(Date.now()) : given;

const folder = mkdtempSync(join(tmpdir(), 'rowlock-target-kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

afterAll(removeBundles);

interface Run {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly ended: Promise<void>;
  /** Resolves with a line like this; rejects where the process ends without one. */
  said(pattern: RegExp): Promise<string>;
}

function start(script: string, args: readonly string[]): Run {
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: string[] = [];
  let wake = (): void => undefined;
  createInterface({ input: child.stderr! }).on('line', (line) => {
    lines.push(line);
    wake();
  });
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => {
      resolve();
      wake();
    });
  });
  return {
    child,
    lines,
    ended,
    async said(pattern) {
      for (;;) {
        const found = lines.findLast((line) => pattern.test(line));
        if (found !== undefined) return found;
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`it ended without ${pattern}: ${lines.slice(-5).join('\n')}`);
        // oxlint-disable-next-line no-await-in-loop -- line by line
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

const args: Readonly<Record<string, readonly string[]>> = {
  mysql97: ['--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--server-id=1'],
};

/** Runs workloads while a program is started and killed again and again. */
async function underFire(
  server: RunningServer,
  flavour: Flavour,
  name: string,
  begin: () => Run,
): Promise<void> {
  const random = new Random(`${seed} ${name}`);
  let isOver = false;
  const load = (async () => {
    for (let index = 0; !isOver; index += 1) {
      const work = index % 2 === 0 ? loggedWorkload : writersWorkload;
      // oxlint-disable-next-line no-await-in-loop -- one workload after the other
      await work(server, flavour, `${seed} ${name} ${index}`, join(folder, `${name}${index}`));
    }
  })();
  try {
    for (let killed = 0; killed < Number(kills); killed += 1) {
      const run = begin();
      // oxlint-disable-next-line no-await-in-loop -- one life after the other
      await run.said(/goes on|begins at/);
      // oxlint-disable-next-line no-await-in-loop -- a moment of this life
      await pause(random.int(0, 400));
      if (run.child.exitCode !== null)
        throw new Error(`it ended by itself: ${run.lines.slice(-5).join('\n')}`);
      run.child.kill('SIGKILL');
      // oxlint-disable-next-line no-await-in-loop -- before the next one
      await run.ended;
    }
  } finally {
    isOver = true;
    await load;
  }
}

for (const flavour of ['mysql97', 'mariadb118'] as const satisfies readonly Flavour[]) {
  describe.skipIf(missingServers(flavour) !== undefined)(`killed at any moment, behind ${flavour}`, () => {
    let server: RunningServer;

    beforeAll(async () => {
      server = await startServer(flavour, `target-kill-${process.pid}`, {
        args: args[flavour] ?? [],
        env: { TZ: 'UTC' },
      });
    }, 120_000);

    afterAll(() => server.wipe(), 60_000);

    test(`rowlock replicate has every row once, seed ${seed}`, { timeout: 3_600_000 }, async () => {
      const script = await bundle('replicate-process');
      const target = join(folder, `${flavour}-target`);
      const argv = [
        'replicate',
        '--no-defaults',
        `--source=mysql://root@localhost?socket=${encodeURIComponent(server.socket)}`,
        `--target=sqlite:${target}`,
      ];
      const words = ['replicate', '--no-defaults', ...argv.slice(2)];
      await underFire(server, flavour, `${flavour}-replicate`, () => start(script, words));
      const last = start(script, [...words, '--stop-at-end']);
      await last.ended;
      expect(last.lines.slice(-3).join('\n')).toContain('ended with the source’s log');
      const { theirs, ours } = await bothSides(server, 'undo', target);
      expect(ours).toEqual(theirs);
    });

    test.runIf(flavour === 'mysql97')(`so has a relay, seed ${seed}`, { timeout: 3_600_000 }, async () => {
      const script = await bundle('relay-process');
      await server.query(
        "CREATE USER IF NOT EXISTS repl@'%'; GRANT REPLICATION SLAVE, SELECT ON *.* TO repl@'%'; RESET BINARY LOGS AND GTIDS",
      );
      const data = join(folder, 'relay');
      const begin = (): Run => start(script, [data, String(server.port)]);
      await underFire(server, flavour, 'relay', begin);
      const wanted = (await server.query('SELECT @@gtid_executed'))
        .trim()
        .split('\n')
        .at(-1)!
        .replaceAll('\\n', '');
      const last = begin();
      const line = await last.said(new RegExp(`ERROR|^at ${wanted} $`));
      last.child.kill('SIGKILL');
      await last.ended;
      expect(line).toMatch(/^at/);
      const { theirs, ours } = await bothSides(server, 'undo', join(data, 'tables'));
      expect(ours).toEqual(theirs);
    });
  });
}
