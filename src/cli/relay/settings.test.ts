import { expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const read = (...argv: string[]) =>
  readSettings({
    argv: ['--no-defaults', '--datadir=d', ...argv],
    program: 'rowlock relay',
    env: {},
    home: undefined,
    workingDirectory: '/',
    warn: () => undefined,
  });

it('takes options by their older names, unless they are given by those that they have now', () => {
  expect(read('--slave-net-timeout=7', '--skip-slave-start')).toMatchObject({
    skipReplicaStart: true,
    variables: { replica_net_timeout: 7 },
  });
  expect(read('--replica-net-timeout=9', '--slave-net-timeout=7', '--binlog-space-limit=1M')).toMatchObject({
    skipReplicaStart: false,
    variables: { replica_net_timeout: 9, max_binlog_total_size: 1_048_576 },
  });
});
