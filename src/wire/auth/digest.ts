import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export type DigestName = 'sha1' | 'sha256' | 'sha512';

/** The digest of several pieces in a row. */
export function digest(name: DigestName, ...pieces: readonly Uint8Array[]): Buffer {
  const hash = createHash(name);
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

/** `a` XOR `b`, with `b` repeated to the length of `a`. */
export function xor(a: Uint8Array, b: Uint8Array): Buffer {
  const out = Buffer.from(a);
  for (let i = 0; i < out.length; i += 1) out[i]! ^= b[i % b.length]!;
  return out;
}

/** Compares in time that depends on the lengths alone. */
export function sameSecret(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Random bytes for a challenge: 7-bit and never NUL nor `$`, because old clients keep them in C strings. */
export function makeNonce(length: number): Buffer {
  const nonce = randomBytes(length);
  for (let i = 0; i < length; i += 1) {
    const byte = nonce[i]! & 0x7f;
    nonce[i] = byte === 0 || byte === 0x24 ? byte + 1 : byte;
  }
  return nonce;
}
