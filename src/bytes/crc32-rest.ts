/** The zlib polynomial, reflected: the highest bit is x^0. */
const POLYNOMIAL = 0xedb8_8320;
const ONE = 0x8000_0000;

/** `a · b` modulo the polynomial. */
function multiply(a: number, b: number): number {
  let product = 0;
  let power = b;
  for (let rest = a; rest !== 0; rest <<= 1) {
    if (rest < 0) product ^= power;
    power = (power >>> 1) ^ (POLYNOMIAL & -(power & 1));
  }
  return product;
}

/** x^(8·2^n), by n. */
const squares: number[] = [];

function power(bytes: number): number {
  if (squares.length === 0) {
    // x^8
    let square = ONE >>> 8;
    for (let bit = 0; bit < 32; bit += 1) {
      squares.push(square);
      square = multiply(square | 0, square);
    }
  }
  let product = ONE;
  for (let bit = 0, rest = bytes; rest > 0; bit += 1, rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) product = multiply(squares[bit]! | 0, product);
  }
  return product;
}

/** Powers of lengths that come again and again; none is 0. Most events of rows are of 8 KiB. */
const REMEMBERED_BYTES = 1 << 14;
let remembered: Int32Array | undefined;

function powerOf(bytes: number): number {
  if (bytes >= REMEMBERED_BYTES) return power(bytes);
  remembered ??= new Int32Array(REMEMBERED_BYTES);
  const known = remembered[bytes]!;
  if (known !== 0) return known;
  const made = power(bytes) | 0;
  remembered[bytes] = made;
  return made;
}

/**
 * The CRC-32 of the last `bytes` bytes of something, from that of all of it and that of what is before them: without a look at the
 * bytes, in a fraction of the time where there are many.
 */
export function crc32OfRest(all: number, before: number, bytes: number): number {
  return (all ^ multiply(before | 0, powerOf(bytes))) >>> 0;
}
