import { constants } from 'node:os';

const { errno: errnoByName } = constants;

/** The C library's words, as the originals print them; Node has its own, in lower case. */
const strerror: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EDQUOT: 'Disk quota exceeded',
  EEXIST: 'File exists',
  EFBIG: 'File too large',
  EINVAL: 'Invalid argument',
  EIO: 'Input/output error',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  EMFILE: 'Too many open files',
  ENAMETOOLONG: 'File name too long',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  ENXIO: 'No such device or address',
  EPERM: 'Operation not permitted',
  EROFS: 'Read-only file system',
  ETXTBSY: 'Text file busy',
};

/** Number and text of an error of the operating system. */
export function systemError(error: unknown): { errno: number; text: string } {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const errno = (errnoByName as Readonly<Record<string, number>>)[code] ?? 0;
  return { errno, text: strerror[code] ?? message };
}

/** Whether an error came from the operating system, not from us. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
