import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const GNU_TIME = '/usr/bin/time';

/**
 * Run a command once, its output thrown away. Seconds of wall clock from start to end, and, by GNU time where there is one, else NaN:
 * seconds of processor time of all its threads, which other work on the machine disturbs less, and the peak of its resident memory in
 * MiB.
 */
export async function measureOnce({ command, args, env = {}, files = [] }) {
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-bench-'));
  const report = join(folder, 'time');
  const timed = existsSync(GNU_TIME);
  const [program, words] = timed
    ? [GNU_TIME, ['-f', '%M %U %S', '-o', report, command, ...args]]
    : [command, args];
  // Standard input is a pipe that cat fills with the files, or nothing.
  const feeder = files.length > 0 ? spawn('cat', files, { stdio: ['ignore', 'pipe', 'inherit'] }) : undefined;
  const sink = openSync('/dev/null', 'w');
  const start = process.hrtime.bigint();
  const child = spawn(program, words, {
    stdio: [feeder?.stdout ?? 'ignore', sink, 'inherit'],
    // Node reads those certificates at each start, some 40 ms, whatever the program does with them.
    env: { ...process.env, NODE_EXTRA_CA_CERTS: undefined, TZ: 'UTC', LC_ALL: 'C', ...env },
  });
  const status = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  // The last line: before it GNU time reports an exit status other than 0.
  const lastLine = timed ? readFileSync(report, 'utf8').trim().split('\n').at(-1) : 'NaN NaN NaN';
  const [peakKib, user, system] = lastLine.split(' ').map(Number);
  rmSync(folder, { recursive: true });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
  return { seconds, cpu: user + system, peak: peakKib / 1024 };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Measure variants in turn, A B A B …, after one unmeasured round unless they take minutes: whatever slows the machine for a while slows
 * all. The first is ours; ratios are medians of the ratios within a round.
 */
export async function measureInTurn(variants, rounds, { warmUp = true } = {}) {
  const samples = variants.map(() => []);
  for (let round = warmUp ? -1 : 0; round < rounds; round++) {
    for (const [index, variant] of variants.entries()) {
      const sample = await measureOnce(variant);
      if (round >= 0) samples[index].push(sample);
    }
  }
  return variants.map((variant, index) => ({
    name: variant.name,
    seconds: median(samples[index].map(({ seconds }) => seconds)),
    fastest: Math.min(...samples[index].map(({ seconds }) => seconds)),
    cpu: median(samples[index].map(({ cpu }) => cpu)),
    peak: Math.max(...samples[index].map(({ peak }) => peak)),
    ratio: median(samples[0].map((ours, round) => ours.seconds / samples[index][round].seconds)),
    cpuRatio: median(samples[0].map((ours, round) => ours.cpu / samples[index][round].cpu)),
  }));
}
