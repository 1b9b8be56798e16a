import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CertificateError } from '../../tls/index.ts';
import { addressOctets, addressText, parseAlternativeName } from './alternative-names.ts';

describe('subject alternative names', () => {
  test.each([
    ['db1.example.com', { kind: 'dns', value: 'db1.example.com' }],
    ['DNS:DB1.Example.com.', { kind: 'dns', value: 'db1.example.com' }],
    ['*.example.com', { kind: 'dns', value: '*.example.com' }],
    ['192.0.2.1', { kind: 'ip', value: '192.0.2.1' }],
    ['IP:::1', { kind: 'ip', value: '::1' }],
    ['[2001:db8::1]', { kind: 'ip', value: '2001:db8::1' }],
    ['localhost', { kind: 'dns', value: 'localhost' }],
    ['db_1', { kind: 'dns', value: 'db_1' }],
  ])('reads %s', (text, expected) => {
    expect(parseAlternativeName(text)).toEqual(expected);
  });

  test.each(['', 'a..b', '-a', 'a b', 'ä.example', 'a.*.b', 'IP:host', `${'a'.repeat(64)}.b`, 'http://x'])(
    'refuses %j',
    (text) => {
      expect(() => parseAlternativeName(text)).toThrow(CertificateError);
    },
  );

  test('octets of any IPv6 address become text that has the same octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (octets) => {
        const text = addressText(octets);
        expect(isIPv6(text)).toBe(true);
        expect([...addressOctets(text)]).toEqual([...octets]);
      }),
    );
  });

  test.each([
    ['::', '::'],
    ['1::', '1::'],
    ['0:0:1:0:0:0:0:0', '0:0:1::'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ])('%s is written %s', (text, expected) => {
    expect(addressText(addressOctets(text))).toBe(expected);
  });
});
