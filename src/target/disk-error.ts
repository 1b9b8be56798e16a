import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { RowlockError, systemError } from '../errors/index.ts';
import { isDiskFull } from '../store/index.ts';

/** SQLite's result code, without what extends it → the number of MySQL that says the same, and what it means for the files. */
const KNOWN: ReadonlyMap<number, readonly [errno: number, what: 'full' | 'failed' | 'damaged']> = new Map([
  // SQLITE_READONLY: ER_OPEN_AS_READONLY
  [8, [1036, 'failed']],
  // SQLITE_IOERR: ER_ERROR_ON_WRITE
  [10, [1026, 'failed']],
  // SQLITE_CORRUPT, SQLITE_NOTADB: ER_NOT_KEYFILE
  [11, [1034, 'damaged']],
  [26, [1034, 'damaged']],
  // SQLITE_FULL: ER_DISK_FULL
  [13, [1021, 'full']],
  // SQLITE_CANTOPEN: ER_CANT_OPEN_FILE
  [14, [1016, 'failed']],
]);
const PLAIN_CODE = 0xff;

const HINTS = {
  full: 'What was applied is safe: free space on the disk, then start again.',
  failed: 'What was applied is safe: once files can be written in the folder, start again.',
  files:
    'What was applied is safe: let the process open more files (ulimit -n, LimitNOFILE=), three for each schema, then start again.',
  damaged: 'A file of the folder is damaged, or was there before and is no database.',
} as const;

/** What the disk, or SQLite, would not do with the files of a target. */
export class DiskError extends RowlockError {
  readonly errno: number;
  /** There was no space: with some, the same goes well. */
  readonly isFull: boolean;
  /** Where the files are; empty: unknown. */
  path = '';

  constructor(errno: number, what: keyof typeof HINTS, message: string, cause?: unknown) {
    super('DISK', message, { cause, hint: HINTS[what] });
    this.errno = errno;
    this.isFull = what === 'full';
  }
}

/** Undefined: it is no error of the disk. */
export function diskError(error: unknown): DiskError | undefined {
  if (error instanceof DiskError) return error;
  if (!(error instanceof Error)) return undefined;
  const { errcode, systemErrno, syscall, path } = error as NodeJS.ErrnoException & {
    readonly errcode?: number;
    readonly systemErrno?: number;
  };
  if (syscall !== undefined) {
    const message = `${path ?? syscall}: ${systemError(error).text}`;
    return isDiskFull(error)
      ? new DiskError(1021, 'full', message, error)
      : new DiskError(1026, 'failed', message, error);
  }
  const known = KNOWN.get((errcode ?? 0) & PLAIN_CODE);
  if (known === undefined) return undefined;
  const [errno, what] = known;
  const number = systemErrno ?? 0;
  const name = number > 0 ? ` (${getSystemErrorName(-number)})` : '';
  const { ENOSPC, EDQUOT, EMFILE, ENFILE } = constants.errno;
  const isFull = number === ENOSPC || number === EDQUOT;
  const lacksFiles = number === EMFILE || number === ENFILE;
  return new DiskError(
    isFull ? 1021 : errno,
    isFull ? 'full' : lacksFiles ? 'files' : what,
    `SQLite: ${error.message}${name}`,
    error,
  );
}

/** Whether a target had no space for what came, and goes on where it stands once there is some. */
export const isTargetFull = (error: unknown): error is DiskError =>
  error instanceof DiskError && error.isFull;
