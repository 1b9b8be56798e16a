// npm run quickstart: installs, builds, and shows the main jobs on a real recorded log that ships with the project.
import './node-version.js';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { showRelays } from './quickstart/relays.js';

const ROOT = join(import.meta.dirname, '..');
const LOG = 'examples/shop.binlog';
const isTerminal = process.stdout.isTTY === true;
const bold = (text) => (isTerminal ? `\u001b[1m${text}\u001b[0m` : text);
const dim = (text) => (isTerminal ? `\u001b[2m${text}\u001b[0m` : text);

function setUp(what, ...args) {
  process.stdout.write(`${what} …\n`);
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    process.stderr.write(`${stdout}${stderr}npm ${args.join(' ')} failed\n`);
    process.exit(status ?? 1);
  }
}

/** Runs rowlock and shows what it printed, cut to the part that matters. */
function show({ title, why, args, from, lines }) {
  console.log(`\n${bold(title)}\n${why}\n\n${bold(`$ rowlock ${args.join(' ')}`)}`);
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(ROOT, 'bin/rowlock'), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const all = stdout.trimEnd().split('\n');
  const start =
    from === undefined
      ? 0
      : Math.max(
          0,
          all.findIndex((line) => from.test(line)),
        );
  const shown = all.slice(start, start + lines);
  if (start > 0) console.log(dim(`… ${start} lines above`));
  console.log(shown.join('\n'));
  const left = all.length - start - shown.length;
  if (left > 0) console.log(dim(`… ${left} more lines`));
  if (stderr !== '') console.log(stderr.trimEnd());
  if (status !== 0) console.log(dim(`exit status ${status}`));
}

if (!existsSync(join(ROOT, 'node_modules/esbuild'))) setUp('Installing the pinned packages', 'ci');
setUp('Building', 'run', '--silent', 'build');

console.log(`
${LOG} is a binary log that a MySQL 9.7 server wrote while examples/shop.sql ran:
a small shop with customers and purchases, rows first, a few statements at the end.`);

show({
  title: '1. What mysqlbinlog prints, byte for byte',
  why: 'The default output is for feeding to a client: statements as they were, rows as BINLOG blocks.',
  args: ['binlog', LOG],
  lines: 18,
});
show({
  title: '2. Rows that a person can read',
  why: 'A transaction as pseudo-SQL. The server compressed one of them; it reads like any other.',
  args: ['binlog', '-v', '--base64-output=DECODE-ROWS', LOG],
  from: /^### UPDATE `shop`.`purchase`/,
  lines: 16,
});
show({
  title: '3. Row changes as JSON lines',
  why: 'One object a change, columns by name (this server logs names), decimals exact. For jq, for pipelines.',
  args: ['binlog', '--json=rows', LOG],
  lines: 6,
});
show({
  title: '4. What is in a log',
  why: 'Span, transactions, tables, sizes, checksums, and what a row-only stream would refuse.',
  args: ['inspect', LOG],
  lines: 60,
});
show({
  title: '5. The guard',
  why: 'Only rows may pass. The log ends in a temporary table and a statement-format UPDATE: refused at the first.',
  args: ['binlog', '--require-row-format=strict', '--base64-output=DECODE-ROWS', LOG],
  from: /end_log_pos 4709/,
  lines: 4,
});

await showRelays({
  program: join(ROOT, 'bin/rowlock'),
  log: join(ROOT, LOG),
  title: (text) => console.log(`\n${bold(text)}`),
  text: (text) => console.log(text),
  command: (text) => console.log(`\n${bold(`$ ${text}`)}`),
  output: (text) => console.log(text),
});

console.log(`
Next: ${bold('rowlock binlog --help')}, docs/, or the library: examples/*.ts. Everything is tested by ${bold('npm test')}.`);
