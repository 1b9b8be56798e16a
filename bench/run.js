// npm run bench [-- NAME…]: measures hot paths beside the real tools and other libraries; writes bench/results.
//   ROWLOCK_BENCH=folder  holds mysql97.binlog and mariadb118.binlog, or gets them
//   ROWLOCK_BENCH_ROUNDS=1  for a quick look
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { measureInTurn } from './measure.js';

const HERE = import.meta.dirname;
const wanted = process.argv.slice(2);

async function pathModules() {
  const files = readdirSync(join(HERE, 'paths')).sort();
  const modules = await Promise.all(
    files.map((file) => import(pathToFileURL(join(HERE, 'paths', file)).href)),
  );
  return modules;
}

function commit() {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { cwd: HERE, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

const number = (value, digits) => (Number.isFinite(value) ? value.toFixed(digits) : '–');

/** A table of the results; a ratio below 1 means that ours is faster. */
function report(path, rounds, results) {
  const { version } = JSON.parse(readFileSync(join(HERE, '../package.json'), 'utf8'));
  const rows = results.map(
    ({ name, seconds, fastest, cpu, peak, ratio, cpuRatio }, index) =>
      `| \`${name.replaceAll(/\/\S*\//g, '')}\` | ${number(seconds, 3)} | ${number(fastest, 3)} | ${number(cpu, 2)} | ${number(peak, 0)} | ${index === 0 ? '' : number(ratio, 2)} | ${index === 0 ? '' : number(cpuRatio, 2)} |`,
  );
  return [
    `# ${path.name}`,
    '',
    `${new Date().toISOString().slice(0, 10)}, rowlock ${version} (${commit()}), Node ${process.versions.node},`,
    `${cpus().length} × ${cpus()[0]?.model.trim()}; ${rounds} rounds in turn${path.warmUp === false ? '' : ' after one to warm up'};`,
    `load average at the end ${number(loadavg()[0], 1)}. The last column compares processor time of all threads.`,
    '',
    '| | median s | fastest s | CPU s | peak MiB | rowlock ÷ this | CPU |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
  ].join('\n');
}

const modules = await pathModules();
const all = modules.flatMap(({ paths }) => paths);
const chosen = all.filter(
  ({ name }) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)),
);
if (chosen.length === 0) {
  console.error(`no such path; there are ${all.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
mkdirSync(join(HERE, 'results'), { recursive: true });
for (const path of chosen) {
  const rounds = Number(process.env.ROWLOCK_BENCH_ROUNDS ?? path.rounds);
  try {
    const text = report(path, rounds, await measureInTurn(await path.variants(), rounds, path));
    writeFileSync(join(HERE, 'results', `${path.name}.md`), text);
    console.log(text);
  } catch (error) {
    console.error(`${path.name}: ${error.message}`);
    process.exitCode = 1;
  }
}
for (const { close } of modules) await close?.();
