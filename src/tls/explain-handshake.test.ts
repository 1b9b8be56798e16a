import { expect, test } from 'vitest';
import { explainDenied, explainHandshake, explainLateLoss, opensslWords } from './explain-handshake.ts';

test("OpenSSL's words lose the places in its source and gain the name of today", () => {
  const words =
    '40A7:error:0A000418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca:../deps/x.c:1605:SSL alert number 48\n';
  expect(opensslWords(words)).toBe('error:0A000418:SSL routines::tlsv1 alert unknown ca');
  expect(opensslWords('error:0A000410:SSL routines:f:sslv3 alert handshake failure:x')).toBe(
    'error:0A000410:SSL routines::ssl/tls alert handshake failure',
  );
  expect(opensslWords('socket hang up')).toBe('socket hang up');
});

const offer = { versions: ['TLSv1.2', 'TLSv1.3'], ciphers: 'A:B:!aNULL', own: undefined } as const;

test.each([
  ['error:0A00042E:SSL routines::tlsv1 alert protocol version', 'offered: TLSv1.2, TLSv1.3'],
  ['error:0A000102:SSL routines::unsupported protocol', 'MySQL 5.6'],
  ['error:0A000410:SSL routines::ssl/tls alert handshake failure', 'no cipher in common; offered: A:B'],
  ['error:0A00045C:SSL routines::tlsv13 alert certificate required', '--ssl-cert'],
  ['error:0A000126:SSL routines::unexpected eof while reading', 'closed the connection'],
])('%s is explained', (words, part) => {
  expect(explainHandshake(words, offer).join('\n')).toContain(part);
});

test('a loss without a client certificate is not blamed on one', () => {
  expect(explainLateLoss('', offer)).toEqual([]);
  expect(explainHandshake('nothing known', offer)).toEqual([]);
});

test('a denial names what the account may ask for, by what the link already has', () => {
  expect(explainDenied(false, undefined).join()).toContain('--ssl-mode=REQUIRED');
  expect(explainDenied(true, undefined).join()).toContain('client certificate');
});
