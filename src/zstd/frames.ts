import { Cursor, Writer } from '../bytes/index.ts';
import { FormatError } from '../errors/index.ts';

const FRAME_MAGIC = 0xfd2f_b528;
/** Sixteen magics, 0x184D2A50 to 5F, mark frames that carry no content. */
const SKIPPABLE_MAGIC = 0x184d_2a50;
/** A block inflates to at most this much (RFC 8878, Block_Maximum_Size). */
const BLOCK_BYTES = 128 * 1024;

const BlockType = { RAW: 0, RLE: 1, COMPRESSED: 2 } as const;

/** One frame of a zstd stream. */
export interface ZstdFrame {
  readonly start: number;
  readonly end: number;
  /** What its blocks can inflate to at most. Unlike the size a header claims, it cannot be large without many bytes. */
  readonly mostBytes: number;
  /** What its header claims, which is at most `mostBytes`. */
  readonly contentBytes: number | undefined;
}

/**
 * Finds the frames of a zstd stream (RFC 8878) without inflating them, skippable ones left out.
 *
 * @throws FormatError where the bytes are no frames, TruncatedError where they end inside one
 */
export function zstdFrames(bytes: Buffer): ZstdFrame[] {
  const cursor = new Cursor(bytes);
  const frames: ZstdFrame[] = [];
  while (cursor.remaining > 0) {
    const start = cursor.position;
    const magic = cursor.u32();
    if ((magic & ~0xf) >>> 0 === SKIPPABLE_MAGIC) cursor.skip(cursor.u32());
    else if (magic === FRAME_MAGIC) frames.push(readFrame(cursor, start));
    else throw new FormatError(`no zstd frame starts with 0x${magic.toString(16).padStart(8, '0')}`);
  }
  return frames;
}

function readFrame(cursor: Cursor, start: number): ZstdFrame {
  const descriptor = cursor.u8();
  const single = (descriptor & 0x20) !== 0;
  if ((descriptor & 0x08) !== 0) throw new FormatError('zstd frame sets a reserved bit');
  if (!single) cursor.skip(1);
  cursor.skip([0, 1, 2, 4][descriptor & 3]!);
  const contentBytes = readContentBytes(cursor, descriptor >> 6, single);
  let mostBytes = 0;
  for (let last = false; !last; ) {
    const header = cursor.u24();
    last = (header & 1) !== 0;
    const type = (header >> 1) & 3;
    const size = header >> 3;
    if (size > BLOCK_BYTES || type > BlockType.COMPRESSED) {
      throw new FormatError(`zstd block of type ${type} and ${size} bytes`);
    }
    cursor.skip(type === BlockType.RLE ? 1 : size);
    mostBytes += type === BlockType.COMPRESSED ? BLOCK_BYTES : size;
  }
  if ((descriptor & 0x04) !== 0) cursor.skip(4);
  if (contentBytes !== undefined && contentBytes > mostBytes) {
    throw new FormatError(`zstd frame claims ${contentBytes} bytes, its blocks hold at most ${mostBytes}`);
  }
  return { start, end: cursor.position, mostBytes, contentBytes };
}

function readContentBytes(cursor: Cursor, flag: number, single: boolean): number | undefined {
  if (flag === 0) return single ? cursor.u8() : undefined;
  if (flag === 1) return cursor.u16() + 256;
  return flag === 2 ? cursor.u32() : cursor.offset();
}

/** A zstd frame that holds the bytes as they are: legal for every decoder, and needs no compressor. */
export function storeZstd(bytes: Buffer): Buffer {
  const writer = new Writer(bytes.length + 32);
  writer.u32(FRAME_MAGIC);
  // Single segment, content size in 8 bytes.
  writer.u8(0xe0);
  writer.offset(bytes.length);
  let at = 0;
  do {
    const size = Math.min(BLOCK_BYTES, bytes.length - at);
    const last = at + size === bytes.length;
    writer.u24((size << 3) | (BlockType.RAW << 1) | (last ? 1 : 0));
    writer.bytes(bytes.subarray(at, at + size));
    at += size;
  } while (at < bytes.length);
  return writer.take();
}
