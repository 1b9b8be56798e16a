import zlib from 'node:zlib';
import { FormatError, ProtocolError } from '../../errors/index.ts';
import { inflateZstd as inflate, loadZstd } from '../../zstd/index.ts';

/** Loads the decompressor; to be awaited once before {@link inflateZstd}. */
export function prepareZstd(): Promise<void> {
  return loadZstd();
}

/** A zstd packet of known size. */
export function inflateZstd(bytes: Buffer, size: number): Buffer {
  let plain: Buffer;
  try {
    plain = inflate(bytes, size);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new ProtocolError('damaged zstd packet', { cause, code: 'PROTOCOL_COMPRESSION' });
  }
  if (plain.length !== size) {
    throw new ProtocolError(`zstd packet holds ${plain.length} bytes, announced ${size}`, {
      code: 'PROTOCOL_COMPRESSION',
    });
  }
  return plain;
}

/** Node has a zstd compressor from 22.15 on; without one, packets travel stored, which every peer accepts. */
type ZstdCompress = (bytes: Uint8Array, options?: { params?: Record<number, number> }) => Buffer;
const native = zlib as unknown as { zstdCompressSync?: ZstdCompress };
/** `ZSTD_c_compressionLevel` of zstd.h. */
const COMPRESSION_LEVEL = 100;

/** The frame, or undefined where this Node cannot compress. */
export function deflateZstd(bytes: Uint8Array, level: number): Buffer | undefined {
  return native.zstdCompressSync?.(bytes, { params: { [COMPRESSION_LEVEL]: level } });
}
