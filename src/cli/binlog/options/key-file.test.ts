import { expect, test } from 'vitest';
import { UsageError } from '../../../errors/index.ts';
import { readKeyFile } from './key-file.ts';

const key = '00112233445566778899aabbccddeeff';

test('a key file has a key a line, by number or by keyring name', () => {
  const keys = readKeyFile(`# keys\n1;${key}\r\n\n MySQLReplicationKey_u_1 ; ${key}${key}\n`);
  expect([...keys.keys()]).toEqual(['1', 'MySQLReplicationKey_u_1']);
  expect(keys.get('1')?.length).toBe(16);
  expect(keys.get('MySQLReplicationKey_u_1')?.toString('hex')).toBe(key + key);
});

test.each([`1;${key}f`, `1;${key}ff`, `1 ${key}`, `1;${key}\n1;${key}`, `;${key}`, '1;secretsecret'])(
  'what is no key file is refused without showing it: %#',
  (text) => {
    expect(() => readKeyFile(text)).toThrow(UsageError);
    expect(() => readKeyFile(text)).not.toThrow(/secret|0011/);
  },
);
