import type { RunningServer } from '../../servers/index.ts';
import { chances } from '../matrix/dimensions.ts';
import { finishCopy, load, startCopy } from './stage.ts';

export interface KillPlan {
  readonly program: string;
  readonly archive: string;
  readonly server: RunningServer;
  readonly kills: number;
  readonly seed: number;
  readonly words: readonly string[];
}

/** Longest life of a copy, in milliseconds: some die before they are connected, most while they copy. */
const LONGEST_LIFE_MS = 900;

/**
 * Copies a source under load, kills the copy at random moments, goes on each time, and in the end copies the rest. Returns how many
 * copies were killed while they ran.
 */
export async function copyAndKill({
  program,
  archive,
  server,
  kills,
  seed,
  words,
}: KillPlan): Promise<number> {
  const chance = chances(seed);
  const argv = [...words, '--resume', `--result-file=${archive}/`, 'mysql-bin.000001'];
  let running = true;
  let round = 0;
  const pressure = (async () => {
    while (running) {
      round += 1;
      await server.query(load(60, seed + round), { timeoutMs: 600_000 });
    }
  })();
  let killed = 0;
  try {
    for (let number = 0; number < kills; number += 1) {
      const copy = startCopy(program, [...argv, '--stop-never']);
      const timer = setTimeout(() => copy.child.kill('SIGKILL'), 80 + chance() * LONGEST_LIFE_MS);
      const ended = await copy.ended;
      clearTimeout(timer);
      if (ended !== 'SIGKILL') throw new Error(`the copy ended with ${ended}: ${copy.stderr()}`);
      killed += 1;
    }
  } finally {
    running = false;
    await pressure;
  }
  await server.query('FLUSH BINARY LOGS');
  await finishCopy(program, argv);
  return killed;
}
