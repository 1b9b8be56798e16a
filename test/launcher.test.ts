import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  cpSync,
  createReadStream,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Script } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const LOG = join(ROOT, 'examples/shop.binlog');

interface Launcher {
  readonly codeCachePath: (name: string) => string;
}

const { codeCachePath } = createRequire(import.meta.url)('../bin/load.js') as Launcher;
const unbuilt = !existsSync(codeCachePath('rowlock'));
if (unbuilt) console.log('skipped: the launcher: not built by this Node');

describe.skipIf(unbuilt)('bin/rowlock', () => {
  let folder = '';
  let cache = '';
  const run = (program: string, words: readonly string[]): string =>
    execFileSync(join(folder, program), words, { encoding: 'latin1', env: { PATH: process.env['PATH'] } });
  const print = (): string => run('bin/rowlock', ['binlog', '--no-defaults', LOG]);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rowlock-launcher-'));
    for (const part of ['bin', 'dist', 'package.json'])
      cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    cache = join(folder, 'dist/cli', basename(codeCachePath('rowlock')));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(['rowlock', 'remote-logs'])('%s: the code cache of the build is taken by its Node', (name) => {
    const script = `const { load, loaded } = require('./bin/load.js');
      load('${name}');
      console.log(loaded.get('${name}').cachedDataRejected);`;
    const { stdout } = spawnSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' });
    expect(stdout).toBe('false\n');
  });

  test.each(['rowlock', 'remote-logs'])('%s: the code cache has what was run, too', (name) => {
    const untouched = new Script(readFileSync(join(folder, `dist/cli/${name}.cjs`), 'latin1'));
    const { size } = statSync(join(folder, 'dist/cli', basename(codeCachePath(name))));
    expect(size).toBeGreaterThan(untouched.createCachedData().length * 1.3);
  });

  test('prints the same without a cache, and with one of something else', () => {
    const expected = print();
    expect(expected).toContain('DELIMITER /*!*/;');
    const bytes = readFileSync(cache);
    for (const wrong of [bytes.subarray(0, 1000), Buffer.alloc(0), Buffer.alloc(5000, 1)]) {
      writeFileSync(cache, wrong);
      expect(print()).toBe(expected);
    }
    rmSync(cache);
    expect(print()).toBe(expected);
  });

  test('reads from servers with the code cache and without', () => {
    const read = (): string => {
      const words = ['binlog', '--no-defaults', '-R', '--host=127.0.0.1', '--port=1', 'log'];
      return spawnSync(join(folder, 'bin/rowlock'), words, { encoding: 'latin1' }).stderr;
    };
    const expected = read();
    expect(expected).toContain("Can't connect to MySQL server on '127.0.0.1:1'");
    rmSync(join(folder, 'dist/cli', basename(codeCachePath('remote-logs'))));
    expect(read()).toBe(expected);
  });

  test('a command that is a bundle of its own is loaded from beside it, through links too', () => {
    symlinkSync(join(folder, 'bin/rowlock'), join(folder, 'linked'));
    expect(run('linked', ['inspect', LOG])).toContain('Transactions: 11');
    symlinkSync(join(folder, 'bin/rowlock'), join(folder, 'mariadb-binlog'));
    expect(run('mariadb-binlog', ['--version'])).toMatch(/^mariadb-binlog {2}Ver /);
  });

  test('an older Node is told which one is needed', () => {
    const older = join(folder, 'older.cjs');
    const versions = "{ value: { ...process.versions, node: '18.20.8' } }";
    writeFileSync(
      older,
      `Object.defineProperty(process, 'versions', ${versions}); process.getBuiltinModule = undefined;`,
    );
    const words = ['--require', older, join(folder, 'bin/rowlock'), '--version'];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toBe('rowlock: Node 20.19 or later is needed, and this is 18.20.8\n');
  });

  test('output that cannot be written is told as what it is, whichever command wrote it', () => {
    const commands = [
      '--help',
      '--version',
      'certs --help',
      'doctor --help',
      'completion bash',
      'sql --help',
    ];
    for (const words of [...commands, `inspect ${LOG}`]) {
      const full = openSync('/dev/full', 'w');
      const { status, stderr } = spawnSync(join(folder, 'bin/rowlock'), words.split(' '), {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
      closeSync(full);
      expect([words, status, stderr]).toEqual([
        words,
        1,
        'rowlock: the output cannot be written: No space left on device\n',
      ]);
    }
  });

  test('help and version are there by every name that people try', () => {
    const version = run('bin/rowlock', ['--version']);
    const help = run('bin/rowlock', ['--help']);
    for (const word of ['-h', '-?', 'help']) expect(run('bin/rowlock', [word])).toBe(help);
    for (const command of ['inspect', 'certs', 'doctor', 'completion']) {
      const own = run('bin/rowlock', [command, '--help']);
      for (const word of ['-h', '-?']) expect(run('bin/rowlock', [command, word])).toBe(own);
      for (const word of ['-V', '--version']) expect(run('bin/rowlock', [command, word])).toBe(version);
    }
  });

  test('an error nobody foresaw is told in two lines, and no stack', () => {
    const broken = join(folder, 'broken.cjs');
    writeFileSync(broken, "process.cwd = () => { throw new TypeError('not\\nforeseen'); };");
    const words = ['--require', broken, join(folder, 'bin/rowlock'), 'inspect', '--password=secret', LOG];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^rowlock: internal error: not\nhint: .* rowlock \d\S+; Node .*; started as: rowlock inspect --password …\n$/,
    );
  });

  test.runIf(process.platform === 'linux')(
    'a second thread leaves a pipe blocking: a full one would have to be asked again and again',
    async () => {
      const pipe = join(folder, 'pipe');
      execFileSync('mkfifo', [pipe]);
      const end = openSync(pipe, 'r+');
      // Node makes it blocking again before it ends.
      const seen = new Set<number>();
      const reader = createReadStream(pipe).on('data', () => {
        const [, flags = ''] =
          /^flags:\t(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${end}`, 'utf8')) ?? [];
        seen.add(Number.parseInt(flags, 8) & constants.O_NONBLOCK);
      });
      const log = join(ROOT, 'test/corpus/mysql97/types-blob.binlog');
      const words = ['binlog', '--no-defaults', '-v', ...Array.from({ length: 120 }, () => log)];
      const printing = spawn(join(folder, 'bin/rowlock'), words, { stdio: ['ignore', end, 'inherit'] });
      expect(await once(printing, 'close')).toEqual([0, null]);
      closeSync(end);
      await once(reader, 'close');
      expect([...seen]).toEqual([0]);
    },
  );
});
