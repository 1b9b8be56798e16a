import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { CertificateError } from '../../tls/index.ts';
import { lookLocal, takeSteps } from './local.ts';
import { type DeployedFile, planDeployment, type Step } from './plan.ts';
import { cameToEnd, lookScript, readLook, stepsScript } from './shell.ts';

// In memory where there is such a folder: hundreds of targets are forced to disk here.
const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const folders: string[] = [];

function fresh(): string {
  const folder = join(mkdtempSync(join(base, 'rowlock-deploy-')), "it's a target");
  folders.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(join(folder, '..'), { recursive: true, force: true });
});

function pair(version: string): DeployedFile[] {
  return [
    { name: 'ca.pem', text: `trust ${version}\n`, mode: 0o644 },
    { name: 'server-cert.pem', text: `certificate ${version}\n`, mode: 0o644 },
    { name: 'server-key.pem', text: `key ${version}\n`, mode: 0o600 },
  ];
}

function read(folder: string, name: string): string | undefined {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ').at(-1) : undefined;
}

/** Which pair a server reading now would load; throws for a mix. */
function served(folder: string): string | undefined {
  const [certificate, key] = [read(folder, 'server-cert.pem'), read(folder, 'server-key.pem')];
  if (certificate !== key) throw new Error(`a mix: certificate ${certificate}, key ${key}`);
  return certificate;
}

/** The two ways to take steps; the second is what runs on the other end of an ssh connection. */
const ways = [
  { name: 'in this process', look: lookLocal, take: takeSteps },
  {
    name: 'by a shell',
    look: async (folder: string) => readLook(execFileSync('sh', { input: lookScript(folder) }).toString()),
    take: async (folder: string, steps: readonly Step[], _owner?: undefined, limit?: number) => {
      expect(
        cameToEnd(execFileSync('sh', { input: stepsScript(folder, steps, undefined, limit) }).toString()),
      ).toBe(true);
    },
  },
];

describe.skipIf(platform() === 'win32').each(ways)('deployment $name', ({ look, take }) => {
  test('under a umask that hides everything, a server of another account still gets to its certificates', async () => {
    const before = process.umask(0o077);
    const base = fresh();
    const folder = join(base, 'a/b');
    try {
      await take(folder, planDeployment(await look(folder), pair('v1'), 'v1'));
    } finally {
      process.umask(before);
    }
    const mode = (name: string): string => (statSync(join(base, name)).mode & 0o777).toString(8);
    for (const name of ['a', 'a/b', 'a/b/.rowlock', 'a/b/.rowlock/v1']) expect(mode(name), name).toBe('755');
    expect(mode('a/b/server-cert.pem')).toBe('644');
    expect(mode('a/b/server-key.pem')).toBe('600');
  });

  async function deploy(folder: string, version: string): Promise<void> {
    await take(folder, planDeployment(await look(folder), pair(version), version));
  }

  test('fills an empty target, then replaces, with modes, and keeps one generation to go back to', async () => {
    const folder = fresh();
    for (const version of ['v1', 'v2', 'v3']) await deploy(folder, version);
    expect(served(folder)).toBe('v3');
    expect(statSync(join(folder, 'server-key.pem')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'ca.pem')).mode & 0o777).toBe(0o644);
    expect(readdirSync(join(folder, '.rowlock')).toSorted()).toEqual(['current', 'v2', 'v3']);
  });

  test('takes over plain files without touching others', async () => {
    const folder = fresh();
    mkdirSync(folder);
    for (const { name, text, mode } of pair('plain')) {
      writeFileSync(join(folder, name), text);
      chmodSync(join(folder, name), mode);
    }
    writeFileSync(join(folder, 'client-key.pem'), 'key other\n');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    await deploy(folder, 'v1');
    expect(served(folder)).toBe('v1');
    expect(read(folder, 'client-key.pem')).toBe('other');
    expect(lstatSync(join(folder, 'notes.txt')).isFile()).toBe(true);
    await deploy(folder, 'v2');
    expect(served(folder)).toBe('v2');
    expect(read(folder, 'client-key.pem')).toBe('other');
  });

  test.each(['nothing', 'plain files', 'an earlier deployment', 'a deployment somebody overwrote'])(
    'cut after any step over %s, it leaves the old pair or the new one, and can be repeated',
    async (before) => {
      const prepare = async (): Promise<string> => {
        const folder = fresh();
        if (before === 'nothing') return folder;
        if (before === 'plain files') mkdirSync(folder);
        else await deploy(folder, 'v0');
        if (before === 'an earlier deployment') return folder;
        for (const { name, text } of pair('old')) {
          rmSync(join(folder, name), { force: true });
          writeFileSync(join(folder, name), text);
        }
        return folder;
      };
      const probe = await prepare();
      const old = served(probe);
      const total = planDeployment(await look(probe), pair('new'), 'g1').length;
      let switched = false;
      for (let limit = 0; limit <= total; limit++) {
        const folder = await prepare();
        await take(folder, planDeployment(await look(folder), pair('new'), 'g1'), undefined, limit);
        const now = served(folder);
        expect([old, 'new']).toContain(now);
        expect(switched && now !== 'new', 'never back to the old one').toBe(false);
        switched ||= now === 'new';
        await take(folder, planDeployment(await look(folder), pair('new'), 'g2'));
        expect(served(folder)).toBe('new');
        const left = readdirSync(folder, { recursive: true, encoding: 'utf8' });
        expect(
          left.filter((name) => /\.part$|\.rowlock-new$/.test(name)),
          'nothing torn stays',
        ).toEqual([]);
      }
      expect(switched).toBe(true);
    },
  );
});

describe('deployment', () => {
  test('refuses a data folder, in which every folder is a database', () => {
    const state = {
      exists: true,
      dataFolder: true,
      names: new Map(),
      current: undefined,
      generations: [],
      torn: [],
      kept: [],
    };
    expect(() => planDeployment(state, pair('v1'), 'g1')).toThrow(CertificateError);
  });

  test.skipIf(platform() === 'win32')('a script that arrives cut, wherever, does nothing', async () => {
    const folder = fresh();
    mkdirSync(folder);
    const script = stepsScript(folder, planDeployment(await lookLocal(folder), pair('v1'), 'g1'));
    for (let length = 0; length < script.length - 5; length += 37) {
      try {
        execFileSync('sh', { input: script.slice(0, length), stdio: ['pipe', 'ignore', 'ignore'] });
      } catch {
        // A shell says that its input ended in the middle of a function.
      }
      expect(readdirSync(folder)).toEqual([]);
    }
  });
});
