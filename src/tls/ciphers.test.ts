import { expect, test } from 'vitest';
import { cipherList } from './ciphers.ts';

// mysqlbinlog 9.7 and mariadb-binlog 11.8 were asked.
test.each(['DEFAULT', 'DEFAULT@SECLEVEL=0', 'DEFAULT:!RSA', 'default', '@SECLEVEL=0'])(
  "MySQL's clients take no list of %s",
  (sslCipher) => {
    expect(() => cipherList({ sslCipher })).toThrow('Failed to set ciphers to use');
  },
);

test.each(['ALL:@SECLEVEL=0', 'HIGH:!aNULL@SECLEVEL=2', 'DEFAULT:ECDHE-ECDSA-AES128-GCM-SHA256'])(
  'but %s',
  (sslCipher) => {
    expect(cipherList({ sslCipher })).toContain(sslCipher);
  },
);

test("MariaDB's clients know DEFAULT", () => {
  expect(cipherList({ dialect: 'mariadb', sslCipher: 'DEFAULT' })).toContain(':DEFAULT:');
});
