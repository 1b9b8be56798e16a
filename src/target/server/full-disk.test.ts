import { expect, test } from 'vitest';
import { ConnectionError, ServerError } from '../../errors/index.ts';
import { withFullDiskHint } from './full-disk.ts';

const hinted = (errno: number, message: string): unknown => {
  const error = withFullDiskHint(new ServerError(errno, 'HY000', message));
  return error instanceof ServerError && error.errno === errno && error.message === message && error.hint;
};

test.each([
  [1114, "The table 't' is full"],
  [
    1021,
    'Disk full (/tmp/x); waiting for someone to free some space... (errno: 28 "No space left on device")',
  ],
  [3, 'Error writing file \'/d/#binlog_cache_files/ML_1\' (Errcode: 28 "No space left on device")'],
  [1030, 'Got error 28 from storage engine'],
])('%i says what to do: %s', (errno, message) => {
  expect(hinted(errno, message)).toContain('free space on its disk');
});

test.each([
  [1030, 'Got error 128 from storage engine'],
  [1062, "Duplicate entry 'error 280' for key 'PRIMARY'"],
])('%i has nothing to do with space: %s', (errno, message) => {
  expect(hinted(errno, message)).toBeUndefined();
});

test('what is no error of a server stays as it is', () => {
  const error = new ConnectionError(2013, 'Lost connection to MySQL server during query');
  expect(withFullDiskHint(error)).toBe(error);
});
