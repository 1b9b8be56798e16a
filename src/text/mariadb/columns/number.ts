import { writeGeneral } from '../../output/c-format.ts';
import type { TextOutput } from '../../output/text-output.ts';
import type { ColumnText } from './definition.ts';

const scratch = new DataView(new ArrayBuffer(8));

/** `%-20g`: padded with blanks to 20 characters, only here. */
export const float: ColumnText = {
  type: 'FLOAT',
  size: 4,
  write(out, bytes, at) {
    for (let i = 0; i < 4; i += 1) scratch.setUint8(i, bytes[at + i]!);
    writeGeneral(out, scratch.getFloat32(0, true), 6, 20);
    return at + 4;
  },
};

/** `%-.20g` */
export const double: ColumnText = {
  type: 'DOUBLE',
  size: 8,
  write(out, bytes, at) {
    for (let i = 0; i < 8; i += 1) scratch.setUint8(i, bytes[at + i]!);
    writeGeneral(out, scratch.getFloat64(0, true), 20);
    return at + 8;
  },
};

const GROUP_DIGITS = 9;
const GROUP_BYTES = 4;
/** Bytes of a group of 0 to 9 digits. */
const bytesOfDigits = [0, 1, 1, 2, 2, 3, 3, 4, 4, 4] as const;
const MAX_PRECISION = 65;
const MAX_SCALE = 38;

/** One big-endian group; `flip` undoes the inversion of negative numbers. */
function group(bytes: Buffer, at: number, size: number, flip: number, signFlip: number): number {
  let value = bytes[at]! ^ flip ^ signFlip;
  for (let i = 1; i < size; i += 1) value = value * 256 + (bytes[at + i]! ^ flip);
  return value;
}

function writeFraction(
  out: TextOutput,
  bytes: Buffer,
  start: number,
  scale: number,
  flip: number,
  firstFlip: number,
): number {
  let at = start;
  let signFlip = firstFlip;
  out.byte(0x2e);
  for (let left = scale; left > 0; left -= GROUP_DIGITS) {
    const digits = left < GROUP_DIGITS ? left : GROUP_DIGITS;
    const size = bytesOfDigits[digits]!;
    out.padded(group(bytes, at, size, flip, signFlip), digits);
    signFlip = 0;
    at += size;
  }
  return at;
}

/**
 * A packed decimal: integer digits in groups of nine, the odd one first; then the fraction, its odd group last. The first bit
 * is set for numbers that are not negative; a negative one has all bits inverted.
 */
export function decimal(precision: number, scale: number): ColumnText | undefined {
  const integerDigits = precision - scale;
  if (precision > MAX_PRECISION || scale > MAX_SCALE || integerDigits < 0) return undefined;
  const oddDigits = integerDigits % GROUP_DIGITS;
  const oddBytes = bytesOfDigits[oddDigits]!;
  const groups = Math.floor(integerDigits / GROUP_DIGITS);
  const fractionBytes = Math.floor(scale / GROUP_DIGITS) * GROUP_BYTES + bytesOfDigits[scale % GROUP_DIGITS]!;
  return {
    type: `DECIMAL(${precision},${scale})`,
    size: oddBytes + groups * GROUP_BYTES + fractionBytes,
    write(out, bytes, start) {
      let at = start;
      const negative = (bytes[at]! & 0x80) === 0;
      const flip = negative ? 0xff : 0;
      let signFlip = 0x80;
      if (negative) out.byte(0x2d);
      let started = false;
      if (oddBytes > 0) {
        const value = group(bytes, at, oddBytes, flip, signFlip);
        signFlip = 0;
        at += oddBytes;
        if (value > 0) {
          out.integer(value);
          started = true;
        }
      }
      for (let i = 0; i < groups; i += 1) {
        const value = group(bytes, at, GROUP_BYTES, flip, signFlip);
        signFlip = 0;
        at += GROUP_BYTES;
        if (started) out.padded(value, GROUP_DIGITS);
        else if (value > 0) {
          out.integer(value);
          started = true;
        }
      }
      if (!started) out.byte(0x30);
      return scale === 0 ? at : writeFraction(out, bytes, at, scale, flip, signFlip);
    },
  };
}

/** Bytes in their order, the bits of each from the highest; of the first only as many as are left: `b'0101'`. */
function writeBits(out: TextOutput, bytes: Buffer, start: number, bits: number): void {
  out.text("b'");
  const at = out.reserve(bits);
  const { buffer } = out;
  const last = start + ((bits + 7) >> 3) - 1;
  for (let bit = 0; bit < bits; bit += 1) {
    buffer[at + bits - 1 - bit] = 0x30 + ((bytes[last - (bit >> 3)]! >> (bit & 7)) & 1);
  }
  out.length = at + bits;
  out.byte(0x27);
}

/** Meta is the bits beyond whole bytes, then the whole bytes; the value is big-endian. */
export function bit(meta: number): ColumnText {
  const bits = (meta >> 8) + (meta & 0xff) * 8;
  const size = (bits + 7) >> 3;
  return {
    type: `BIT(${bits})`,
    size,
    write(out, bytes, at) {
      writeBits(out, bytes, at, bits);
      return at + size;
    },
  };
}

/** The member's number. */
export function enumeration(size: number): ColumnText | undefined {
  if (size === 1) {
    return {
      type: 'ENUM(1 byte)',
      size,
      write(out, bytes, at) {
        out.integer(bytes[at]!);
        return at + 1;
      },
    };
  }
  if (size !== 2) return undefined;
  return {
    type: 'ENUM(2 bytes)',
    size,
    write(out, bytes, at) {
      out.integer(bytes[at]! | (bytes[at + 1]! << 8));
      return at + 2;
    },
  };
}

/** A bit a member, little-endian; printed byte by byte as it lies there. */
export function set(size: number): ColumnText {
  return {
    type: `SET(${size} bytes)`,
    size,
    write(out, bytes, at) {
      writeBits(out, bytes, at, size * 8);
      return at + size;
    },
  };
}
