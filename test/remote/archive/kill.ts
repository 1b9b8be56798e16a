import type { RunningServer } from '../../servers/index.ts';
import { chances } from '../matrix/dimensions.ts';
import type { Pair } from './pair.ts';
import { type Between, finishCopy, load, startCopy } from './stage.ts';

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
    killed = await killCopies(program, argv, kills, chance);
  } finally {
    running = false;
    await pressure;
  }
  await server.query('FLUSH BINARY LOGS');
  await finishCopy(program, argv);
  return killed;
}

/** Starts a copy time and again and kills it at a random moment. Returns how often. @throws Error where one ends by itself */
async function killCopies(
  program: string,
  argv: readonly string[],
  kills: number,
  chance: () => number,
): Promise<number> {
  for (let number = 0; number < kills; number += 1) {
    const copy = startCopy(program, [...argv, '--stop-never']);
    const timer = setTimeout(() => copy.child.kill('SIGKILL'), 80 + chance() * LONGEST_LIFE_MS);
    const ended = await copy.ended;
    clearTimeout(timer);
    if (ended !== 'SIGKILL') throw new Error(`the copy ended with ${ended}: ${copy.stderr()}`);
  }
  return kills;
}

export interface FailoverPlan extends Omit<KillPlan, 'server'> {
  readonly pair: Pair;
  /** Where the copies connect to; it begins at the first server of the pair. */
  readonly between: Between;
}

/**
 * As {@link copyAndKill}, while two servers take turns: one is written to, the other one catches up and takes over, again and again,
 * whatever the copies do meanwhile. Returns the kills and the changes of servers.
 */
export async function failOverAndKill({
  program,
  archive,
  pair,
  between,
  kills,
  seed,
  words,
}: FailoverPlan): Promise<{ killed: number; changes: number }> {
  const chance = chances(seed);
  const argv = [...words, '--resume', '--reconnect', `--result-file=${archive}/`, 'mysql-bin.000001'];
  let running = true;
  let [source, replica] = [pair.one, pair.two];
  let changes = 0;
  await pair.follow(replica, source);
  // An archive that has nothing yet ends where its first link breaks: a wrong address is to show at once.
  await finishCopy(program, argv);
  const turns = (async () => {
    while (running) {
      await source.query(load(5 + Math.floor(chance() * 30), seed + changes), { timeoutMs: 600_000 });
      await pair.caughtUp(replica, source);
      between.target = replica.port;
      between.cut();
      await pair.promote(replica);
      await pair.follow(source, replica);
      [source, replica] = [replica, source];
      changes += 1;
    }
  })();
  let killed = 0;
  try {
    killed = await killCopies(program, argv, kills, chance);
  } finally {
    running = false;
    await turns;
  }
  await pair.caughtUp(replica, source);
  await finishCopy(program, argv);
  return { killed, changes };
}
