import { ed25519PublicKey, ed25519Sign, ed25519Verify } from './ed25519-curve.ts';
import { type AuthPlugin, nonceOf } from './plugin.ts';

const NONCE = 32;

/**
 * MariaDB: an Ed25519 signature of the server's 32-byte nonce by a key made from the password.
 *
 * The server keeps the public key in base64 without its final `=`: 43 characters.
 */
export const clientEd25519: AuthPlugin = {
  name: 'client_ed25519',
  nonceLength: NONCE,
  answersGreeting: true,
  client: ({ password }) => ({
    answer: (data) => ed25519Sign(password, nonceOf(data, NONCE)),
    passwordHash: () => ed25519PublicKey(password),
  }),
  server: ({ credential }, nonce) => ({
    receive: (data) => ({ accepted: ed25519Verify(Buffer.from(credential, 'base64'), nonce, data) }),
  }),
  storedHash: (credential) => Buffer.from(credential, 'base64'),
  credential: (password) => ed25519PublicKey(password).toString('base64').slice(0, 43),
};
