import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { formatCertificate, selfSign } from '../../src/certificates/x509/issue.ts';
import { formatKey, makeKey } from '../../src/certificates/x509/keys.ts';
import { parseName } from '../../src/certificates/x509/name.ts';
import { certs, certsOk } from './rowlock-certs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-edge-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasOpenssl = ((): boolean => {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    console.log('skipped: no openssl program');
    return false;
  }
})();

/** A certificate of these two times, in a file of its own. */
async function lay(name: string, notBefore: string, notAfter: string): Promise<X509Certificate> {
  const key = await makeKey('ec-p256');
  const validity = { notBefore: new Date(notBefore), notAfter: new Date(notAfter) };
  const made = await selfSign({ subject: parseName(name), validity }, key);
  writeFileSync(join(folder, name), formatCertificate(made) + formatKey(key), { mode: 0o600 });
  return made;
}

const END = '2027-03-01T00:00:00Z';

describe('the exit status of check', () => {
  test.each([
    // February 2027 has 28 days: thirty days before the first of March is the thirtieth of January.
    ['a second before thirty days are left', '2027-01-29T23:59:59Z', 0, 'ok'],
    ['with exactly thirty days left', '2027-01-30T00:00:00Z', 1, 'WARNING'],
    ['a second before seven days are left', '2027-02-21T23:59:59Z', 1, 'WARNING'],
    ['with exactly seven days left', '2027-02-22T00:00:00Z', 2, 'CRITICAL'],
    ['in the last second', '2027-02-28T23:59:59Z', 2, 'CRITICAL'],
    ['at the end', '2027-03-01T00:00:00Z', 2, 'expired less than a day ago'],
    ['a second after it', '2027-03-01T00:00:01Z', 2, 'expired less than a day ago'],
    ['a day after it', '2027-03-02T00:00:01Z', 2, 'expired 1 day ago'],
    ['at the beginning', '2027-01-01T00:00:00Z', 0, 'ok'],
    ['a second before the beginning', '2026-12-31T23:59:59Z', 2, 'valid only from 2027-01-01T00:00:00'],
  ])('%s', async (_name, now, status, text) => {
    await lay('one', '2027-01-01T00:00:00Z', END);
    const run = await certs(folder, ['check', 'one'], { now: () => new Date(now) });
    expect(run.stdout).toContain(text);
    expect(run.status).toBe(status);
  });

  test.each([
    [['--warn', '0', '--critical', '0'], '2027-02-28T23:59:59Z', 0],
    [['--warn', '0', '--critical', '0'], END, 2],
    [['--warn', '1', '--critical', '0'], '2027-02-28T00:00:00Z', 1],
    [['--warn', '1', '--critical', '0'], '2027-02-27T23:59:59Z', 0],
    // The stricter one wins where somebody gave them the wrong way round.
    [['--warn', '5', '--critical', '20'], '2027-02-10T00:00:00Z', 2],
  ] as const)('%j at %s is %i', async (argv, now, status) => {
    await lay('one', '2027-01-01T00:00:00Z', END);
    expect((await certs(folder, ['check', 'one', ...argv], { now: () => new Date(now) })).status).toBe(
      status,
    );
  });
});

describe('times in certificates', () => {
  const UTC_TIME = 0x17;
  const GENERALIZED_TIME = 0x18;

  test.each([
    ['2049-12-31T23:59:59Z', '491231235959Z', UTC_TIME],
    ['2050-01-01T00:00:00Z', '20500101000000Z', GENERALIZED_TIME],
    ['2028-02-29T12:00:00Z', '280229120000Z', UTC_TIME],
    ['2096-02-29T00:00:00Z', '20960229000000Z', GENERALIZED_TIME],
    ['2100-03-01T00:00:00Z', '21000301000000Z', GENERALIZED_TIME],
    // Fractions are cut off: the certificate never lives longer than was asked for.
    ['2030-06-30T23:59:59.999Z', '300630235959Z', UTC_TIME],
  ])('%s is written as %s', async (time, text, tag) => {
    const { raw } = await lay('time', '2026-01-01T00:00:00Z', time);
    const at = raw.indexOf(Buffer.from(text, 'latin1'));
    expect(at).toBeGreaterThan(0);
    expect([raw[at - 2], raw[at - 1]]).toEqual([tag, text.length]);
    const { stdout } = await certs(folder, ['check', 'time', '--json']);
    const [entry] = (JSON.parse(stdout) as { entries: { notAfter: string }[] }).entries;
    const whole = time.replace(/\.\d+/, '');
    expect(entry?.notAfter).toBe(new Date(whole).toISOString());
    if (!hasOpenssl) return;
    const said = execFileSync('openssl', [
      'x509',
      '-in',
      join(folder, 'time'),
      '-noout',
      '-enddate',
      '-dateopt',
      'iso_8601',
    ]);
    expect(said.toString().trim()).toBe(`notAfter=${whole.replace('T', ' ')}`);
  });

  test('pass over a leap day, a change of the clocks and the year 2050 as so many times 86 400 seconds', async () => {
    for (const [now, days, end] of [
      ['2028-02-28T10:00:00Z', 2, '2028-03-01T10:00:00.000Z'],
      ['2027-02-27T10:00:00Z', 2, '2027-03-01T10:00:00.000Z'],
      ['2026-03-28T12:30:00Z', 1, '2026-03-29T12:30:00.000Z'],
      ['2049-12-30T00:00:00Z', 3, '2050-01-02T00:00:00.000Z'],
    ] as const) {
      const dir = `ca-${days}-${now.slice(0, 4)}-${now.slice(5, 7)}`;
      const clock = { now: () => new Date(now) };
      await certsOk(folder, ['init', dir, '--days', '36525'], clock);
      await certsOk(folder, ['server', 'db', '--days', String(days), '-a', dir], clock);
      const { stdout } = await certs(folder, ['check', `${dir}/servers/db`, '--json'], clock);
      const { entries } = JSON.parse(stdout) as { entries: { role: string; notAfter: string }[] };
      expect(entries.find(({ role }) => role === 'server')?.notAfter).toBe(end);
    }
  });
});

/** Every file and folder below one, without symbolic links. */
function walk(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const next = join(path, entry.name);
    return entry.isDirectory() ? [next, ...walk(next)] : entry.isFile() ? [next] : [];
  });
}

describe.skipIf(process.getuid === undefined)('owner and modes', () => {
  const isRoot = process.getuid?.() === 0;
  const [uid, gid] = isRoot ? [65_533, 65_532] : [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  const owner = ['--owner', `${uid}:${gid}`];

  test('are as asked for through a whole life, whatever the umask', async () => {
    const before = process.umask(0o077);
    try {
      for (const umask of [0o077, 0o000]) {
        process.umask(umask);
        const dir = `own-${umask}`;
        await certsOk(folder, ['init', dir, ...owner]);
        // Said once, it holds: what root does later stays the owner's.
        for (const argv of [
          ['server', 'db1'],
          ['user', 'app'],
          ['user', 'lost'],
          ['rotate', 'db1'],
          ['revoke', 'lost'],
          ['crl'],
          ['rotate', '--ca'],
          ['rotate', '--ca', '--confirm'],
          ['rotate', '--ca', '--confirm'],
        ])
          await certsOk(folder, [...argv, '-a', dir, ...(argv[0] === 'user' ? owner : [])]);
        const target = join(folder, `target-${umask}`);
        await certsOk(folder, [
          'deploy',
          target,
          '--server',
          'db1',
          '--target-owner',
          `${uid}:${gid}`,
          '-a',
          dir,
        ]);
        for (const path of [join(folder, dir), ...walk(join(folder, dir)), ...walk(target)]) {
          const found = lstatSync(path);
          expect([found.uid, found.gid], path).toEqual([uid, gid]);
          const isPrivate = path.startsWith(join(folder, dir));
          const mode = found.isDirectory()
            ? isPrivate
              ? 0o700
              : 0o755
            : path.endsWith('authority.json') || readFileSync(path, 'utf8').includes('PRIVATE KEY')
              ? 0o600
              : 0o644;
          expect((found.mode & 0o777).toString(8), path).toBe(mode.toString(8));
        }
      }
    } finally {
      process.umask(before);
    }
  });
});

describe('a bar', () => {
  test('shows the share that is left, in letters where the terminal has no others', async () => {
    await lay('one', '2027-01-01T00:00:00Z', '2027-04-11T00:00:00Z');
    const bars: string[] = [];
    for (const [now, env] of [
      ['2027-01-01T00:00:00Z', { LANG: 'C' }],
      ['2027-02-20T00:00:00Z', { LANG: 'C' }],
      ['2027-02-20T00:00:00Z', { LANG: 'de_DE.UTF-8' }],
      ['2027-04-10T23:59:59Z', { LANG: 'C' }],
      ['2027-04-11T00:00:00Z', { LANG: 'C' }],
    ] as const) {
      const { stdout } = await certs(folder, ['check', 'one'], { now: () => new Date(now), env });
      bars.push(/^\S+ +(.{10}) +-?\d+ d/m.exec(stdout)?.[1] ?? stdout);
    }
    expect(bars).toEqual(['##########', '#####.....', '█████░░░░░', '#.........', '..........']);
  });
});
