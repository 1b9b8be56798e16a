import { expect, test } from 'vitest';
import { ConnectionError, ServerError } from '../../errors/index.ts';
import { withRefusedWritesHint } from './refused-writes.ts';

const hinted = (errno: number, message: string): unknown => {
  const error = withRefusedWritesHint(new ServerError(errno, 'HY000', message));
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

test.each([
  [1290, 'The MySQL server is running with the --read-only option so it cannot execute this statement'],
  [1290, 'The MySQL server is running with the --super-read-only option so it cannot execute this statement'],
  [1290, 'The MariaDB server is running with the --read-only option so it cannot execute this statement'],
])('%i says who may write: %s', (errno, message) => {
  expect(hinted(errno, message)).toContain('CONNECTION_ADMIN');
});

test('what another option prevents has nothing to do with it', () => {
  const message =
    'The MySQL server is running with the --secure-file-priv option so it cannot execute this statement';
  expect(hinted(1290, message)).toBeUndefined();
});

test('what is no error of a server stays as it is', () => {
  const error = new ConnectionError(2013, 'Lost connection to MySQL server during query');
  expect(withRefusedWritesHint(error)).toBe(error);
});
