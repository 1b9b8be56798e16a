import { Cursor } from '../../bytes/index.ts';
import { type Column, valueTypeOf } from '../columns/index.ts';

/**
 * Where a value of that size ends; not a number when its length lies outside the bytes. A size is a number of bytes, or, negated, that of
 * the bytes of a length in front of the value.
 */
export function skipValue(size: number, bytes: Buffer, at: number): number {
  if (size >= 0) return at + size;
  const value = at - size;
  let length = bytes[at]!;
  let unit = 1;
  for (let i = at + 1; i < value; i += 1) {
    unit *= 256;
    length += bytes[i]! * unit;
  }
  return value + length;
}

/** Bytes that no type's fixed size or length leaves. */
const PROBE_BYTES = 512;

/** The size of a column's values, as {@link skipValue} takes it: found out with a value of length 0 and one of length 1. */
export function valueSizeOf(column: Column): number {
  const type = valueTypeOf(column);
  const [empty, one] = [0, 1].map((length) => {
    const cursor = new Cursor(Buffer.alloc(PROBE_BYTES));
    cursor.bytes[0] = length;
    try {
      type.skip(cursor, column);
    } catch {
      return Number.NaN;
    }
    return cursor.position;
  });
  return one === empty ? empty! : -empty!;
}
