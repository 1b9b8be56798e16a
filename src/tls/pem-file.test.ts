import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type PemContent, whyUnusable } from './pem-file.ts';

const missing = (): unknown => {
  try {
    return readFileSync('/nowhere/key.pem');
  } catch (error) {
    return error;
  }
};
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
/** What `openssl pkcs12 -export` begins with. */
const pkcs12 = Buffer.from('308203a10201033082035706092a864886f70d010701', 'hex');
const certificate = '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n';

test.each<readonly [string, PemContent, Buffer | string, RegExp]>([
  ['nothing', 'certificate', '', /^'f' is empty$/],
  ['a text', 'private key', 'hello', /^'f' holds no private key in PEM form$/],
  ['a byte', 'private key', 'h', /^'f' holds no private key in PEM form$/],
  ['the other file of the pair', 'private key', certificate, /^'f' holds a certificate, and no private key$/],
  ['a key', 'certificate', pem, /^'f' holds a private key, and no certificate$/],
  [
    'a public key',
    'private key',
    publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    /^'f' holds a public key, and no private key$/,
  ],
  [
    'a damaged certificate',
    'certificate',
    certificate,
    /^'f' cannot be used as a certificate: it is damaged$/,
  ],
  [
    'a key of OpenSSH',
    'private key',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n',
    /^'f' holds a key in the form of OpenSSH, and no private key$/,
  ],
  [
    'a key in DER form',
    'private key',
    privateKey.export({ type: 'pkcs8', format: 'der' }),
    /^'f' is a private key in DER form, .*openssl pkey -inform DER -in f /,
  ],
  [
    'a key in the older DER form',
    'private key',
    privateKey.export({ type: 'sec1', format: 'der' }),
    /^'f' is a private key in DER form/,
  ],
  ['PKCS#12', 'private key', pkcs12, /^'f' looks like PKCS#12, .*openssl pkcs12 -in f -nocerts -nodes /],
  ['UTF-16', 'private key', Buffer.from(`\ufeff${pem}`, 'utf16le'), /^'f' is a text in UTF-16/],
])('%s says what it is', (_what, wanted, content, words) => {
  expect(whyUnusable('f', Buffer.from(content), wanted, new Error('no start line'))).toMatch(words);
});

test('what cannot be read is told in the words of the system', () => {
  expect(whyUnusable('f', undefined, 'certificate', missing())).toBe(
    "'f' cannot be read: No such file or directory",
  );
});
