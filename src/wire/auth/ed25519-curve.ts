import { createPublicKey, verify } from 'node:crypto';
import { digest } from './digest.ts';

/**
 * Ed25519 for a secret of any length.
 *
 * RFC 8032 hashes a 32-byte seed into a scalar and a prefix. MariaDB's plugin hashes the password itself, so no key object of
 * Node fits, and the two multiplications by the base point are done here. Verification needs no secret and uses Node's.
 *
 * BigInt arithmetic does not run in constant time. It runs once a login, on the client; {@link multiplyBase} at least does the
 * same steps for every scalar.
 */

const P = 2n ** 255n - 19n;
/** Order of the base point. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
/** 2d, with d the curve's constant -121665/121666. */
const D2 = (2n * mod(-121665n * power(121666n, P - 2n))) % P;

/** Extended coordinates: x = X/Z, y = Y/Z, T = XY/Z. */
type Point = readonly [X: bigint, Y: bigint, Z: bigint, T: bigint];

const BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202n;
const BASE_Y = 46316835694926478169428394003475163141307993866256225615783033603165251855960n;
const BASE: Point = [BASE_X, BASE_Y, 1n, mod(BASE_X * BASE_Y)];
const NEUTRAL: Point = [0n, 1n, 1n, 0n];

function mod(a: bigint, m: bigint = P): bigint {
  const rest = a % m;
  return rest < 0n ? rest + m : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = mod(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

/** The unified addition of RFC 8032, 5.1.4: right for doubling too. */
function add([x1, y1, z1, t1]: Point, [x2, y2, z2, t2]: Point): Point {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = ((y1 + x1) * (y2 + x2)) % P;
  const c = (((t1 * D2) % P) * t2) % P;
  const d = (2n * z1 * z2) % P;
  const e = b - a;
  const f = d - c;
  const g = d + c;
  const h = b + a;
  return [mod(e * f), (g * h) % P, mod(f * g), mod(e * h)];
}

/** A Montgomery ladder over 256 bits: one addition and one doubling a bit, whatever the bit. */
function multiplyBase(scalar: bigint): Point {
  const points: [Point, Point] = [NEUTRAL, BASE];
  for (let i = 255n; i >= 0n; i -= 1n) {
    const bit = Number((scalar >> i) & 1n) as 0 | 1;
    const other = (1 - bit) as 0 | 1;
    points[other] = add(points[0], points[1]);
    points[bit] = add(points[bit], points[bit]);
  }
  return points[0];
}

function encodePoint([x, y, z]: Point): Buffer {
  const inverse = power(z, P - 2n);
  const bytes = toBytes((y * inverse) % P);
  bytes[31]! |= Number(((x * inverse) % P) & 1n) << 7;
  return bytes;
}

function toBytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function expand(secret: Buffer): { scalar: bigint; prefix: Buffer } {
  const bytes = digest('sha512', secret);
  bytes[0]! &= 248;
  bytes[31] = (bytes[31]! & 63) | 64;
  return { scalar: toNumber(bytes.subarray(0, 32)), prefix: bytes.subarray(32) };
}

/** The public key of a secret: 32 bytes. */
export function ed25519PublicKey(secret: Buffer): Buffer {
  return encodePoint(multiplyBase(expand(secret).scalar));
}

/** The signature of a message: 64 bytes. */
export function ed25519Sign(secret: Buffer, message: Buffer): Buffer {
  const { scalar, prefix } = expand(secret);
  const publicKey = encodePoint(multiplyBase(scalar));
  const r = mod(toNumber(digest('sha512', prefix, message)), L);
  const commitment = encodePoint(multiplyBase(r));
  const challenge = mod(toNumber(digest('sha512', commitment, publicKey, message)), L);
  return Buffer.concat([commitment, toBytes(mod(r + challenge * scalar, L))]);
}

/** The fixed start of an Ed25519 key in SubjectPublicKeyInfo form (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Whether `signature` over `message` was made with the secret behind `publicKey` (32 bytes). */
export function ed25519Verify(publicKey: Buffer, message: Buffer, signature: Buffer): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}
