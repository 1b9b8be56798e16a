import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { certs, certsOk } from './rowlock-certs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-mistake-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  await certsOk(folder, ['init', 'ca']);
  for (const name of ['db1', 'both']) await certsOk(folder, ['server', name, '-a', 'ca']);
  for (const name of ['app', 'both']) await certsOk(folder, ['user', name, '-a', 'ca']);
  writeFileSync(join(folder, 'text'), 'not a certificate\n');
  writeFileSync(join(folder, 'empty'), '');
  writeFileSync(join(folder, 'torn.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n');
  mkdirSync(join(folder, 'dir'));
});

/** Every file with its content and mode. */
function snapshot(): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const found = statSync(join(folder, name));
      return `${name} ${found.mode} ${found.isFile() ? readFileSync(join(folder, name), 'utf8') : ''}`;
    })
    .join('\n');
}

/** Words → what the first line says, and where it helps what the second does. */
const mistakes: readonly (readonly [readonly string[], RegExp, RegExp?])[] = [
  [['bogus'], /unknown command 'bogus'/, /--help/],
  [['init'], /missing required argument 'dir'/, /--help/],
  [['init', 'a', 'b'], /too many arguments/],
  [['init', 'x', '--days', '0'], /whole number from 1 to 36525/],
  [['init', 'x', '--key', 'dsa'], /Allowed choices are ec-p256/],
  [['init', 'x', '--name', ''], /empty value for CN/],
  [['init', 'x', '--name', '/XX=1'], /known attribute type/, /\/C=DE/],
  [['init', 'x', '--name', 'O=Acme, CN=db CA'], /would be a common name as a whole/, /\/O=Acme\/CN=db CA/],
  [['init', 'x', '--owner', 'nobody-of-that-name'], /no such owner/],
  [['init', 'ca'], /ca\/authority\.json: file exists and is never overwritten/, /Choose another folder/],
  [['init', 'text'], /text: exists already and is never overwritten/],
  [['init', 'text/x'], /a part of this path is a file/, /Choose another folder/],
  [['init', 'x', '--encrypt'], /under a passphrase and none was given/, /--passphrase-file/],
  [['list'], /no certificate authority in/, /certs init DIR/],
  [['server', 'x', '-a', 'nowhere'], /no certificate authority in .*nowhere/, /--authority DIR/],
  [['server', 'db1', '-a', 'ca'], /there is a server 'db1' already/, /certs rotate db1/],
  [['server', '../x', '-a', 'ca'], /cannot be the name of a pair/, /--san/],
  [['server', 'x', '--san', 'bad host', '-a', 'ca'], /neither a host name nor an IP address/],
  [['server', 'x', '--san', '999.1.1.1', '-a', 'ca'], /neither a host name nor an IP address/],
  [['server', 'x', '--san', '', '-a', 'ca'], /must not be empty/],
  [['server', 'x', '--days', '1.5', '-a', 'ca'], /whole number/],
  [['user', 'x', '--subject', 'CN=x', '-a', 'ca'], /common name as a whole/, /\/CN=x/],
  [['user', 'x', '--require', 'nothing', '-a', 'ca'], /Allowed choices/],
  [['sign', 'nowhere.csr', '--server', 'x', '-a', 'ca'], /nowhere\.csr: no such request/],
  [['sign', 'text', '--server', 'x', '-a', 'ca'], /text: no certificate request/],
  [['sign', 'dir', '--server', 'x', '-a', 'ca'], /dir: is a folder, not a file/],
  [['sign', 'text', '-a', 'ca'], /either --server NAME or --user NAME/],
  [['rotate', 'nobody', '-a', 'ca'], /no server or user 'nobody'/, /Known: .*db1.*app/],
  [['rotate', 'both', '-a', 'ca'], /server\/both or user\/both/],
  [['rotate', '--all', 'db1', '-a', 'ca'], /names or --all, not both/],
  [['rotate', '--ca', '--all', '-a', 'ca'], /no names and no --all/],
  [['rotate', '--confirm', '-a', 'ca'], /--confirm goes with --ca/],
  [['rotate', '--name', 'x', '-a', 'ca'], /--name goes with --ca/],
  [['revoke', 'nobody', '-a', 'ca'], /no server or user 'nobody'/],
  [['revoke', 'ca/ca.pem', '-a', 'ca'], /is the authority itself/, /rotate --ca/],
  [['crl', '--days', '0', '-a', 'ca'], /whole number from 1/],
  [['deploy', '-a', 'ca'], /either --server NAME or --user NAME, or --all/],
  [['deploy', '--server', 'db1', '-a', 'ca'], /deploy needs a target/],
  [['deploy', 'host:relative', '--server', 'db1', '-a', 'ca'], /must be absolute/],
  [['deploy', '--all', '-a', 'ca'], /nothing was deployed before/],
  [['deploy', '--all', 'x', '-a', 'ca'], /deploy --all takes no target/],
  [['deploy', 'x', '--server', 'db1', '--source', 'db1', '-a', 'ca'], /--source goes with --all/],
  [['deploy', 'x', '--server', 'db1', '--restarted', '-a', 'ca'], /--restarted needs --reload/],
  [['deploy', 'x', '--server', 'db1', '--reload-user', 'u', '-a', 'ca'], /--reload-user needs --reload/],
  [['deploy', 'x', '--user', 'app', '--reload', 'h:1', '-a', 'ca'], /--reload goes with --server/],
  [['deploy', 'x', '--server', 'db1', '--target-owner', 'no-such', '-a', 'ca'], /no such owner/],
  [['deploy', 'text', '--server', 'db1', '-a', 'ca'], /is a file, not a folder|part of this path/],
  [['config', '--for', 'foo'], /'foo' is not one of mysqld/],
  [['config', '--port', '70000'], /whole number from 1 to 65535/],
  [['enforce', 'host'], /enforce needs --user/],
  [['enforce', 'a b', '-u', 'x'], /is not HOST or HOST:PORT/],
  [['enforce', '127.0.0.1:1', '-u', 'x', '--require', 'ssl'], /--require and --account go together/],
  [['enforce', '127.0.0.1:1', '-u', 'x'], /Can't connect/],
  [['enforce', 'h', '-u', 'x', '--password-file', 'nowhere'], /no such password file/],
  [['check', '--warn', 'soon'], /whole number, 0 or more/],
  [['check', '127.0.0.1:1', '--trust', 'nowhere.pem'], /no such file: nowhere\.pem/],
  [['check', '127.0.0.1:1', '--trust', 'text'], /no certificate in PEM form in text/],
  [['check', '127.0.0.1:1', '--trust', 'torn.pem'], /torn\.pem: PEM block CERTIFICATE of line 1 has no end/],
];

describe('a mistake', () => {
  test.each(mistakes.map(([argv, first, second]) => ({ argv, first, second })))(
    '$argv is told in a line, and changes nothing',
    async ({ argv, first, second }) => {
      const before = snapshot();
      const { status, stdout, stderr } = await certs(folder, argv);
      expect(status).toBe(argv[0] === 'check' ? 3 : 1);
      const lines = stderr.trimEnd().split('\n');
      expect(lines.length).toBeLessThanOrEqual(3);
      expect(lines[0]).toMatch(/^rowlock certs: /);
      expect(lines[0]).toMatch(first);
      if (second !== undefined) expect(lines.slice(1).join('\n')).toMatch(second);
      expect(stdout + stderr).not.toMatch(/^ +at |\bError: |undefined|\[object/m);
      // A folder for an authority that did not come to be may stay, empty.
      rmSync(join(folder, 'x'), { recursive: argv[0] === 'init', force: true });
      expect(snapshot()).toBe(before);
    },
  );

  test('of help is none: every command explains itself and all its options', async () => {
    const { stdout } = await certs(folder, ['--help']);
    const names = [...stdout.matchAll(/^ {2}([a-z]+) \[?[<o]/gm)].map(([, name]) => name ?? '');
    expect(names.length).toBeGreaterThan(11);
    for (const name of names) {
      const help = await certs(folder, [name, '--help']);
      expect(help.status, name).toBe(0);
      expect(help.stdout, name).toMatch(/^Usage: rowlock certs /);
      // Every option has a description beside or below it.
      expect(help.stdout, name).not.toMatch(/^ {2}-[^\n]*>\n {2}-/m);
    }
  });
});

describe('two at once', () => {
  test('do not meet: the later one is told who holds the folder, and nothing is lost', async () => {
    const runs = await Promise.all(
      ['t1', 't2', 't3', 't4'].map((name) => certs(folder, ['server', name, '-a', 'ca'])),
    );
    const done = runs.filter(({ status }) => status === 0);
    expect(done.length).toBeGreaterThan(0);
    for (const { status, stderr } of runs) {
      if (status === 0) continue;
      // Who has just made the lock has not put its name there yet.
      expect(stderr).toMatch(new RegExp(`another rowlock \\((${process.pid} |starting\\))`));
      expect(stderr).toContain('If no other rowlock is running, remove this file.');
    }
    const { entries } = JSON.parse((await certs(folder, ['check', 'ca', '--json'])).stdout) as {
      entries: { place: string }[];
    };
    expect(entries.filter(({ place }) => /servers\/t\d\//.test(place))).toHaveLength(done.length);
  });

  test('making one authority end with one', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => certs(folder, ['init', 'twice'])));
    expect(runs.filter(({ status }) => status === 0)).toHaveLength(1);
    expect((await certs(folder, ['check', 'twice'])).status).toBe(0);
    await certsOk(folder, ['server', 'x', '-a', 'twice']);
  });

  test('a lock without a name in it keeps others out for seconds, not for ever', async () => {
    const lock = join(folder, 'ca/.lock');
    writeFileSync(lock, '');
    expect((await certs(folder, ['crl', '-a', 'ca'])).stderr).toContain('another rowlock (starting)');
    utimesSync(lock, new Date(0), new Date(0));
    expect((await certs(folder, ['crl', '-a', 'ca'])).status).toBe(0);
    // Of a process that is gone.
    const { pid } = { pid: Number(execFileSync('sh', ['-c', 'echo $$']).toString()) };
    writeFileSync(lock, `${pid} ${execFileSync('hostname').toString()}`);
    expect((await certs(folder, ['crl', '-a', 'ca'])).status).toBe(0);
  });
});

describe('a passphrase that is asked for', () => {
  /** A terminal that is typed on when it hides what is typed. */
  function terminal(...answers: readonly (string | null)[]): {
    stdin: never;
    isHidden: () => boolean;
    shownFirst: boolean;
  } {
    const stdin = new PassThrough();
    const left = [...answers];
    let hidden = false;
    const state = { stdin: stdin as never, isHidden: () => hidden, shownFirst: false };
    Object.assign(stdin, {
      isTTY: true,
      setRawMode: (on: boolean) => {
        hidden = on;
        if (!on) return;
        const next = left.shift();
        setImmediate(() => (next === null || next === undefined ? stdin.end() : stdin.write(next)));
      },
    });
    return state;
  }

  test('is taken with corrections, twice for a new key, and hidden before the question is there', async () => {
    const typed = terminal('seX\u007fcret\r', 'secret\n');
    const stderr = new PassThrough();
    const hiddenWhenAsked: boolean[] = [];
    stderr.on('data', (chunk) => {
      if (String(chunk).includes(': ')) hiddenWhenAsked.push(typed.isHidden());
    });
    const made = await certs(folder, ['init', 'asked', '--encrypt'], { stdin: typed.stdin, stderr });
    expect(made.status).toBe(0);
    expect(hiddenWhenAsked).toEqual([true, true]);
    expect(typed.isHidden()).toBe(false);
    const again = terminal('secret\r');
    expect((await certs(folder, ['server', 'x', '-a', 'asked'], { stdin: again.stdin })).status).toBe(0);
  });

  test.each([
    ['differs the second time', ['one\r', 'two\r'], 'the two passphrases differ'],
    ['is empty', ['\r', '\r'], 'none was given'],
    ['is interrupted', ['x\u0003'], 'no passphrase was given'],
    ['ends', ['\u0004'], 'no passphrase was given'],
    ['hangs up', [null], 'no passphrase was given'],
  ] as const)('%s: one line, no key', async (_name, answers, text) => {
    const typed = terminal(...answers);
    const { status, stderr } = await certs(folder, ['init', 'x', '--encrypt'], { stdin: typed.stdin });
    expect(status).toBe(1);
    expect(stderr).toContain(text);
    expect(typed.isHidden(), 'the terminal shows again what is typed').toBe(false);
    expect(readdirSync(join(folder, 'x'))).toEqual([]);
    rmSync(join(folder, 'x'), { recursive: true });
  });

  test('is wrong: one line', async () => {
    const typed = terminal('wrong\r');
    const { status, stderr } = await certs(folder, ['server', 'y', '-a', 'asked'], { stdin: typed.stdin });
    expect(status).toBe(1);
    expect(stderr).toMatch(/ca-key\.pem: wrong passphrase/);
  });
});
