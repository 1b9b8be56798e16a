import { expect, test } from 'vitest';
import { isEncryptedKey, pemBlocks, pemBytes, toPem } from './pem.ts';

test('a bundle is cut into its blocks, whatever stands between them', () => {
  const one = toPem(Buffer.from('one'), 'X509 CRL');
  const two = toPem(Buffer.alloc(100, 2), 'X509 CRL');
  const key = toPem(Buffer.from('key'), 'PRIVATE KEY');
  const text = `Subject: a comment\n${one}${key}\r\n${two.replaceAll('\n', '\r\n')}`;
  expect(pemBlocks(text, 'CRL').length).toBe(2);
  expect(pemBlocks(text, 'CERTIFICATE')).toEqual([]);
  expect(pemBytes(pemBlocks(text, 'CRL')[1]!, 'CRL')).toEqual(Buffer.alloc(100, 2));
  expect(pemBlocks('-----BEGIN CERTIFICATE-----\nAA==\n-----END PRIVATE KEY-----\n', 'CERTIFICATE')).toEqual(
    [],
  );
});

test('a block survives being written and read', () => {
  for (const size of [0, 1, 48, 49, 1000])
    expect(pemBytes(toPem(Buffer.alloc(size, 7), 'X'), 'X')).toEqual(Buffer.alloc(size, 7));
});

test('both kinds of encrypted keys are told from plain ones', () => {
  expect(isEncryptedKey(toPem(Buffer.of(1), 'ENCRYPTED PRIVATE KEY'))).toBe(true);
  expect(isEncryptedKey('-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n')).toBe(true);
  expect(isEncryptedKey(toPem(Buffer.of(1), 'PRIVATE KEY'))).toBe(false);
});
