import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { runDoctor } from '../../src/cli/doctor/index.ts';
import { missingServers, withServer } from '../servers/index.ts';
import { certs, everythingPrinted, printedBy } from './rowlock-certs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const passphrase = 'Passphrase-5e1f';
const passwords = ['Password-by-file-77aa', 'Password-by-env-13bc', 'Password-wrong-90ff'] as const;
const byFile = ['--passphrase-file', 'phrase'];

/** A terminal that answers every question with a line. */
function terminal(line: string): PassThrough & { isTTY: boolean; setRawMode(on: boolean): unknown } {
  const stdin = new PassThrough();
  return Object.assign(stdin, {
    isTTY: true,
    setRawMode: (on: boolean) => {
      if (on) setImmediate(() => stdin.write(`${line}\r`));
    },
  });
}

function walk(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const next = join(path, entry.name);
    return entry.isDirectory() ? walk(next) : entry.isFile() ? [next] : [];
  });
}

const isKey = (text: string): boolean => /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text);

/** Pieces of every private key in the folder: no line of one may turn up anywhere else. */
function keyLines(): string[] {
  return walk(folder)
    .map((path) => readFileSync(path, 'utf8'))
    .filter(isKey)
    .flatMap((text) => text.split('\n').filter((line) => line.length > 40 && !line.startsWith('-')));
}

describe('secrets', () => {
  test('of every command, failing or not, are printed nowhere and lie in private files alone', async () => {
    writeFileSync(join(folder, 'phrase'), `${passphrase}\n`, { mode: 0o600 });
    writeFileSync(join(folder, 'wrong'), `not ${passphrase} at all\n`, { mode: 0o600 });
    writeFileSync(join(folder, 'pw'), `${passwords[0]}\n`, { mode: 0o600 });
    const done: Record<string, number> = {};
    const run = async (argv: string[], more: Parameters<typeof certs>[2] = {}): Promise<void> => {
      for (const json of argv[0] === 'init' ? [false] : [false, true]) {
        const words = json ? [...argv, '--json'] : argv;
        done[words.join(' ')] = (await certs(folder, words, more)).status;
      }
    };
    const env = { ROWLOCK_PASSPHRASE: passphrase, MYSQL_PWD: passwords[1] };
    await run(['init', 'ca', '--encrypt', ...byFile]);
    await run(['init', 'ca2', '--encrypt'], { stdin: terminal(passphrase) as never });
    await run(['init', 'ca3', '--encrypt'], { env });
    await run(['init', 'ca', '--encrypt', ...byFile]);
    await run(['server', 'db', '-a', 'ca', ...byFile]);
    await run(['user', 'app', '-a', 'ca'], { env });
    await run(['user', 'lost', '-a', 'ca'], { env });
    await run(['user', 'later', '-a', 'ca', '--passphrase-file', '-'], { input: `${passphrase}\n` });
    await run(['server', 'asked', '-a', 'ca2'], { stdin: terminal(passphrase) as never });
    await run(['user', 'no', '-a', 'ca', '--passphrase-file', 'wrong']);
    await run(['user', 'no', '-a', 'ca']);
    await run(['sign', 'ca/users/app/client-key.pem', '--user', 'x', '-a', 'ca'], { env });
    await run(['list', '-a', 'ca']);
    await run(['check', 'ca', '--prometheus', 'out.prom']);
    await run(['check', 'ca/users/app/client-key.pem', 'ca/ca-key.pem', 'phrase']);
    await run(['revoke', 'lost', '-a', 'ca'], { env });
    await run(['crl', '-a', 'ca'], { env });
    await run(['rotate', 'app', '-a', 'ca'], { env });
    await run(['rotate', '--ca', '-a', 'ca'], { env });
    await run(['rotate', '--ca', '--confirm', '-a', 'ca'], { env });
    await run(['config', '--folder', join(folder, 'ca/users/app')]);
    await run(['deploy', join(folder, 'there'), '--server', 'db', '-a', 'ca'], { env });
    await run(['deploy', join(folder, 'there'), '--server', 'db', '-a', 'ca', '--dry-run'], { env });
    await run(['deploy', join(folder, 'phrase'), '--server', 'db', '-a', 'ca'], { env });
    // Words and environment of the child are kept: ssh may forward either.
    writeFileSync(
      join(folder, 'ssh'),
      `#!/bin/sh\n{ printf '%s\\n' "$@"; env; } >> '${folder}/child.log'\nexit 255\n`,
      { mode: 0o755 },
    );
    await run(
      [
        'deploy',
        'root@nowhere:/x',
        '--ssh',
        join(folder, 'ssh'),
        '--retries',
        '0',
        '--server',
        'db',
        '-a',
        'ca',
      ],
      { env: { ...env, PATH: process.env['PATH'] } },
    );
    expect(readFileSync(join(folder, 'child.log'), 'utf8')).toContain('root@nowhere');
    await run(['enforce', '127.0.0.1:1', '-u', 'x', '--password-file', 'pw'], { env });
    for (const argv of [['127.0.0.1:1'], ['127.0.0.1:1', '-u', 'x', '--password-file', 'pw', '--json']])
      await printedBy(folder, { argv, env }, runDoctor);
    expect(done['init ca2 --encrypt']).toBe(0);
    expect(done['server asked -a ca2']).toBe(0);
    expect(done['user no -a ca --passphrase-file wrong']).toBe(1);
    expect(done['deploy there --server db -a ca'] ?? 0).toBe(0);
    nothingLeaked();
  }, 120_000);

  test.skipIf(missingServers('mysql97') !== undefined)(
    'of visits to a server are printed nowhere',
    async () => {
      await withServer('mysql97', 'secrets', {}, async (server) => {
        await server.query(
          `CREATE USER 'admin'@'%' IDENTIFIED BY '${passwords[0]}'; GRANT ALL ON *.* TO 'admin'@'%'`,
        );
        const at = `127.0.0.1:${server.port}`;
        for (const [argv, MYSQL_PWD] of [
          [['--password-file', 'pw'], passwords[1]],
          [[], passwords[0]],
          [[], passwords[2]],
        ] as const) {
          await certs(folder, ['enforce', at, '-u', 'admin', ...argv], { env: { MYSQL_PWD } });
          const doctor = await printedBy(
            folder,
            { argv: [at, '-u', 'admin', ...argv], env: { MYSQL_PWD } },
            runDoctor,
          );
          expect(/Access denied/.test(doctor.stdout)).toBe(MYSQL_PWD === passwords[2]);
        }
        nothingLeaked();
      });
    },
  );
});

function nothingLeaked(): void {
  const printed = everythingPrinted.join('\n');
  expect(printed.length).toBeGreaterThan(1000);
  const lines = keyLines();
  expect(lines.length).toBeGreaterThan(5);
  for (const secret of [passphrase, ...passwords, ...lines]) expect(printed).not.toContain(secret);
  expect(isKey(printed)).toBe(false);
  for (const path of walk(folder)) {
    const text = readFileSync(path, 'utf8');
    const own = ['phrase', 'wrong', 'pw'].some((name) => path === join(folder, name));
    if (isKey(text)) {
      expect(statSync(path).mode & 0o077, path).toBe(0);
      if (/ca-key/.test(path)) expect(() => createPrivateKey(text), path).toThrow();
    } else if (!own) {
      for (const secret of [passphrase, ...passwords, ...lines])
        expect(text.includes(secret), path).toBe(false);
    }
  }
  // Every process of this machine, this one and what it started included.
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const file = `/proc/${pid}/cmdline`;
    const words = existsSync(file) ? commandLine(file) : '';
    expect(words.includes(passphrase) || passwords.some((password) => words.includes(password))).toBe(false);
  }
}

function commandLine(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
