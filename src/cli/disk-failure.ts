import { isSystemError, RowlockError, systemError } from '../errors/index.ts';
import { diskError } from '../target/index.ts';

/** What the operating system, or SQLite, would not do with the files of a folder that is ours; undefined: another error. */
export function diskFailure(error: unknown): RowlockError | undefined {
  if (!isSystemError(error)) return diskError(error);
  const { text } = systemError(error);
  return new RowlockError('DISK', `${error.path ?? error.syscall}: ${text}`, { cause: error });
}
