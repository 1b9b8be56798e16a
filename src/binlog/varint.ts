import type { Cursor, Writer } from '../bytes/index.ts';
import { FormatError } from '../errors/index.ts';

/**
 * Integers of MySQL's serialization library (`mysql::serialization`), used by GTID_TAGGED_LOG_EVENT.
 *
 * The number of trailing one bits of the first byte, plus one, is the length n in bytes (1 to 9). The value is those bytes,
 * little-endian, shifted right by n; a first byte of 0xFF is followed by 8 plain bytes.
 */
export function readVarint(cursor: Cursor): bigint {
  const first = cursor.u8();
  if (first === 0xff) return cursor.u64();
  let length = 1;
  while (first & (1 << (length - 1))) length += 1;
  let value = BigInt(first);
  for (let i = 1; i < length; i += 1) value |= BigInt(cursor.u8()) << BigInt(8 * i);
  return value >> BigInt(length);
}

/** A varint that counts something in this event. */
export function readSmallVarint(cursor: Cursor): number {
  const value = readVarint(cursor);
  if (value > 0xffff_ffffn) throw new FormatError(`varint of ${value} where a small number belongs`);
  return Number(value);
}

export function writeVarint(writer: Writer, value: bigint): void {
  let length = 1;
  while (length < 9 && value >> BigInt(7 * length) !== 0n) length += 1;
  if (length === 9) {
    writer.u8(0xff);
    writer.u64(value);
    return;
  }
  const shifted = (value << BigInt(length)) | BigInt((1 << (length - 1)) - 1);
  for (let i = 0; i < length; i += 1) writer.u8(Number((shifted >> BigInt(8 * i)) & 0xffn));
}

/** Signed values fold the sign into the lowest bit: 0, -1, 1, -2, 2 … are 0, 1, 2, 3, 4 … */
export function readSignedVarint(cursor: Cursor): bigint {
  const folded = readVarint(cursor);
  return (folded & 1n) === 0n ? folded >> 1n : -(folded >> 1n) - 1n;
}

export function writeSignedVarint(writer: Writer, value: bigint): void {
  writeVarint(writer, value >= 0n ? value << 1n : ((-value - 1n) << 1n) | 1n);
}
