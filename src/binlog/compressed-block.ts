import { deflateSync, inflateSync } from 'node:zlib';
import { FormatError, LimitError } from '../errors/index.ts';
import { limits } from './limits.ts';

/**
 * MariaDB's compressed block, in compressed rows and queries (`log_bin_compress`):
 *
 *   bytes  field
 *   1      0x80 | algorithm << 4 | n; algorithm 0 is zlib, the only one
 *   n      length of the inflated bytes, big-endian, n = 1..4
 *   rest   zlib stream
 */
export function inflateBlock(block: Buffer): Buffer {
  const head = block[0];
  if (head === undefined) throw new FormatError('compressed block is empty');
  const algorithm = (head & 0x70) >> 4;
  const lengthBytes = head & 0x07;
  if (
    (head & 0x80) === 0 ||
    algorithm !== 0 ||
    lengthBytes < 1 ||
    lengthBytes > 4 ||
    block.length <= lengthBytes
  ) {
    throw new FormatError(`compressed block starts with 0x${head.toString(16).padStart(2, '0')}`);
  }
  const length = block.readUIntBE(1, lengthBytes);
  if (length > limits.inflatedBytes) {
    throw new LimitError(`compressed block claims ${length} bytes, above ${limits.inflatedBytes}`);
  }
  let inflated: Buffer;
  try {
    inflated = inflateSync(block.subarray(1 + lengthBytes), { maxOutputLength: Math.max(1, length) });
  } catch (cause) {
    throw new FormatError('compressed block does not inflate', { cause });
  }
  if (inflated.length !== length) {
    throw new FormatError(`compressed block holds ${inflated.length} bytes, claims ${length}`);
  }
  return inflated;
}

/** Makes a block of the given bytes, as MariaDB does: the shortest length field, zlib's default level. */
export function deflateBlock(bytes: Buffer): Buffer {
  const lengthBytes =
    bytes.length <= 0xff ? 1 : bytes.length <= 0xffff ? 2 : bytes.length <= 0xff_ffff ? 3 : 4;
  const head = Buffer.alloc(1 + lengthBytes);
  head[0] = 0x80 | lengthBytes;
  head.writeUIntBE(bytes.length, 1, lengthBytes);
  return Buffer.concat([head, deflateSync(bytes)]);
}
