import { expect, test } from 'vitest';
import { diskError, isTargetFull } from './disk-error.ts';

const sqlite = (errcode: number, systemErrno = 0): Error =>
  Object.assign(new Error('words'), { code: 'ERR_SQLITE_ERROR', errcode, systemErrno });
const system = (code: string): Error =>
  Object.assign(new Error(`${code}: words`), { code, syscall: 'mkdir' });

test.each([
  ['SQLITE_FULL', sqlite(13), 1021, true],
  ['SQLITE_IOERR_SHMSIZE, of ENOSPC', sqlite(10 | (19 << 8), 28), 1021, true],
  ['SQLITE_IOERR_WRITE', sqlite(10 | (3 << 8), 5), 1026, false],
  ['SQLITE_READONLY', sqlite(8), 1036, false],
  ['SQLITE_CANTOPEN', sqlite(14), 1016, false],
  ['SQLITE_NOTADB', sqlite(26), 1034, false],
  ['SQLITE_CANTOPEN, of EMFILE', sqlite(14, 24), 1016, false],
  ['ENOSPC', system('ENOSPC'), 1021, true],
  ['EROFS', system('EROFS'), 1026, false],
] as const)('%s is the disk', (_name, cause, errno, isFull) => {
  const error = diskError(cause);
  expect(error).toMatchObject({ errno, isFull, cause });
  expect(error?.hint).toBeDefined();
  expect(isTargetFull(error)).toBe(isFull);
});

test('a quota is said with its own words', () => {
  expect(diskError(system('EDQUOT'))).toMatchObject({
    errno: 1021,
    message: expect.stringContaining('Disk quota exceeded') as string,
  });
});

test('too few files for the process are said with what helps', () => {
  expect(diskError(sqlite(14, 24))?.hint).toContain('ulimit -n');
});

test('a constraint is not', () => {
  expect(diskError(sqlite(19))).toBeUndefined();
  expect(diskError(new TypeError('a mistake of ours'))).toBeUndefined();
});
