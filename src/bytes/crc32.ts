import zlib from 'node:zlib';

/**
 * Slice-by-8 tables of the zlib polynomial (reflected 0xEDB88320), made when they are first wanted. Each comes from the one before by a
 * look at the first: to do every byte bit by bit is eight times the work, and enough of it for the engine to compile that.
 */
function makeTables(): Uint32Array[] {
  const first = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    first[byte] = value;
  }
  const tables = [first];
  for (let slice = 1; slice < 8; slice += 1) {
    tables.push(tables[slice - 1]!.map((value) => first[value & 0xff]! ^ (value >>> 8)));
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
  // One by one: taking a list apart costs as much as ten bytes.
  const t0 = tables[0];
  const t1 = tables[1];
  const t2 = tables[2];
  const t3 = tables[3];
  const t4 = tables[4];
  const t5 = tables[5];
  const t6 = tables[6];
  const t7 = tables[7];
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

/**
 * `zlib.crc32` came with Node 20.15; the call costs as much as our own loop over about 170 bytes, and as a few while nobody compiled that
 * (Node 20.20). Most events of a small transaction are shorter.
 */
const native = (): ((data: Uint8Array, seed?: number) => number) | undefined => zlib.crc32;
const NATIVE_FROM_BYTES = 160;

/** CRC-32 as zlib computes it, over `bytes[start, end)`, continuing from `seed`. */
export function crc32(bytes: Uint8Array, start = 0, end: number = bytes.length, seed = 0): number {
  const quick = end - start >= NATIVE_FROM_BYTES ? native() : undefined;
  return quick === undefined ? sliceBy8(bytes, start, end, seed) : quick(bytes.subarray(start, end), seed);
}
