import { expect, test } from 'vitest';
import { ServerError } from '../../errors/index.ts';
import { refusedAt } from './refused-place.ts';

/** What MySQL 9.7 and MariaDB 11.8 say, and what is to be done. */
const words: readonly (readonly [string, string])[] = [
  ['Could not find first log file name in binary log index file', 'SHOW BINARY LOGS'],
  ['Cannot replicate because the source purged required binary logs. Replicate the …', 'SHOW BINARY LOGS'],
  [
    'Could not find GTID state requested by slave in any binlog files. … have been purged.',
    'SHOW BINARY LOGS',
  ],
  ['Client requested source to start replication from position > file size', 'resumeAt'],
  ['Client requested master to start replication from impossible position; the …', 'resumeAt'],
  ['binlog truncated in the middle of event; consider out of disk space on source; the …', 'resumeAt'],
  ["bogus data in log event; the first event 'mysql-bin.000001' at 200, …", 'resumeAt'],
  [
    "A slave with the same server_id is already connected; the first event 'b.000001' at 894, …",
    '`serverId`',
  ],
  ['Replica has more GTIDs than the source has, using the …', 'lacks transactions'],
  [
    "Error: connecting slave requested to start from GTID 0-1-9, which is not in the master's binlog",
    'lacks',
  ],
];

test.each(words)('%s', (message, advice) => {
  const refused = refusedAt(new ServerError(1236, 'HY000', message), { file: 'b.000001', position: 200 });
  expect(refused).toMatchObject({
    message,
    errno: 1236,
    code: 'SERVER',
    context: { file: 'b.000001', position: 200 },
    hint: expect.stringContaining(advice) as string,
  });
});

test('other errors keep what they say', () => {
  const denied = new ServerError(1227, '42000', 'Access denied; you need (at least one of) the …');
  expect(refusedAt(denied, { gtids: '0-1-1' })).toBe(denied);
  expect(denied.hint).toBeUndefined();
  const other = new Error('purged');
  expect(refusedAt(other, {})).toBe(other);
});
