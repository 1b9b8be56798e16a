import zlib from 'node:zlib';

/** Slice-by-8 tables of the zlib polynomial (reflected 0xEDB88320), made when they are first wanted: that is half a millisecond. */
function makeTables(): Uint32Array[] {
  const tables: Uint32Array[] = [];
  for (let slice = 0; slice < 8; slice += 1) {
    const table = new Uint32Array(256);
    for (let byte = 0; byte < 256; byte += 1) {
      let value = slice === 0 ? byte : tables[slice - 1]![byte]!;
      for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
      table[byte] = value;
    }
    tables.push(table);
  }
  return tables;
}

type Tables = readonly [
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
];
let tables: Tables | undefined;

function sliceBy8(bytes: Uint8Array, start: number, end: number, seed: number): number {
  tables ??= makeTables() as unknown as Tables;
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables;
  let crc = ~seed;
  let at = start;
  for (const whole = end - 7; at < whole; at += 8) {
    const low = crc ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    crc =
      t7[low & 0xff]! ^
      t6[(low >>> 8) & 0xff]! ^
      t5[(low >>> 16) & 0xff]! ^
      t4[low >>> 24]! ^
      t3[bytes[at + 4]!]! ^
      t2[bytes[at + 5]!]! ^
      t1[bytes[at + 6]!]! ^
      t0[bytes[at + 7]!]!;
  }
  for (; at < end; at += 1) crc = t0[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** `zlib.crc32` came with Node 20.15; below about 200 bytes the call costs more than our own loop (Node 20.20). */
const native = (): ((data: Uint8Array, seed?: number) => number) | undefined => zlib.crc32;
const NATIVE_FROM_BYTES = 200;

/** CRC-32 as zlib computes it, over `bytes[start, end)`, continuing from `seed`. */
export function crc32(bytes: Uint8Array, start = 0, end: number = bytes.length, seed = 0): number {
  const quick = end - start >= NATIVE_FROM_BYTES ? native() : undefined;
  return quick === undefined ? sliceBy8(bytes, start, end, seed) : quick(bytes.subarray(start, end), seed);
}
