import { basename } from 'node:path';
import { RowlockError, ServerError } from '../../errors/index.ts';

/** SQLite's result code → what a client is told: MySQL's ER_DISK_FULL, ER_OPEN_AS_READONLY, ER_ERROR_ON_WRITE. */
const KNOWN: Readonly<Record<number, readonly [errno: number, what: string, hint: string]>> = {
  // SQLITE_FULL
  13: [1021, 'Disk full', 'Free space on the disk, then try again.'],
  // SQLITE_READONLY
  8: [1036, 'The file system is read-only', 'Look into the system log for why.'],
  // SQLITE_IOERR
  10: [1026, 'Error writing file', 'Look into the system log: the disk may be failing or full.'],
  // SQLITE_CANTOPEN
  14: [1026, 'Error opening file', 'The data folder must be writable for the account the relay runs as.'],
};

/** Extended codes have the plain one in their low byte. */
const PLAIN_CODE = 0xff;

/** A refusal of the disk in our words; any other error as it is. */
export function stateError(error: unknown, file: string): unknown {
  if (error instanceof RowlockError) return error;
  const { errcode } = (error ?? {}) as { errcode?: number };
  const known = KNOWN[(errcode ?? 0) & PLAIN_CODE];
  if (known === undefined) return error;
  const [errno, what, hint] = known;
  return new ServerError(errno, 'HY000', `${what} (${basename(file)}): nothing was changed. ${hint}`, {
    code: 'STATE_WRITE',
    cause: error,
    context: { file },
  });
}
