import { createHash, timingSafeEqual, type X509Certificate } from 'node:crypto';

/** First byte of the proof: SHA-256. */
const SHA256 = 0x01;

/**
 * MariaDB 11.4 proves a certificate nobody vouches for by the account's password. In the OK packet that ends the login the server
 * puts `01` and, in hexadecimal, SHA-256 of: what it stores of the password, the scramble of its greeting, the SHA-256
 * fingerprint of its certificate. Somebody in the middle has another certificate and does not know the stored value.
 */
export function certificateProof(
  passwordHash: Buffer,
  scramble: Buffer,
  certificate: X509Certificate,
): Buffer {
  const fingerprint = createHash('sha256').update(certificate.raw).digest();
  const proof = createHash('sha256').update(passwordHash).update(scramble).update(fingerprint).digest('hex');
  return Buffer.concat([Buffer.of(SHA256), Buffer.from(proof.toUpperCase())]);
}

/** Whether `info` of the OK packet is the proof for this certificate. */
export function isCertificateProof(
  info: Buffer,
  passwordHash: Buffer,
  scramble: Buffer,
  certificate: X509Certificate,
): boolean {
  const expected = certificateProof(passwordHash, scramble, certificate);
  const given = Buffer.concat([
    info.subarray(0, 1),
    Buffer.from(info.toString('latin1', 1).toUpperCase(), 'latin1'),
  ]);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
