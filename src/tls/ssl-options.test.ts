import { expect, test } from 'vitest';
import { UsageError } from '../errors/index.ts';
import { parseSslMode, parseTlsVersions, resolvePolicy, SSL_MODES, type SslOptions } from './ssl-options.ts';

test('a mode is read in any case and by any prefix that fits one mode only', () => {
  for (const mode of SSL_MODES) expect(parseSslMode(mode.toLowerCase())).toBe(mode);
  expect(parseSslMode('verify_c')).toBe('VERIFY_CA');
  expect(parseSslMode('d')).toBe('DISABLED');
  for (const text of ['verify_', 'v', '', '1', 'REQUIRED2', 'ON']) expect(parseSslMode(text)).toBeUndefined();
});

test('versions are a comma list; MySQL refuses what MariaDB ignores', () => {
  expect(parseTlsVersions('tlsv1.3,TLSv1.2', 'mysql')).toEqual(['TLSv1.2', 'TLSv1.3']);
  for (const text of ['', 'TLSv1.1', 'TLSv1.2,nonsense', 'TLSv1.2,'])
    expect(parseTlsVersions(text, 'mysql')).toBeUndefined();
  expect(parseTlsVersions('TLSv1.1,nonsense,TLSv1.2', 'mysql', 'lenient')).toEqual(['TLSv1.2']);
  expect(parseTlsVersions('TLSv1.1,nonsense', 'mysql', 'lenient')).toBeUndefined();
  expect(parseTlsVersions('TLSv1.1,nonsense', 'mariadb')).toEqual(['TLSv1.1']);
  expect(parseTlsVersions('TLSv1.0', 'mariadb')).toEqual(['TLSv1']);
  expect(parseTlsVersions('nonsense', 'mariadb')).toBeUndefined();
});

test.each<[SslOptions, string, string, boolean]>([
  [{}, 'PREFERRED', 'none', false],
  [{ sslCa: 'ca' }, 'VERIFY_CA', 'ca', false],
  [{ sslCapath: 'ca' }, 'VERIFY_CA', 'ca', false],
  [{ sslCert: 'c', sslKey: 'k', sslCipher: 'x', sslCrl: 'r' }, 'PREFERRED', 'none', false],
  [{ sslMode: 'REQUIRED', sslCa: 'ca' }, 'REQUIRED', 'none', false],
  [{ sslMode: 'DISABLED', sslCa: 'ca' }, 'DISABLED', 'none', false],
  [{ ssl: true }, 'REQUIRED', 'none', false],
  [{ ssl: true, sslCa: 'ca' }, 'VERIFY_CA', 'ca', false],
  [{ ssl: false }, 'DISABLED', 'none', false],
  [{ ssl: false, sslCa: 'ca' }, 'DISABLED', 'none', false],
  [{ sslVerifyServerCert: true, sslCa: 'ca' }, 'VERIFY_IDENTITY', 'identity', false],
  [{ sslVerifyServerCert: true }, 'VERIFY_IDENTITY', 'identity', true],
  [{ dialect: 'mariadb' }, 'VERIFY_IDENTITY', 'identity', true],
  [{ dialect: 'mariadb', sslCa: 'ca' }, 'VERIFY_IDENTITY', 'identity', false],
  [{ dialect: 'mariadb', sslVerifyServerCert: false }, 'PREFERRED', 'none', false],
  [{ dialect: 'mariadb', ssl: true, sslVerifyServerCert: false }, 'PREFERRED', 'none', false],
  [{ dialect: 'mariadb', sslCa: 'ca', sslVerifyServerCert: false }, 'PREFERRED', 'identity', false],
  [{ dialect: 'mariadb', ssl: false }, 'DISABLED', 'none', false],
])('%j means %s, verifies %s, a password may prove: %s', (options, mode, verify, passwordProof) => {
  const policy = resolvePolicy(options);
  expect([policy.mode, policy.verify, policy.passwordProof]).toEqual([mode, verify, passwordProof]);
  expect(policy.wanted).toBe(mode !== 'DISABLED');
  expect(policy.required).toBe(mode !== 'DISABLED' && mode !== 'PREFERRED');
});

test('an authority that an explicit mode leaves unused is warned about in the words of the original', () => {
  const warning =
    'WARNING: no verification of server certificate will be done. Use --ssl-mode=VERIFY_CA or VERIFY_IDENTITY.';
  for (const sslMode of ['DISABLED', 'PREFERRED', 'REQUIRED'] as const) {
    expect(resolvePolicy({ sslMode, sslCa: 'ca' }).warnings).toEqual([warning]);
  }
  for (const options of [
    { sslCa: 'ca' },
    { sslMode: 'VERIFY_CA', sslCa: 'ca' },
    { sslMode: 'REQUIRED' },
  ] as const) {
    expect(resolvePolicy(options).warnings).toEqual([]);
  }
});

test('options that contradict each other are a wrong call', () => {
  expect(() => resolvePolicy({ ssl: false, sslVerifyServerCert: true })).toThrow(UsageError);
  for (const sslMode of ['DISABLED', 'PREFERRED', 'REQUIRED', 'VERIFY_CA'] as const)
    expect(() => resolvePolicy({ sslMode, sslVerifyServerCert: true })).toThrow(UsageError);
  expect(resolvePolicy({ sslMode: 'VERIFY_IDENTITY', sslVerifyServerCert: true }).verify).toBe('identity');
});
