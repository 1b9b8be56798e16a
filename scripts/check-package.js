// Is what npm would publish usable? Packs it, installs the tarball into an empty folder without the network, imports
// it, type-checks a consumer and runs the executable.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const MODULES = join(ROOT, 'node_modules');
const { name, version, dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'rowlock-package-'));

const CONSUMER = `import * as library from '${name}';
const names: string[] = Object.keys(library);
console.log(names.length);
`;

/** The package keeps one instance of its WebAssembly for all who import it. */
const ZSTD_USER = `import { ZSTDDecoder } from 'zstddec/stream';
await new ZSTDDecoder().init();
const { openLog } = await import('${name}');
let count = 0;
for (const _ of (await openLog(process.argv[1])).changes()) count += 1;
console.log(count);
`;

function run(command, args, cwd = folder) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

/** A tarball of a package folder, in our folder. */
function pack(source) {
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', `--pack-destination=${folder}`], source),
  );
  return join(folder, filename);
}

function check(what, passed) {
  console.log(`${passed ? 'ok' : 'FAILED'}: ${what}`);
  if (!passed) process.exitCode = 1;
}

try {
  run(process.execPath, [join(MODULES, 'publint/src/cli.js'), 'run', ROOT, '--strict'], ROOT);
  check('publint', true);

  const consumer = join(folder, 'consumer');
  mkdirSync(consumer);
  writeFileSync(join(consumer, 'package.json'), '{"name":"consumer","private":true,"type":"module"}');
  const tarballs = [ROOT, ...Object.keys(dependencies).map((dependency) => join(MODULES, dependency))].map(
    pack,
  );
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', ...tarballs], consumer);
  check(`${name}-${version}.tgz installs without the network`, true);

  const exported = run(
    process.execPath,
    ['--input-type=module', '--eval', CONSUMER.replace(': string[]', '')],
    consumer,
  );
  check(`import from ES modules: ${exported.trim()} exports`, Number(exported) > 0);

  const changes = run(
    process.execPath,
    ['--input-type=module', '--eval', ZSTD_USER, join(ROOT, 'test/corpus/mysql97/compression.binlog')],
    consumer,
  );
  check(`compressed logs beside another user of zstd: ${changes.trim()} changes`, Number(changes) > 0);

  writeFileSync(join(consumer, 'consumer.mts'), CONSUMER);
  const compiler = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--skipLibCheck',
    'false',
  ];
  const types = ['--typeRoots', join(MODULES, '@types'), '--types', 'node'];
  run(
    process.execPath,
    [join(MODULES, 'typescript/bin/tsc'), ...compiler, ...types, 'consumer.mts'],
    consumer,
  );
  check('a TypeScript consumer compiles, library types checked', true);

  const printed = run(join(consumer, 'node_modules/.bin/rowlock'), ['--version'], consumer);
  check(`rowlock --version: ${printed.trim()}`, printed.includes(version));
} catch (error) {
  check(String(error.stdout || error.message).trim(), false);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
