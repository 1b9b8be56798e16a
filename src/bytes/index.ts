export { crc32 } from './crc32.ts';
export { bufferOf, Cursor } from './cursor.ts';
export { Writer } from './writer.ts';
