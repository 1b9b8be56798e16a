import zlib from 'node:zlib';
import { ZSTDDecoder } from 'zstddec';
import { ProtocolError } from '../../errors/index.ts';

const decoder = new ZSTDDecoder();
let ready: Promise<void> | undefined;

/** Loads the decompressor; to be awaited once before {@link inflateZstd}. */
export function prepareZstd(): Promise<void> {
  ready ??= decoder.init();
  return ready;
}

/** One zstd frame of known size. The decoder answers a damaged frame with fewer bytes, not with an exception. */
export function inflateZstd(bytes: Uint8Array, size: number): Buffer {
  let plain: Uint8Array;
  try {
    plain = decoder.decode(bytes, size);
  } catch (cause) {
    throw new ProtocolError('damaged zstd packet', { cause, code: 'PROTOCOL_COMPRESSION' });
  }
  if (plain.length !== size) {
    throw new ProtocolError(`zstd packet holds ${plain.length} bytes, announced ${size}`, {
      code: 'PROTOCOL_COMPRESSION',
    });
  }
  return Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength);
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
