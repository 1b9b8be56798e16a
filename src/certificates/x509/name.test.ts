import { describe, expect, test } from 'vitest';
import { CertificateError, slashForm } from '../../tls/index.ts';
import { nameOf } from './issue.ts';
import { commonName, parseName } from './name.ts';
import { toolkit } from './toolkit.ts';

async function encoded(text: string): Promise<Uint8Array> {
  return new Uint8Array(
    nameOf(await toolkit(), parseName(text))
      .toSchema()
      .toBER(false),
  );
}

describe('distinguished names', () => {
  test.each([
    ['app', '/CN=app'],
    ['/C=de/O=Acme, Inc./CN=db CA', '/C=DE/O=Acme, Inc./CN=db CA'],
    ['/CN=Ärger', '/CN=\\xC3\\x84rger'],
    ['/O=a\\/b\\\\c+d/CN=x', '/O=a\\/b\\c\\+d/CN=x'],
    ['/DC=com/DC=example/UID=7/emailAddress=a@b.c/CN=x', '/DC=com/DC=example/UID=7/emailAddress=a@b.c/CN=x'],
    ['/1.2.3.4=odd/CN=x', '/1.2.3.4=odd/CN=x'],
    ["/CN=O'Neill", "/CN=O'Neill"],
  ])('%s becomes %s, as the server prints it', async (text, expected) => {
    expect(slashForm(await encoded(text))).toBe(expected);
  });

  test('a server with OpenSSL 1 leaves slash and plus bare', async () => {
    expect(slashForm(await encoded('/O=a\\/b+c/CN=x'), 'openssl1')).toBe('/O=a/b+c/CN=x');
  });

  test('the last common name counts', async () => {
    expect(commonName(await encoded('/CN=outer/O=x/CN=Ärger'))).toBe('Ärger');
    expect(commonName(await encoded('/O=x'))).toBeUndefined();
  });

  test.each(['', '/', '/CN=', '/FOO=x', '/C=Germany', `/CN=${'x'.repeat(65)}`, '/CN=a\nb'])(
    'refuses %j',
    (text) => {
      expect(() => parseName(text)).toThrow(CertificateError);
    },
  );
});
