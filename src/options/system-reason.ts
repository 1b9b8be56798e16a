/** Why a system call failed, as the C library puts it. */
export interface SystemReason {
  readonly errno: number;
  readonly text: string;
}

const reasons: Readonly<Record<string, SystemReason | undefined>> = {
  EPERM: { errno: 1, text: 'Operation not permitted' },
  ENOENT: { errno: 2, text: 'No such file or directory' },
  EACCES: { errno: 13, text: 'Permission denied' },
  EEXIST: { errno: 17, text: 'File exists' },
  ENOTDIR: { errno: 20, text: 'Not a directory' },
  EISDIR: { errno: 21, text: 'Is a directory' },
  EMFILE: { errno: 24, text: 'Too many open files' },
  ENOSPC: { errno: 28, text: 'No space left on device' },
  EROFS: { errno: 30, text: 'Read-only file system' },
  ENAMETOOLONG: { errno: 36, text: 'File name too long' },
  ELOOP: { errno: 40, text: 'Too many levels of symbolic links' },
};

/** The code of an error of node:fs; empty for another. */
export function systemCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

/** The reason behind an error of node:fs. The numbers are Linux's, as in the real programs' messages. */
export function systemReason(cause: unknown): SystemReason {
  return reasons[systemCode(cause)] ?? { errno: 5, text: 'Input/output error' };
}
