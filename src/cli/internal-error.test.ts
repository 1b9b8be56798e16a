import { expect, test } from 'vitest';
import { internalError } from './internal-error.ts';

const words = (text: string): string[] => ['/usr/bin/node', '/usr/bin/rowlock', ...text.split(' ')];

test('an error nobody foresaw is one line, and one that says how to report it', () => {
  const [error, hint, ...rest] = internalError(new TypeError('x is\nno function'), words('binlog -v')).split(
    '\n',
  );
  expect(error).toBe('rowlock: internal error: x is');
  expect(hint).toMatch(
    /^hint: .* Node v\d+\.\S+, \S+ \S+; at internal-error\.test\.ts:\d+:\d+; started as: rowlock binlog -v$/,
  );
  expect(rest).toEqual(['']);
  expect(internalError('only text', words('relay'))).toMatch(
    /^rowlock: internal error: only text\nhint: [^\n]*\n$/,
  );
});

test('a report has the options, and nothing of what they are set to', () => {
  const started = (text: string): string | undefined =>
    /started as: (.*)/.exec(internalError(new Error('x'), words(text)))?.[1];
  expect(started('sql --password=secret -psecret -Rpsecret --execute=secret --secret=secret')).toBe(
    'rowlock sql --password -p -R --execute --secret',
  );
  expect(started('sql -e secret --source=mysql://u:secret@h -- mysql://u:secret@h')).toBe(
    'rowlock sql -e … --source -- …',
  );
  expect(started('--secret')).toBe('rowlock --secret');
});
