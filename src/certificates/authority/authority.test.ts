import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CertificateError, readRevocationList } from '../../tls/index.ts';
import { inspectCertificate, verifies } from '../x509/inspect.ts';
import { readKeyText, sameKey } from '../x509/keys.ts';
import { parsePem } from '../x509/pem.ts';
import { type Authority, createAuthority, openAuthority } from './authority.ts';
import { pairFolder } from './pair-folder.ts';
import { certificateOf, findPair, makePair, namesFor, renewPair } from './pairs.ts';
import { recoverAuthority } from './recover.ts';
import { publishLists, revokePair } from './revocations.ts';
import { advanceRollover, outdatedPairs } from './rollover.ts';

let folder: string;
let now: Date;
const context = { now: () => now, passphrase: async () => undefined };

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'rowlock-ca-')), 'ca');
  now = new Date('2026-11-21T12:00:00Z');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

function create(
  more: { encrypted?: boolean; passphrase?: () => Promise<string | undefined>; days?: number } = {},
): Promise<Authority> {
  const { encrypted = false, passphrase = context.passphrase, days = 3650 } = more;
  return createAuthority(
    folder,
    { name: 'CA', days, keyKind: 'ec-p256', keyForm: 'pkcs8', encrypted },
    { ...context, passphrase },
  );
}

function server(authority: Authority, name: string): ReturnType<typeof makePair> {
  const names = namesFor('server', name, []);
  return makePair(authority, {
    kind: 'server',
    name,
    names,
    days: 825,
    keyKind: 'ec-p256',
    keyForm: 'pkcs8',
  });
}

function keyBelongs(kind: 'server' | 'user', name: string): boolean {
  const [cert, key] =
    kind === 'server' ? ['server-cert.pem', 'server-key.pem'] : ['client-cert.pem', 'client-key.pem'];
  const own = join(folder, `${kind}s`, name);
  const certificate = new X509Certificate(readFileSync(join(own, cert)));
  return sameKey(readKeyText(readFileSync(join(own, key), 'utf8')), certificate.publicKey);
}

const trusted = (): X509Certificate[] =>
  parsePem(readFileSync(join(folder, 'ca.pem'), 'utf8')).map(({ der }) => new X509Certificate(der));

describe('an authority', () => {
  test.skipIf(platform() === 'win32')('has the modes MySQL expects', async () => {
    const authority = await create();
    await server(authority, 'db1');
    const mode = (path: string): number => statSync(join(folder, path)).mode & 0o777;
    expect(['.', 'servers', 'servers/db1'].map(mode)).toEqual([0o700, 0o700, 0o700]);
    expect(['ca-key.pem', 'authority.json', 'servers/db1/server-key.pem'].map(mode)).toEqual([
      0o600, 0o600, 0o600,
    ]);
    expect(['ca.pem', 'servers/db1/ca.pem', 'servers/db1/server-cert.pem'].map(mode)).toEqual([
      0o644, 0o644, 0o644,
    ]);
  });

  test('never overwrites: neither itself, nor files somebody else left, nor a pair', async () => {
    const authority = await create();
    const before = readFileSync(join(folder, 'ca-key.pem'), 'utf8');
    await expect(create()).rejects.toThrow(CertificateError);
    await server(authority, 'db1');
    await expect(server(authority, 'db1')).rejects.toMatchObject({ code: 'CERTIFICATE_EXISTS' });
    expect(readFileSync(join(folder, 'ca-key.pem'), 'utf8')).toBe(before);
  });

  test('puts its key under a passphrase, and needs it for every signature', async () => {
    const authority = await create({ encrypted: true, passphrase: async () => 'horse' });
    expect(readFileSync(join(folder, 'ca-key.pem'), 'utf8')).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    await server(authority, 'db1');
    const forgetful = await openAuthority(folder, context);
    await expect(server(forgetful, 'db2')).rejects.toMatchObject({ code: 'CERTIFICATE_PASSPHRASE' });
    const wrong = await openAuthority(folder, { ...context, passphrase: async () => 'hose' });
    await expect(server(wrong, 'db2')).rejects.toMatchObject({ code: 'CERTIFICATE_PASSPHRASE' });
    expect(readdirSync(join(folder, 'servers'))).toEqual(['db1']);
  });

  test('makes certificates that end with it at the latest, valid five minutes back', async () => {
    const authority = await create({ days: 100 });
    const view = inspectCertificate(certificateOf(await server(authority, 'db1')).raw);
    expect(view.notAfter).toEqual(new Date('2027-03-01T12:00:00Z'));
    expect(view.notBefore).toEqual(new Date('2026-11-21T11:55:00Z'));
    expect(view.names).toEqual([{ kind: 'dns', value: 'db1' }]);
  });

  test('writes years from 2050 on as they must be written', async () => {
    const view = inspectCertificate(trustedOf(await create({ days: 36_500 })).raw);
    expect(view.notAfter.getUTCFullYear()).toBe(2126);
  });

  test('refuses a pair with its own name, which clients would take for self-signed', async () => {
    const authority = await create();
    await expect(server(authority, 'CA')).rejects.toThrow(/name of the authority itself/);
  });

  test.each(['../x', '.x', 'a/b', 'a\\b', '', 'x'.repeat(70)])(
    'refuses %j as the name of a pair',
    async (name) => {
      await expect(server(await create(), name)).rejects.toThrow(CertificateError);
    },
  );
});

const trustedOf = (authority: Authority): X509Certificate =>
  new X509Certificate(authority.ledger.generations[0]?.certificate ?? '');

describe('renewing', () => {
  test('makes a new key, keeps the old pair with the date, and remembers names and days', async () => {
    const authority = await create();
    const old = await server(authority, 'db1');
    now = new Date('2028-01-01T00:00:00Z');
    const renewed = await renewPair(authority, old);
    expect(renewed).toMatchObject({ names: old.names, days: 825 });
    expect(sameKey(certificateOf(renewed).publicKey, certificateOf(old).publicKey)).toBe(false);
    expect(keyBelongs('server', 'db1')).toBe(true);
    const kept = join(folder, 'old-keys/2028-01-01T000000Z/servers/db1');
    expect(readFileSync(join(kept, 'server-cert.pem'), 'utf8')).toBe(old.certificate);
    expect(readdirSync(kept)).toContain('server-key.pem');
  });

  test('that was interrupted is finished when the ledger has it and forgotten when not', async () => {
    const authority = await create();
    const old = await server(authority, 'db1');
    const renewed = await renewPair(authority, old);
    const own = pairFolder(authority, 'server', 'db1');
    // As after a crash between ledger and rename: the new folder is still aside, the old one in place.
    renameSync(own, join(folder, 'servers/.db1.ready'));
    const kept = join(folder, 'old-keys', readdirSync(join(folder, 'old-keys'))[0] ?? '', 'servers/db1');
    renameSync(kept, own);
    await recoverAuthority(authority);
    expect(readFileSync(join(own, 'server-cert.pem'), 'utf8')).toBe(renewed.certificate);
    expect(keyBelongs('server', 'db1')).toBe(true);
    // As before the ledger had it.
    renameSync(own, join(folder, 'servers/.db1.ready'));
    writeFileSync(join(folder, 'servers/.db1.ready/server-cert.pem'), old.certificate);
    await recoverAuthority(authority);
    expect(readdirSync(join(folder, 'servers'))).toEqual([]);
  });

  test('that was killed while it wrote leaves nothing of that, which may be a key', async () => {
    const authority = await create();
    await server(authority, 'db1');
    const own = pairFolder(authority, 'server', 'db1');
    const before = [readdirSync(folder), readdirSync(own)];
    for (const place of [folder, own]) writeFileSync(join(place, '.0123456789ab.rowlock-new'), 'half a key');
    await recoverAuthority(authority);
    expect([readdirSync(folder), readdirSync(own)]).toEqual(before);
  });
});

describe('rolling the authority over', () => {
  test('goes through three stages in which no certificate in use loses its trust', async () => {
    const authority = await create();
    const before = await server(authority, 'db1');
    const [oldAuthority] = trusted();
    await advanceRollover(authority, false);
    const both = trusted();
    expect(both.map(({ fingerprint256 }) => fingerprint256)).toContain(oldAuthority?.fingerprint256);
    expect(both).toHaveLength(2);
    expect(new Set(both.map(({ subject }) => subject)).size, 'the name stays, for REQUIRE ISSUER').toBe(1);
    expect(findPair(authority, 'server', 'db1').certificate).toBe(before.certificate);
    await expect(advanceRollover(authority, false)).rejects.toMatchObject({ code: 'CERTIFICATE_STAGE' });

    const { renewed } = await advanceRollover(authority, true);
    expect(renewed.map(({ name }) => name)).toEqual(['db1']);
    expect(trusted()).toHaveLength(2);
    const after = certificateOf(findPair(authority, 'server', 'db1'));
    expect(
      both.filter(({ publicKey }) => verifies(after, publicKey)).map(({ fingerprint256 }) => fingerprint256),
    ).toEqual([both[1]?.fingerprint256]);

    await advanceRollover(authority, true);
    expect(trusted().map(({ fingerprint256 }) => fingerprint256)).toEqual([both[1]?.fingerprint256]);
    expect(authority.ledger.rollover).toBeNull();
    expect(readdirSync(folder)).not.toContain('ca-key.pem');
    expect(keyBelongs('server', 'db1')).toBe(true);
    await server(authority, 'db2');
  });

  test('that was interrupted while it renewed pairs goes on where it stopped', async () => {
    const authority = await create();
    for (const name of ['db1', 'db2']) await server(authority, name);
    await advanceRollover(authority, false);
    const state = authority.ledger;
    await advanceRollover(authority, true);
    // The ledger as it was after the first of two pairs.
    const db2 = state.pairs.find(({ name }) => name === 'db2');
    authority.ledger = {
      ...authority.ledger,
      pairs: authority.ledger.pairs.map((pair) => (pair.name === 'db2' && db2 !== undefined ? db2 : pair)),
    };
    expect(outdatedPairs(authority).map(({ name }) => name)).toEqual(['db2']);
    const step = await advanceRollover(authority, false);
    expect(step).toMatchObject({ state: 'pairs', unsigned: [] });
    expect(step.renewed.map(({ name }) => name)).toEqual(['db2']);
    expect(outdatedPairs(authority)).toEqual([]);
  });

  test('keeps a revocation list for each authority in force', async () => {
    const authority = await create();
    await server(authority, 'db1');
    await publishLists(authority, 10);
    const count = (): number => parsePem(readFileSync(join(folder, 'crl.pem'), 'utf8')).length;
    expect(count()).toBe(1);
    await advanceRollover(authority, true);
    expect(count()).toBe(2);
    await advanceRollover(authority, true);
    expect(readFileSync(join(folder, 'servers/db1/crl.pem'), 'utf8')).toBe(
      readFileSync(join(folder, 'crl.pem'), 'utf8'),
    );
    await advanceRollover(authority, true);
    expect(count()).toBe(1);
  });
});

describe('revoking', () => {
  test('puts the certificate on the list and its pair away', async () => {
    const authority = await create();
    const pair = await server(authority, 'db1');
    await revokePair(authority, pair, 'keyCompromise');
    const [block] = parsePem(readFileSync(join(folder, 'crl.pem'), 'utf8'));
    const list = readRevocationList(block?.der ?? Buffer.alloc(0));
    expect([...list.serials]).toEqual([inspectCertificate(certificateOf(pair).raw).serial]);
    expect(list.nextUpdate).toEqual(new Date('2026-12-21T12:00:00Z'));
    expect(readdirSync(join(folder, 'servers'))).toEqual([]);
    expect(() => findPair(authority, 'server', 'db1')).toThrow(CertificateError);
  });
});
