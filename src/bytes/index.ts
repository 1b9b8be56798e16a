export { copyBytes } from './copy-bytes.ts';
export { crc32 } from './crc32.ts';
export { patchedCrc32 } from './crc32-patch.ts';
export { crc32OfRest } from './crc32-rest.ts';
export { bufferOf, Cursor } from './cursor.ts';
export { Writer } from './writer.ts';
