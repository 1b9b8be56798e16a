import { UsageError } from '../../errors/index.ts';
import type { DiskFile } from '../disk/disk.ts';
import type { FollowedFile } from './log-place.ts';

/** One file of a log, as its log knows it. */
export interface LogFile extends FollowedFile {
  readonly path: string;
  /** In bytes; final once a later file exists. */
  size: number;
  readers: number;
  /** {@link NO_HANDLE} while nobody reads. */
  handle: DiskFile;
  /** End of the last whole transaction that was appended, durable or not. */
  marked: number;
}

export const NO_HANDLE: DiskFile = {
  write: () => Promise.reject(new UsageError('the file is not open')),
  read: () => Promise.reject(new UsageError('the file is not open')),
  sync: () => Promise.resolve(),
  truncate: () => Promise.resolve(),
  size: () => Promise.resolve(0),
  close: () => Promise.resolve(),
};

export function logFile(number: number, name: string, path: string, size: number): LogFile {
  return { number, name, path, size, readers: 0, handle: NO_HANDLE, marked: 0 };
}
