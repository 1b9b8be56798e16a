import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CertificateError, readRevocationList } from '../tls/index.ts';
import { examinePair } from './examination/examine-pair.ts';
import { parseAlternativeName } from './x509/alternative-names.ts';
import { inspectCertificate } from './x509/inspect.ts';
import { issue, selfSign } from './x509/issue.ts';
import { makeKey } from './x509/keys.ts';
import { parseName } from './x509/name.ts';
import { formatPem, parsePem } from './x509/pem.ts';
import { readRequest } from './x509/request.ts';
import { makeRevocationList } from './x509/revocation.ts';

const validity = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2036-01-01T00:00:00Z') };
const at = { now: new Date('2026-11-21T00:00:00Z'), warnDays: 30, criticalDays: 7 };

// OpenSSL 3.0.19: req -new -newkey ec -subj /O=x/CN=rq -addext subjectAltName=DNS:rq.example.com,IP:10.0.0.1
const REQUEST = `-----BEGIN CERTIFICATE REQUEST-----
MIIBBjCBrQIBADAZMQowCAYDVQQKDAF4MQswCQYDVQQDDAJycTBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABAPuUgO9TTx5VmvDwlZtjbhpRHn1KaQD/alrsESypijV
DXJb8Um+yVt6ae75PKEw1jdHLeGFJB8wZ7WhkXvQc1KgMjAwBgkqhkiG9w0BCQ4x
IzAhMB8GA1UdEQQYMBaCDnJxLmV4YW1wbGUuY29thwQKAAABMAoGCCqGSM49BAMC
A0gAMEUCIGtRFAhO5K2x51ozRLlHnzIhxG//Jo3Um/OzUC8zjwShAiEAnu8ERO0A
fo/lIUSN3aNvLevLdPwt8gRpEYYFv27G4BQ=
-----END CERTIFICATE REQUEST-----
`;

/** More of them: ROWLOCK_MUTATIONS=200000; another series: ROWLOCK_SEED. */
const MUTATIONS = Number(process.env['ROWLOCK_MUTATIONS'] ?? 4000);
const SEED = Number(process.env['ROWLOCK_SEED'] ?? 20_261_121);

async function samples(): Promise<{ certificate: Buffer; list: Buffer; rsa: Buffer; authority: Buffer }> {
  const key = await makeKey('ec-p256');
  const authority = await selfSign({ subject: parseName('/C=DE/O=Acme/CN=CA'), validity }, key);
  const issuer = { certificate: authority, key };
  const names = ['db1.example.com', '10.0.0.1', '::1'].map(parseAlternativeName);
  const leaf = await issue(
    { purpose: 'server', subject: parseName('db1'), publicKey: key, names, validity },
    issuer,
  );
  const revoked = [{ serial: 'FF01', at: validity.notBefore, reason: 'keyCompromise' as const }];
  const pem = await makeRevocationList(issuer, {
    revoked,
    number: 3,
    thisUpdate: validity.notBefore,
    nextUpdate: validity.notAfter,
  });
  const rsaKey = await makeKey('rsa-2048');
  const many = Array.from({ length: 60 }, (_, index) => parseAlternativeName(`db${index}.example.com`));
  const subject = parseName('/C=DE/O=a\\/b/DC=x/CN=Größe/emailAddress=a@b.c');
  const rsa = await issue({ purpose: 'user', subject, publicKey: rsaKey, names: many, validity }, issuer);
  return {
    certificate: leaf.raw,
    list: parsePem(pem)[0]?.der ?? Buffer.alloc(0),
    rsa: rsa.raw,
    authority: authority.raw,
  };
}

/** Either it reads, or it says why; nothing else is thrown. */
function readsOrRefuses(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    return false;
  }
}

type Change = (bytes: Buffer, at: number, other: Uint8Array) => Buffer;

const changes = {
  flip: (bytes, at, other) => {
    if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << ((other[0] ?? 0) & 7));
    return bytes;
  },
  overwrite: (bytes, at, other) => {
    bytes.set(other.subarray(0, bytes.length - at), at);
    return bytes;
  },
  cut: (bytes, at) => bytes.subarray(0, at),
  remove: (bytes, at, other) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + other.length)]),
  double: (bytes, at, other) =>
    Buffer.concat([
      bytes.subarray(0, at),
      bytes.subarray(Math.max(0, at - other.length * 8)),
      bytes.subarray(at),
    ]),
  insert: (bytes, at, other) => Buffer.concat([bytes.subarray(0, at), other, bytes.subarray(at)]),
  // Lengths of no end (0x80), of four octets, and of more than any machine has.
  lie: (bytes, at, other) => {
    const lies = [[0x80], [0x84, 0xff, 0xff, 0xff, 0xff], [0x88, 0x7f, 0xff], [0xff], [0x83, 0, 0, 0]];
    bytes.set((lies[(other[0] ?? 0) % lies.length] ?? []).slice(0, bytes.length - at), at);
    return bytes;
  },
  wrap: (bytes, _at, other) => {
    let nested = bytes;
    for (let depth = 0; depth < (other[0] ?? 0); depth++) {
      const size = nested.length;
      nested = Buffer.concat([Buffer.from([0x30, 0x82, (size >> 8) & 0xff, size & 0xff]), nested]);
    }
    return nested;
  },
} as const satisfies Record<string, Change>;
const howToEdit = Object.keys(changes) as (keyof typeof changes)[];

const readers: readonly ((bytes: Buffer) => unknown)[] = [
  inspectCertificate,
  readRevocationList,
  (bytes) => readRequest(formatPem('CERTIFICATE REQUEST', bytes)),
  (bytes) => examinePair({ role: 'server', chain: parsePem(formatPem('CERTIFICATE', bytes)), trust: [] }, at),
];

describe('hostile bytes', () => {
  test('a list and a certificate cut anywhere are refused', async () => {
    const { certificate, list } = await samples();
    expect(inspectCertificate(certificate).names).toHaveLength(3);
    expect([...readRevocationList(list).serials]).toEqual(['FF01']);
    for (const [bytes, reader] of [
      [certificate, inspectCertificate],
      [list, readRevocationList],
    ] as const) {
      for (let length = 1; length < bytes.length; length++) {
        expect(() => reader(bytes.subarray(0, length))).toThrow(CertificateError);
      }
    }
  });

  test('bits flipped, bytes overwritten, taken out, doubled, lengths that lie: never a crash, never a hang', async () => {
    const { certificate, list, rsa, authority } = await samples();
    const request = parsePem(REQUEST)[0]?.der ?? Buffer.alloc(0);
    const edit = fc.record({
      at: fc.nat(),
      how: fc.constantFrom(...howToEdit),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 6 }),
    });
    const outcome = { read: 0, refused: 0 };
    fc.assert(
      fc.property(
        fc.constantFrom(certificate, list, request, rsa, authority),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        (original, edits) => {
          let bytes: Buffer = Buffer.from(original);
          for (const { at: where, how, bytes: other } of edits) {
            bytes = changes[how](bytes, bytes.length === 0 ? 0 : where % bytes.length, other);
          }
          for (const reader of readers) outcome[readsOrRefuses(() => reader(bytes)) ? 'read' : 'refused']++;
        },
      ),
      { numRuns: MUTATIONS, seed: SEED },
    );
    // Both happen: neither is everything refused before it is looked at, nor everything believed.
    expect(outcome.read).toBeGreaterThan(MUTATIONS / 100);
    expect(outcome.refused).toBeGreaterThan(MUTATIONS);
    if (MUTATIONS > 4000) console.log(`${MUTATIONS} mutations from seed ${SEED}: ${JSON.stringify(outcome)}`);
  }, 3_600_000);

  test('bytes of no meaning at all are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (noise) => {
        for (const reader of readers) readsOrRefuses(() => reader(Buffer.from(noise)));
      }),
      { numRuns: 1000, seed: 7 },
    );
  });

  test('a request is read with its names, and refused when its signature is not its own', () => {
    const request = readRequest(REQUEST);
    expect(request.names).toEqual([
      { kind: 'dns', value: 'rq.example.com' },
      { kind: 'ip', value: '10.0.0.1' },
    ]);
    const der = Buffer.from(parsePem(REQUEST)[0]?.der ?? []);
    const inName = der.indexOf('rq.example.com');
    der.write('RQ', inName);
    expect(() => readRequest(formatPem('CERTIFICATE REQUEST', der))).toThrow(/signature/);
  });
});
