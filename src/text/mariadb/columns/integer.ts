import { writeInteger, writeInteger64 } from '../../output/integer-text.ts';
import type { ColumnText } from './definition.ts';

/** Integers print signed, whatever the column. */

const ranges = { 1: 0x100, 2: 0x1_0000, 3: 0x100_0000, 4: 0x1_0000_0000 } as const;

export const tiny: ColumnText = {
  type: 'TINYINT',
  size: 1,
  write(out, bytes, at) {
    const value = (bytes[at]! << 24) >> 24;
    writeInteger(out, value, ranges[1]);
    return at + 1;
  },
};

export const short: ColumnText = {
  type: 'SHORTINT',
  size: 2,
  write(out, bytes, at) {
    const value = ((bytes[at]! | (bytes[at + 1]! << 8)) << 16) >> 16;
    writeInteger(out, value, ranges[2]);
    return at + 2;
  },
};

export const int24: ColumnText = {
  type: 'MEDIUMINT',
  size: 3,
  write(out, bytes, at) {
    const value = ((bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)) << 8) >> 8;
    writeInteger(out, value, ranges[3]);
    return at + 3;
  },
};

export const long: ColumnText = {
  type: 'INT',
  size: 4,
  write(out, bytes, at) {
    const value = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    writeInteger(out, value, ranges[4]);
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
    writeInteger64(out, high, low);
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
