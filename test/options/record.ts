// Runs the real mysqlbinlog and mariadb-binlog over the cases and prints what they said, for the tests beside it.
//
//   npx esbuild test/options/record.ts | node --input-type=module - MYSQLBINLOG MARIADB-BINLOG > test/options/recorded.json
//   … node --input-type=module - MYSQLBINLOG MARIADB-BINLOG files > test/options/recorded-files.json
//
// The first two arguments are programs (or wrapper scripts) to call. They run in a folder of their own, where $DIR stands
// for that folder in arguments, files and output. To compare with other versions, write elsewhere and let the tests read
// that: RECORDED=… RECORDED_FILES=… npx vitest run test/options
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface FileCase {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const [mysql, mariadb, kind = 'lines'] = process.argv.slice(2);
if (mysql === undefined || mariadb === undefined)
  throw new Error('usage: record MYSQLBINLOG MARIADB-BINLOG [files]');
const here = 'test/options';
const programs = Object.entries({ mysql, mariadb });

// The options were accepted and the program went to work: the log `f` does not exist, nor does a server.
const wentToWork =
  /File '.*' not found|Could not open log file|Failed on connect|Did not reach stop position|reading the header|Failed reading header/;

function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([whole, quoted, plain]) => quoted ?? plain ?? whole);
}

function run(
  program: string,
  folder: string,
  args: readonly string[],
  environment: Record<string, string>,
): object {
  const env = {
    HOME: join(folder, 'home'),
    TZ: 'UTC',
    LC_ALL: 'C',
    PATH: process.env['PATH'],
    ...environment,
  };
  const done = spawnSync(program, args, { cwd: folder, env, input: '', encoding: 'utf8' });
  const clean = (text: string): string[] =>
    text
      .replaceAll(folder, '$DIR')
      .replace(/[^\s'\p{Cc}]*\/(mysqlbinlog|mariadb-binlog)\b/gu, '$1')
      .replaceAll('Enter password: ', '')
      .split('\n')
      .slice(0, -1);
  const stderr = clean(done.stderr);
  const works = stderr.some((each) => wentToWork.test(each));
  return {
    outcome: works ? 'run' : 'end',
    exit: works ? 0 : done.status,
    stderr: stderr.filter((each) => !wentToWork.test(each)),
    ...(kind === 'files' ? { stdout: clean(done.stdout).slice(0, 2) } : {}),
  };
}

function recordLines(): object[] {
  const folder = mkdtempSync(join(tmpdir(), 'options-'));
  return readFileSync(join(here, 'cases.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '))
    .flatMap((line) =>
      programs.map(([dialect, program]) => {
        const args = words(line);
        return { dialect, args, ...run(program, folder, ['--no-defaults', ...args], {}) };
      }),
    );
}

function recordFiles(one: FileCase): object[] {
  return programs.map(([dialect, program]) => {
    const folder = mkdtempSync(join(tmpdir(), 'options-'));
    const fill = (text: string): string => text.replaceAll('$DIR', folder);
    for (const [name, content] of Object.entries(one.files)) {
      const [path = '', mode = '644'] = name.split(' ');
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      const encoded = /^base64:(.*)/.exec(content)?.[1];
      writeFileSync(
        join(folder, path),
        encoded === undefined ? fill(content) : Buffer.from(encoded, 'base64'),
      );
      chmodSync(join(folder, path), Number.parseInt(mode, 8));
    }
    const env = Object.fromEntries(Object.entries(one.env ?? {}).map(([name, value]) => [name, fill(value)]));
    const said = run(program, folder, one.args.map(fill), env);
    rmSync(folder, { recursive: true });
    return { dialect, ...one, ...said };
  });
}

const recorded =
  kind === 'lines'
    ? recordLines()
    : (JSON.parse(readFileSync(join(here, 'file-cases.json'), 'utf8')) as FileCase[]).flatMap(recordFiles);
process.stdout.write(`[\n${recorded.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`);
