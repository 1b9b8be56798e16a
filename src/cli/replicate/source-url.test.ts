import { expect, test } from 'vitest';
import { spellOut } from './source-url.ts';

test.each([
  ['mysql://db1', ['--host=db1']],
  ['mysql://localhost:3307', ['--host=localhost', '--port=3307', '--protocol=TCP']],
  [
    'mysql://root@localhost:3307?socket=/run/m.sock',
    ['--host=localhost', '--port=3307', '--user=root', '--socket=/run/m.sock'],
  ],
  [
    'mariadb://a%40b:p%3A%2F@[::1]?ssl_mode=VERIFY_CA&ssl-ca=/ca.pem&default-auth=x',
    [
      '--host=::1',
      '--user=a@b',
      '--password=p:/',
      '--ssl-mode=VERIFY_CA',
      '--ssl-ca=/ca.pem',
      '--default_auth=x',
    ],
  ],
  [
    'mysql://db1?get-server-public-key&ssl-ca&compress=0&&ssl_mode=REQUIRED',
    ['--host=db1', '--get-server-public-key', '--ssl-ca=', '--compress=0', '--ssl-mode=REQUIRED'],
  ],
])('%s', (url, words) => {
  expect(spellOut(url)).toEqual(words);
});

test('what it does not know is refused by its name, and nothing of a password is shown', () => {
  expect(() => spellOut('mysql://u:geheim@db1?nonsense=1')).toThrow(
    "the URL of a server has no option 'nonsense'",
  );
  expect(() => spellOut('mysql://u:geheim@db1:99999')).toThrow('this is no URL of a server');
});
