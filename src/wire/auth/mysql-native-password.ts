import { digest, sameSecret, xor } from './digest.ts';
import { type AuthPlugin, nonceOf } from './plugin.ts';

const SIZE = 20;
const NOTHING: Buffer = Buffer.alloc(0);

/**
 * SHA1(password) XOR SHA1(nonce, SHA1(SHA1(password))); an empty password answers with nothing.
 *
 * The server keeps SHA1(SHA1(password)), as `*` and 40 hexadecimal digits.
 */
export const mysqlNativePassword: AuthPlugin = {
  name: 'mysql_native_password',
  nonceLength: SIZE,
  answersGreeting: true,
  client: ({ password }) => ({
    answer(data) {
      if (password.length === 0) return NOTHING;
      const once = digest('sha1', password);
      return xor(once, digest('sha1', nonceOf(data, SIZE), digest('sha1', once)));
    },
    passwordHash: () => digest('sha1', digest('sha1', password)),
  }),
  server: ({ credential }, nonce) => ({
    receive(data) {
      if (credential === '') return { accepted: data.length === 0 };
      const stored = Buffer.from(credential.slice(1), 'hex');
      if (data.length !== SIZE || stored.length !== SIZE) return { accepted: false };
      const once = xor(data, digest('sha1', nonce, stored));
      return { accepted: sameSecret(digest('sha1', once), stored) };
    },
  }),
  storedHash: (credential) => Buffer.from(credential.slice(1), 'hex'),
  credential: (password) =>
    password.length === 0 ? '' : `*${digest('sha1', digest('sha1', password)).toString('hex').toUpperCase()}`,
};
