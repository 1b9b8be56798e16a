import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generationName, lookLocal, planDeployment, stepsScript } from '../../src/certificates/index.ts';
import { runRemote, type SshSettings } from '../../src/cli/certs/ssh.ts';
import { certs, certsOk, everythingPrinted } from './rowlock-certs.ts';
import { missingSshd, type RunningSshd, startSshd } from './sshd.ts';

describe.skipIf(missingSshd() !== undefined)('deployment through OpenSSH', () => {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'rowlock-ssh-'));
  const destination = `${userInfo().username}@127.0.0.1`;
  const env = process.env;
  let sshd: RunningSshd;

  beforeAll(async () => {
    sshd = await startSshd();
    await certsOk(folder, ['init', 'ca']);
    await certsOk(folder, ['server', 'db1', '-a', 'ca']);
  });
  afterAll(async () => {
    await sshd.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const sshOptions = (): string[] => [
    ...sshd.options.flatMap((option) => ['--ssh-option', option]),
    '--ssh',
    sshd.program,
  ];
  const deploy = (target: string, ...more: string[]): ReturnType<typeof certs> =>
    certs(
      folder,
      ['deploy', `${destination}:${target}`, '--server', 'db1', '-a', 'ca', ...sshOptions(), ...more],
      { env },
    );
  const file = (target: string, name: string): string => readFileSync(join(target, name), 'utf8');
  const own = (name: string): string => file(join(folder, 'ca/servers/db1'), name);

  test('brings the pair with its modes to a folder whose name needs quoting, and shows the steps first', async () => {
    const target = join(folder, "it's $HOME");
    const dry = await deploy(target, '--dry-run');
    expect(dry).toMatchObject({ status: 0, stderr: '' });
    expect(dry.stdout).toContain('server-key.pem (mode 0600)');
    expect(existsSync(target)).toBe(false);
    expect(await deploy(target)).toMatchObject({ status: 0, stderr: '' });
    for (const name of ['ca.pem', 'server-cert.pem', 'server-key.pem'])
      expect(file(target, name)).toBe(own(name));
    expect(statSync(join(target, 'server-key.pem')).mode & 0o777).toBe(0o600);
  });

  test('tries again after a lost connection, and says so', async () => {
    const flaky = join(folder, 'flaky-ssh');
    writeFileSync(
      flaky,
      `#!/bin/sh\n[ -e '${folder}/tried' ] || { : > '${folder}/tried'; echo 'connection reset' >&2; exit 255; }\nexec ${sshd.program} "$@"\n`,
    );
    chmodSync(flaky, 0o755);
    const target = join(folder, 'flaky');
    const { status, stderr } = await deploy(target, '--ssh', flaky);
    expect(status).toBe(0);
    expect(stderr).toContain('connection reset; attempt 2 of 3');
    expect(file(target, 'server-key.pem')).toBe(own('server-key.pem'));
  });

  test('reports a target it cannot reach and goes on with the others', async () => {
    const argv = [
      'deploy',
      'root@127.0.0.1:/nowhere',
      join(folder, 'near'),
      '--server',
      'db1',
      '-a',
      'ca',
      '--retries',
      '0',
    ];
    const { status, stdout, stderr } = await certs(folder, [...argv, '--ssh-option', 'Port=1'], { env });
    expect(status).toBe(1);
    expect(stdout).toMatch(/root@127\.0\.0\.1:\/nowhere {2}failed/);
    expect(stderr).toContain('1 of 2 targets not reached');
    expect(file(join(folder, 'near'), 'server-cert.pem')).toBe(own('server-cert.pem'));
  });

  test('with the connection cut after any step, the target has the old pair or the new one', async () => {
    const settings: SshSettings = { program: sshd.program, options: sshd.options, sudo: false, env };
    const pair = (version: string): { name: string; text: string; mode: number }[] => [
      { name: 'server-cert.pem', text: `${version}\n`, mode: 0o644 },
      { name: 'server-key.pem', text: `${version}\n`, mode: 0o600 },
    ];
    let seen = '';
    for (let limit = 0, total = 1; limit <= total; limit++) {
      const target = join(folder, `cut-${limit}`);
      mkdirSync(target);
      for (const { name, text } of pair('old')) writeFileSync(join(target, name), text);
      const steps = planDeployment(await lookLocal(target), pair('new'), generationName(new Date()));
      total = steps.length;
      // The shell's parent is the connection's own sshd: without it there is no connection, and then no shell.
      const script = stepsScript(target, steps, undefined, limit).replace(
        /echo rowlock-end\n/,
        'kill -9 $PPID; kill -9 $$\n',
      );
      await expect(
        runRemote({ kind: 'ssh', text: '', destination, port: undefined, folder: target }, script, settings),
      ).rejects.toThrow();
      const [certificate, key] = [
        file(target, 'server-cert.pem').trim(),
        file(target, 'server-key.pem').trim(),
      ];
      expect(certificate).toBe(key);
      seen += certificate === 'new' ? 'n' : 'o';
    }
    expect(seen).toMatch(/^o+n+$/);
  }, 180_000);

  test('with the connection cut anywhere in the transfer, the target keeps what it had, and the next attempt brings it all', async () => {
    const target = join(folder, 'torn');
    expect(await deploy(target)).toMatchObject({ status: 0, stderr: '' });
    const before = own('server-key.pem');
    await certsOk(folder, ['rotate', 'db1', '-a', 'ca']);
    const after = own('server-key.pem');
    const torn = join(folder, 'torn-ssh');
    // The first call of an attempt looks, the second brings the steps.
    const tear = (call: number, filter: string): void => {
      rmSync(join(folder, 'calls'), { force: true });
      writeFileSync(
        torn,
        `#!/bin/sh\necho >> '${folder}/calls'\n[ "$(wc -l < '${folder}/calls')" -eq ${call} ] || exec ${sshd.program} "$@"\n${filter}\n`,
        { mode: 0o755 },
      );
    };
    const script = stepsScript(
      target,
      planDeployment(await lookLocal(target), [{ name: 'server-key.pem', text: after, mode: 0o600 }], 'g'),
    );
    for (const share of [0, 0.1, 0.5, 0.9, 0.99]) {
      tear(2, `head -c ${Math.floor(script.length * share)} | ${sshd.program} "$@"; exit 255`);
      const { status, stderr } = await deploy(target, '--ssh', torn, '--retries', '0');
      expect(status, String(share)).toBe(1);
      expect(stderr).toContain('1 of 1 targets not reached');
      expect(file(target, 'server-key.pem')).toBe(before);
    }
    // An answer that is cut is no answer: neither what the target has, nor that all was done.
    tear(1, `${sshd.program} "$@" | head -c 10`);
    const halfLook = await deploy(target, '--ssh', torn, '--retries', '0');
    expect(halfLook.stderr).toContain('did not answer in full');
    expect(file(target, 'server-key.pem')).toBe(before);
    tear(2, `${sshd.program} "$@" > /dev/null`);
    expect((await deploy(target, '--ssh', torn, '--retries', '0')).stderr).toContain('connection was cut');
    expect(file(target, 'server-key.pem'), 'done, though nobody heard of it').toBe(after);
    tear(2, `${sshd.program} "$@" > /dev/null`);
    expect(await deploy(target, '--ssh', torn)).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('attempt 2 of 3') as string,
    });
    expect(readdirSync(join(target, '.rowlock')).filter((name) => name.endsWith('.part'))).toEqual([]);
  }, 120_000);

  test('a new folder under one that hides everything can be entered by a server of another account', async () => {
    const target = join(folder, 'new/tls');
    expect(await deploy(target)).toMatchObject({ status: 0 });
    for (const path of ['new', 'new/tls', 'new/tls/.rowlock/current/.'])
      expect(statSync(join(folder, path)).mode & 0o777, path).toBe(0o755);
  });

  test('no private key was printed, and none is left readable on the target', () => {
    const secret = own('server-key.pem').split('\n')[1] ?? '';
    expect(secret).not.toBe('');
    for (const text of everythingPrinted) expect(text).not.toMatch(/PRIVATE KEY/);
    expect(everythingPrinted.join('')).not.toContain(secret);
    const walk = (path: string): string[] =>
      readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
        const next = join(path, entry.name);
        return entry.isDirectory() ? walk(next) : entry.isFile() ? [next] : [];
      });
    const keys = walk(folder).filter((path) => readFileSync(path, 'utf8').includes('PRIVATE KEY'));
    expect(keys.length).toBeGreaterThan(3);
    for (const path of keys) expect(statSync(path).mode & 0o077, path).toBe(0);
  });
});
