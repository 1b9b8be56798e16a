import type { TextOutput } from './text-output.ts';

/**
 * C's `%g`, `%e` and `%f`, byte for byte as glibc prints them: the exact value of the double, correctly rounded, ties to even.
 *
 * JavaScript's own `toPrecision` rounds ties up, and costs a string. Numbers of everyday size are turned into digits here
 * with exact arithmetic on three limbs of 24 bits; only very large and very small ones go through `toExponential`.
 */

const ZERO = 0x30;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const EXPONENT = 0x65;
const SPACE = 0x20;

/** `%f` of the largest double has 309 digits before the point; JavaScript's formats give at most 100 after it. */
const digits = new Uint8Array(512);
/** Digits in `digits`, and the power of ten of the first one. */
let count = 0;
let exponent = 0;

const LIMB = 0x100_0000;
const HALF_LIMB = 0x80_0000;
/** 10^8 times a limb stays below 2^53. */
const CHUNK_DIGITS = 8;
const powers: readonly number[] = Array.from({ length: 16 }, (_, power) => 10 ** power);
/** From here to 2^53 the fraction of a double fits three limbs: 52 bits behind a first bit of at least 2^-17. */
const SMALLEST_FAST = 1e-5;
const LARGEST_FAST = 2 ** 53;

function storeDigits(value: number, size: number): void {
  let rest = value;
  for (let i = count + size - 1; i >= count; i -= 1) {
    const high = Math.floor(rest / 10);
    digits[i] = rest - high * 10;
    rest = high;
  }
  count += size;
}

/** Adds one to the last digit. A carry out of the first makes a new first digit, one power higher. */
function roundUp(): void {
  let at = count - 1;
  while (at >= 0 && digits[at] === 9) {
    digits[at] = 0;
    at -= 1;
  }
  if (at >= 0) {
    digits[at]! += 1;
    return;
  }
  digits.copyWithin(1, 0, count);
  digits[0] = 1;
  count += 1;
  exponent += 1;
}

/** Rounds to the digits there are: `half` compares what is left with half a unit (negative, 0, positive). */
function round(half: number): void {
  if (half > 0 || (half === 0 && (digits[count - 1]! & 1) === 1)) roundUp();
}

function decimalWidth(integer: number): number {
  let width = 1;
  for (let bound = 10; bound <= integer; bound *= 10) width += 1;
  return width;
}

/** Appends `wanted` digits of a fraction below 1, exactly, and rounds. */
function fractionDigits(fraction: number, wanted: number): void {
  let high = fraction * LIMB;
  let limb0 = Math.floor(high);
  high = (high - limb0) * LIMB;
  let limb1 = Math.floor(high);
  let limb2 = (high - limb1) * LIMB;
  for (let left = wanted; left > 0; ) {
    const size = Math.min(left, CHUNK_DIGITS);
    const factor = powers[size]!;
    const product2 = limb2 * factor;
    const carry2 = Math.floor(product2 / LIMB);
    limb2 = product2 - carry2 * LIMB;
    const product1 = limb1 * factor + carry2;
    const carry1 = Math.floor(product1 / LIMB);
    limb1 = product1 - carry1 * LIMB;
    const product0 = limb0 * factor + carry1;
    const chunk = Math.floor(product0 / LIMB);
    limb0 = product0 - chunk * LIMB;
    storeDigits(chunk, size);
    left -= size;
  }
  round(limb0 === HALF_LIMB && limb1 === 0 && limb2 === 0 ? 0 : limb0 >= HALF_LIMB ? 1 : -1);
}

/** Cuts an integer below 2^53, and the fraction behind it, to fewer digits than it has. */
function shortenInteger(integer: number, width: number, fraction: number, precision: number): void {
  const unit = powers[width - precision]!;
  const kept = Math.floor(integer / unit);
  const rest = integer - kept * unit;
  storeDigits(kept, precision);
  const half = rest - unit / 2;
  round(half === 0 && fraction > 0 ? 1 : half);
}

/** Digits of a text like `1.2345e-7`, rounded from many more than wanted so that only a true tie looks like one. */
function digitsOfText(value: number, precision: number): void {
  const text = value.toExponential(Math.min(100, precision + 40));
  const mark = text.indexOf('e');
  exponent = Number(text.slice(mark + 1));
  let half = 0;
  for (let i = 0, index = 0; i < mark; i += 1) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit < 0) continue;
    if (index < precision) digits[count++] = digit;
    else if (index === precision) half = digit - 5;
    else if (half === 0 && digit > 0) half = 1;
    index += 1;
  }
  round(half);
}

/** Fills `digits` with `precision` significant digits of a positive finite value, or fewer where the rest is zeros. */
function significant(value: number, precision: number): void {
  count = 0;
  if (value < SMALLEST_FAST || value >= LARGEST_FAST) {
    digitsOfText(value, precision);
  } else {
    const integer = Math.floor(value);
    const fraction = value - integer;
    if (integer === 0) {
      // These powers of ten, as doubles, lie just above the true ones: comparing with them is exact.
      const zeros = value >= 0.1 ? 0 : value >= 0.01 ? 1 : value >= 0.001 ? 2 : value >= 0.0001 ? 3 : 4;
      exponent = -1;
      fractionDigits(fraction, zeros + precision);
      let first = 0;
      while (digits[first] === 0) first += 1;
      digits.copyWithin(0, first, count);
      count -= first;
      exponent -= first;
    } else {
      const width = decimalWidth(integer);
      exponent = width - 1;
      if (width > precision) shortenInteger(integer, width, fraction, precision);
      else {
        storeDigits(integer, width);
        if (fraction > 0) fractionDigits(fraction, precision - width);
      }
    }
  }
  // A carry out of the first digit made one too many, a zero.
  if (count > precision) count = precision;
}

/** Writes `digits[from, to)`, zeros where there are none. */
function putDigits(out: TextOutput, from: number, to: number): void {
  let at = out.reserve(to - from);
  const { buffer } = out;
  for (let i = from; i < to; i += 1) buffer[at++] = i >= 0 && i < count ? digits[i]! + ZERO : ZERO;
  out.length = at;
}

function putExponent(out: TextOutput): void {
  out.byte(EXPONENT);
  out.byte(exponent < 0 ? MINUS : PLUS);
  const size = Math.abs(exponent);
  out.padded(size, size < 100 ? 2 : 3);
}

/** Writes the sign, and the whole text of what is no number; false where digits are to follow. */
function putSign(out: TextOutput, value: number): boolean {
  if (value < 0 || Object.is(value, -0)) out.byte(MINUS);
  if (Number.isFinite(value)) return false;
  // A NaN's sign bit cannot be seen from here. The servers store neither.
  out.text(Number.isNaN(value) ? 'nan' : 'inf');
  return true;
}

function putGeneral(out: TextOutput, value: number, wanted: number): void {
  if (putSign(out, value)) return;
  if (value === 0) {
    out.byte(ZERO);
    return;
  }
  const precision = Math.max(1, wanted);
  significant(Math.abs(value), precision);
  while (count > 1 && digits[count - 1] === 0) count -= 1;
  if (exponent < -4 || exponent >= precision) {
    putDigits(out, 0, 1);
    if (count > 1) {
      out.byte(POINT);
      putDigits(out, 1, count);
    }
    putExponent(out);
    return;
  }
  if (exponent < 0) {
    out.byte(ZERO);
    out.byte(POINT);
    putDigits(out, exponent + 1, count);
    return;
  }
  putDigits(out, 0, exponent + 1);
  if (count > exponent + 1) {
    out.byte(POINT);
    putDigits(out, exponent + 1, count);
  }
}

/** `%.{precision}g`, with `width` as `%-{width}.{precision}g`: padded with spaces on the right. */
export function writeGeneral(out: TextOutput, value: number, precision = 6, width = 0): void {
  // The start is only valid if nothing is flushed on the way.
  const start = out.reserve(precision + width + 16);
  putGeneral(out, value, precision);
  for (let size = out.length - start; size < width; size += 1) out.byte(SPACE);
}

/** `%.{precision}e`. */
export function writeScientific(out: TextOutput, value: number, precision = 6): void {
  if (putSign(out, value)) return;
  count = 0;
  exponent = 0;
  if (value !== 0) significant(Math.abs(value), precision + 1);
  putDigits(out, 0, 1);
  if (precision > 0) {
    out.byte(POINT);
    putDigits(out, 1, precision + 1);
  }
  putExponent(out);
}

/** `%.{precision}f`, for at most 100 decimals. */
export function writeFixed(out: TextOutput, value: number, precision = 6): void {
  if (putSign(out, value)) return;
  const size = Math.abs(value);
  if (size >= LARGEST_FAST) {
    out.bigint(BigInt(size));
    if (precision > 0) out.text(`.${'0'.repeat(precision)}`);
    return;
  }
  const integer = Math.floor(size);
  if (integer === 0 && size < SMALLEST_FAST) {
    // No tie to an even digit is possible so far below the last decimal, or JavaScript's digits are exact.
    out.text(size.toFixed(precision));
    return;
  }
  count = 0;
  const width = decimalWidth(integer);
  exponent = width - 1;
  storeDigits(integer, width);
  fractionDigits(size - integer, precision);
  putDigits(out, 0, exponent + 1);
  if (precision > 0) {
    out.byte(POINT);
    putDigits(out, exponent + 1, exponent + 1 + precision);
  }
}
