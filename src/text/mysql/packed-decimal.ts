import { FormatError, TruncatedError } from '../../errors/index.ts';
import type { TextOutput } from '../output/text-output.ts';

/** Digits of a whole group, and the bytes it takes. */
const GROUP_DIGITS = 9;
const GROUP_BYTES = 4;
/** Bytes of a group of 0 to 9 digits (MySQL `dig2bytes`). */
const bytesOfDigits = Uint8Array.of(0, 1, 1, 2, 2, 3, 3, 4, 4, 4);
/** A user variable may carry up to 9 groups; a column has at most 65 digits. More are taken for an illegal number. */
const MAX_DIGITS = 81;

/** The first bit of a group of so many bytes, which in the first group is the sign. Inverting negatives sets it for all. */
const signBit = Float64Array.of(0, 0x80, 0x8000, 0x80_0000, 0x8000_0000);

/** What a group of so many digits stays below. */
const mostOfDigits = Float64Array.from({ length: GROUP_DIGITS + 1 }, (_, digits) => 10 ** digits);

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/** Bytes of a packed DECIMAL(precision, scale). */
export function packedDecimalBytes(precision: number, scale: number): number {
  if (scale > precision || precision === 0) {
    throw new FormatError(`DECIMAL(${precision},${scale}) is not a legal type`);
  }
  const integer = precision - scale;
  return (
    Math.floor(integer / GROUP_DIGITS) * GROUP_BYTES +
    bytesOfDigits[integer % GROUP_DIGITS]! +
    Math.floor(scale / GROUP_DIGITS) * GROUP_BYTES +
    bytesOfDigits[scale % GROUP_DIGITS]!
  );
}

function group(bytes: Uint8Array, at: number, size: number, flip: number): number {
  let value = 0;
  for (let i = 0; i < size; i += 1) value = value * 256 + (bytes[at + i]! ^ flip);
  return value;
}

/** Writes a packed decimal of `precision` digits, `scale` of them behind the point, as its plain text; an illegal one as 0. */
export function writePackedDecimal(
  out: TextOutput,
  bytes: Uint8Array,
  start: number,
  precision: number,
  scale: number,
): void {
  const size = packedDecimalBytes(precision, scale);
  if (start + size > bytes.length) {
    throw new TruncatedError(`need ${size} bytes, have ${bytes.length - start}`);
  }
  if (precision > MAX_DIGITS) {
    out.byte(ZERO);
    return;
  }
  // No byte of it may go before all of it is known to be legal.
  out.reserve(MAX_DIGITS + 2);
  const from = out.length;
  const isWhole = writeDigits(out, bytes, start, precision, scale);
  if (isWhole) return;
  out.length = from;
  out.byte(ZERO);
}

/** False where a group holds more than its digits can say. */
function writeDigits(
  out: TextOutput,
  bytes: Uint8Array,
  start: number,
  precision: number,
  scale: number,
): boolean {
  const first = bytes[start]!;
  const flip = (first & 0x80) === 0 ? 0xff : 0;
  if (flip !== 0) out.byte(MINUS);
  let at = start;
  let isFirst = true;
  let begun = false;
  const integer = precision - scale;
  for (let left = integer; left > 0; ) {
    const digits = left % GROUP_DIGITS === 0 ? GROUP_DIGITS : left % GROUP_DIGITS;
    const bytesHere = bytesOfDigits[digits]!;
    let value = group(bytes, at, bytesHere, flip);
    if (isFirst) value -= signBit[bytesHere]!;
    isFirst = false;
    // The original lets the first group have one digit more than it should, where that is not a whole group.
    const most = left === integer && digits < GROUP_DIGITS ? digits + 1 : digits;
    if (value >= mostOfDigits[most]!) return false;
    if (begun) out.padded(value, digits);
    else if (value !== 0) {
      out.integer(value);
      begun = true;
    }
    at += bytesHere;
    left -= digits;
  }
  if (!begun) out.byte(ZERO);
  if (scale === 0) return true;
  out.byte(POINT);
  for (let left = scale; left > 0; ) {
    const digits = Math.min(left, GROUP_DIGITS);
    const bytesHere = bytesOfDigits[digits]!;
    let value = group(bytes, at, bytesHere, flip);
    if (isFirst) value -= signBit[bytesHere]!;
    isFirst = false;
    if (value >= mostOfDigits[digits]!) return false;
    out.padded(value, digits);
    at += bytesHere;
    left -= digits;
  }
  return true;
}
