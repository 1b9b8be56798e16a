import type { ColumnText } from './definition.ts';

/** Integers print signed, whatever the column: the log does not say. A negative one shows its unsigned reading behind it. */

const unsignedRange = { 1: 0x100, 2: 0x1_0000, 3: 0x100_0000, 4: 0x1_0000_0000 } as const;
const OPEN = ' (';
const CLOSE = 0x29;

export const tiny: ColumnText = {
  type: 'TINYINT',
  size: 1,
  write(out, bytes, at) {
    const value = (bytes[at]! << 24) >> 24;
    out.integer(value);
    if (value < 0) {
      out.text(OPEN);
      out.integer(value + unsignedRange[1]);
      out.byte(CLOSE);
    }
    return at + 1;
  },
};

export const short: ColumnText = {
  type: 'SHORTINT',
  size: 2,
  write(out, bytes, at) {
    const value = ((bytes[at]! | (bytes[at + 1]! << 8)) << 16) >> 16;
    out.integer(value);
    if (value < 0) {
      out.text(OPEN);
      out.integer(value + unsignedRange[2]);
      out.byte(CLOSE);
    }
    return at + 2;
  },
};

export const int24: ColumnText = {
  type: 'MEDIUMINT',
  size: 3,
  write(out, bytes, at) {
    const value = ((bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)) << 8) >> 8;
    out.integer(value);
    if (value < 0) {
      out.text(OPEN);
      out.integer(value + unsignedRange[3]);
      out.byte(CLOSE);
    }
    return at + 3;
  },
};

export const long: ColumnText = {
  type: 'INT',
  size: 4,
  write(out, bytes, at) {
    const value = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    out.integer(value);
    if (value < 0) {
      out.text(OPEN);
      out.integer(value + unsignedRange[4]);
      out.byte(CLOSE);
    }
    return at + 4;
  },
};

export const longlong: ColumnText = {
  type: 'LONGINT',
  size: 8,
  write(out, bytes, at) {
    const low = (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
    const high =
      (bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24)) >>> 0;
    if (high < 0x8000_0000) {
      if (high === 0) out.integer(low);
      else out.unsigned64(high, low);
      return at + 8;
    }
    out.byte(0x2d);
    if (low === 0) out.unsigned64(0x1_0000_0000 - high, 0);
    else out.unsigned64(0xffff_ffff - high, 0x1_0000_0000 - low);
    out.text(OPEN);
    out.unsigned64(high, low);
    out.byte(CLOSE);
    return at + 8;
  },
};

/** One byte, years since 1900; 0 too. */
export const year: ColumnText = {
  type: 'YEAR',
  size: 1,
  write(out, bytes, at) {
    out.padded(bytes[at]! + 1900, 4);
    return at + 1;
  },
};
