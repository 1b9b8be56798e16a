import type { Cursor, Writer } from '../../../bytes/index.ts';

/** Reads 0 to 6 big-endian bytes. */
export function readBigEndian(cursor: Cursor, bytes: number): number {
  let value = 0;
  let at = cursor.take(bytes);
  for (const end = at + bytes; at < end; at += 1) value = value * 256 + cursor.bytes[at]!;
  return value;
}

/** Writes the lowest `bytes` (0 to 6) bytes of a non-negative value, big-endian. */
export function writeBigEndian(writer: Writer, value: number, bytes: number): void {
  for (let scale = 256 ** (bytes - 1); scale >= 1; scale /= 256) writer.u8(Math.floor(value / scale) % 256);
}
