import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type * as FsPromises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { certs, certsOk } from './rowlock-certs.ts';

/** How many more changes the disk takes; undefined for a disk that takes all. */
const disk = vi.hoisted(() => ({ left: undefined as number | undefined, code: 'ENOSPC', done: 0 }));

vi.mock('node:fs/promises', async (load) => {
  const real = (await load()) as typeof FsPromises;
  const take = (syscall: string, path?: unknown): void => {
    disk.done++;
    if (disk.left === undefined) return;
    if (disk.left === 0) {
      const more = { code: disk.code, errno: -28, syscall, ...(typeof path === 'string' && { path }) };
      throw Object.assign(new Error(`${disk.code}: no, ${syscall}`), more);
    }
    disk.left--;
  };
  return {
    ...real,
    mkdir: async (path: string, ...more: never[]) => {
      take('mkdir', path);
      return real.mkdir(path, ...more);
    },
    rename: async (from: string, to: string) => {
      take('rename', from);
      return real.rename(from, to);
    },
    symlink: async (to: string, path: string) => {
      take('symlink', path);
      return real.symlink(to, path);
    },
    open: async (path: string, flags: string, ...more: never[]) => {
      if (flags !== 'r') take('open', path);
      const handle = await real.open(path, flags, ...more);
      const write = handle.writeFile.bind(handle);
      handle.writeFile = async (data) => {
        // A part still fits: what a full disk really leaves.
        if (disk.left === 0) await write(String(data).slice(0, 7));
        take('write');
        return write(data);
      };
      return handle;
    },
  };
});

const folder = mkdtempSync(join(tmpdir(), 'rowlock-enospc-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Commands, each on a copy of an authority that has a server, a user and a deployment. */
const commands: Readonly<Record<string, readonly string[]>> = {
  init: ['init', 'NEW'],
  server: ['server', 'db2', '-a', 'CA'],
  user: ['user', 'other', '-a', 'CA'],
  rotate: ['rotate', 'db1', '-a', 'CA'],
  'rotate --ca': ['rotate', '--ca', '-a', 'CA'],
  revoke: ['revoke', 'app', '-a', 'CA'],
  crl: ['crl', '-a', 'CA'],
  deploy: ['deploy', 'TLS', '--server', 'db1', '-a', 'CA'],
};

beforeAll(async () => {
  await certsOk(folder, ['init', 'base']);
  await certsOk(folder, ['server', 'db1', '-a', 'base']);
  await certsOk(folder, ['user', 'app', '-a', 'base']);
});

interface Report {
  readonly entries: readonly {
    readonly findings: readonly { readonly code: string; readonly severity: string }[];
  }[];
}

async function criticalOf(path: string): Promise<string[]> {
  const { stdout } = await certs(folder, ['check', path, '--json']);
  return (JSON.parse(stdout) as Report).entries
    .flatMap(({ findings }) => findings)
    .filter(({ severity }) => severity === 'critical')
    .map(({ code }) => code);
}

const leftovers = (path: string): string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /rowlock-new|\.part$|\.ready$|\.lock$/.test(name),
  );

describe.each(Object.entries(commands))('a disk that is full at any moment of certs %s', (name, argv) => {
  test('costs one line, nothing that was there, and nothing once there is room', async () => {
    let tried = 0;
    for (let left = 0, total = 1; left < total; left++, tried++) {
      const own = `${name.replaceAll(' ', '')}-${left}`;
      const words = argv.map((word) =>
        word.replace(/^(NEW|CA|TLS)$/, (_all, what: string) => `${own}/${what}`),
      );
      const ca = join(folder, own, name === 'init' ? 'NEW' : 'CA');
      cpSync(join(folder, 'base'), join(folder, own, 'CA'), { recursive: true });
      if (left === 0) {
        disk.done = 0;
        await certsOk(folder, words);
        total = disk.done;
        rmSync(join(folder, own), { recursive: true });
        cpSync(join(folder, 'base'), join(folder, own, 'CA'), { recursive: true });
      }
      const key = name === 'init' ? '' : readFileSync(join(ca, 'ca-key.pem'), 'utf8');
      disk.left = left;
      const { status, stderr } = await certs(folder, words);
      disk.left = undefined;
      const where = `${name} at ${left} of ${total}`;
      if (status === 0) continue;
      expect(stderr, where).toMatch(/^rowlock certs: \/\S+: no space left on the disk$/m);
      expect(stderr, where).not.toMatch(/^ +at /m);
      expect(stderr, where).toContain('Make room, then repeat the command.');
      if (name !== 'init') {
        expect(readFileSync(join(ca, 'ca-key.pem'), 'utf8'), where).toBe(key);
        // A pair between its old folder and its new one, whole in both, until the next command; never half of each.
        for (const code of await criticalOf(ca))
          expect(code, `${where}, meanwhile`).toMatch(/^(FILE_MISSING|REVOKED)$/);
      }
      const again = await certs(folder, words);
      // It may have come so far that there is nothing left to do but to finish, which it then says.
      if (again.status !== 0)
        expect(again.stderr, where).toMatch(/already|never overwritten|no server or user|has not reached/);
      await certsOk(folder, ['server', 'probe', '-a', ca]);
      expect(await criticalOf(ca), `${where}, afterwards`).toEqual([]);
      expect(leftovers(join(folder, own)), where).toEqual([]);
      rmSync(join(folder, own), { recursive: true });
    }
    expect(tried).toBeGreaterThan(8);
  }, 120_000);
});
