import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { certs, certsOk } from './rowlock-certs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-oracle-'));
const at = (name: string): string => join(folder, name);
const text = (name: string): string => readFileSync(at(name), 'utf8');

function openssl(...args: string[]): string {
  return execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
}
const hasOpenssl = ((): boolean => {
  try {
    return openssl('version') !== '';
  } catch {
    console.log('skipped: no openssl program');
    return false;
  }
})();

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Finding {
  readonly code: string;
}
interface Report {
  readonly severity: string;
  readonly entries: readonly {
    readonly place: string;
    readonly role: string;
    readonly findings: readonly Finding[];
  }[];
}

async function check(...argv: string[]): Promise<{ status: number; codes: string[]; report: Report }> {
  const { status, stdout } = await certs(folder, ['check', ...argv, '--json']);
  const report = JSON.parse(stdout) as Report;
  return {
    status,
    report,
    codes: report.entries.flatMap(({ findings }) => findings.map(({ code }) => code)),
  };
}

describe.skipIf(!hasOpenssl).each(['ec-p256', 'ec-p384', 'rsa-2048'])('an authority with %s keys', (kind) => {
  const dir = `ca-${kind}`;
  beforeAll(async () => {
    await certsOk(folder, ['init', dir, '--key', kind, '--key-form', 'traditional', '--days', '20000']);
    await certsOk(folder, ['server', 'localhost', '--san', '127.0.0.1', '--san', '::1', '-a', dir]);
    for (const name of ['app', 'lost']) await certsOk(folder, ['user', name, '-a', dir]);
    copyFileSync(at(`${dir}/users/lost/client-cert.pem`), at(`${dir}-lost.pem`));
    copyFileSync(at(`${dir}/users/lost/client-key.pem`), at(`${dir}-lost-key.pem`));
    await certsOk(folder, ['revoke', 'lost', '--reason', 'keyCompromise', '-a', dir]);
  });

  test('is accepted by openssl under its strictest rules, and its revocation list is obeyed', () => {
    const verify = [
      'verify',
      '-x509_strict',
      '-crl_check_all',
      '-CAfile',
      `${dir}/ca.pem`,
      '-CRLfile',
      `${dir}/crl.pem`,
    ];
    const [server, app] = [`${dir}/servers/localhost/server-cert.pem`, `${dir}/users/app/client-cert.pem`];
    expect(openssl(...verify, '-purpose', 'sslserver', '-verify_hostname', 'localhost', server)).toContain(
      'OK',
    );
    expect(openssl(...verify, '-purpose', 'sslserver', '-verify_ip', '::1', server)).toContain('OK');
    expect(openssl(...verify, '-purpose', 'sslclient', app)).toContain('OK');
    expect(() => openssl(...verify, '-verify_hostname', 'other', server)).toThrow();
    expect(() => openssl(...verify, '-purpose', 'sslserver', app)).toThrow();
    expect(() => openssl(...verify, `${dir}-lost.pem`)).toThrow(/revoked/);
    expect(openssl('crl', '-in', `${dir}/crl.pem`, '-noout', '-text')).toContain('Key Compromise');
    const key = text(`${dir}/servers/localhost/server-key.pem`);
    expect(key).toContain(kind.startsWith('rsa') ? 'BEGIN RSA PRIVATE KEY' : 'BEGIN EC PRIVATE KEY');
    expect(openssl('pkey', '-in', `${dir}/servers/localhost/server-key.pem`, '-noout', '-text')).toContain(
      'Private-Key',
    );
  });

  test('serves and is verified by node:tls in both directions, the revoked client refused', async () => {
    const server = createServer({
      ca: text(`${dir}/ca.pem`),
      cert: text(`${dir}/servers/localhost/server-cert.pem`),
      key: text(`${dir}/servers/localhost/server-key.pem`),
      crl: text(`${dir}/crl.pem`),
      requestCert: true,
      rejectUnauthorized: false,
    });
    const verdicts: (string | null)[] = [];
    server.on('secureConnection', (socket: TLSSocket) => {
      verdicts.push(socket.authorized ? null : String(socket.authorizationError));
      socket.end('x');
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    for (const [cert, key] of [
      [`${dir}/users/app/client-cert.pem`, `${dir}/users/app/client-key.pem`],
      [`${dir}-lost.pem`, `${dir}-lost-key.pem`],
    ] as const) {
      await new Promise<void>((resolve, reject) => {
        const settings = {
          host: '127.0.0.1',
          port,
          ca: text(`${dir}/ca.pem`),
          cert: text(cert),
          key: text(key),
        };
        const socket = connect(settings, () => socket.resume());
        socket.once('close', () => resolve());
        socket.once('error', reject);
      });
    }
    await new Promise((resolve) => server.close(resolve));
    expect(verdicts).toEqual([null, 'CERT_REVOKED']);
  });

  test('stays verifiable for everybody through a roll-over', async () => {
    const verify = (trust: string, name: string): string =>
      openssl('verify', '-x509_strict', '-crl_check', '-CAfile', trust, '-CRLfile', `${dir}/crl.pem`, name);
    const old = `${dir}/users/app/client-cert.pem`;
    copyFileSync(at(old), at(`${dir}-old-app.pem`));
    copyFileSync(at(`${dir}/ca.pem`), at(`${dir}-old-trust.pem`));
    await certsOk(folder, ['rotate', '--ca', '-a', dir]);
    expect(verify(`${dir}/ca.pem`, `${dir}-old-app.pem`)).toContain('OK');
    await certsOk(folder, ['rotate', '--ca', '--confirm', '-a', dir]);
    expect(verify(`${dir}/ca.pem`, `${dir}-old-app.pem`)).toContain('OK');
    expect(verify(`${dir}/ca.pem`, old)).toContain('OK');
    expect(() => verify(`${dir}-old-trust.pem`, old)).toThrow();
    await certsOk(folder, ['rotate', '--ca', '--confirm', '-a', dir]);
    expect(verify(`${dir}/ca.pem`, old)).toContain('OK');
    expect(() => verify(`${dir}/ca.pem`, `${dir}-old-app.pem`)).toThrow();
  });
});

describe.skipIf(!hasOpenssl)('files of other tools', () => {
  beforeAll(() => {
    const subject = (kind: string): string => `/CN=MySQL_Server_8.0.33_Auto_Generated_${kind}_Certificate`;
    mkdirSync(at('setup'));
    // As mysql_ssl_rsa_setup calls it.
    openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-days',
      '3650',
      '-nodes',
      '-keyout',
      'setup/ca-key.pem',
      '-subj',
      subject('CA'),
      '-out',
      'req.pem',
    );
    writeFileSync(at('ca.ext'), 'basicConstraints=CA:TRUE');
    writeFileSync(at('leaf.ext'), 'basicConstraints=CA:FALSE');
    openssl(
      'x509',
      '-sha256',
      '-days',
      '3650',
      '-extfile',
      'ca.ext',
      '-set_serial',
      '1',
      '-req',
      '-in',
      'req.pem',
      '-signkey',
      'setup/ca-key.pem',
      '-out',
      'setup/ca.pem',
    );
    for (const [name, kind] of [
      ['server', 'Server'],
      ['client', 'Client'],
    ] as const) {
      openssl(
        'req',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        `setup/${name}-key.pem`,
        '-subj',
        subject(kind),
        '-out',
        'req.pem',
      );
      openssl(
        'x509',
        '-sha256',
        '-days',
        '3650',
        '-extfile',
        'leaf.ext',
        '-set_serial',
        '2',
        '-req',
        '-in',
        'req.pem',
        '-CA',
        'setup/ca.pem',
        '-CAkey',
        'setup/ca-key.pem',
        '-out',
        `setup/${name}-cert.pem`,
      );
    }
    execFileSync('chmod', ['600', ...['ca', 'server', 'client'].map((name) => at(`setup/${name}-key.pem`))]);
  });

  /** A copy of the folder above in which some files are changed. */
  function variant(name: string, change: Record<string, (text: string) => string>): string {
    mkdirSync(at(name));
    for (const file of readdirSync(at('setup'))) {
      const changed = (change[file] ?? ((same: string) => same))(text(`setup/${file}`));
      if (changed !== '') writeFileSync(at(`${name}/${file}`), changed, { mode: 0o600 });
    }
    return name;
  }

  test('the pairs a server makes itself are recognised', async () => {
    const { status, codes } = await check('setup');
    expect(status).toBe(1);
    expect(codes).toEqual(['AUTO_GENERATED', 'AUTO_GENERATED']);
  });

  test('CRLF line ends, missing final newlines and traditional keys are read', async () => {
    const name = variant('crlf', {
      'server-cert.pem': (pem) => pem.replaceAll('\n', '\r\n'),
      'ca.pem': (pem) => pem.trimEnd(),
      'server-key.pem': () => openssl('rsa', '-traditional', '-in', 'setup/server-key.pem'),
    });
    expect((await check(name)).codes).toEqual(['AUTO_GENERATED', 'AUTO_GENERATED']);
  });

  test.each([
    [
      'a key under a passphrase',
      'KEY_ENCRYPTED',
      () => openssl('pkey', '-aes256', '-passout', 'pass:x', '-in', 'setup/server-key.pem'),
    ],
    [
      'a traditional key under a passphrase',
      'KEY_ENCRYPTED',
      () => openssl('rsa', '-traditional', '-aes128', '-passout', 'pass:x', '-in', 'setup/server-key.pem'),
    ],
    ['the key of another certificate', 'KEY_MISMATCH', () => text('setup/client-key.pem')],
    ['a key cut short', 'UNREADABLE', (pem: string) => pem.slice(0, 400)],
    [
      'a key with bytes changed',
      'KEY_UNREADABLE',
      (pem: string) => pem.replace(/\n.{60}/, `\n${'A'.repeat(60)}`),
    ],
    ['something else', 'NOT_PEM', () => 'not a key\n'],
  ])('%s is named: %s', async (what, code, change) => {
    const { status, codes } = await check(variant(what.replaceAll(' ', '-'), { 'server-key.pem': change }));
    expect(status).toBe(2);
    expect(codes).toContain(code);
  });

  test('a chain in the wrong order is named, and the right one is not', async () => {
    const wrong = variant('wrong-order', { 'server-cert.pem': (pem) => text('setup/ca.pem') + pem });
    expect((await check(wrong)).codes).toContain('CHAIN_ORDER');
    const right = variant('right-order', { 'server-cert.pem': (pem) => pem + text('setup/ca.pem') });
    expect((await check(right)).codes).not.toContain('CHAIN_ORDER');
  });

  test('a certificate of another authority is named', async () => {
    const name = variant('foreign', {
      'ca.pem': () => text('ca-ec-p256/ca.pem'),
    });
    expect((await check(name)).codes.filter((code) => code === 'UNTRUSTED')).toHaveLength(2);
  });

  test('a folder as cert-manager mounts it is read', async () => {
    mkdirSync(at('mounted'));
    for (const [from, to] of [
      ['ca.pem', 'ca.crt'],
      ['server-cert.pem', 'tls.crt'],
      ['server-key.pem', 'tls.key'],
    ] as const) {
      writeFileSync(at(`mounted/${to}`), text(`ca-ec-p256/servers/localhost/${from}`), { mode: 0o600 });
    }
    const { status, report } = await check('mounted');
    expect(status).toBe(0);
    expect(report.entries.map(({ role }) => role)).toEqual(['authority', 'server']);
  });

  test('an option file leads to the files it names, and to what it lacks', async () => {
    const pair = at('ca-ec-p256/servers/localhost');
    const good = `[mysqld]\nssl_ca=${pair}/ca.pem\nssl-cert = "${pair}/server-cert.pem" # ours\nssl_key=${pair}/server-key.pem\n`;
    writeFileSync(at('good.cnf'), good);
    expect(await check('good.cnf')).toMatchObject({ status: 0, codes: [] });
    writeFileSync(at('bad.cnf'), `${good}ssl_key=\n[client]\nssl-ca=nowhere.pem\n`);
    expect((await check('bad.cnf')).codes.toSorted()).toEqual(['FILE_MISSING', 'HALF_A_PAIR']);
    writeFileSync(at('off.cnf'), `${good}skip-ssl\n`);
    expect((await check('off.cnf')).codes).toEqual(['TLS_OFF']);
  });
});

describe('monitoring', () => {
  const days = (count: number) => (): Date => new Date(Date.now() + count * 86_400_000);
  const run = (now: () => Date, ...argv: string[]): ReturnType<typeof certs> =>
    certs(folder, ['check', ...argv], { now });

  test('the exit status follows the thresholds, and 3 means it could not look', async () => {
    await certsOk(folder, ['init', 'watched']);
    await certsOk(folder, ['server', 'db1', '--days', '100', '-a', 'watched']);
    expect((await run(days(69), 'watched')).status).toBe(0);
    expect((await run(days(70), 'watched')).status).toBe(1);
    expect((await run(days(70), 'watched', '--warn', '20')).status).toBe(0);
    expect((await run(days(93), 'watched')).status).toBe(2);
    const over = await run(days(100.5), 'watched', '--quiet');
    expect(over.status).toBe(2);
    expect(over.stdout).toMatch(/CRITICAL {2}\.{10} {3}-1 d {2}server[^]*expired less than a day ago/);
    expect((await run(days(0), 'watched', '--warn', 'x')).status).toBe(3);
    expect((await run(days(0), 'db.example:3306')).status).toBe(2);
  });

  test('the text file for Prometheus has one sample a certificate and family, and no leftovers', async () => {
    expect((await run(days(0), 'watched', '--prometheus', 'out.prom')).status).toBe(0);
    const lines = text('out.prom').trimEnd().split('\n');
    const samples = lines.filter((line) => !line.startsWith('#'));
    expect(
      samples.every((line) => /^rowlock_[a-z_]+(\{([a-z]+="([^"\\]|\\.)*",?)+\})? \d+$/.test(line)),
    ).toBe(true);
    expect(samples.filter((line) => line.startsWith('rowlock_certificate_not_after_seconds'))).toHaveLength(
      2,
    );
    expect(readdirSync(folder).filter((name) => name.includes('rowlock-new'))).toEqual([]);
    expect(existsSync(at('out.prom'))).toBe(true);
  });
});
