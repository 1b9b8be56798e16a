import { expect, test } from 'vitest';
import { ConnectionError, SecurityError, ServerError } from '../../../errors/index.ts';
import { asFailure, RemoteFailure } from './failure.ts';

test.each([
  ['Could not find first log file name in binary log index file', /^hint: SHOW BINARY LOGS lists /],
  ['Client requested source to start replication from position > file size', /^hint: no event begins at /],
  ["bogus data in log event; the first event 'b.000003' at 300, …", /^hint: no event begins at /],
  ['Binary log is not open', /^hint: the server writes no binary log: start it with log_bin$/],
])('a log that is not sent: %s', (message, hint) => {
  const failure = asFailure('dump', new ServerError(1236, 'HY000', message)) as RemoteFailure;
  const [words, ...hints] = failure.lines('mysql', 'rowlock');
  expect(words).toBe(`ERROR: Got error reading packet from server: ${message}`);
  expect(hints).toEqual([expect.stringMatching(hint)]);
});

test('a connection that ends before the greeting, in the words of each family', () => {
  const lost = "Lost connection to MySQL server at 'reading initial communication packet', system error: 0";
  const failure = asFailure('connect', new ConnectionError(2013, lost)) as RemoteFailure;
  expect(failure.lines('mysql', 'x')).toEqual([`ERROR: Failed on connect: ${lost}`]);
  expect(failure.lines('mariadb', 'x')).toEqual([
    "ERROR: Failed on connect: Lost connection to server at 'handshake: reading initial communication packet', system error: 11",
  ]);
});

test('what was said of it already stands', () => {
  const error = new ServerError(1236, 'HY000', 'Binary log is not open', { hint: 'said' });
  expect((asFailure('dump', error) as RemoteFailure).lines('mysql', 'rowlock')[1]).toBe('hint: said');
});

test('a saved session that does not serve, in the words of mysqlbinlog', () => {
  const lines = (code: string, message: string): string[] =>
    (asFailure('connect', new SecurityError(2026, message, { code })) as RemoteFailure).lines('mysql', 'x');
  expect(lines('TLS_SESSION_NOT_REUSED', 'not reused.')).toEqual(['ERROR: not reused.']);
  expect(lines('TLS_SESSION_UNREADABLE', "Can't open it.")).toEqual([
    "Error: Can't open it.",
    'ERROR: Failed to set ssl related options.',
  ]);
});
