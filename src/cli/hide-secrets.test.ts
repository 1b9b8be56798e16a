import { expect, test } from 'vitest';
import { withoutSecrets } from './hide-secrets.ts';

test('a command line shows no secret', () => {
  expect(withoutSecrets(['-psecret', '-Rpsecret', '--password=secret', '--loose-password=secret'])).toEqual([
    '-px',
    '-Rpx',
    '--password=x',
    '--loose-password=x',
  ]);
  expect(withoutSecrets(['--source=mysql://u:p%40ss@h:1?ssl-mode=REQUIRED', 'mariadb://u:s@[::1]'])).toEqual([
    '--source=mysql://u:x@h:1?ssl-mode=REQUIRED',
    'mariadb://u:x@[::1]',
  ]);
  // No URLs, and secrets all the same.
  expect(withoutSecrets(['mysql://u:p/a#s?s@w@h', '--source=mysql://u:se/cret@h/db'])).toEqual([
    'mysql://u:x@h',
    '--source=mysql://u:x@h/db',
  ]);
  const plain = ['-p', '--password', 'mysql-bin.000001', '-R', '--port=3306', '/a/path-with-p', '-'];
  expect(withoutSecrets(plain)).toEqual(plain);
});
