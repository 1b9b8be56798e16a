import { expect, test } from 'vitest';
import { UsageError } from '../../errors/index.ts';
import type { StreamStart } from '../stream/stream-options.ts';
import { connect, stream } from './connect.ts';
import type { ConnectionOptions } from './connection-options.ts';

/** As JavaScript gives them. */
const wrong: readonly (readonly [options: object | undefined, message: RegExp])[] = [
  [undefined, /^how to reach the server/],
  [{}, /^`user`/],
  [{ user: 'u', port: '3306' }, /^`port`/],
  [{ user: 'u', port: Number.NaN }, /^`port`/],
  [{ user: 'u', password: 7 }, /^`password`/],
  [{ user: 'u', password: ['a', null] }, /^`password`/],
  [{ user: 'u', ssl: true }, /^`ssl` is no object/],
  [{ user: 'u', ssl: 'Amazon RDS' }, /^`ssl` is no object/],
  [
    { user: 'u', ssl: { rejectUnauthorized: true, ca: 'ca.pem' } },
    /^`ssl` has no option 'rejectUnauthorized'$/,
  ],
  [{ user: 'u', ssl: { sslMode: 'required' } }, /^`sslMode` is none of DISABLED, /],
];

test.each(wrong)('%j is refused before anybody is asked', async (options, message) => {
  await expect(connect(options as ConnectionOptions)).rejects.toThrow(message);
  const begin = () => stream({ ...options, start: 'now' } as Parameters<typeof stream>[0]);
  if (options !== undefined) expect(begin).toThrow(UsageError);
});

test('no start is no TypeError', () => {
  expect(() => stream({ user: 'u' } as Parameters<typeof stream>[0])).toThrow(UsageError);
});

test.each([
  { changes: -3 },
  { changes: 0.5 },
  { changes: '2' },
  { file: 7 },
  { gtids: ['0-1-1'] },
  { position: 3 },
])('a stored place with %j is no place', (wrong) => {
  const start = { file: 'mysql-bin.000001', position: 4, ...wrong } as unknown as StreamStart;
  expect(() => stream({ user: 'u', start })).toThrow(UsageError);
});
