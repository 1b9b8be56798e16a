const POLYNOMIAL = 0xedb88320;
/** x^0, as zlib's reflected polynomials have it: the highest bit. */
const ONE = 0x8000_0000;

/** a × b modulo the polynomial of CRC-32. */
function multiply(a: number, b: number): number {
  let factor = b;
  let product = 0;
  for (let rest = a; rest !== 0; rest <<= 1) {
    if (rest < 0) product ^= factor;
    factor = (factor & 1) === 0 ? factor >>> 1 : (factor >>> 1) ^ POLYNOMIAL;
  }
  return product;
}

/** x^(8 × digit × 256^place), at `place × 256 + digit`: what so many bytes of zeros multiply a checksum by. */
function makePowers(): Int32Array {
  const powers = new Int32Array(4 * 256);
  let unit = ONE >>> 8;
  for (let place = 0; place < 4; place += 1) {
    let power = ONE | 0;
    for (let digit = 0; digit < 256; digit += 1) {
      powers[place * 256 + digit] = power;
      power = multiply(unit | 0, power);
    }
    unit = power;
  }
  return powers;
}

let powers: Int32Array | undefined;

/**
 * The CRC-32 of bytes of which four have changed, from the one that they had: what is long is not summed up again. A sum that was wrong
 * stays wrong.
 *
 * @param sum of the bytes as they were
 * @param difference the four bytes before and after, as little-endian numbers, by exclusive or
 * @param behind how many bytes follow the four
 */
export function patchedCrc32(sum: number, difference: number, behind: number): number {
  powers ??= makePowers();
  let delta = difference | 0;
  let rest = behind + 4;
  for (let place = 0; rest > 0; place += 256) {
    const digit = rest & 0xff;
    if (digit > 0) delta = multiply(delta, powers[place + digit]!);
    rest >>>= 8;
  }
  return (sum ^ delta) >>> 0;
}
