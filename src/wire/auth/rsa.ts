import { constants, createPublicKey, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto';
import { ProtocolError } from '../../errors/index.ts';
import { xor } from './digest.ts';

const NUL = Buffer.of(0);
const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' } as const;

/** The password with its NUL, XORed with the nonce, under the server's RSA key (OAEP, SHA-1). */
export function encryptPassword(password: Buffer, nonce: Buffer, publicKey: string): Buffer {
  let key: KeyObject;
  try {
    key = createPublicKey(publicKey);
  } catch (cause) {
    throw new ProtocolError('the RSA public key of the server is not a key', {
      cause,
      code: 'PROTOCOL_AUTH',
    });
  }
  if (key.asymmetricKeyType !== 'rsa') {
    throw new ProtocolError('the public key of the server is not an RSA key', { code: 'PROTOCOL_AUTH' });
  }
  return publicEncrypt({ key, ...padding }, xor(Buffer.concat([password, NUL]), nonce));
}

/** The password with its NUL; undefined where the bytes are not one. */
export function decryptPassword(encrypted: Buffer, nonce: Buffer, privateKey: KeyObject): Buffer | undefined {
  try {
    return xor(privateDecrypt({ key: privateKey, ...padding }, encrypted), nonce);
  } catch {
    return undefined;
  }
}

/** `MAX_PLAINTEXT_LENGTH` of the servers, in bytes. SHA-256 crypt takes time by the square of it, for whoever knocks. */
export const MAX_PASSWORD = 256;

/** The password without the NUL it must end with; undefined where the bytes are not one. */
export function withoutNul(password: Buffer): Buffer | undefined {
  const length = password.length - 1;
  return length >= 0 && length <= MAX_PASSWORD && password[length] === 0
    ? password.subarray(0, length)
    : undefined;
}

export function withNul(password: Buffer): Buffer {
  return Buffer.concat([password, NUL]);
}
