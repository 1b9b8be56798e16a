import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CertificateError } from '../../tls/index.ts';
import { formatPem, parsePem } from './pem.ts';

describe('PEM files', () => {
  test('what is written is read back, block for block', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 5 }), (blocks) => {
        const text = blocks.map((der) => formatPem('CERTIFICATE', der)).join('');
        expect(parsePem(text).map(({ der }) => [...der])).toEqual(blocks.map((der) => [...der]));
      }),
    );
  });

  test.each([
    ['CRLF line ends', (text: string) => text.replaceAll('\n', '\r\n')],
    ['CR line ends', (text: string) => text.replaceAll('\n', '\r')],
    ['no final newline', (text: string) => text.trimEnd()],
    ['a byte order mark and text around', (text: string) => `\uFEFFsubject=/CN=x\n${text}trailer\n`],
    ['one long base64 line', (text: string) => text.replace(/(?<=[A-Za-z0-9+/])\n(?=[A-Za-z0-9+/])/g, '')],
    ['indentation and trailing blanks', (text: string) => text.replaceAll('\n', '  \n  ')],
  ])('reads %s', (_name, spoil) => {
    const der = Buffer.alloc(200, 7);
    const [block, ...rest] = parsePem(spoil(formatPem('X509 CRL', der)));
    expect(rest).toEqual([]);
    expect(block?.der.equals(der)).toBe(true);
    expect(block?.kind).toBe('crl');
    expect(block?.pem).toBe(formatPem('X509 CRL', der));
  });

  test.each([
    ['a block without end', '-----BEGIN CERTIFICATE-----\nAAAA\n'],
    ['two blocks that meet', '-----BEGIN CERTIFICATE-----\nAAAA\n-----BEGIN CERTIFICATE-----\n'],
    ['ends of another label', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END X509 CRL-----\n'],
    ['no base64', '-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n'],
    ['nothing inside', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'],
  ])('refuses %s', (_name, text) => {
    expect(() => parsePem(text)).toThrow(CertificateError);
  });

  test('tells an encrypted key in the old form, whose headers it keeps', () => {
    const text =
      '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n';
    const [block] = parsePem(text);
    expect(block).toMatchObject({ encrypted: true, kind: 'key', pem: text });
  });
});
