import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';

/** Where bench stands: the script runs from a bundle elsewhere. */
const HOME = process.env['BENCH_HOME'] ?? 'bench';

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

export const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

export const digits = (value: number, count: number): string =>
  Number.isFinite(value) ? value.toFixed(count) : '–';

/** Prints a result and keeps it in bench/results. */
export function keepResult(name: string, words: string, table: readonly string[]): void {
  const { version } = JSON.parse(readFileSync(join(HOME, '../package.json'), 'utf8')) as { version: string };
  const text = [
    `# ${name}`,
    '',
    `${new Date().toISOString().slice(0, 10)}, rowlock ${version} (${commit()}), Node ${process.versions.node},`,
    `${cpus().length} × ${cpus()[0]?.model.trim()}; load average at the end ${digits(loadavg()[0]!, 1)}.`,
    words,
    '',
    ...table,
    '',
  ].join('\n');
  mkdirSync(join(HOME, 'results'), { recursive: true });
  writeFileSync(join(HOME, 'results', `${name}.md`), text);
  process.stdout.write(`${text}\n`);
}
