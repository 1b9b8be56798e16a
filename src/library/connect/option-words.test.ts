import { expect, test } from 'vitest';
import { UsageError } from '../../errors/index.ts';
import { inOptionNames, withOptionNames } from './option-words.ts';

test.each([
  [
    'use TLS (--ssl-mode=REQUIRED), give its RSA key (--server-public-key-path), or trust the key (--get-server-public-key).',
    "use TLS (sslMode: 'REQUIRED'), give its RSA key (serverPublicKey), or trust the key (getServerPublicKey).",
  ],
  ['give --ssl-ca, or --skip-ssl-verify-server-cert', 'give sslCa, or sslVerifyServerCert: false'],
  ["--tls-version='TLSv1': a comma list", "tlsVersion: 'TLSv1': a comma list"],
  ['prohibited while --require_secure_transport=ON.', 'prohibited while --require_secure_transport=ON.'],
])('%s', (text, said) => {
  expect(inOptionNames(text)).toBe(said);
});

test('an error keeps what it is, and says it in the names of options', () => {
  const error = new UsageError('no --ssl-cert', { hint: 'Give --ssl-cert and --ssl-key.' });
  expect(withOptionNames(error)).toBe(error);
  expect(error).toMatchObject({ message: 'no sslCert', hint: 'Give sslCert and sslKey.' });
  expect(withOptionNames(undefined)).toBeUndefined();
});
