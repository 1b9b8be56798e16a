import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  pbkdf2Sync,
  randomBytes,
  sign,
} from 'node:crypto';
import { ProtocolError } from '../../errors/index.ts';
import { ed25519Verify } from './ed25519-curve.ts';
import { type AuthPlugin, nonceOf } from './plugin.ts';

const NONCE = 32;
const SALT = 18;
const SIGNATURE = 64;
const NOTHING: Buffer = Buffer.alloc(0);
const PBKDF2 = 0x50;
/** The plugin's own bound on the factor: at most 8192 rounds. */
const MAX_FACTOR = 3;
/** The fixed start of an Ed25519 key in PKCS #8 form (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

function deriveKey(password: Buffer, salt: Buffer, factor: number): KeyObject {
  const seed = pbkdf2Sync(password, salt, 1024 << factor, 32, 'sha512');
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
}

function publicKeyOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32);
}

/**
 * MariaDB 11.6: Ed25519 with a key stretched by PBKDF2.
 *
 *   server  32-byte nonce
 *   client  empty packet: wants the salt
 *   server  `P`, factor, 18 bytes of salt
 *   client  32-byte nonce of its own, signature of both nonces
 *
 * The server keeps `P`, the factor as a digit, `:`, salt in base64, `:`, public key in base64 without padding.
 */
export const parsec: AuthPlugin = {
  name: 'parsec',
  nonceLength: NONCE,
  answersGreeting: true,
  client({ password }) {
    let nonce: Buffer | undefined;
    let hash = NOTHING;
    return {
      answer(data) {
        if (nonce === undefined) {
          nonce = nonceOf(data, NONCE);
          return NOTHING;
        }
        const factor = data[1];
        if (data[0] !== PBKDF2 || factor === undefined || factor > MAX_FACTOR || data.length !== 2 + SALT) {
          throw new ProtocolError(`unexpected salt of ${data.length} bytes in parsec`, {
            code: 'PROTOCOL_AUTH',
          });
        }
        const key = deriveKey(password, data.subarray(2), factor);
        hash = Buffer.concat([data, publicKeyOf(key)]);
        const own = randomBytes(NONCE);
        return Buffer.concat([own, sign(null, Buffer.concat([nonce, own]), key)]);
      },
      passwordHash: () => hash,
    };
  },
  server({ credential }, nonce) {
    const parts = /^P([0-3]):([^:]+):([^:]+)$/.exec(credential);
    return {
      receive(data) {
        if (parts === null) return { accepted: false };
        if (data.length === 0) {
          return {
            send: Buffer.concat([Buffer.of(PBKDF2, Number(parts[1])), Buffer.from(parts[2]!, 'base64')]),
          };
        }
        if (data.length !== NONCE + SIGNATURE) return { accepted: false };
        const message = Buffer.concat([nonce, data.subarray(0, NONCE)]);
        const publicKey = Buffer.from(parts[3]!, 'base64');
        return { accepted: ed25519Verify(publicKey, message, data.subarray(NONCE)) };
      },
    };
  },
  storedHash(credential) {
    const [head = '', salt = '', publicKey = ''] = credential.split(':');
    const start = Buffer.of(PBKDF2, Number(head.slice(1)));
    return Buffer.concat([start, Buffer.from(salt, 'base64'), Buffer.from(publicKey, 'base64')]);
  },
  credential(password) {
    const salt = randomBytes(SALT);
    const publicKey = publicKeyOf(deriveKey(password, salt, 0));
    return `P0:${salt.toString('base64')}:${publicKey.toString('base64').slice(0, 43)}`;
  },
};
