import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { runDoctor } from '../../src/cli/doctor/index.ts';
import { connect } from '../../src/connection/index.ts';
import { prepareServer } from '../../src/tls/index.ts';
import { listenAsServer } from '../connection/loopback.ts';
import { certs, printedBy } from './rowlock-certs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-odd-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) console.log('skipped: no openssl program');

const read = (path: string): string => readFileSync(path, 'utf8');
const openssl = (...args: string[]): string =>
  execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

interface Made {
  readonly cert: string;
  readonly key: string;
  readonly pem: string;
}

interface Wish {
  readonly issuer?: Made;
  /** Words of `openssl genpkey`. */
  readonly kind?: readonly string[];
  readonly key?: string;
  readonly extensions: readonly string[];
  /** In `YYYYMMDDHHMMSSZ`. */
  readonly end?: string;
  readonly start?: string;
  readonly digest?: string;
  readonly words?: readonly string[];
}

const P256 = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const authority = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign'];
const server = ['basicConstraints=CA:FALSE', 'subjectAltName=DNS:db.test'];
const PAST = '20240101000000Z';

let count = 0;

/** A certificate by `openssl ca`, which makes what no command of ours does. */
function make(name: string, wish: Wish): Made {
  const base = join(folder, `${(count += 1)}`);
  mkdirSync(base);
  const [key, cert] = [wish.key ?? join(base, 'key'), join(base, 'cert')];
  if (wish.key === undefined) openssl('genpkey', ...(wish.kind ?? P256), '-out', key);
  const settings = `[ca]
default_ca = here
[here]
database = ${base}/index
rand_serial = yes
new_certs_dir = ${base}
policy = anything
unique_subject = no
[anything]
commonName = optional
[req]
distinguished_name = dn
[dn]
`;
  writeFileSync(join(base, 'index'), '');
  writeFileSync(join(base, 'settings'), settings);
  writeFileSync(join(base, 'extensions'), `${wish.extensions.join('\n')}\n`);
  const config = ['-config', join(base, 'settings')];
  openssl('req', '-new', ...config, '-key', key, '-subj', `/CN=${name}`, '-out', join(base, 'request'));
  const { issuer } = wish;
  const signer =
    issuer === undefined ? ['-selfsign', '-keyfile', key] : ['-cert', issuer.cert, '-keyfile', issuer.key];
  const [start, end] = [wish.start ?? '20230101000000Z', wish.end ?? '20491231000000Z'];
  const from = ['-in', join(base, 'request'), '-extfile', join(base, 'extensions')];
  const how = ['-md', wish.digest ?? 'sha256', '-startdate', start, '-enddate', end, ...(wish.words ?? [])];
  openssl('ca', '-batch', '-notext', ...config, ...from, ...signer, ...how, '-out', cert);
  return { cert, key, pem: readFileSync(cert, 'utf8') };
}

const rsa = (bits: number): string[] => ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`];
let root: Made;
let rsaRoot: Made;
let good: Made;
const leaf = (more: Partial<Wish> = {}): Made =>
  make('db.test', { issuer: root, extensions: server, ...more });

/** A leaf below an authority that is below the root. */
function below(wish: Partial<Wish>): { certificate: Made; chain: string } {
  const middle = make('middle', { issuer: root, extensions: authority, ...wish });
  return { certificate: leaf({ issuer: middle }), chain: middle.pem };
}

interface World {
  readonly certificate: Made;
  /** What follows the certificate in its file. */
  readonly chain?: string;
  readonly ca?: string;
  /** The findings that make it useless; none where every client accepts it. */
  readonly codes: readonly string[];
}

const trusting = (authorityOf: Made, codes: readonly string[]): World => ({
  certificate: leaf({ issuer: authorityOf }),
  ca: authorityOf.pem,
  codes,
});
const usage = (line: string): Made => leaf({ extensions: [...server, line] });
const curve = (name: string): Made =>
  leaf({ kind: ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${name}`] });

beforeAll(() => {
  if (!hasOpenssl) return;
  root = make('root', { extensions: authority });
  rsaRoot = make('rsa root', { kind: rsa(2048), extensions: authority });
  good = leaf();
});

const worlds: Readonly<Record<string, () => World>> = {
  'nothing odd': () => ({ certificate: good, codes: [] }),
  'any extended usage, which OpenSSL takes for none': () => ({
    certificate: usage('extendedKeyUsage=anyExtendedKeyUsage'),
    codes: ['WRONG_USAGE'],
  }),
  'a key that may only sign others': () => ({
    certificate: usage('keyUsage=critical,keyCertSign'),
    codes: ['WRONG_USAGE'],
  }),
  'a key that may only agree on keys': () => ({
    certificate: usage('keyUsage=critical,keyAgreement'),
    codes: [],
  }),
  'an authority for clients alone': () => ({
    ...below({ extensions: [...authority, 'extendedKeyUsage=clientAuth'] }),
    codes: ['WRONG_USAGE'],
  }),
  'a signature with SHA-1': () => ({
    certificate: leaf({ digest: 'sha1' }),
    codes: ['WEAK_SIGNATURE'],
  }),
  'a signature with SHA-1 in RSASSA-PSS': () => ({
    certificate: leaf({ issuer: rsaRoot, digest: 'sha1', words: ['-sigopt', 'rsa_padding_mode:pss'] }),
    ca: rsaRoot.pem,
    codes: ['WEAK_SIGNATURE'],
  }),
  'a signature with SHA-256 in RSASSA-PSS': () => ({
    certificate: leaf({ issuer: rsaRoot, words: ['-sigopt', 'rsa_padding_mode:pss'] }),
    ca: rsaRoot.pem,
    codes: [],
  }),
  'an authority signed with SHA-1': () => ({ ...below({ digest: 'sha1' }), codes: ['WEAK_SIGNATURE'] }),
  'a root signed with SHA-1, at which nobody looks': () =>
    trusting(make('old root', { extensions: authority, digest: 'sha1' }), []),
  'RSA of 1024 bits': () => ({
    certificate: leaf({ kind: rsa(1024) }),
    codes: ['WEAK_KEY'],
  }),
  'a curve with its parameters spelt out': () => ({
    certificate: leaf({ kind: [...P256, '-pkeyopt', 'ec_param_enc:explicit'] }),
    codes: ['WEAK_KEY'],
  }),
  'P-521': () => ({ certificate: curve('P-521'), codes: [] }),
  Ed25519: () => ({ certificate: leaf({ kind: ['-algorithm', 'ED25519'] }), codes: [] }),
  'an authority of RSA 1024': () =>
    trusting(
      make('weak root', {
        kind: rsa(1024),
        extensions: authority,
      }),
      ['WEAK_KEY'],
    ),
  'the authority renewed, its old certificate first': () => ({
    certificate: good,
    ca: make('root', { extensions: authority, key: root.key, end: PAST }).pem + root.pem,
    codes: [],
  }),
  'an authority that ended, beside the one in force': () => ({
    certificate: good,
    ca: make('gone', { extensions: authority, end: PAST }).pem + root.pem,
    codes: [],
  }),
  'an authority that begins later': () =>
    trusting(make('later', { extensions: authority, start: '20480101000000Z' }), ['NOT_YET_VALID']),
  'a certificate of no authority beside the root': () => ({
    certificate: good,
    ca: good.pem + root.pem,
    codes: [],
  }),
  'an intermediate alone in the CA file': () => {
    const { certificate, chain } = below({});
    return { certificate, chain, ca: chain, codes: ['UNTRUSTED'] };
  },
  'a key beside the certificate of the authority': () => ({
    certificate: good,
    ca: root.pem + readFileSync(root.key, 'utf8'),
    codes: [],
  }),
};

describe.skipIf(!hasOpenssl)('an odd certificate: check and openssl agree about', () => {
  test.each(Object.entries(worlds))('%s', async (name, world) => {
    const { certificate, chain = '', ca = root.pem, codes } = world();
    const at = join(folder, name);
    mkdirSync(at);
    writeFileSync(join(at, 'ca.pem'), ca, { mode: 0o600 });
    writeFileSync(join(at, 'server-cert.pem'), certificate.pem + chain);
    writeFileSync(join(at, 'server-key.pem'), readFileSync(certificate.key), { mode: 0o600 });
    const untrusted = chain === '' ? [] : ['-untrusted', join(at, 'server-cert.pem')];
    // What servers and clients of today ask for: a server's purpose, and 112 bits of strength.
    const asked = ['-purpose', 'sslserver', '-auth_level', '2', '-CAfile', join(at, 'ca.pem'), ...untrusted];
    const accepted = (): boolean => {
      try {
        openssl('verify', ...asked, join(at, 'server-cert.pem'));
        return true;
      } catch {
        return false;
      }
    };
    expect(accepted()).toBe(codes.length === 0);
    const { stdout } = await certs(folder, ['check', name, '--json']);
    const { entries } = JSON.parse(stdout) as {
      entries: { findings: { severity: string; code: string }[] }[];
    };
    const critical = entries
      .flatMap(({ findings }) => findings)
      .flatMap(({ severity, code }) => (severity === 'critical' ? [code] : []));
    expect([...new Set(critical)]).toEqual(codes);
  });
});

describe.skipIf(!hasOpenssl)('a file is read by check as by openssl with', () => {
  const forms: Readonly<Record<string, (pem: string) => string>> = {
    'indented lines': (pem) => pem.replace(/^/gm, '  '),
    'line ends of CR alone': (pem) => pem.replaceAll('\n', '\r'),
    'a blank line inside': (pem) => pem.replace(/\n(?=[\w+/=]+\n-----END)/g, '\n\n'),
    'line ends of CR and LF': (pem) => pem.replaceAll('\n', '\r\n'),
    'blanks at the ends of lines': (pem) => pem.replaceAll('\n', '  \n'),
    'other lines before it': (pem) => `Bag Attributes\n  name: x\n${pem}`,
    'a revocation list before it': (pem) => `-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n${pem}`,
    'the certificate before it': (pem) => good.pem + pem,
  };

  test.each(Object.entries(forms))('%s', async (form, spoil) => {
    const files = { 'ca.pem': root.pem, 'server-cert.pem': good.pem, 'server-key.pem': read(good.key) };
    for (const [part, words] of [
      ['server-cert.pem', ['x509', '-noout', '-in']],
      ['server-key.pem', ['pkey', '-noout', '-in']],
    ] as const) {
      const at = join(folder, `${form}-${part}`);
      mkdirSync(at);
      for (const [name, text] of Object.entries(files))
        writeFileSync(join(at, name), name === part ? spoil(text) : text, { mode: 0o600 });
      const isRead = spawnSync('openssl', [...words, join(at, part)]).status === 0;
      const { stdout } = await certs(folder, ['check', at]);
      expect(stdout.includes('not PEM as servers read it'), `${part}: ${stdout}`).toBe(!isRead);
      expect(stdout.includes('CRITICAL')).toBe(!isRead);
    }
  });
});

describe.skipIf(!hasOpenssl)(
  'a running server is held against a file of authorities by OpenSSL itself',
  () => {
    const server = ['basicConstraints=CA:FALSE', 'subjectAltName=IP:127.0.0.1'];
    /** What it is like, what the doctor says of it, and the code with which a client ends. */
    const refused: Readonly<Record<string, readonly [() => World, RegExp, string?]>> = {
      'a name constraint': [
        () => {
          const issuer = make('narrow', {
            issuer: root,
            extensions: [...authority, 'nameConstraints=critical,permitted;IP:10.0.0.0/255.0.0.0'],
          });
          return {
            certificate: leaf({ issuer, extensions: server }),
            chain: issuer.pem,
            codes: ['UNTRUSTED'],
          };
        },
        /^certificate: clients refuse it: .* an authority in the chain may not sign for \(see its name constraints\)/,
        'TLS_PERMITTED_VIOLATION',
      ],
      'a path length': [
        () => {
          const upper = make('upper', {
            issuer: root,
            extensions: ['basicConstraints=critical,CA:TRUE,pathlen:0', 'keyUsage=critical,keyCertSign'],
          });
          const issuer = make('lower', { issuer: upper, extensions: authority });
          const certificate = leaf({ issuer, extensions: server });
          return { certificate, chain: issuer.pem + upper.pem, codes: ['UNTRUSTED'] };
        },
        /^certificate: clients refuse it: an authority in the chain allows fewer authorities below it/,
        'TLS_PATH_LENGTH_EXCEEDED',
      ],
      'a critical extension that nobody knows': [
        () => ({
          certificate: leaf({ extensions: [...server, '1.2.3.4.5=critical,DER:0500'] }),
          codes: ['UNTRUSTED'],
        }),
        /^certificate: clients refuse it: a certificate in the chain has a critical extension that OpenSSL does not know/,
        'TLS_UNHANDLED_CRITICAL_EXTENSION',
      ],
      'another signer than its authority': [
        () => {
          const ca = make('keyed', { extensions: [...authority, 'subjectKeyIdentifier=0304'] });
          // A key identifier 0102.
          const extensions = [...server, '2.5.29.35=DER:300480020102'];
          return { certificate: leaf({ issuer: ca, extensions }), ca: ca.pem, codes: ['UNTRUSTED'] };
        },
        /which is in the CA file; but it names another certificate as its signer/,
        'TLS_UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      ],
      'an authority that may sign lists alone': [
        () => {
          const lists = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,cRLSign'];
          const ca = make('lists', { extensions: lists });
          const certificate = leaf({ issuer: ca, extensions: server });
          return { certificate, ca: ca.pem, codes: ['NOT_AN_AUTHORITY'] };
        },
        /^certificate: \/CN=lists signed \/CN=db.test but is no authority$/,
        'TLS_KEYUSAGE_NO_CERTSIGN',
      ],
      'no authority': [
        () => {
          const issuer = make('nobody', { issuer: root, extensions: ['basicConstraints=CA:FALSE'] });
          return {
            certificate: leaf({ issuer, extensions: server }),
            chain: issuer.pem,
            codes: ['NOT_AN_AUTHORITY'],
          };
        },
        /^certificate: \/CN=nobody signed \/CN=db.test but is no authority$/,
        'TLS_INVALID_CA',
      ],
      'an authority of RSA 1024': [
        () => {
          const issuer = make('weak', { kind: rsa(1024), extensions: authority });
          return { certificate: leaf({ issuer, extensions: server }), ca: issuer.pem, codes: ['WEAK_KEY'] };
        },
        /^certificate: key RSA 1024 of authority \/CN=weak: clients of today refuse it$/,
        'TLS_CA_KEY_TOO_SMALL',
      ],
      'a signature with SHA-1': [
        () => {
          const issuer = make('old', { issuer: root, extensions: authority, digest: 'sha1' });
          return {
            certificate: leaf({ issuer, extensions: server }),
            chain: issuer.pem,
            codes: ['WEAK_SIGNATURE'],
          };
        },
        /^certificate: authority \/CN=old is signed with SHA-1: clients of today refuse it$/,
        'TLS_CA_MD_TOO_WEAK',
      ],
      'nothing odd': [() => ({ certificate: leaf({ extensions: server }), codes: [] }), /^$/],
      'a chain out of order': [
        () => {
          const upper = make('upper', { issuer: root, extensions: authority });
          const middle = make('middle', { issuer: upper, extensions: authority });
          const lower = make('lower', { issuer: middle, extensions: authority });
          const certificate = leaf({ issuer: lower, extensions: server });
          return { certificate, chain: upper.pem + middle.pem + lower.pem, codes: [] };
        },
        /^$/,
      ],
    };

    test.each(Object.entries(refused))('%s', async (name, [world, cause, code]) => {
      const { certificate, chain = '', ca = root.pem, codes } = world();
      const trust = join(mkdtempSync(join(folder, 'trust-')), 'ca.pem');
      writeFileSync(trust, ca);
      const key = readFileSync(certificate.key, 'utf8');
      // Level 0: what a server of today refuses to load is served here.
      const sslCipher = 'ALL:@SECLEVEL=0';
      const tls = prepareServer({ certificate: certificate.pem + chain, key, authorities: '', sslCipher });
      const running = await listenAsServer({}, { tls });
      onTestFinished(() => running.close());
      const place = `127.0.0.1:${running.port}`;
      const checked = await certs(folder, ['check', place, '--trust', trust]);
      expect(checked.status, name).toBe(codes.length === 0 ? 0 : 2);
      const visited = await printedBy(
        folder,
        { argv: [place, '--ssl-ca', trust, '--json'], env: {} },
        runDoctor,
      );
      const { findings } = JSON.parse(visited.stdout) as { findings: { code: string; message: string }[] };
      expect(findings.map(({ code }) => code)).toEqual(codes);
      expect(findings.map(({ message }) => message).join('')).toMatch(cause);
      const ssl = { sslMode: 'VERIFY_IDENTITY', sslCa: trust } as const;
      const { port } = running;
      const login = connect({ host: '127.0.0.1', port, user: 'nobody', passwords: ['x'], ssl });
      // Nobody has an account here: whoever is let through to the login hears 1045.
      await expect(login).rejects.toMatchObject(code === undefined ? { errno: 1045 } : { code });
    });
  },
);
