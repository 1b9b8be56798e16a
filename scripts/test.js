// npm test: sets itself up, fetches real servers where the machine can, runs everything. Arguments go to vitest.
import './node-version.js';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

function npm(...args) {
  const { status } = spawnSync('npm', args, {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error(`npm ${args.join(' ')} failed`);
    process.exit(status ?? 1);
  }
}

/** True where node_modules holds exactly what package-lock.json names, packages for other platforms aside. */
function isInstalled() {
  const read = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8')).packages;
  if (!existsSync(join(ROOT, 'node_modules/.package-lock.json'))) return false;
  const [wanted, present] = [read('package-lock.json'), read('node_modules/.package-lock.json')];
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || (path in present ? present[path].version === version : optional === true),
  );
}

function ensureInstalled() {
  // A link is another checkout's folder: not ours to change.
  const linked = lstatSync(join(ROOT, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink();
  if (!linked && !isInstalled()) npm('ci');
}

/** Run vitest with its output passed on, and collect the lines in which test files say what they skip. */
function runTests(args, report) {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const skipped = new Set();
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const reason = /skipped: (.*)$/.exec(line)?.[1];
      if (reason !== undefined) skipped.add(reason);
    }
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ status: status ?? 1, skipped })));
}

/** `missing: a, b (why)` and `missing: b, c (why)` are one reason: `missing: a, b, c (why)`. */
function inOneLine(reasons) {
  const lists = new Map();
  for (const reason of reasons) {
    const list = /: ([\w, ]+) \(/.exec(reason)?.[1];
    const frame = list === undefined ? reason : reason.replace(list, '…');
    lists.set(frame, [...(lists.get(frame) ?? []), ...(list?.split(', ') ?? [])]);
  }
  const joined = (names) => [...new Set(names)].join(', ');
  return [...lists].map(([frame, names]) => frame.replace('…', joined(names))).join('; ');
}

ensureInstalled();
npm('run', '--silent', 'build');

// esbuild is there only now.
const { importTypeScript } = await import('./typescript.js');
const { fetchServers, SERVER_NAMES, TOOL_NAMES } = await importTypeScript(
  join(ROOT, 'test/servers/index.ts'),
);
const problem = fetchServers([...SERVER_NAMES, ...TOOL_NAMES]);
if (problem !== undefined) console.error(`no real servers: ${problem}`);

const folder = mkdtempSync(join(tmpdir(), 'rowlock-test-'));
const report = join(folder, 'report.json');
const { status, skipped } = await runTests(process.argv.slice(2), report);
console.log(skipped.size === 0 ? 'skipped: nothing' : `skipped: ${inOneLine(skipped)}`);
if (existsSync(report)) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  // Tests of a file whose set-up fails count as skipped.
  const unprepared = testResults
    .filter(({ status: outcome, assertionResults }) => {
      return outcome === 'failed' && assertionResults.every((test) => test.status !== 'failed');
    })
    .map(({ name }) => relative(ROOT, name));
  if (unprepared.length > 0) console.log(`set-up failed: ${unprepared.join(', ')}`);
  console.log(
    `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests + numTodoTests} skipped`,
  );
}
rmSync(folder, { recursive: true, force: true });
process.exitCode = status;
