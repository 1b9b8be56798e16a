import { RowlockError } from '../../errors/index.ts';

/** What the system calls an error of the disk → our code and what to do. */
const KNOWN: Readonly<Record<string, readonly [code: string, hint: string]>> = {
  ENOSPC: ['STORE_FULL', 'Free space on the disk, or move the data folder, then start what stopped.'],
  EDQUOT: ['STORE_FULL', 'The quota of the account is used up.'],
  EFBIG: ['STORE_FULL', 'The file system takes no file of this size: lower max_binlog_size.'],
  EROFS: ['STORE_READ_ONLY', 'The file system is read-only: look into the system log for why.'],
  EACCES: ['STORE_DENIED', 'The data folder must belong to the account the relay runs as.'],
  EPERM: ['STORE_DENIED', 'The data folder must belong to the account the relay runs as.'],
};

/** Code of {@link missingFile}. */
export const STORE_MISSING = 'STORE_MISSING';

/** A file that its log needs, and that somebody removed. */
export const missingFile = (file: string): RowlockError =>
  new RowlockError(STORE_MISSING, 'this file of the log is gone', {
    hint: 'Put it back, and start the relay anew.',
    context: { file },
  });

/** A disk's refusal in our words, with the system's own as its cause. */
export function storeError(error: unknown, file: string): RowlockError {
  if (error instanceof RowlockError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  const [own, hint] = KNOWN[code] ?? ['STORE_WRITE', 'Look into the system log: the disk may be failing.'];
  return new RowlockError(own, `cannot write the log: ${message}`, { cause: error, hint, context: { file } });
}
