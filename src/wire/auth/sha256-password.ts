import { createPublicKey } from 'node:crypto';
import { ProtocolError } from '../../errors/index.ts';
import { makeNonce, sameSecret } from './digest.ts';
import { type AuthPlugin, nonceOf } from './plugin.ts';
import { decryptPassword, encryptPassword, withNul, withoutNul } from './rsa.ts';
import { sha256Crypt } from './sha256-crypt.ts';

const NONCE = 20;
const ROUNDS = 5000;
const REQUEST_PUBLIC_KEY = 1;
const EMPTY_PASSWORD = Buffer.of(0);

/**
 * The password itself: as it is where nobody listens, under the server's RSA key elsewhere (`01` asks for the key).
 *
 * The server keeps `$5$`, 20 bytes of salt, `$`, 43 of SHA-256 crypt.
 */
export const sha256Password: AuthPlugin = {
  name: 'sha256_password',
  nonceLength: NONCE,
  answersGreeting: false,
  client({ password, encrypted, serverPublicKey }) {
    let nonce: Buffer | undefined;
    let expectsKey = false;
    return {
      answer(data) {
        if (nonce !== undefined) {
          // A key that was not asked for is somebody's who wants the password.
          if (!expectsKey) {
            throw new ProtocolError(`unexpected word of ${data.length} bytes in sha256_password`, {
              code: 'PROTOCOL_AUTH',
            });
          }
          expectsKey = false;
          return encryptPassword(password, nonce, data.toString('latin1'));
        }
        nonce = nonceOf(data, NONCE);
        if (password.length === 0) return EMPTY_PASSWORD;
        if (encrypted) return withNul(password);
        if (serverPublicKey !== undefined) return encryptPassword(password, nonce, serverPublicKey);
        expectsKey = true;
        return Buffer.of(REQUEST_PUBLIC_KEY);
      },
    };
  },
  server({ credential, encrypted, rsaKey }, nonce) {
    return {
      receive(data) {
        if (credential === '') return { accepted: data.length <= 1 && (data[0] ?? 0) === 0 };
        if (data.length === 1 && data[0] === REQUEST_PUBLIC_KEY && !encrypted) {
          if (rsaKey === undefined) return { accepted: false };
          return { send: Buffer.from(createPublicKey(rsaKey).export({ type: 'spki', format: 'pem' })) };
        }
        const plain = encrypted || rsaKey === undefined ? data : decryptPassword(data, nonce, rsaKey);
        if (plain === undefined || (!encrypted && rsaKey === undefined)) return { accepted: false };
        const password = withoutNul(plain);
        return { accepted: password !== undefined && matches(credential, password) };
      },
    };
  },
  credential(password) {
    if (password.length === 0) return '';
    const salt = makeNonce(NONCE);
    return `$5$${salt.toString('latin1')}$${sha256Crypt(password, salt, ROUNDS)}`;
  },
};

function matches(credential: string, password: Buffer): boolean {
  const parts = /^\$5\$([\s\S]{20})\$([./0-9A-Za-z]{43})$/.exec(credential);
  if (parts === null) return false;
  const made = sha256Crypt(password, Buffer.from(parts[1]!, 'latin1'), ROUNDS);
  return sameSecret(Buffer.from(made), Buffer.from(parts[2]!));
}
