import { ZSTDDecoder } from 'zstddec';
import { limits, PayloadCompression, type TransactionPayload } from '../../binlog/index.ts';
import { FormatError, LimitError } from '../../errors/index.ts';

const decoder = new ZSTDDecoder();
let ready: Promise<void> | undefined;

/** Loads the decompressor; to be awaited once before {@link decodePayload}. */
export function prepareZstd(): Promise<void> {
  ready ??= decoder.init();
  return ready;
}

/** The events inside a compressed transaction. @throws FormatError where they cannot be read */
export function decodePayload({ compressionType, payload, uncompressedSize }: TransactionPayload): Buffer {
  if (compressionType === PayloadCompression.NONE) return payload;
  if (compressionType !== PayloadCompression.ZSTD) {
    throw new FormatError(`payload compression ${compressionType} is unknown`);
  }
  if (uncompressedSize > limits.inflatedBytes) {
    throw new LimitError(`payload claims ${uncompressedSize} bytes, above ${limits.inflatedBytes}`);
  }
  let plain: Uint8Array;
  try {
    plain = decoder.decode(payload, uncompressedSize);
  } catch (cause) {
    throw new FormatError('payload does not decompress', { cause });
  }
  return Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength);
}
