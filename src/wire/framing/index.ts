export { CompressedReader, CompressedWriter, type CompressionAlgorithm } from './compression.ts';
export { PacketReader } from './packet-reader.ts';
export { PacketWriter } from './packet-writer.ts';
export { prepareZstd } from './zstd.ts';
