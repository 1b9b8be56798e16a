import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CertificateError } from './certificate-error.ts';
import { issuerLine, slashForm, subjectLine } from './slash-form.ts';

// Made with openssl x509 -req: issued by /O=Rowlock Test/CN=Root.
const ISSUED = `-----BEGIN CERTIFICATE-----
MIIBQDCB5wIULMK1/fcpZ4E0wtpcODER9MVSdcEwCgYIKoZIzj0EAwIwJjEVMBMG
A1UECgwMUm93bG9jayBUZXN0MQ0wCwYDVQQDDARSb290MB4XDTI2MTEyMTA2MTcx
NloXDTM2MTExODA2MTcxNlowIDENMAsGA1UECgwERmVhdDEPMA0GA1UEAwwGYS9s
aWNlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEl5OTuCpXI+QroJJ96uaMLrN8
DrDe6paYcayQ1+lLgx6VVGJ7cUOZQNl7UY9cLHm4IEawL5Xq4DeUz2pYRojvwjAK
BggqhkjOPQQDAgNIADBFAiA//dpfY/BxuzBMypzEQuJiMnl/u9UruHpFZlagkwbc
DwIhAJdWj4tGOFXb47kQspulS/Todqnjksy944cpdpCqeGTl
-----END CERTIFICATE-----`;

const bytes = (...parts: (number | readonly number[])[]): number[] => parts.flat();
const tagged = (tag: number, content: readonly number[]): number[] => bytes(tag, content.length, content);
const CN = [0x55, 4, 3];
const O = [0x55, 4, 10];
const part = (oid: readonly number[], tag: number, content: readonly number[]): number[] =>
  tagged(0x30, bytes(tagged(6, oid), tagged(tag, content)));
const name = (...sets: readonly number[][]): Uint8Array =>
  Uint8Array.from(
    tagged(
      0x30,
      sets.flatMap((set) => tagged(0x31, set)),
    ),
  );
const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')];

describe('a name in slash form', () => {
  test.each([
    ['UTF-8', name(part(CN, 0x0c, [...Buffer.from('Ü')])), '/CN=\\xC3\\x9C', '/CN=\\xC3\\x9C'],
    ['a slash', name(part(CN, 0x0c, ascii('a/b'))), '/CN=a\\/b', '/CN=a/b'],
    ['a BMPString', name(part(CN, 0x1e, [0, 0x41, 0, 0x42])), '/CN=\\x00A\\x00B', '/CN=\\x00A\\x00B'],
    ['a four-byte GeneralString', name(part(CN, 0x1b, [0, 0, 0, 0x41, 0, 0, 0, 0x42])), '/CN=AB', '/CN=AB'],
    [
      'two parts in one set',
      name([...part(CN, 0x0c, ascii('a')), ...part(O, 0x13, ascii('b'))]),
      '/CN=a+O=b',
      '/CN=a/O=b',
    ],
    ['nothing', name(), '', ''],
  ])('with %s is what OpenSSL 3 and OpenSSL 1 print', (_what, der, three, one) => {
    expect(slashForm(der)).toBe(three);
    expect(slashForm(der, 'openssl1')).toBe(one);
  });

  test('is refused when cut short or longer than any name', () => {
    const whole = name(part(CN, 0x0c, ascii('abc')));
    for (let end = 0; end < whole.length; end++)
      expect(() => slashForm(whole.subarray(0, end))).toThrow(CertificateError);
    const long = tagged(6, CN).concat([0x0c, 0x82, 0x48, 0], ascii('x'.repeat(0x4800)));
    const wrap = (tag: number, content: readonly number[]): number[] =>
      bytes(tag, 0x82, content.length >> 8, content.length & 0xff, content);
    expect(() => slashForm(Uint8Array.from(wrap(0x30, wrap(0x31, wrap(0x30, long)))))).toThrow('longer than');
  });
});

test('both names of a certificate are told apart', () => {
  const certificate = new X509Certificate(ISSUED);
  expect(subjectLine(certificate)).toBe('/O=Feat/CN=a\\/lice');
  expect(issuerLine(certificate)).toBe('/O=Rowlock Test/CN=Root');
  expect(subjectLine(undefined)).toBe('');
});
