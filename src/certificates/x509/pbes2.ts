import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';
import { CertificateError } from '../../tls/index.ts';
import { limits } from './limits.ts';

/**
 * PBKDF2 rounds. Node's own export stops at 2048 and cannot be told otherwise; OWASP's figure for HMAC-SHA-256 is
 * 600 000 (2023). About 0.3 s a passphrase on the machine this was written on.
 */
const ROUNDS = 600_000;

/**
 * An EncryptedPrivateKeyInfo (RFC 8018, PBES2): PBKDF2 with HMAC-SHA-256, then AES-256-CBC. Read by OpenSSL 1.0 and
 * later and by Node.
 *
 *   SEQUENCE
 *     SEQUENCE PBES2
 *       SEQUENCE PBKDF2 { salt, rounds, hmacWithSHA256 }
 *       SEQUENCE AES-256-CBC { iv }
 *     OCTET STRING ciphertext
 */
export function encryptPrivateKey(pkcs8: Buffer, passphrase: string, rounds: number = ROUNDS): Buffer {
  const secret = Buffer.from(passphrase, 'utf8');
  if (secret.length === 0 || secret.length > limits.passphraseBytes) {
    throw new CertificateError(
      'CERTIFICATE_PASSPHRASE',
      `passphrase must have 1 to ${limits.passphraseBytes} bytes`,
    );
  }
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', pbkdf2Sync(secret, salt, rounds, 32, 'sha256'), iv);
  const text = Buffer.concat([cipher.update(pkcs8), cipher.final()]);
  const derivation = tagged(0x30, [
    oid.pbkdf2,
    tagged(0x30, [
      tagged(0x04, [salt]),
      unsigned(rounds),
      tagged(0x30, [oid.hmacWithSHA256, Buffer.from([0x05, 0])]),
    ]),
  ]);
  const scheme = tagged(0x30, [oid.aes256Cbc, tagged(0x04, [iv])]);
  return tagged(0x30, [tagged(0x30, [oid.pbes2, tagged(0x30, [derivation, scheme])]), tagged(0x04, [text])]);
}

// Object identifiers with tag and length: 1.2.840.113549.1.5.13, .1.5.12, .2.9 and 2.16.840.1.101.3.4.1.42.
const oid = {
  pbes2: Buffer.from('06092a864886f70d01050d', 'hex'),
  pbkdf2: Buffer.from('06092a864886f70d01050c', 'hex'),
  hmacWithSHA256: Buffer.from('06082a864886f70d0209', 'hex'),
  aes256Cbc: Buffer.from('060960864801650304012a', 'hex'),
} as const;

function tagged(tag: number, parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function unsigned(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return tagged(0x02, [(bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes]);
}
