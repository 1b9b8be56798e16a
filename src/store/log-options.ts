import type { RowlockError } from '../errors/index.ts';
import type { Disk } from './disk/disk.ts';
import type { BlockCache } from './files/block-cache.ts';
import type { LogPlace } from './files/log-place.ts';

/** What a log of files is made with. */
export interface LogSequenceOptions<Mark> {
  readonly disk: Disk;
  readonly folder: string;
  /** `binlog`: files are `binlog.000001` … */
  readonly base: string;
  readonly cache: BlockCache;
  /** What a new file begins with, behind the magic. Asked when all transactions of the file before are appended. */
  opening(file: string): Buffer;
  /** What a file ends with. @param next undefined: the writer ends */
  closing(next: string | undefined, position: number): Buffer;
  /** Makes the marks durable elsewhere, at the same time as the log itself. Neither counts without the other. */
  record?(end: LogPlace, marks: readonly Mark[]): Promise<void>;
  /**
   * Whether what ends here is durable elsewhere too, once it is: then this log counts it as durable without waiting for the disk. False:
   * it will not be; undefined: nobody is about to make it so.
   */
  elsewhere?(end: LogPlace): Promise<boolean> | undefined;
  /** Told when transactions have become durable, in order. */
  settled?(marks: readonly Mark[], end: LogPlace): void;
  /** Told when writing failed: what was appended and is not durable is lost. */
  failed?(error: RowlockError): void;
}
