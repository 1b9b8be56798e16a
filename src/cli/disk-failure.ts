import { getSystemErrorName } from 'node:util';
import { RowlockError } from '../errors/index.ts';
import { isSystemError, systemError } from './binlog/system-error.ts';

/** SQLite's result codes that are about the disk, without what extends them: SQLITE_READONLY, _IOERR, _FULL, _CANTOPEN. */
const DISK_CODES: ReadonlySet<number> = new Set([8, 10, 13, 14]);
const PLAIN_CODE = 0xff;

/** SQLITE_CORRUPT, SQLITE_NOTADB */
const DAMAGED: ReadonlySet<number> = new Set([11, 26]);

/** What the operating system, or SQLite, would not do with the files of a folder that is ours; undefined: another error. */
export function diskFailure(error: unknown): RowlockError | undefined {
  if (isSystemError(error)) {
    const { text } = systemError(error);
    return new RowlockError('DISK', `${error.path ?? error.syscall}: ${text}`, { cause: error });
  }
  if (!(error instanceof Error)) return undefined;
  const { errcode, systemErrno = 0 } = error as { errcode?: number; systemErrno?: number };
  const code = (errcode ?? 0) & PLAIN_CODE;
  if (!DISK_CODES.has(code) && !DAMAGED.has(code)) return undefined;
  const name = systemErrno > 0 ? ` (${getSystemErrorName(-systemErrno)})` : '';
  return new RowlockError('DISK', `SQLite: ${error.message}${name}`, {
    cause: error,
    hint: DAMAGED.has(code)
      ? 'A file of the folder is damaged, or was there before and is no database.'
      : 'What was applied is safe: once files can be written in the folder, start again.',
  });
}
