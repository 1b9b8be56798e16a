import { type KeyObject, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
// Chains are made with the same code as everything else, but of shapes that no command makes.
import { parseAlternativeName } from '../../src/certificates/x509/alternative-names.ts';
import { inspectCertificate, matchesHost } from '../../src/certificates/x509/inspect.ts';
import {
  formatCertificate,
  type Issuer,
  issue,
  nameOf,
  type Purpose,
  seal,
  selfSign,
  timeOf,
} from '../../src/certificates/x509/issue.ts';
import { formatKey, makeKey, publicBytes } from '../../src/certificates/x509/keys.ts';
import { parseName } from '../../src/certificates/x509/name.ts';
import { formatPem } from '../../src/certificates/x509/pem.ts';
import { exactly, toolkit } from '../../src/certificates/x509/toolkit.ts';
import { missingServers, runTool, SERVERS, type ServerName, withServer } from '../servers/index.ts';
import { certs } from './rowlock-certs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowlock-chain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DAY = 86_400_000;
const days = (from: number, to: number): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(Date.now() + from * DAY),
  notAfter: new Date(Date.now() + to * DAY),
});

interface Made extends Issuer {
  readonly pem: string;
}

async function make(
  issuer: Issuer | undefined,
  purpose: Purpose,
  name: string,
  validity = days(-10, 400),
): Promise<Made> {
  const key = await makeKey('ec-p256');
  const subject = parseName(name);
  const names = purpose === 'server' ? ['127.0.0.1', 'localhost'].map(parseAlternativeName) : [];
  const certificate =
    issuer === undefined
      ? await selfSign({ subject, validity }, key)
      : await issue({ purpose, subject, publicKey: key, names, validity }, issuer);
  return { certificate, key, pem: formatCertificate(certificate) };
}

/** A root as `openssl x509 -signkey` made them: of version 1, without extensions. */
async function makeAncient(name: string): Promise<Made> {
  const kit = await toolkit();
  const key = await makeKey('ec-p256');
  const made = new kit.pki.Certificate();
  made.serialNumber = new kit.asn1.Integer({ value: 1 });
  made.subject = nameOf(kit, parseName(name));
  made.issuer = made.subject;
  made.notBefore = timeOf(kit, days(-10, 0).notBefore);
  made.notAfter = timeOf(kit, days(0, 400).notAfter);
  made.subjectPublicKeyInfo = kit.pki.PublicKeyInfo.fromBER(exactly(publicBytes(key)));
  const certificate = new X509Certificate(seal(kit, made, key, () => made.encodeTBS()));
  return { certificate, key, pem: formatCertificate(certificate) };
}

const [SERVER, CLIENT] = ['06082b06010505070301', '06082b06010505070302'];

/** As `openssl x509 -trustout -addtrust … -addreject …` writes it: usages as object identifiers. */
function trusted({ certificate }: Made, usage?: string, rejected?: string): string {
  const list = (tag: string, oid?: string): string => (oid === undefined ? '' : `${tag}0a${oid}`);
  const lists = list('30', usage) + list('a0', rejected);
  const marks = Buffer.from(`30${(lists.length / 2).toString(16).padStart(2, '0')}${lists}`, 'hex');
  return formatPem('TRUSTED CERTIFICATE', Buffer.concat([certificate.raw, marks]));
}

interface Shape {
  readonly ca: string;
  readonly certificate: string;
  readonly key: KeyObject | string;
  /** What `check` calls it; nothing for one that works. */
  readonly codes: readonly string[];
}

/** Clients believe it; MySQL's server looks for a root of its own before it reloads. */
const ROOTLESS = 'an intermediate marked for servers, without its root';

const shapes = new Map<string, Shape>();

beforeAll(async () => {
  const root = await make(undefined, 'authority', '/CN=root');
  const middle = await make(root, 'authority', '/CN=middle');
  const lower = await make(middle, 'authority', '/CN=lower');
  const leaf = await make(middle, 'server', '/CN=leaf');
  const deep = await make(lower, 'server', '/CN=deep');
  const other = await make(undefined, 'authority', '/CN=other');
  // Another authority of the same name: only its key tells.
  const double = await make(undefined, 'authority', '/CN=root');
  const notYet = await make(middle, 'server', '/CN=not yet', days(1, 100));
  const over = await make(middle, 'server', '/CN=over', days(-9, -1));
  const staleMiddle = await make(root, 'authority', '/CN=stale', days(-9, -1));
  const ofStale = await make(staleMiddle, 'server', '/CN=of stale');
  const noAuthority = await make(root, 'server', '/CN=no authority');
  const ofNone = await make(noAuthority, 'server', '/CN=of none');
  const client = await make(middle, 'user', '/CN=client');
  const ancient = await makeAncient('/CN=ancient');
  const ofAncient = await make(ancient, 'server', '/CN=of ancient');
  const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
  const plain = (ca: string, certificate: string, key: Made, ...codes: string[]): Shape => ({
    ca,
    certificate,
    key: key.key,
    codes,
  });
  const both = leaf.pem + middle.pem;
  for (const [name, shape] of Object.entries({
    'leaf, then its intermediate': plain(root.pem, both, leaf),
    'leaf, two intermediates': plain(root.pem, deep.pem + lower.pem + middle.pem, deep),
    'leaf, intermediate and root': plain(root.pem, both + root.pem, leaf),
    'intermediate in the CA file': plain(root.pem + middle.pem, leaf.pem, leaf),
    'a bundle of authorities, ours the last': plain(other.pem + double.pem + root.pem, both, leaf),
    'intermediate as the anchor': plain(middle.pem + root.pem, both, leaf),
    'a root of version 1': plain(ancient.pem, ofAncient.pem, ofAncient),
    'a root marked for servers': plain(trusted(root, SERVER), both, leaf),
    'a root with nothing but a name': plain(other.pem + trusted(root), both, leaf),
    [ROOTLESS]: plain(trusted(middle, SERVER), leaf.pem, leaf),
    'a root marked for clients': plain(trusted(root, CLIENT), both, leaf, 'UNTRUSTED'),
    'a root marked as not for servers': plain(trusted(root, undefined, SERVER), both, leaf, 'UNTRUSTED'),
    'a root marked as not for clients': plain(trusted(root, undefined, CLIENT), both, leaf),
    'an intermediate marked for clients': plain(
      root.pem + trusted(middle, CLIENT),
      leaf.pem,
      leaf,
      'UNTRUSTED',
    ),
    'no intermediate': plain(root.pem, leaf.pem, leaf, 'UNTRUSTED'),
    'one of two intermediates': plain(root.pem, deep.pem + lower.pem, deep, 'UNTRUSTED'),
    'another root': plain(other.pem, both, leaf, 'UNTRUSTED'),
    'another root of the same name': plain(double.pem, both, leaf, 'UNTRUSTED'),
    'intermediate first': plain(root.pem, middle.pem + leaf.pem, leaf, 'CHAIN_ORDER', 'KEY_MISMATCH'),
    'the key of the intermediate': { ...plain(root.pem, both, middle), codes: ['KEY_MISMATCH'] },
    'not yet valid': plain(root.pem, notYet.pem + middle.pem, notYet, 'NOT_YET_VALID'),
    expired: plain(root.pem, over.pem + middle.pem, over, 'EXPIRED'),
    'an intermediate that expired': plain(
      root.pem,
      ofStale.pem + staleMiddle.pem,
      ofStale,
      'EXPIRED',
      'AUTHORITY_EXPIRED',
    ),
    'signed by no authority': plain(root.pem, ofNone.pem + noAuthority.pem, ofNone, 'NOT_AN_AUTHORITY'),
    'of a user': plain(root.pem, client.pem + middle.pem, client, 'WRONG_USAGE'),
    'CRLF line ends': plain(crlf(root.pem), crlf(both), leaf),
    'no final newlines': plain(root.pem.trimEnd(), both.trimEnd(), leaf),
    'words before and between': plain(
      root.pem,
      `Bag Attributes\n  x: y\n${leaf.pem}\nsubject=/CN=x\n${middle.pem}`,
      leaf,
    ),
    'joined without a newline': plain(root.pem, leaf.pem.trimEnd() + middle.pem, leaf, 'UNREADABLE'),
    'a key in the traditional form': {
      ...plain(root.pem, both, leaf),
      key: formatKey(leaf.key, 'traditional'),
    },
    'a key with CRLF line ends': { ...plain(root.pem, both, leaf), key: crlf(formatKey(leaf.key)) },
    'a key under a passphrase': {
      ...plain(root.pem, both, leaf),
      key: formatKey(leaf.key, 'pkcs8', 'x'),
      codes: ['KEY_ENCRYPTED'],
    },
    'key and certificate in one file': plain(root.pem, formatKey(leaf.key) + both, leaf),
    // OpenSSL sorts what follows the first; older libraries do not, and so it is a warning.
    'intermediates in the wrong order': plain(root.pem, deep.pem + middle.pem + lower.pem, deep),
    'an authority nobody asked for': plain(root.pem, both + other.pem, leaf),
  }))
    shapes.set(name, shape);
});

function lay(name: string, into: string): string {
  const { ca, certificate, key } = shapes.get(name)!;
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, 'ca.pem'), ca);
  // A file with a key in it is as private as one that is nothing else.
  writeFileSync(join(into, 'server-cert.pem'), certificate, { mode: 0o600 });
  writeFileSync(join(into, 'server-key.pem'), typeof key === 'string' ? key : formatKey(key), {
    mode: 0o600,
  });
  return into;
}

interface Report {
  readonly entries: readonly {
    readonly findings: readonly { readonly code: string; readonly severity: string }[];
  }[];
}

async function criticalOf(path: string): Promise<{ codes: string[]; all: string[] }> {
  const { stdout } = await certs(folder, ['check', path, '--json']);
  const found = (JSON.parse(stdout) as Report).entries.flatMap(({ findings }) => findings);
  const codes = found.filter(({ severity }) => severity === 'critical').map(({ code }) => code);
  return { codes: [...new Set(codes)].toSorted(), all: found.map(({ code }) => code) };
}

test('check names what is wrong with a chain, and nothing that works', async () => {
  for (const [name, { codes }] of shapes) {
    const found = await criticalOf(lay(name, join(folder, 'checked', name)));
    expect(found.codes, name).toEqual([...codes].toSorted());
  }
  expect((await criticalOf(join(folder, 'checked', 'intermediates in the wrong order'))).all).toEqual([
    'CHAIN_ORDER',
    'CHAIN_NOT_SENT',
  ]);
});

test('a wildcard may be part of the first label, as clients of both servers have it', async () => {
  const { certificate } = await makeAncient('/CN=w*.example.com');
  const view = inspectCertificate(certificate.raw);
  expect(['www', 'w', 'db', 'w.w'].filter((label) => matchesHost(view, `${label}.example.com`))).toEqual([
    'www',
    'w',
  ]);
});

const servers: readonly { name: ServerName; reload: string }[] = [
  { name: 'mysql97', reload: 'ALTER INSTANCE RELOAD TLS' },
  { name: 'mariadb118', reload: 'FLUSH SSL' },
];

describe.each(servers)('$name and its client', ({ name, reload }) => {
  test.skipIf(missingServers(name) !== undefined)('agree with check about every chain', async () => {
    const tls = lay('leaf, then its intermediate', join(folder, name));
    const args = ['ca', 'cert', 'key'].map(
      (part) => `--ssl-${part}=${tls}/${part === 'ca' ? 'ca' : `server-${part}`}.pem`,
    );
    await withServer(name, 'chain', { args }, async (server) => {
      await server.query("CREATE USER 'any'@'%'", { args: name === 'mysql97' ? [] : ['--skip-ssl'] });
      const { client } = SERVERS[name];
      const verify = client.tool === 'mysql' ? ['--ssl-mode=VERIFY_IDENTITY'] : ['--ssl-verify-server-cert'];
      const verdicts: Record<string, boolean> = {};
      for (const shape of shapes.keys()) {
        lay(shape, tls);
        // Over the socket, whatever the certificate is now.
        const args = client.tool === 'mysql' ? ['--ssl-mode=DISABLED'] : ['--skip-ssl'];
        const loaded = await server.query(reload, { args }).then(
          () => true,
          () => false,
        );
        const { exit } = await runTool(client.server, client.tool, [
          '--no-defaults',
          '--host=127.0.0.1',
          `--port=${server.port}`,
          '--protocol=tcp',
          '--user=any',
          `--ssl-ca=${tls}/ca.pem`,
          ...verify,
          '-e',
          'do 1',
        ]);
        verdicts[shape] = loaded && exit === 0;
      }
      const expected: Record<string, boolean> = {};
      for (const shape of shapes.keys()) {
        const { codes, all } = await criticalOf(lay(shape, join(folder, 'checked', shape)));
        // What follows the first certificate is MariaDB's to send; MySQL takes it from the file of ssl_ca.
        const isSent = !(name === 'mysql97' && (all.includes('CHAIN_NOT_SENT') || shape === ROOTLESS));
        expected[shape] = codes.length === 0 && isSent;
      }
      expect(verdicts).toEqual(expected);
      expect(Object.values(expected).filter(Boolean).length).toBe(name === 'mysql97' ? 3 : 19);
    });
  });
});

describe('the files MySQL makes for itself', () => {
  test.skipIf(missingServers('mysql97') !== undefined)(
    'are read where it put them, and recognised',
    async () => {
      await withServer('mysql97', 'own', {}, async (server) => {
        const names = readdirSync(server.dataFolder).filter((name) => name.endsWith('.pem'));
        expect(names).toContain('server-cert.pem');
        const found = await criticalOf(server.dataFolder);
        expect(found.codes).toEqual([]);
        expect(found.all.filter((code) => code === 'AUTO_GENERATED')).toHaveLength(2);
        const served = await certs(folder, ['check', `127.0.0.1:${server.port}`]);
        expect(served.status).toBe(1);
        expect(served.stdout).toContain('made by the server itself');
      });
    },
  );
});

test('a certificate-manager bundle of leaf, intermediate and root is read by its own names', async () => {
  const { ca, certificate, key } = shapes.get('leaf, then its intermediate')!;
  const where = join(folder, 'bundle');
  mkdirSync(where);
  writeFileSync(join(where, 'ca.crt'), ca);
  writeFileSync(join(where, 'tls.crt'), certificate);
  writeFileSync(join(where, 'tls.key'), formatKey(key as KeyObject), { mode: 0o600 });
  const { stdout, status } = await certs(folder, ['check', 'bundle', '--json']);
  expect(status, 'MySQL would not send the intermediate').toBe(1);
  const { entries } = JSON.parse(stdout) as { entries: { role: string; subject: string }[] };
  expect(entries.map(({ role, subject }) => `${role} ${subject}`)).toEqual([
    'authority /CN=root',
    'server /CN=leaf',
    'authority /CN=middle',
  ]);
  expect(new X509Certificate(certificate).subject).toBe('CN=leaf');
});
