import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CertificateError } from '../tls/index.ts';
import { parseAlternativeName } from './alternative-names.ts';
import { examinePair } from './examine.ts';
import { inspectCertificate } from './inspect.ts';
import { issue, selfSign } from './issue.ts';
import { makeKey } from './keys.ts';
import { parseName } from './name.ts';
import { formatPem, parsePem } from './pem.ts';
import { readRequest } from './request.ts';
import { makeRevocationList, readRevocationList } from './revocation.ts';

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

async function samples(): Promise<{ certificate: Buffer; list: Buffer }> {
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
  return { certificate: leaf.raw, list: parsePem(pem)[0]?.der ?? Buffer.alloc(0) };
}

/** Either it reads, or it says why; nothing else is thrown. */
function readsOrRefuses(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
  }
}

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

  test('flipped bits and overwritten runs never crash or hang a reader', async () => {
    const { certificate, list } = await samples();
    const request = parsePem(REQUEST)[0]?.der ?? Buffer.alloc(0);
    const edit = fc.record({
      at: fc.nat(),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 6 }),
      cut: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(certificate, list, request),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        (original, edits) => {
          let bytes = Buffer.from(original);
          for (const { at: where, bytes: overwrite, cut } of edits) {
            const position = where % bytes.length;
            bytes.set(overwrite.subarray(0, bytes.length - position), position);
            if (cut && position > 4) bytes = bytes.subarray(0, position);
          }
          for (const reader of readers) readsOrRefuses(() => reader(bytes));
        },
      ),
      { numRuns: 3000, seed: 20261121 },
    );
  });

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
