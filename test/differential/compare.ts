import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstDifference } from '../golden/difference.ts';
import { type Invocation, type Runner, runReal, type ToolName } from '../golden/invocation.ts';
import { SIGNALLED } from '../servers/index.ts';
import { isMaria } from './flavour.ts';
import { type Landmarks, landmarksOf } from './landmarks.ts';
import { type LogSet, logBytes } from './logs.ts';
import { randomOptions } from './options.ts';
import { Random } from './random.ts';
import { operate } from './surgery.ts';

/** One command line both tools get. */
export interface Comparison {
  readonly tool: ToolName;
  readonly argv: readonly string[];
  readonly files: Readonly<Record<string, Buffer>>;
  readonly timeZone: string;
  readonly stdin?: Buffer;
}

/** Both tools disagree: everything needed to see it again. */
export interface Disagreement extends Comparison {
  readonly set: LogSet;
  readonly differences: readonly string[];
}

const TIME_ZONES = ['UTC', 'UTC', 'UTC', 'Asia/Kolkata', 'America/New_York', 'Australia/Lord_Howe'];

const VERIFYING = new Set(['-c', '--verify-binlog-checksum']);

function merged(all: readonly Landmarks[]): Landmarks {
  return {
    positions: all.flatMap(({ positions }) => positions),
    times: all.flatMap(({ times }) => times),
    serverIds: [...new Set(all.flatMap(({ serverIds }) => serverIds))],
    gtids: all.flatMap(({ gtids }) => gtids),
  };
}

/** A random command line over a set's logs: one, several, through standard input, or cut short somewhere. */
export function randomComparison(set: LogSet, random: Random): Comparison {
  const tool: ToolName = isMaria(set.flavour) ? 'mariadb-binlog' : 'mysqlbinlog';
  const names = random.chance(0.5) ? set.logs : [random.pick(set.logs)];
  const files: Record<string, Buffer> = Object.fromEntries(names.map((name) => [name, logBytes(set, name)]));
  const databases = set.databases.map((name) => name.slice(1, -1).replaceAll('``', '`'));
  const landmarks = merged(Object.values(files).map(landmarksOf));
  const options = randomOptions(tool, { random, landmarks, databases });
  const last = names.at(-1);
  // mariadb-binlog 11.8.6 --force-read reads the same cut event for ever.
  if (random.chance(0.06) && last !== undefined && !options.includes('--force-read')) {
    const whole = files[last] ?? Buffer.alloc(0);
    files[last] = whole.subarray(0, random.int(0, whole.length));
  } else if (
    random.chance(0.05) &&
    last !== undefined &&
    options.some((option) => VERIFYING.has(option)) &&
    !options.some((option) => option.startsWith('--rewrite-db'))
  ) {
    // What a checksum catches is read no further, so that both tools see the same. mysqlbinlog makes that of an event whose schema it renames
    // anew before it looks at it.
    const damaged = Buffer.from(files[last] ?? Buffer.alloc(0));
    const at = random.int(0, damaged.length - 1);
    damaged.writeUInt8((damaged[at] ?? 0) ^ random.int(1, 255), at);
    files[last] = damaged;
  }
  if (random.chance(0.1) && last !== undefined) files[last] = operate(files[last] ?? Buffer.alloc(0), random);
  const timeZone = random.pick(TIME_ZONES);
  const given = random.chance(0.03) ? names.toSpliced(random.int(0, names.length), 0, 'absent') : names;
  const first = ['--no-defaults', '--local-load=.', ...options];
  if (names.length === 1 && last !== undefined && random.chance(0.1)) {
    return { tool, argv: [...first, '-'], files: {}, timeZone, stdin: files[last] ?? Buffer.alloc(0) };
  }
  return { tool, argv: [...first, ...given], files, timeZone };
}

/** Keep what a disagreement was about. Returns a command line that shows it again. */
export function keepComparison(
  folder: string,
  { tool: name, argv, files, timeZone, stdin }: Comparison,
): string {
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
  if (stdin !== undefined) writeFileSync(join(folder, 'stdin'), stdin);
  const words = argv.map((word) =>
    /^[\w./=,:-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`,
  );
  return `cd ${folder} && TZ=${timeZone} npm --prefix ${join(import.meta.dirname, '../..')} run compare -- ${name} ${words.join(' ')}${stdin === undefined ? '' : ' < stdin'}`;
}

/** How one command ended, and all that it wrote. */
interface Outcome {
  readonly exit: number;
  readonly made: Readonly<Record<string, Buffer>>;
}

async function runIn(
  runner: Runner,
  { tool, argv, files, timeZone, stdin }: Comparison,
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const cwd = mkdtempSync(join(tmpdir(), 'rowlock-compare-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
    const invocation: Invocation = { tool, argv, cwd, timeZone, env, ...(stdin !== undefined && { stdin }) };
    const { exit, stdout, stderr } = await runner(invocation);
    const extra = readdirSync(cwd)
      .filter((name) => !(name in files))
      .sort();
    const contents = extra.map((name) => [`created file ${name}`, readFileSync(join(cwd, name))] as const);
    return { exit, made: { stderr, stdout, ...Object.fromEntries(contents) } };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/**
 * What differs between the real tool and `runner` on one command line. A crash of the real tool is no model to follow:
 * nothing is compared then.
 */
export async function compare(comparison: Comparison, runner: Runner): Promise<string[]> {
  const real = await runIn(runReal, comparison);
  return real.exit === SIGNALLED ? [] : differencesFrom(real, comparison, runner);
}

/** What fills memory that was freed or never written, under glibc: whoever reads it prints something else each time. */
const FILLINGS = ['', '85', '170'];

/**
 * As {@link compare}, for logs that are damaged. `unsteady`: what the real tool prints depends on memory that is not the log's.
 * `crashed`: it ends by a signal.
 */
export async function compareSteady(
  comparison: Comparison,
  runner: Runner,
): Promise<string[] | 'unsteady' | 'crashed'> {
  const runs: Outcome[] = [];
  for (const filling of FILLINGS)
    runs.push(await runIn(runReal, comparison, filling === '' ? {} : { MALLOC_PERTURB_: filling }));
  const [real, ...others] = runs;
  if (real === undefined || runs.some(({ exit }) => exit === SIGNALLED)) return 'crashed';
  if (others.some((other) => outcomeDifferences(real, other).length > 0)) return 'unsteady';
  return differencesFrom(real, comparison, runner);
}

async function differencesFrom(real: Outcome, comparison: Comparison, runner: Runner): Promise<string[]> {
  // Without it, ours prints some things that the real tool gives up on.
  const exact = runner === runReal ? [] : ['--compat=exact'];
  const argv = comparison.argv.toSpliced(1, 0, ...exact);
  const ours = await runIn(runner, { ...comparison, argv }).catch((error: unknown) => error as Error);
  if (ours instanceof Error)
    return [`  our command threw: ${(ours.stack ?? ours.message).split('\n').slice(0, 4).join('\n  ')}`];
  return outcomeDifferences(real, ours);
}

function outcomeDifferences(real: Outcome, ours: Outcome): string[] {
  const none = Buffer.alloc(0);
  const differences = [...new Set([...Object.keys(real.made), ...Object.keys(ours.made)])].map((what) =>
    // A file that one of them leaves empty and the other does not make is a difference, too.
    (real.made[what] === undefined) === (ours.made[what] === undefined)
      ? firstDifference(what, real.made[what] ?? none, ours.made[what] ?? none)
      : `  ${what}: made by ${real.made[what] === undefined ? 'ours' : 'the original'} alone`,
  );
  const exit =
    real.exit === ours.exit ? undefined : `  exit status: expected ${real.exit}, came ${ours.exit}`;
  return [exit, ...differences].filter((line) => line !== undefined);
}
