export { type ByteSource, bufferSource, fileSource } from './byte-source.ts';
export { ENCRYPTED_LOG_MAGIC, LOG_MAGIC, LogReader } from './log-reader.ts';
