export { type ByteSource, bufferSource, fileSource } from './byte-source.ts';
export { LOG_MAGIC, LogOpening, mariadbCipher } from './log-opening.ts';
export { LogReader } from './log-reader.ts';
