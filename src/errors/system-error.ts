/** Why a system call failed: the system's number, and the words of the C library. */
export interface SystemReason {
  readonly errno: number;
  readonly text: string;
}

/** Linux's numbers, and the C library's words, as the originals print them; Node has its own, in lower case. */
const reasons: Readonly<Record<string, SystemReason>> = {
  EPERM: { errno: 1, text: 'Operation not permitted' },
  ENOENT: { errno: 2, text: 'No such file or directory' },
  EIO: { errno: 5, text: 'Input/output error' },
  ENXIO: { errno: 6, text: 'No such device or address' },
  EACCES: { errno: 13, text: 'Permission denied' },
  EEXIST: { errno: 17, text: 'File exists' },
  ENOTDIR: { errno: 20, text: 'Not a directory' },
  EISDIR: { errno: 21, text: 'Is a directory' },
  EINVAL: { errno: 22, text: 'Invalid argument' },
  EMFILE: { errno: 24, text: 'Too many open files' },
  ETXTBSY: { errno: 26, text: 'Text file busy' },
  EFBIG: { errno: 27, text: 'File too large' },
  ENOSPC: { errno: 28, text: 'No space left on device' },
  EROFS: { errno: 30, text: 'Read-only file system' },
  ENAMETOOLONG: { errno: 36, text: 'File name too long' },
  ELOOP: { errno: 40, text: 'Too many levels of symbolic links' },
  EDQUOT: { errno: 122, text: 'Disk quota exceeded' },
};

/** Number and text of an error of the operating system. */
export function systemError(error: unknown): SystemReason {
  const { code = '', errno = 0, message } = error as NodeJS.ErrnoException;
  return reasons[code] ?? { errno: Math.abs(errno), text: message };
}

/** Whether an error came from the operating system, not from us. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
