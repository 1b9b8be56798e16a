import { createHash } from 'node:crypto';
import { digest } from './digest.ts';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Which digest bytes form each group of 24 bits (Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512"). */
const GROUPS = [
  [0, 10, 20],
  [21, 1, 11],
  [12, 22, 2],
  [3, 13, 23],
  [24, 4, 14],
  [15, 25, 5],
  [6, 16, 26],
  [27, 7, 17],
  [18, 28, 8],
  [9, 19, 29],
] as const;

function encode(bits: number, characters: number): string {
  let text = '';
  for (let i = 0; i < characters; i += 1) text += ALPHABET[(bits >>> (6 * i)) & 0x3f]!;
  return text;
}

function repeatTo(block: Buffer, length: number): Buffer {
  return Buffer.alloc(length, block);
}

/**
 * SHA-256 crypt: 43 characters. MySQL stores passwords of sha256_password and caching_sha2_password this way, with a salt of
 * 20 bytes, of which the scheme's own limit of 16 does not apply.
 */
export function sha256Crypt(password: Buffer, salt: Buffer, rounds: number): string {
  const b = digest('sha256', password, salt, password);
  const first = createHash('sha256').update(password).update(salt).update(repeatTo(b, password.length));
  for (let bits = password.length; bits > 0; bits >>>= 1) first.update(bits & 1 ? b : password);
  let c = first.digest();

  const passwords = createHash('sha256');
  for (let i = 0; i < password.length; i += 1) passwords.update(password);
  const p = repeatTo(passwords.digest(), password.length);
  const salts = createHash('sha256');
  for (let i = 0; i < 16 + c[0]!; i += 1) salts.update(salt);
  const s = repeatTo(salts.digest(), salt.length);

  for (let i = 0; i < rounds; i += 1) {
    const round = createHash('sha256').update(i & 1 ? p : c);
    if (i % 3 !== 0) round.update(s);
    if (i % 7 !== 0) round.update(p);
    c = round.update(i & 1 ? c : p).digest();
  }

  let text = '';
  for (const [x, y, z] of GROUPS) text += encode((c[x]! << 16) | (c[y]! << 8) | c[z]!, 4);
  return text + encode((c[31]! << 8) | c[30]!, 3);
}
